"""Take articles off the pages, and bring them back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.capabilities.content.events import ContentArchived
from aftermile.capabilities.content.operations.article_rows import arrange_shelf, locked
from aftermile.capabilities.content.queries import ArticleView, view_of
from aftermile.kernel.events import publish


def archive_article(*, article_id: UUID, by: str, at: datetime) -> ArticleView:
    """Take an article off the pages and out of letters still to be written; its versions stay. Again: nothing changes.

    :raises ArticleNotFound: no such article.
    """
    return _set(article_id, is_archived=True, by=by, at=at)


def bring_back_article(*, article_id: UUID, by: str, at: datetime) -> ArticleView:
    """Bring an archived article back to where it was. One that is not archived: nothing changes.

    :raises ArticleNotFound: no such article.
    """
    return _set(article_id, is_archived=False, by=by, at=at)


def _set(article_id: UUID, *, is_archived: bool, by: str, at: datetime) -> ArticleView:
    row = locked(article_id)
    if (row.archived_at is not None) != is_archived:
        row.archived_at = at if is_archived else None
        row.changed_by, row.changed_at = by, at
        row.save(update_fields=["archived_at", "changed_by", "changed_at"])
        if row.version:
            arrange_shelf(at=at)
        publish(ContentArchived(article_id=row.id, archived=is_archived), by=by, at=at)
    return view_of(row)
