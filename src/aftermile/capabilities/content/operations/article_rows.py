"""The locked row of an article, what it holds, and how an address is found that no other article has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from aftermile.capabilities.content.manuscript import (
    Manuscript,
    read_manuscript,
    slug_of,
    title_of,
    write_manuscript,
)
from aftermile.capabilities.content.models import Article, Attachment, Shelf, Version
from aftermile.capabilities.content.queries import ArticleNotFound
from aftermile.kernel.errors import Conflict
from aftermile.kernel.rowsets import insert_rows
from aftermile.kernel.tenancy import current_merchant_id

_MOST_ALIKE = 50


class ArticleArchived(Conflict):
    """The article is archived: it is brought back before it is changed."""

    code = "article_archived"
    message = "This article is archived; bring it back first."


class SlugTaken(Conflict):
    """Another article has this address."""

    code = "slug_taken"
    message = "Another article has this address; choose another."


class SlugFixed(Conflict):
    """The article was published: its address stays, because letters name it."""

    code = "slug_fixed"
    message = "The address stays once an article was published: letters already sent name it."


def locked(article_id: UUID) -> Article:
    """Return an article's row, locked.

    :raises ArticleNotFound: no such article.
    """
    row = Article.rows().select_for_update(no_key=True).filter(id=article_id).first()
    if row is None:
        raise ArticleNotFound
    return row


def written(row: Article) -> Manuscript:
    """Return what was written last: the draft, else what is published."""
    if row.draft is not None:
        return read_manuscript(row.draft)
    return read_manuscript(Version.rows().get(article_id=row.id, number=row.version).manuscript)


def keep_draft(row: Article, manuscript: Manuscript, *, by: str, at: datetime) -> None:
    """Put what was written into a locked or new row; the same again changes nothing.

    :raises ArticleArchived: it is archived.
    :raises SlugFixed: another address for an article that was published.
    :raises SlugTaken: another article has the address.
    """
    if row.archived_at is not None:
        raise ArticleArchived
    if row.version and manuscript.slug not in ("", row.slug):
        raise SlugFixed
    kept = replace(manuscript, slug=row.slug if row.version else _free_slug(row, manuscript))
    draft: Mapping[str, Any] | None = write_manuscript(kept)
    if row.version and draft == Version.rows().get(article_id=row.id, number=row.version).manuscript:
        draft = None
    if row.draft == draft and row.changed_by:
        return
    row.draft = draft
    row.title, row.languages = title_of(kept), list(kept.texts)
    if not row.version:
        put_on_row(row, kept)
    row.changed_by, row.changed_at = by, at
    row.save()


def put_on_row(row: Article, manuscript: Manuscript) -> None:
    """Take over what lists and pages read of an article."""
    row.kind, row.slug, row.position = manuscript.kind, manuscript.slug, manuscript.position
    row.video_url, row.picture_url = manuscript.video_url, manuscript.picture_url


def arrange_shelf(*, at: datetime) -> None:
    """Write what the shop's published articles are about: with every change that shoppers see."""
    row_id = current_merchant_id()
    insert_rows(
        Shelf,
        ("id", "abouts", "changed_at"),
        [{"id": row_id, "abouts": [], "changed_at": at}],
        on_conflict="ON CONFLICT (merchant_id, id) DO NOTHING",
    )
    # Locked before it is counted: of two who publish at once, the second sees what the first put out.
    shelf = Shelf.rows().select_for_update(no_key=True).get(id=row_id)
    shown = Article.rows().filter(version__gt=0, archived_at=None).values("id")
    abouts = Attachment.rows().filter(article_id__in=shown).values_list("about", flat=True).distinct()
    shelf.abouts, shelf.changed_at = sorted(abouts), at
    shelf.save(update_fields=["abouts", "changed_at"])


def _free_slug(row: Article, manuscript: Manuscript) -> str:
    others = Article.rows().exclude(id=row.id)
    if manuscript.slug:
        if others.filter(slug=manuscript.slug).exists():
            raise SlugTaken
        return manuscript.slug
    if row.slug:
        return row.slug
    plain = slug_of(title_of(manuscript)) or f"{manuscript.kind}-{row.id.hex[-8:]}".replace("_", "-")
    taken = set(others.filter(slug__startswith=plain).values_list("slug", flat=True))
    candidates = (plain, *(f"{plain[:70].rstrip('-')}-{number}" for number in range(2, _MOST_ALIKE)))
    free = next((each for each in candidates if each not in taken), "")
    return free or f"{plain[:60].rstrip('-')}-{row.id.hex[-12:]}"
