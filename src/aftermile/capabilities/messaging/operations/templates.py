"""Write the shop's own words: a draft, then a version that counts; and go back to any before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from aftermile.capabilities.messaging.events import MessagingChanged
from aftermile.capabilities.messaging.models import Template, TemplateVersion
from aftermile.capabilities.messaging.template_views import (
    TemplateVersionNotFound,
    TemplateView,
    VersionView,
    known_touchpoint,
    read_sources,
    template,
    version_view,
    written_sources,
)
from aftermile.capabilities.messaging.templates.source import LARGEST_SOURCE, Problem, Source
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.errors import Conflict, Invalid
from aftermile.kernel.events import publish
from aftermile.kernel.languages import LANGUAGES

_LONGEST_NOTE = 200
_EMPTY = Source(text="")


class SourceUnkeepable(Invalid):
    """A source is too long, or in a language letters cannot be written in."""

    code = "template_source_unkeepable"


class DraftOutdated(Conflict):
    """Somebody else changed the draft in the meantime."""

    code = "template_draft_outdated"
    message = "Somebody changed this draft in the meantime. Load the page anew; what you typed is still in the fields."


class NothingToPublish(Conflict):
    """There is no draft, or it says what counts already."""

    code = "template_nothing_to_publish"
    message = "Nothing is different from what is sent now."


class TemplateUnpublishable(Invalid):
    """Something is still wrong with a draft: `problems` by language."""

    code = "template_unpublishable"
    message = "It cannot be published yet; see what is said beside each part."

    def __init__(self, problems: Mapping[str, list[Problem]]) -> None:
        super().__init__(
            details={
                language: [f"{each.part}, line {each.line}: {each.sentence}" for each in found]
                for language, found in problems.items()
            }
        )
        self.problems = problems


def save_draft(
    *,
    touchpoint: str,
    medium: Medium,
    language: str,
    source: Source,
    revision: int,
    by: str,
    at: datetime,
) -> TemplateView:
    """Keep a language of a draft; the first begins with what counts now. The same again changes nothing.

    Without any word the language is left to what we ship, or to the fallback.

    :param revision: of the draft the words rest on (`TemplateView.revision`).
    :raises TouchpointNotFound: no such touchpoint.
    :raises SourceUnkeepable: too long, or an unknown language.
    :raises DraftOutdated: somebody else was faster.
    """
    _check(language, source)
    known_touchpoint(touchpoint)
    row = _locked(touchpoint, medium)
    held = dict(row.draft) if row.draft is not None else _published_sources(row)
    wanted = held | written_sources({language: source})
    if source in (_EMPTY, _shipped(touchpoint, medium, language)):
        del wanted[language]
    if wanted == held:
        return template(touchpoint, medium)
    if revision != row.draft_revision:
        raise DraftOutdated
    row.draft, row.draft_by, row.draft_at = wanted, by, at
    row.draft_revision += 1
    row.save(update_fields=["draft", "draft_by", "draft_at", "draft_revision"])
    return template(touchpoint, medium)


def discard_draft(*, touchpoint: str, medium: Medium) -> bool:
    """Throw a draft away; return whether there was one."""
    row = Template.rows().select_for_update().filter(touchpoint=touchpoint, medium=medium).first()
    if row is None or row.draft is None:
        return False
    row.draft, row.draft_by, row.draft_at = None, "", None
    row.draft_revision += 1
    row.save(update_fields=["draft", "draft_by", "draft_at", "draft_revision"])
    return True


def publish_template(
    *, touchpoint: str, medium: Medium, revision: int, note: str = "", by: str, at: datetime
) -> VersionView:
    """Make a draft count: messages written from now on say it. Compiled here, once; only when nothing is wrong with it.

    :raises TouchpointNotFound: no such touchpoint.
    :raises NothingToPublish: no draft, or nothing new in it.
    :raises DraftOutdated: somebody changed the draft in the meantime.
    :raises TemplateUnpublishable: something is wrong with it.
    """
    about, is_own = known_touchpoint(touchpoint)
    row = _locked(touchpoint, medium)
    if row.draft is None or row.draft == _published_sources(row) or (is_own and not row.draft):
        raise NothingToPublish
    if revision != row.draft_revision:
        raise DraftOutdated
    # Templates are 6 MB: only a process that writes letters or publishes them loads them.
    from aftermile.capabilities.messaging.templates import drafting

    sources = read_sources(row.draft)
    problems = {
        language: found
        for language, source in sources.items()
        if (found := drafting.problems(about, medium, language, source))
    }
    if problems:
        raise TemplateUnpublishable(problems)
    return _make_version(
        row,
        sources=row.draft,
        compiled=drafting.compiled(sources),
        needs=drafting.still_needs(touchpoint, sources),
        note=note,
        by=by,
        at=at,
    )


def restore_version(*, touchpoint: str, medium: Medium, number: int, by: str, at: datetime) -> VersionView:
    """Let an earlier version count again, as a new one; 0 is what we ship. A draft stays as it is.

    :raises TouchpointNotFound: no such touchpoint.
    :raises TemplateVersionNotFound: no such version, or nothing is shipped for the touchpoint.
    :raises NothingToPublish: it counts already.
    """
    _, is_own = known_touchpoint(touchpoint)
    row = _locked(touchpoint, medium)
    if number == 0:
        if is_own:
            raise TemplateVersionNotFound
        if not _published_sources(row):
            raise NothingToPublish
        return _make_version(
            row,
            sources={},
            compiled={},
            needs="",
            note="Back to the words that come with Aftermile",
            by=by,
            at=at,
        )
    before = TemplateVersion.rows().filter(template_id=row.id, number=number).first()
    if before is None:
        raise TemplateVersionNotFound
    if before.id == row.published_id or before.sources == _published_sources(row):
        raise NothingToPublish
    return _make_version(
        row,
        sources=before.sources,
        compiled=before.compiled,
        needs=before.needs,
        note=f"As in version {number}",
        by=by,
        at=at,
    )


def _make_version(
    row: Template,
    *,
    sources: Mapping[str, Any],
    compiled: Mapping[str, Any],
    needs: str,
    note: str,
    by: str,
    at: datetime,
) -> VersionView:
    row.latest_number += 1
    version = TemplateVersion(
        template_id=row.id,
        number=row.latest_number,
        sources=dict(sources),
        compiled=dict(compiled),
        needs=needs,
        note=" ".join(note.split())[:_LONGEST_NOTE],
        published_by=by,
        published_at=at,
    )
    version.save(force_insert=True)
    row.published_id = version.id
    if row.draft == version.sources:
        row.draft, row.draft_by, row.draft_at = None, "", None
        row.draft_revision += 1
    row.save()
    publish(MessagingChanged(what="templates"), by=by, at=at)
    return version_view(version)


def _locked(touchpoint: str, medium: Medium) -> Template:
    Template.rows().get_or_create(touchpoint=touchpoint, medium=medium.value)
    return Template.rows().select_for_update().get(touchpoint=touchpoint, medium=medium.value)


def _published_sources(row: Template) -> dict[str, Any]:
    version = TemplateVersion.rows().filter(id=row.published_id).first() if row.published_id else None
    return dict(version.sources) if version else {}


def _shipped(touchpoint: str, medium: Medium, language: str) -> Source | None:
    from aftermile.capabilities.messaging.templates import drafting

    return drafting.shipped(touchpoint, medium, language)


def _check(language: str, source: Source) -> None:
    if language.partition("-")[0] not in LANGUAGES or len(language) > 8:
        raise SourceUnkeepable(f"Letters cannot be written in {language[:20]!r}.")
    for part in fields(source):
        if len(getattr(source, part.name)) > LARGEST_SOURCE:
            raise SourceUnkeepable(f"The {part.name} is longer than {LARGEST_SOURCE:,} letters; shorten it.")
