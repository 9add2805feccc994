"""Publish articles: checked, rendered once, kept as a version."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.capabilities.catalog.public import want_pictures
from aftermile.capabilities.content.events import ContentPublished
from aftermile.capabilities.content.manuscript import Manuscript, write_manuscript
from aftermile.capabilities.content.markdown import render
from aftermile.capabilities.content.models import Article, Attachment, Edition, Version
from aftermile.capabilities.content.operations.article_rows import (
    ArticleArchived,
    arrange_shelf,
    locked,
    put_on_row,
    written,
)
from aftermile.capabilities.content.policy import problems_of
from aftermile.capabilities.content.queries import ArticleView, view_of
from aftermile.capabilities.search.public import folded
from aftermile.kernel.errors import Invalid
from aftermile.kernel.events import publish

LONGEST_NOTE = 200


class ArticleIncomplete(Invalid):
    """Something keeps the article from being published; `details.problems` lists all of it."""

    code = "article_incomplete"
    message = "Something is still missing; `details.problems` lists it."


def publish_article(*, article_id: UUID, note: str = "", by: str, at: datetime) -> ArticleView:
    """Show shoppers what was written last. Without a draft nothing changes.

    :param note: what changed, for those who look at the versions later.
    :raises ArticleNotFound: no such article.
    :raises ArticleArchived: it is archived.
    :raises ArticleIncomplete: a title or text is missing, or a text holds what cannot be shown.
    """
    row = locked(article_id)
    if row.archived_at is not None:
        raise ArticleArchived
    if row.draft is None:
        return view_of(row)
    manuscript = written(row)
    problems = problems_of(manuscript)
    if problems:
        first = problems[0]
        said = f"{first.sentence} ({first.language})" if first.language else first.sentence
        listed = [
            {"field": each.field, "language": each.language, "problem": each.sentence} for each in problems
        ]
        raise ArticleIncomplete(said, details={"problems": listed})
    row.version += 1
    row.draft, row.published_at = None, at
    row.changed_by, row.changed_at = by, at
    put_on_row(row, manuscript)
    row.save()
    Version(
        article=row,
        number=row.version,
        manuscript=write_manuscript(manuscript),
        note=" ".join(note.split())[:LONGEST_NOTE],
        published_by=by,
        published_at=at,
    ).save(force_insert=True)
    _put_out(row, manuscript)
    arrange_shelf(at=at)
    want_pictures(urls=[manuscript.picture_url], at=at)
    publish(
        ContentPublished(
            article_id=row.id,
            kind=row.kind,
            slug=row.slug,
            version=row.version,
            languages=tuple(manuscript.texts),
        ),
        by=by,
        at=at,
    )
    return view_of(row)


def _put_out(row: Article, manuscript: Manuscript) -> None:
    """Replace what shoppers read."""
    Edition.rows().filter(article_id=row.id).delete()
    Attachment.rows().filter(article_id=row.id).delete()
    editions = []
    for language, words in manuscript.texts.items():
        rendered = render(words.body)
        searched = folded(f"{words.title} {words.summary} {rendered.plain}")
        editions.append(
            Edition(
                article=row,
                language=language,
                title=words.title,
                summary=words.summary,
                html=rendered.html,
                words=searched,
            )
        )
    Edition.objects.bulk_create(editions)
    Attachment.objects.bulk_create(
        Attachment(article=row, about=each.about, source=each.source, value=each.value)
        for each in manuscript.placements
    )
