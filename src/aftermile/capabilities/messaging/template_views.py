"""A shop's own words as the console sees them: what counts, what is being worked on, and what was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from aftermile.capabilities.messaging.models import Template, TemplateVersion
from aftermile.capabilities.messaging.operations.own_touchpoints import own_touchpoints
from aftermile.capabilities.messaging.templates.source import Source
from aftermile.capabilities.messaging.touchpoints import Touchpoint, TouchpointNotFound, shipped_touchpoints
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.errors import NotFound

#: The media that templates write for; a program of the shop's is sent plain values.
WRITTEN_MEDIA = (Medium.EMAIL, Medium.SMS, Medium.WHATSAPP, Medium.PUSH)


class TemplateVersionNotFound(NotFound):
    """There is no such version."""

    code = "template_version_not_found"
    message = "There is no such version of this message."


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """What was published at one time. Without sources: what we ship."""

    id: UUID
    number: int
    sources: Mapping[str, Source]
    note: str
    published_by: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateView:
    """A touchpoint's words on a medium. `sources`: those of the version that counts, by language; {}: what we ship.

    `draft` None: nobody works on it. `revision` is what an edit rests on, so that none writes over another.
    """

    touchpoint: Touchpoint
    is_own: bool
    medium: Medium
    number: int  # of the version that counts; 0: nothing was ever published
    sources: Mapping[str, Source]
    published_by: str
    published_at: datetime | None
    draft: Mapping[str, Source] | None
    revision: int
    draft_by: str
    draft_at: datetime | None

    @property
    def newest(self) -> Mapping[str, Source]:
        """The sources being worked on, else those that count."""
        return self.sources if self.draft is None else self.draft


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateState:
    """Where a touchpoint's words on a medium stand, for a list."""

    is_changed: bool  # the shop's own words count, in these languages
    languages: tuple[str, ...]
    has_draft: bool
    changed_by: str
    changed_at: datetime | None


UNTOUCHED = TemplateState(is_changed=False, languages=(), has_draft=False, changed_by="", changed_at=None)


def known_touchpoint(slug: str) -> tuple[Touchpoint, bool]:
    """Return a touchpoint that can be written for, and whether it is the shop's own, published or not.

    :raises TouchpointNotFound: no such touchpoint.
    """
    shipped = shipped_touchpoints().get(slug)
    if shipped is not None:
        return shipped, False
    for own in own_touchpoints():
        if own.slug == slug:
            found = Touchpoint(
                slug=slug, title=own.title, purpose=own.purpose, mood=own.mood, needs_order=own.needs_order
            )
            return found, True
    raise TouchpointNotFound(f"There is no message called {slug[:80]!r} here.")


def template(touchpoint: str, medium: Medium) -> TemplateView:
    """Read a touchpoint's words on a medium.

    :raises TouchpointNotFound: no such touchpoint.
    """
    about, is_own = known_touchpoint(touchpoint)
    row = Template.rows().filter(touchpoint=touchpoint, medium=medium).first()
    version = TemplateVersion.rows().filter(id=row.published_id).first() if row and row.published_id else None
    return TemplateView(
        touchpoint=about,
        is_own=is_own,
        medium=medium,
        number=version.number if version else 0,
        sources=read_sources(version.sources) if version else {},
        published_by=version.published_by if version else "",
        published_at=version.published_at if version else None,
        draft=read_sources(row.draft) if row and row.draft is not None else None,
        revision=row.draft_revision if row else 0,
        draft_by=row.draft_by if row else "",
        draft_at=row.draft_at if row else None,
    )


def template_states() -> dict[tuple[str, Medium], TemplateState]:
    """Tell of every touchpoint and medium the shop has touched where its words stand: two statements."""
    rows = list(Template.rows())
    ids = [row.published_id for row in rows if row.published_id]
    versions = {each.id: each for each in TemplateVersion.rows().filter(id__in=ids).defer("compiled")}
    states = {}
    for row in rows:
        version = versions.get(row.published_id) if row.published_id else None
        is_draft_newer = row.draft is not None
        states[row.touchpoint, Medium(row.medium)] = TemplateState(
            is_changed=bool(version and version.sources),
            languages=tuple(sorted(version.sources)) if version else (),
            has_draft=is_draft_newer,
            changed_by=row.draft_by if is_draft_newer else version.published_by if version else "",
            changed_at=row.draft_at if is_draft_newer else version.published_at if version else None,
        )
    return states


def versions_of(touchpoint: str, medium: Medium, *, limit: int = 50) -> list[VersionView]:
    """List what was published, the newest first: two statements."""
    template_id = (
        Template.rows().filter(touchpoint=touchpoint, medium=medium).values_list("id", flat=True).first()
    )
    if template_id is None:
        return []
    rows = TemplateVersion.rows().filter(template_id=template_id).defer("compiled").order_by("-number")
    return [version_view(row) for row in rows[:limit]]


def version_view(row: TemplateVersion) -> VersionView:
    return VersionView(
        id=row.id,
        number=row.number,
        sources=read_sources(row.sources),
        note=row.note,
        published_by=row.published_by,
        published_at=row.published_at,
    )


def read_sources(kept: Mapping[str, Any]) -> dict[str, Source]:
    """Read sources as they are kept."""
    return {language: Source(**parts) for language, parts in kept.items()}


def written_sources(sources: Mapping[str, Source]) -> dict[str, Any]:
    """Write sources as they are kept."""
    return {language: asdict(source) for language, source in sources.items()}
