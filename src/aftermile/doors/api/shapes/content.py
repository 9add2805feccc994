"""Articles as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from aftermile.capabilities.content.public import (
    LONGEST_BODY,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    MOST_PLACEMENTS,
    About,
    ArticleView,
    Kind,
    Manuscript,
    State,
    VersionView,
    read_manuscript,
)
from aftermile.doors.api.fields import WHOLE, Address, ArticleId, Given, Taken, example
from aftermile.doors.api.reports import SOURCE

Name = Annotated[str, StringConstraints(max_length=200)]
Position = Annotated[int, Field(ge=0, le=9_999, description="The lowest stands first in lists."), WHOLE]


class WordsTaken(Taken):
    """An article in one language."""

    title: Annotated[str, StringConstraints(max_length=LONGEST_TITLE)] = ""
    summary: Annotated[str, StringConstraints(max_length=LONGEST_SUMMARY)] = ""
    body: Annotated[str, StringConstraints(max_length=LONGEST_BODY)] = Field(
        default="", description="Markdown. HTML in it is shown as text, and kept from being published."
    )


class PlacementTaken(Taken):
    """What an article is attached to."""

    about: Annotated[str, Field(json_schema_extra={"enum": list(About)})]
    source: Name = Field(
        default="",
        description="Of a product: `shop` for those told through this API, else the connection's id.",
    )
    value: Name = Field(
        default="",
        description="A product's id at its source, or the name of a type or tag; of the shop empty.",
    )


class ArticleTaken(Taken):
    """An article as it is written: the whole of it, so what is left out has its default."""

    model_config = example(
        kind="care_tips",
        texts={
            "en": {"title": "Wash wool", "summary": "Cool and rarely.", "body": "Inside out, at **30 °C**."}
        },
        placements=[{"about": "product", "source": "shop", "value": "p-1"}],
    )

    kind: Annotated[str, Field(json_schema_extra={"enum": list(Kind)})]
    slug: Annotated[str, StringConstraints(max_length=80)] = Field(
        default="", description="The end of its address. Empty: made of the title. Once published, it stays."
    )
    position: Position = 0
    video_url: Address = ""
    picture_url: Address = Field(
        default="", description="A picture at your shop; a small copy is kept and shown."
    )
    placements: list[PlacementTaken] = Field(
        default_factory=list, max_length=MOST_PLACEMENTS, description="None: for the whole shop."
    )
    texts: dict[str, WordsTaken] = Field(
        default_factory=dict,
        max_length=30,
        description="By language tag, such as `de` or `de-AT`. A reader gets the nearest; then the shop's, then `en`.",
    )


class PublicationTaken(Taken):
    """What changed, for those who look at the versions later."""

    note: Name = ""


class WordsGiven(Given):
    """An article in one language; `body` is Markdown."""

    title: str
    summary: str
    body: str


class PlacementGiven(Given):
    """What an article is attached to."""

    about: About
    source: str
    value: str


class ArticleListed(Given):
    """An article in a list, as it was written last."""

    id: ArticleId
    kind: Kind
    slug: str
    title: str
    languages: list[str]
    state: State
    has_draft: bool = Field(description="Something was written that shoppers do not see yet.")
    version: int = Field(description="The published one; 0: never.")
    position: int
    created_at: datetime
    changed_at: datetime
    published_at: datetime | None


class ArticleGiven(ArticleListed):
    """An article with all that was written of it last: the draft, else what is published."""

    video_url: str
    picture_url: str
    placements: list[PlacementGiven]
    texts: dict[str, WordsGiven]


class ArticleVersionGiven(Given):
    """An article as it was published once."""

    version: int
    note: str
    published_at: datetime
    kind: Kind
    texts: dict[str, WordsGiven]
    placements: list[PlacementGiven]


class ArticleVersions(Given):
    """All versions of an article, the newest first."""

    data: list[ArticleVersionGiven]


def manuscript_of(taken: ArticleTaken) -> Manuscript:
    """Read what was sent.

    :raises ArticleUnreadable: beyond what an article may hold.
    """
    given = taken.model_dump()
    for each in given["placements"]:
        if each["about"] == About.PRODUCT and not each["source"]:
            each["source"] = SOURCE
    return read_manuscript(given)


def article_listed(view: ArticleView) -> ArticleListed:
    """Write an article of a list."""
    return ArticleListed(**_listed(view))


def article_given(view: ArticleView, written: Manuscript) -> ArticleGiven:
    """Write an article with its texts."""
    listed = _listed(view) | {"kind": written.kind, "position": written.position}
    return ArticleGiven(
        **listed,
        video_url=written.video_url,
        picture_url=written.picture_url,
        placements=_placements(written),
        texts=_texts(written),
    )


def versions_given(versions: list[VersionView]) -> ArticleVersions:
    """Write an article's versions."""
    return ArticleVersions(
        data=[
            ArticleVersionGiven(
                version=each.number,
                note=each.note,
                published_at=each.published_at,
                kind=each.manuscript.kind,
                texts=_texts(each.manuscript),
                placements=_placements(each.manuscript),
            )
            for each in versions
        ]
    )


def _listed(view: ArticleView) -> dict[str, Any]:
    return {
        "id": view.id,
        "kind": view.kind,
        "slug": view.slug,
        "title": view.title,
        "languages": list(view.languages),
        "state": view.state,
        "has_draft": view.has_draft,
        "version": view.version,
        "position": view.position,
        "created_at": view.created_at,
        "changed_at": view.changed_at,
        "published_at": view.published_at,
    }


def _placements(written: Manuscript) -> list[PlacementGiven]:
    return [
        PlacementGiven(about=each.about, source=each.source, value=each.value) for each in written.placements
    ]


def _texts(written: Manuscript) -> dict[str, WordsGiven]:
    return {
        language: WordsGiven(title=words.title, summary=words.summary, body=words.body)
        for language, words in written.texts.items()
    }
