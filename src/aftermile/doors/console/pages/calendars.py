"""Calendars and cut-offs: when the warehouse works, with what that means for an order placed now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.http import HttpRequest, QueryDict
from django.urls import path

from aftermile.capabilities.team.public import Permission
from aftermile.doors.assets import address
from aftermile.doors.console import words
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Done, Note, Page, Undo
from aftermile.doors.console.staff_only import act, console_page
from aftermile.kernel.calendars import CalendarUnknown, places_with_holidays, zone_of
from aftermile.kernel.working_calendar import (
    MOST_PROCESSING_DAYS,
    Span,
    WorkingCalendar,
    WorkingCalendarUnreadable,
    change_working_calendar,
    check_working_calendar,
    restore_working_calendar,
    working_calendar,
)

_MAY = Permission.SETTINGS_MANAGE
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKS = 8
_LINE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*(?:to|–|-)\s*(\d{4}-\d{2}-\d{2}))?\s*(.*)")


@dataclass(frozen=True, slots=True)
class Weekday:
    """A row of the week."""

    index: int
    name: str
    is_worked: bool
    cut_off: str
    problem: str


@dataclass(frozen=True, slots=True)
class Example:
    """An order placed at a moment, and the day it leaves."""

    placed: str
    leaves: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the drawn weeks. `kind`: work, extra, week, holiday or own."""

    label: str
    kind: str
    name: str
    said: str  # in words, for whoever does not see the color
    is_today: bool


class Form(forms.Form):
    """What is not in the table of the week."""

    country = forms.ChoiceField(label="Public holidays of", required=False, choices=list)
    subdivision = forms.ChoiceField(
        label="Part of the country",
        required=False,
        choices=list,
        help_text="For holidays that only some regions have. After another country, press “See what it means”.",
    )
    time_zone = forms.ChoiceField(
        label="Time zone of the warehouse", choices=list, help_text="Cut-offs go by its clock."
    )
    processing_days = forms.IntegerField(
        label="Business days for packing",
        min_value=0,
        max_value=MOST_PROCESSING_DAYS,
        help_text="0: what is ordered before the cut-off leaves the same day.",
    )
    closed = forms.CharField(
        label="Closed days of your own",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text="One a line: 2026-12-24 Christmas Eve, or several at once: 2026-12-27 to 2026-12-31 Stocktaking.",
    )
    opened = forms.CharField(
        label="Days worked all the same",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="Weekend days or holidays on which orders leave, written as above.",
    )

    def __init__(self, *args: Any, country: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = places_with_holidays()
        named = sorted(((code, words.country(code)) for code in places), key=lambda pair: pair[1])
        self.fields["country"].choices = [("", "no country: no public holidays"), *named]  # type: ignore[attr-defined]
        self.fields["subdivision"].choices = [  # type: ignore[attr-defined]
            ("", "the whole country"),
            *((part, part) for part in places.get(country, ())),
        ]
        self.fields["subdivision"].error_messages["invalid_choice"] = (
            f"%(value)s is no part of {words.country(country)}; choose one of the list."
            if country
            else "Choose the country first."
        )
        self.fields["time_zone"].choices = [(zone, zone.replace("_", " ")) for zone in _zones()]  # type: ignore[attr-defined]


@console_page(_MAY)
def show(request: HttpRequest, desk: Desk) -> Page:
    """Show the calendar; with one in the address, what that would mean."""
    if not request.GET:
        return _page(desk, _form_of(working_calendar(desk.merchant)), working_calendar(desk.merchant))
    form = Form(request.GET, country=request.GET.get("country", ""))
    wanted, problems = _wanted(form, request.GET)
    return _page(desk, form, wanted, given=request.GET, problems=problems)


@act(_MAY)
def save(request: HttpRequest, desk: Desk) -> Done | Page:
    """Keep the calendar."""
    form = Form(request.POST, country=request.POST.get("country", ""))
    wanted, problems = _wanted(form, request.POST)
    if wanted is None:
        return _page(desk, form, None, given=request.POST, problems=problems, status=422)
    if not change_working_calendar(wanted, by=desk.by, at=desk.at):
        return Done(said="Nothing was changed.", back=desk.url("console-calendars"), notes=(), tone="calm")
    return Done(
        said="Saved. Business days are counted this way from now on.",
        back=desk.url("console-calendars"),
        notes=(
            Note(
                act="calendar.change",
                summary="Changed when the warehouse works",
                details={
                    "week": wanted.weekmask,
                    "holidays": "-".join(filter(None, (wanted.country, wanted.subdivision))),
                    "time_zone": wanted.time_zone,
                    "cut_offs": [f"{each:%H:%M}" for each in wanted.cut_offs],
                    "processing_days": wanted.processing_days,
                    "closed": [_written(span) for span in wanted.closed],
                    "opened": [_written(span) for span in wanted.opened],
                },
            ),
        ),
        undo=Undo(action=desk.url("console-calendars-restore")),
    )


@act(_MAY)
def restore(request: HttpRequest, desk: Desk) -> Done:  # noqa: ARG001
    """Go back to the calendar before the last change."""
    if not restore_working_calendar(by=desk.by, at=desk.at):
        return Done(
            said="There is no calendar before this one.",
            back=desk.url("console-calendars"),
            notes=(),
            tone="calm",
        )
    return Done(
        said="The calendar before is back.",
        back=desk.url("console-calendars"),
        notes=(Note(act="calendar.restore", summary="Went back to the working calendar before"),),
        undo=Undo(action=desk.url("console-calendars-restore")),
    )


def _wanted(form: Form, given: QueryDict) -> tuple[WorkingCalendar | None, Mapping[str, str]]:
    """Read the form; what is wrong is said beside its field, or by part of the week."""
    problems: dict[str, str] = {}
    form.is_valid()
    cut_offs: list[time | None] = []
    for index in range(7):
        typed = given.get(f"cut_off_{index}", "").strip()
        try:
            cut_offs.append(time.fromisoformat(typed) if typed else None)
        except ValueError:
            cut_offs.append(None)
            problems[f"cut_off_{index}"] = f"{typed[:20]} is no time of day such as 15:00."
    worked = [bool(given.get(f"works_{index}")) for index in range(7)]
    for index, (is_worked, cut_off) in enumerate(zip(worked, cut_offs, strict=True)):
        if is_worked and cut_off is None and f"cut_off_{index}" not in problems:
            problems[f"cut_off_{index}"] = (
                f"Give the time until which an order leaves on a {_WEEKDAYS[index]}."
            )
    spans: dict[str, tuple[Span, ...]] = {}
    for name in ("closed", "opened"):
        try:
            spans[name] = _spans(form.cleaned_data.get(name, ""))
        except ValueError as unreadable:
            form.add_error(name, str(unreadable))
    if form.errors or problems:
        return None, problems
    # A day off has a cut-off, too, should it be worked for once: that of the first day of the week that has one.
    usual = next((each for each in cut_offs if each is not None), time(15, 0))
    wanted = WorkingCalendar(
        country=form.cleaned_data["country"],
        subdivision=form.cleaned_data["subdivision"],
        time_zone=form.cleaned_data["time_zone"],
        weekmask="".join("1" if each else "0" for each in worked),
        closed=spans["closed"],
        opened=spans["opened"],
        cut_offs=tuple(each or usual for each in cut_offs),
        processing_days=form.cleaned_data["processing_days"],
    )
    try:
        check_working_calendar(wanted)
    except WorkingCalendarUnreadable as refusal:
        for name, problem in refusal.details.items():
            if name in form.fields:
                form.add_error(name, str(problem))
            else:
                problems[name] = str(problem)
        return None, problems
    return wanted, {}


def _page(
    desk: Desk,
    form: Form,
    calendar: WorkingCalendar | None,
    *,
    given: QueryDict | None = None,
    problems: Mapping[str, str] | None = None,
    status: int = 200,
) -> Page:
    problems = problems or {}
    told = _effect(calendar, desk.at) if calendar else {}
    return Page(
        template="console/settings/calendars.html",
        title="Calendars and cut-offs",
        place="settings",
        section="calendars",
        values={
            "sheet": address("console/settings.css"),
            "form": form,
            "week": _week(calendar, given, problems),
            "week_problem": problems.get("week", ""),
            **told,
        },
        parts={"effect": "console/settings/calendars_effect.html"},
        status=status,
    )


def _week(
    calendar: WorkingCalendar | None, given: QueryDict | None, problems: Mapping[str, str]
) -> list[Weekday]:
    return [
        Weekday(
            index,
            name,
            bool(given.get(f"works_{index}"))
            if given is not None
            else bool(calendar and calendar.weekmask[index] == "1"),
            given.get(f"cut_off_{index}", "")
            if given is not None
            else f"{calendar.cut_offs[index]:%H:%M}"
            if calendar
            else "",
            problems.get(f"cut_off_{index}", ""),
        )
        for index, name in enumerate(_WEEKDAYS)
    ]


def _effect(calendar: WorkingCalendar, at: datetime) -> dict[str, Any]:
    """Say what a calendar means for orders of these days, and draw its next weeks."""
    zone = zone_of(calendar.time_zone)
    today = at.astimezone(zone).date()
    afternoon = [
        (day, datetime.combine(day, time(15, 0), zone))
        for day in (today + timedelta(days=1), today + timedelta(days=(4 - today.weekday()) % 7 or 7))
    ]
    moments = [
        ("now", at),
        ("tomorrow at 3:00 PM", afternoon[0][1]),
        (f"on {_said(afternoon[1][0], today)}, at 6:00 PM", afternoon[1][1] + timedelta(hours=3)),
    ]
    try:
        examples = [Example(placed, _said(calendar.leaves_on(moment), today)) for placed, moment in moments]
    except CalendarUnknown:
        examples = []
    monday = today - timedelta(days=today.weekday())
    weeks = [
        [_day(calendar, monday + timedelta(days=7 * week + index), today) for index in range(7)]
        for week in range(_WEEKS)
    ]
    special = [
        (_said(day, today), calendar.name_of(day) or ("Closed" if calendar.why_closed(day) else "Worked"))
        for day in (monday + timedelta(days=index) for index in range(7 * _WEEKS))
        if day >= today and _kind(calendar, day) in {"holiday", "own", "extra"}
    ]
    return {"examples": examples, "weeks": weeks, "weekdays": _WEEKDAYS, "special": special}


def _kind(calendar: WorkingCalendar, day: date) -> str:
    why = calendar.why_closed(day)
    return why or ("extra" if day in calendar.calendar.extra_workdays else "work")


_KINDS = {
    "work": "worked",
    "extra": "worked all the same",
    "week": "not worked",
    "holiday": "public holiday",
    "own": "closed",
}


def _day(calendar: WorkingCalendar, day: date, today: date) -> Day:
    kind = _kind(calendar, day)
    label = (
        f"{day:%b} {day.day}"
        if day.day == 1 or day == today - timedelta(days=today.weekday())
        else str(day.day)
    )
    return Day(label, kind, calendar.name_of(day) if kind != "work" else "", _KINDS[kind], day == today)


def _said(day: date, today: date) -> str:
    year = "" if day.year == today.year else f", {day.year}"
    said = f"{day:%A}, {day:%B} {day.day}{year}"
    return f"today, {said}" if day == today else said


def _spans(typed: str) -> tuple[Span, ...]:
    """Read days, one or several a line.

    :raises ValueError: a line is none; the message says which.
    """
    found = []
    for line in filter(None, (each.strip() for each in typed.splitlines())):
        match = _LINE.fullmatch(line)
        try:
            if match is None:
                raise ValueError
            first = date.fromisoformat(match[1])
            last = date.fromisoformat(match[2]) if match[2] else first
        except ValueError:
            raise ValueError(f"“{line[:60]}” does not begin with a day such as 2026-12-24.") from None
        found.append(Span(first, last, match[3].strip()[:100]))
    return tuple(sorted(found))


def _written(span: Span) -> str:
    days = str(span.first) if span.first == span.last else f"{span.first} to {span.last}"
    return f"{days} {span.note}".strip()


def _form_of(calendar: WorkingCalendar) -> Form:
    return Form(
        country=calendar.country,
        initial={
            "country": calendar.country,
            "subdivision": calendar.subdivision,
            "time_zone": calendar.time_zone,
            "processing_days": calendar.processing_days,
            "closed": "\n".join(_written(span) for span in calendar.closed),
            "opened": "\n".join(_written(span) for span in calendar.opened),
        },
    )


def _zones() -> list[str]:
    """Return the time zones people live in: those of regions, and UTC."""
    return [
        "UTC",
        *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")),
    ]


urls = [
    path("settings/calendars/", show, name="console-calendars"),
    path("settings/calendars/save/", save, name="console-calendars-save"),
    path("settings/calendars/restore/", restore, name="console-calendars-restore"),
]
