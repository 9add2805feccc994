"""Publishing a template, with all that is still missing; and its versions, with who changed what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import path

from aftermile.capabilities.messaging.public import (
    Source,
    TemplateUnpublishable,
    TemplateView,
    VersionView,
    draft_problems,
    hides_postal_address,
    publish_template,
    restore_version,
    versions_of,
    writing_languages,
)
from aftermile.capabilities.team.public import Permission, names_of
from aftermile.connectors.contracts.channels import Medium
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Done, Note, Page, Undo
from aftermile.doors.console.postal_address import address_values
from aftermile.doors.console.staff_only import act, console_page
from aftermile.doors.console.writing import (
    Change,
    called,
    changes_between,
    crumbs_of,
    parts_of,
    read_template,
)

_MAY = Permission.MESSAGES_MANAGE
_MOST_VERSIONS = 30


@dataclass(frozen=True, slots=True)
class Missing:
    """What is wrong with one language."""

    language: str
    url: str
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class Version:
    number: int
    title: str
    by: str
    at: datetime
    note: str
    is_current: bool
    changes: Sequence[Change]


@console_page(_MAY)
def look_over(request: HttpRequest, desk: Desk, touchpoint: str, medium: str) -> Page:  # noqa: ARG001
    """Show what would be different once a draft counts, and what is still missing."""
    return _look_over(desk, read_template(touchpoint, medium))


@act(_MAY)
def publish(request: HttpRequest, desk: Desk, touchpoint: str, medium: str) -> Done | Page:
    """Make the draft count."""
    view = read_template(touchpoint, medium)
    given = request.POST.get("revision", "")
    try:
        version = publish_template(
            touchpoint=touchpoint,
            medium=view.medium,
            revision=int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1,
            note=request.POST.get("note", ""),
            by=desk.by,
            at=desk.at,
        )
    except TemplateUnpublishable as refusal:
        return _look_over(desk, view, status=refusal.status)
    return _done(
        desk,
        view,
        version,
        said=f"Published as version {version.number}. Messages written from now on say it.",
        act="template.publish",
        summary=f"Published version {version.number} of {called(view)}",
        former=view.number,
    )


@console_page(_MAY)
def versions(request: HttpRequest, desk: Desk, touchpoint: str, medium: str) -> Page:  # noqa: ARG001
    """List what was published, each with what it changed."""
    view = read_template(touchpoint, medium)
    found = versions_of(touchpoint, view.medium, limit=_MOST_VERSIONS + 1)
    people = names_of({each.published_by for each in found})
    befores: list[Mapping[str, Source]] = [each.sources for each in found[1:]]
    if len(found) <= _MOST_VERSIONS:
        befores.append({})
    shown = [
        Version(
            each.number,
            f"Version {each.number}",
            people.get(each.published_by, each.published_by),
            each.published_at,
            each.note,
            each.number == view.number,
            changes_between(before, each.sources, view=view),
        )
        for each, before in zip(found, befores, strict=False)
    ]
    return Page(
        template="console/templates/versions.html",
        title=f"Versions of {view.touchpoint.title}",
        place="templates",
        crumbs=crumbs_of(view, desk, "Versions"),
        values={
            "slug": touchpoint,
            "medium": medium,
            "versions": shown,
            "is_shipped_current": not view.sources and not view.is_own,
            "has_shipped": not view.is_own,
        },
    )


@act(_MAY)
def restore(request: HttpRequest, desk: Desk, touchpoint: str, medium: str, number: int) -> Done:  # noqa: ARG001
    """Let an earlier version, or the words that come with Aftermile (0), count again."""
    view = read_template(touchpoint, medium)
    version = restore_version(
        touchpoint=touchpoint, medium=view.medium, number=number, by=desk.by, at=desk.at
    )
    what = f"version {number}" if number else "the words that come with Aftermile"
    return _done(
        desk,
        view,
        version,
        said=f"Messages written from now on say {what} again.",
        act="template.restore",
        summary=f"Went back to {what} for {called(view)}",
        former=view.number,
    )


def _done(
    desk: Desk, view: TemplateView, version: VersionView, *, said: str, act: str, summary: str, former: int
) -> Done:
    slug, medium = view.touchpoint.slug, view.medium
    undo = Undo(action=desk.url("console-template-restore", slug, medium, former), label="Go back")
    return Done(
        said=said,
        back=desk.url("console-template-versions", slug, medium),
        notes=(
            Note(
                act=act,
                subject=f"{slug}/{medium}",
                summary=summary,
                details={"version": version.number, "languages": ", ".join(sorted(version.sources))},
            ),
        ),
        undo=None if view.is_own and not former else undo,
    )


def _look_over(desk: Desk, view: TemplateView, *, status: int = 200) -> Page:
    draft = view.draft or {}
    editor = desk.url("console-template", view.touchpoint.slug, view.medium)
    labels = {part.name: part.label for part in parts_of(view.medium)}
    missing = [
        Missing(
            writing_languages().get(code, code),
            f"{editor}?language={code}",
            [
                f"{labels.get(each.part, each.part)}{f', line {each.line}' if each.line else ''}: {each.sentence}"
                for each in found
            ],
        )
        for code, source in sorted(draft.items())
        if (found := draft_problems(view.touchpoint, view.medium, code, source))
    ]
    changes = changes_between(view.sources, draft, view=view) if view.draft is not None else []
    said = [view.touchpoint] if view.medium is Medium.EMAIL else []
    unwritten = (
        [name for code, name in writing_languages().items() if code not in draft] if view.is_own else []
    )
    return Page(
        template="console/templates/publish.html",
        title=f"Publish {view.touchpoint.title}",
        place="templates",
        crumbs=crumbs_of(view, desk, "Publish"),
        values={
            "slug": view.touchpoint.slug,
            "medium": view.medium.value,
            "editor_url": editor,
            "revision": view.revision,
            "missing": missing,
            "changes": changes,
            "unwritten": unwritten,
            "first": next(iter(sorted(draft)), "en"),
            "can_publish": bool(changes) and not missing,
            "hidden_in": [
                writing_languages().get(code, code)
                for code, source in sorted(draft.items())
                if hides_postal_address(view.touchpoint, source)
            ],
            **address_values(desk, said),
        },
        status=status,
    )


urls = [
    path("templates/<str:touchpoint>/<str:medium>/publish/", look_over, name="console-template-look-over"),
    path("templates/<str:touchpoint>/<str:medium>/publish/now/", publish, name="console-template-publish"),
    path("templates/<str:touchpoint>/<str:medium>/versions/", versions, name="console-template-versions"),
    path(
        "templates/<str:touchpoint>/<str:medium>/versions/<int:number>/restore/",
        restore,
        name="console-template-restore",
    ),
]
