"""Reads of articles as staff and programs see them: drafts and versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from aftermile.capabilities.content.manuscript import Manuscript, read_manuscript
from aftermile.capabilities.content.models import Article, Version
from aftermile.capabilities.content.states import Kind, State
from aftermile.kernel.errors import NotFound


class ArticleNotFound(NotFound):
    """There is no article with this id or address here."""

    code = "article_not_found"
    message = "There is no such article here; check the id."


class VersionNotFound(NotFound):
    """The article has no version with this number."""

    code = "article_version_not_found"
    message = "The article has no such version."


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """An article in a list. `has_draft`: something was written that shoppers do not see yet. `version` 0: never published."""

    id: UUID
    kind: Kind
    slug: str
    title: str
    languages: tuple[str, ...]
    state: State
    has_draft: bool
    version: int
    position: int
    picture_url: str
    created_at: datetime
    changed_by: str
    changed_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    number: int
    manuscript: Manuscript
    note: str
    published_by: str
    published_at: datetime


def article(article_id: UUID) -> ArticleView:
    """Read one article.

    :raises ArticleNotFound: no such article.
    """
    return view_of(_row(article_id))


def manuscript(article_id: UUID) -> Manuscript:
    """Read what was written last of an article: its draft, else what is published.

    :raises ArticleNotFound: no such article.
    """
    row = _row(article_id)
    if row.draft is not None:
        return read_manuscript(row.draft)
    return version(article_id, row.version).manuscript


def list_articles(
    *,
    kind: Kind | None = None,
    state: State | None = None,
    language: str = "",
    words: str = "",
    after: UUID | None = None,
    limit: int = 50,
) -> list[ArticleView]:
    """List articles, the newest first, beginning behind the id `after`: one statement.

    :param state: without one, all that are not archived.
    :param words: a part of the title.
    """
    rows = Article.rows().filter(_is_in(state))
    if kind is not None:
        rows = rows.filter(kind=kind)
    if language:
        rows = rows.filter(languages__contains=[language])
    for word in words.split()[:6]:
        rows = rows.filter(title__icontains=word)
    if after is not None:
        rows = rows.filter(id__lt=after)
    drafted = ExpressionWrapper(Q(draft__isnull=False), BooleanField())
    rows = rows.defer("draft").annotate(is_drafted=drafted)
    return [view_of(row) for row in rows.order_by("-id")[:limit]]


def count_articles() -> Mapping[State, int]:
    """Count the shop's articles by state: one statement."""
    counts = Article.rows().aggregate(**{state.value: Count("id", filter=_is_in(state)) for state in State})
    return {state: counts[state.value] for state in State}


def versions(article_id: UUID) -> list[VersionView]:
    """List an article's versions, the newest first: one statement."""
    return [_version(row) for row in Version.rows().filter(article_id=article_id).order_by("-number")]


def version(article_id: UUID, number: int) -> VersionView:
    """Read one version of an article.

    :raises VersionNotFound: it has no such version.
    """
    row = Version.rows().filter(article_id=article_id, number=number).first()
    if row is None:
        raise VersionNotFound
    return _version(row)


def view_of(row: Article) -> ArticleView:
    """Make the view of a row."""
    return ArticleView(
        id=row.id,
        kind=Kind(row.kind),
        slug=row.slug,
        title=row.title,
        languages=tuple(row.languages),
        state=_state(row),
        has_draft=row.is_drafted if hasattr(row, "is_drafted") else row.draft is not None,
        version=row.version,
        position=row.position,
        picture_url=row.picture_url,
        created_at=row.created_at,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        published_at=row.published_at,
    )


def _row(article_id: UUID) -> Article:
    row = Article.rows().filter(id=article_id).first()
    if row is None:
        raise ArticleNotFound
    return row


def _is_in(state: State | None) -> Q:
    if state is None:
        return Q(archived_at=None)
    if state is State.ARCHIVED:
        return Q(archived_at__isnull=False)
    return Q(archived_at=None, version=0) if state is State.DRAFT else Q(archived_at=None, version__gt=0)


def _state(row: Article) -> State:
    if row.archived_at is not None:
        return State.ARCHIVED
    return State.PUBLISHED if row.version else State.DRAFT


def _version(row: Version) -> VersionView:
    return VersionView(
        number=row.number,
        manuscript=read_manuscript(row.manuscript),
        note=row.note,
        published_by=row.published_by,
        published_at=row.published_at,
    )
