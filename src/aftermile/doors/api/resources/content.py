"""Content: the articles of the help page, of orders' pages and of letters."""

from __future__ import annotations

from ninja import Router

from aftermile.capabilities.content.public import (
    ArticleArchived,
    ArticleIncomplete,
    ArticleNotFound,
    ArticleUnreadable,
    Kind,
    SlugFixed,
    SlugTaken,
    State,
    TooManyArticles,
    archive_article,
    article,
    create_article,
    list_articles,
    manuscript,
    publish_article,
    save_draft,
    versions,
)
from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.fields import ArticleId, Limit
from aftermile.doors.api.paging import DEFAULT_LIMIT, Page, cut
from aftermile.doors.api.shapes.content import (
    ArticleGiven,
    ArticleListed,
    ArticleTaken,
    ArticleVersions,
    PublicationTaken,
    article_given,
    article_listed,
    manuscript_of,
    versions_given,
)
from aftermile.kernel.access import Caller
from aftermile.kernel.clock import now

router = Router(tags=["Content"])


@endpoint(
    router,
    "POST",
    "/content",
    scope="content:write",
    returns=ArticleGiven,
    refusals=[ArticleUnreadable, SlugTaken, TooManyArticles],
)
def write_article(caller: Caller, article: ArticleTaken) -> ArticleGiven:
    """Begin an article.

    It is a draft: shoppers see it once it is published.
    """
    made = create_article(manuscript=manuscript_of(article), by=caller.name, at=now())
    return article_given(made, manuscript(made.id))


@endpoint(router, "GET", "/content", scope="content:read", returns=Page[ArticleListed])
def list_all_articles(
    kind: Kind | None = None,
    state: State | None = None,
    cursor: ArticleId | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[ArticleListed]:
    """List articles, newest first.

    Without `state`, all that are not archived.
    """
    found = list_articles(kind=kind, state=state, after=cursor, limit=limit + 1)
    page, next_cursor = cut(found, limit, "art")
    return Page[ArticleListed](data=[article_listed(view) for view in page], next_cursor=next_cursor)


@endpoint(
    router,
    "GET",
    "/content/{article_id}",
    scope="content:read",
    returns=ArticleGiven,
    refusals=[ArticleNotFound],
)
def read_article(article_id: ArticleId) -> ArticleGiven:
    """Read an article as it was written last."""
    return _article(article_id)


@endpoint(
    router,
    "GET",
    "/content/{article_id}/versions",
    scope="content:read",
    returns=ArticleVersions,
    refusals=[ArticleNotFound],
)
def list_article_versions(article_id: ArticleId) -> ArticleVersions:
    """List what was published of an article, the newest first."""
    article(article_id)
    return versions_given(versions(article_id))


@endpoint(
    router,
    "PUT",
    "/content/{article_id}/draft",
    scope="content:write",
    returns=ArticleGiven,
    refusals=[ArticleNotFound, ArticleUnreadable, ArticleArchived, SlugFixed, SlugTaken],
)
def put_article_draft(caller: Caller, article_id: ArticleId, article: ArticleTaken) -> ArticleGiven:
    """Write an article anew.

    Shoppers go on seeing what is published. The same again changes nothing.
    """
    save_draft(article_id=article_id, manuscript=manuscript_of(article), by=caller.name, at=now())
    return _article(article_id)


@endpoint(
    router,
    "POST",
    "/content/{article_id}/publication",
    scope="content:write",
    returns=ArticleGiven,
    refusals=[ArticleNotFound, ArticleArchived, ArticleIncomplete],
)
def publish_an_article(caller: Caller, article_id: ArticleId, publication: PublicationTaken) -> ArticleGiven:
    """Publish what was written last.

    It becomes a version. Without a draft nothing changes.
    """
    publish_article(article_id=article_id, note=publication.note, by=caller.name, at=now())
    return _article(article_id)


@endpoint(
    router,
    "POST",
    "/content/{article_id}/archiving",
    scope="content:write",
    returns=ArticleGiven,
    refusals=[ArticleNotFound],
)
def archive_an_article(caller: Caller, article_id: ArticleId) -> ArticleGiven:
    """Take an article off the pages.

    Its versions are kept, and staff can bring it back. Again: nothing changes.
    """
    archive_article(article_id=article_id, by=caller.name, at=now())
    return _article(article_id)


def _article(article_id: ArticleId) -> ArticleGiven:
    return article_given(article(article_id), manuscript(article_id))
