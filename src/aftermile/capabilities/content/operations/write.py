"""Write articles: what is written is a draft until it is published."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.capabilities.content.manuscript import Manuscript, read_manuscript, title_of
from aftermile.capabilities.content.models import Article, Version
from aftermile.capabilities.content.operations.article_rows import ArticleArchived, keep_draft, locked
from aftermile.capabilities.content.queries import ArticleView, VersionNotFound, view_of
from aftermile.kernel.errors import Conflict

#: Of one shop, without the archived ones.
MOST_ARTICLES = 1_000


class TooManyArticles(Conflict):
    """The shop has as many articles as it may have; archive some first."""

    code = "too_many_articles"
    message = f"A shop has at most {MOST_ARTICLES:,} articles; archive some first."


def create_article(*, manuscript: Manuscript, by: str, at: datetime) -> ArticleView:
    """Begin an article. Without an address of its own choice it gets one from its title.

    :raises SlugTaken: another article has the address.
    :raises TooManyArticles: there are `MOST_ARTICLES`.
    """
    if Article.rows().filter(archived_at=None).count() >= MOST_ARTICLES:
        raise TooManyArticles
    row = Article(created_at=at)
    keep_draft(row, manuscript, by=by, at=at)
    return view_of(row)


def save_draft(*, article_id: UUID, manuscript: Manuscript, by: str, at: datetime) -> ArticleView:
    """Keep what was written; shoppers see it when it is published. As it was: nothing changes.

    :raises ArticleNotFound: no such article.
    :raises ArticleArchived: it is archived.
    :raises SlugFixed: another address for an article that was published.
    :raises SlugTaken: another article has the address.
    """
    row = locked(article_id)
    keep_draft(row, manuscript, by=by, at=at)
    return view_of(row)


def discard_draft(*, article_id: UUID, by: str, at: datetime) -> ArticleView:
    """Go back to what is published. Without a draft, or never published: nothing changes.

    :raises ArticleNotFound: no such article.
    :raises ArticleArchived: it is archived.
    """
    row = locked(article_id)
    if row.archived_at is not None:
        raise ArticleArchived
    if row.draft is not None and row.version:
        published = read_manuscript(Version.rows().get(article_id=row.id, number=row.version).manuscript)
        row.draft, row.title, row.languages = None, title_of(published), list(published.texts)
        row.changed_by, row.changed_at = by, at
        row.save()
    return view_of(row)


def restore_version(*, article_id: UUID, number: int, by: str, at: datetime) -> ArticleView:
    """Take an older version as the draft; shoppers see it when it is published.

    :raises ArticleNotFound: no such article.
    :raises VersionNotFound: it has no such version.
    :raises ArticleArchived: it is archived.
    """
    row = locked(article_id)
    version = Version.rows().filter(article_id=row.id, number=number).first()
    if version is None:
        raise VersionNotFound
    keep_draft(row, read_manuscript(version.manuscript), by=by, at=at)
    return view_of(row)
