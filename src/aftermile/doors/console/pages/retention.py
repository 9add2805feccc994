"""Data retention: how long what is kept, what would go next, and when something last went."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.urls import path

from aftermile.capabilities.search.public import count_old_exports
from aftermile.capabilities.team.public import Permission, count_old_audit
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.middleware import LONGEST_SESSION_SECONDS
from aftermile.doors.console.page import Done, Note, Page, Undo
from aftermile.doors.console.staff_only import act, console_page
from aftermile.doors.webhooks.operations.prune import count_old_messages
from aftermile.intake.public import count_old_records
from aftermile.kernel.events import count_old as count_old_events
from aftermile.kernel.retention import (
    LOOKED_AT,
    Kept,
    change_retention,
    kept_days,
    last_prunings,
    longest_days,
    restore_retention,
)

_MAY = Permission.SETTINGS_MANAGE


@dataclass(frozen=True, slots=True)
class Kind:
    """What is kept, in words, and how what is too old is counted."""

    label: str
    means: str  # what goes with it
    units: str
    count: Callable[[datetime], int]


def _count_raw(before: datetime) -> int:
    return count_old_records(before=before) + count_old_messages(before=before)


_KINDS: Mapping[Kept, Kind] = {
    Kept.RAW: Kind(
        "Raw records and messages to other systems",
        "What sources sent and which files were imported, word for word, and what your own systems were told. Once"
        " gone, a record cannot be read again or shown as proof, and a message cannot be sent again. Orders and parcels"
        " stay. Records in quarantine wait for you, however old.",
        "records and messages",
        _count_raw,
    ),
    Kept.EVENTS: Kind(
        "Event log",
        "Everything that happened, in order: the event feed of the API, and what figures are computed from. Programs"
        " that read the feed miss what went before they came.",
        "events",
        lambda before: count_old_events(before=before),
    ),
    Kept.AUDIT: Kind(
        "Audit log",
        "Who did what in the console. It names no shopper. Once gone, nobody can tell any more who did it.",
        "entries",
        lambda before: count_old_audit(before=before),
    ),
    Kept.EXPORTS: Kind(
        "Exported files",
        "Files of rows and of a shopper’s data. They can be made again.",
        "files",
        lambda before: count_old_exports(before=before),
    ),
}


class Form(forms.Form):
    """Days, one number a kind."""

    raw = forms.IntegerField()
    events = forms.IntegerField()
    audit = forms.IntegerField()
    exports = forms.IntegerField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for kept, kind in _KINDS.items():
            field = self.fields[kept.value]
            most = longest_days(kept)
            field.label = f"{kind.label}, days"
            field.help_text = f"{kind.means} At most {most:,} days here."
            field.widget.attrs.update({"min": 1, "max": most, "inputmode": "numeric"})


@dataclass(frozen=True, slots=True)
class Line:
    """A kind as it fares: what the next pruning takes, and when something last went."""

    label: str
    days: int
    since: datetime  # nothing before it is kept
    would_go: str
    goes: bool
    is_changed: bool  # other days than those that hold
    ran_at: datetime | None
    removed: str
    removed_at: datetime | None


@console_page(_MAY)
def show(request: HttpRequest, desk: Desk) -> Page:
    """Show how long what is kept; with days in the address, what those would mean."""
    held = kept_days()
    if not request.GET:
        return _page(desk, Form(initial={kept.value: days for kept, days in held.items()}), held)
    form = Form(request.GET)
    return _page(desk, form, _wanted(form))


@act(_MAY)
def save(request: HttpRequest, desk: Desk) -> Done | Page:
    """Set for how long what is kept."""
    form = Form(request.POST)
    wanted = _wanted(form)
    if wanted is None:
        return _page(desk, form, None, status=422)
    before = kept_days()
    if not change_retention(wanted, by=desk.by, at=desk.at):
        return Done(said="Nothing was changed.", back=desk.url("console-retention"), notes=(), tone="calm")
    changed = {
        kept.value: {"from": before[kept], "to": days}
        for kept, days in wanted.items()
        if days != before[kept]
    }
    return Done(
        said="Saved. What is too old goes with the next pruning, within the hour.",
        back=desk.url("console-retention"),
        notes=(Note(act="retention.change", summary="Changed how long data is kept", details=changed),),
        undo=Undo(action=desk.url("console-retention-restore")),
    )


@act(_MAY)
def restore(request: HttpRequest, desk: Desk) -> Done:  # noqa: ARG001
    """Go back to the days before the last change."""
    if not restore_retention(by=desk.by, at=desk.at):
        return Done(
            said="There are no days before these.", back=desk.url("console-retention"), notes=(), tone="calm"
        )
    return Done(
        said="The days before are back. What was removed in the meantime stays removed.",
        back=desk.url("console-retention"),
        notes=(Note(act="retention.restore", summary="Went back to how long data was kept before"),),
        undo=Undo(action=desk.url("console-retention-restore")),
    )


def _wanted(form: Form) -> dict[Kept, int] | None:
    """Read the form; what is wrong is said beside its field."""
    if not form.is_valid():
        return None
    wanted = {kept: form.cleaned_data[kept.value] for kept in Kept}
    problems = {
        kept: f"Give 1 to {longest_days(kept):,} days."
        for kept, days in wanted.items()
        if not 1 <= days <= longest_days(kept)
    }
    for kept, problem in problems.items():
        form.add_error(kept.value, problem)
    return None if problems else wanted


def _page(desk: Desk, form: Form, wanted: Mapping[Kept, int] | None, *, status: int = 200) -> Page:
    held = kept_days()
    return Page(
        template="console/settings/retention.html",
        title="Data retention",
        place="settings",
        section="retention",
        values={
            "form": form,
            "lines": _lines(wanted or held, held, desk.at),
            "session_hours": settings.SESSION_COOKIE_AGE // 3600,
            "session_days": LONGEST_SESSION_SECONDS // 86_400,
        },
        parts={"effect": "console/settings/retention_effect.html"},
        status=status,
    )


def _lines(wanted: Mapping[Kept, int], held: Mapping[Kept, int], at: datetime) -> list[Line]:
    prunings = last_prunings()
    lines = []
    for kept, kind in _KINDS.items():
        since = at - timedelta(days=wanted[kept])
        count, last = kind.count(since), prunings.get(kept)
        lines.append(
            Line(
                label=kind.label,
                days=wanted[kept],
                since=since,
                would_go=f"{'more than ' if count >= LOOKED_AT else ''}{count:,} {kind.units}"
                if count
                else "nothing",
                goes=count > 0,
                is_changed=wanted[kept] != held[kept],
                ran_at=last.ran_at if last else None,
                removed=f"{last.removed:,} {kind.units}" if last and last.removed else "",
                removed_at=last.removed_at if last else None,
            )
        )
    return lines


urls = [
    path("settings/retention/", show, name="console-retention"),
    path("settings/retention/save/", save, name="console-retention-save"),
    path("settings/retention/restore/", restore, name="console-retention-restore"),
]
