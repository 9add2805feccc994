"""The audit log: every act in a shop, who did it, and when."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path

from aftermile.capabilities.team.public import (
    AuditView,
    Permission,
    actors_seen,
    acts_seen,
    audit_log,
    names_of,
)
from aftermile.doors.console.csv_file import csv_file
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Page
from aftermile.doors.console.paging import SIZE, paging
from aftermile.doors.console.staff_only import console_page
from aftermile.kernel.ids import public_id, read_public_id

#: Rows of one file; more is asked for by its days.
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """One act as it is listed."""

    key: str
    who: str
    act: str
    summary: str
    subject: str
    details: tuple[tuple[str, str], ...]
    at: datetime


class Filters(forms.Form):
    """What of the log to show, as it stands in the address."""

    who = forms.ChoiceField(label="Who", required=False)
    act = forms.ChoiceField(label="What", required=False)
    about = forms.CharField(label="About", required=False, max_length=80)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def offer(self, actors: list[tuple[str, str]], acts: list[str]) -> None:
        """Give the lists their choices: whoever and whatever the log has, and what the address asks for."""
        asked_who, asked_act = self.data.get("who", ""), self.data.get("act", "")
        if asked_who and asked_who not in dict(actors):
            actors = [*actors, (asked_who, asked_who)]
        rooms = sorted({act.partition(".")[0] for act in acts})
        wide = [(room, f"Everything about {_in_words(room)}") for room in rooms]
        narrow = [(act, _in_words(act)) for act in acts]
        if asked_act and asked_act not in dict(wide + narrow):
            narrow.append((asked_act, asked_act))
        self.fields["who"].choices = [("", "Anybody"), *actors]  # type: ignore[attr-defined]
        self.fields["act"].choices = [("", "Anything"), *wide, *narrow]  # type: ignore[attr-defined]

    def criteria(self, zone: ZoneInfo) -> dict[str, Any]:
        """Return the arguments of `audit_log`; days are the shop's own. Days that are none narrow nothing."""
        self.is_valid()
        given = self.cleaned_data
        since, until = given.get("since"), given.get("until")
        return {
            "actor": given.get("who", ""),
            "act": given.get("act", ""),
            "subject": given.get("about", "").strip(),
            "since": datetime.combine(since, time(), zone) if since else None,
            "until": datetime.combine(until + timedelta(days=1), time(), zone) if until else None,
        }

    @property
    def narrows(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


@console_page(Permission.AUDIT_READ)
def log(request: HttpRequest, desk: Desk) -> Page:
    """List what was done, newest first."""
    form = _filters(request)
    after = request.GET.get("after", "")
    found = audit_log(
        **form.criteria(ZoneInfo(desk.merchant.time_zone)),
        before=read_public_id("aud", after) if after else None,
        limit=SIZE + 1,
    )
    lines = _lines(found[:SIZE])
    query = request.GET.copy()
    query.pop("after", None)
    return Page(
        template="console/audit/log.html",
        title="Audit log",
        place="settings",
        section="audit",
        values={
            "form": form,
            "narrows": form.narrows,
            "lines": lines,
            "paging": paging(
                request,
                next_cursor=lines[-1].key if len(found) > SIZE else "",
                told=f"{len(lines)} acts",
            ),
            "file_url": f"{desk.url('console-audit-file')}?{query.urlencode()}",
        },
        parts={"log": "console/audit/_lines.html"},
    )


@console_page(Permission.AUDIT_READ)
def file(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Send what the filters find as a CSV file."""
    criteria = _filters(request).criteria(ZoneInfo(desk.merchant.time_zone))
    lines = _lines(audit_log(**criteria, limit=MOST_ROWS))
    return csv_file(
        f"audit-{desk.at:%Y-%m-%d}.csv",
        ("at", "who", "act", "subject", "summary", "details"),
        (
            (
                line.at.isoformat(),
                line.who,
                line.act,
                line.subject,
                line.summary,
                "; ".join(f"{name}: {value}" for name, value in line.details),
            )
            for line in lines
        ),
    )


def _filters(request: HttpRequest) -> Filters:
    form = Filters(request.GET)
    actors = actors_seen()
    named = names_of(actors)
    form.offer(sorted(named.items(), key=lambda pair: pair[1].lower()), acts_seen())
    return form


def _lines(entries: list[AuditView]) -> list[Line]:
    named = names_of({entry.actor for entry in entries})
    return [
        Line(
            key=public_id("aud", entry.id),
            who=named[entry.actor],
            act=entry.act,
            summary=entry.summary,
            subject=entry.subject,
            details=tuple((name, _written(value)) for name, value in entry.details.items()),
            at=entry.at,
        )
        for entry in entries
    ]


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _in_words(act: str) -> str:
    return act.replace(".", ": ", 1).replace("_", " ")


urls = [
    path("settings/audit/", log, name="console-audit"),
    path("settings/audit.csv", file, name="console-audit-file"),
]
