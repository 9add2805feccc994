"""Time travel: a journey played over days that have passed, without sending. Who would have got what, when, or why not."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import path

from aftermile.capabilities.journeys.public import DefinitionUnreadable, JourneyView, play
from aftermile.capabilities.messaging.public import touchpoints
from aftermile.capabilities.team.public import Permission
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.journeys.played import by_day, chart_width, letters, summary
from aftermile.doors.console.page import Crumb, Page
from aftermile.doors.console.pages.journeys import read
from aftermile.doors.console.staff_only import console_page

#: Days to look back on; 0 is today.
DAYS = ((0, "Today"), (7, "7 days"), (30, "30 days"), (90, "90 days"))
_SHOWN = 100


@console_page(Permission.SHOPPERS_READ)
def played(request: HttpRequest, desk: Desk, key: str) -> Page:
    """Show the page at once; the play itself is fetched by it, or asked for by a button."""
    view = read(key)
    days = _days(request.GET.get("days", "7"))
    of_draft = _of_draft(view, request.GET.get("of", ""))
    zone = ZoneInfo(desk.merchant.time_zone)
    midnight = datetime.combine(desk.at.astimezone(zone).date(), time(), zone)
    since = midnight - timedelta(days=days)
    here = desk.url("console-journey-play", key)
    chosen = f"days={days}&of={'draft' if of_draft else 'published'}"
    asked = bool(request.GET.get("play"))
    values: dict[str, Any] = {
        "key": key,
        "name": view.name,
        "here": here,
        "days": days,
        "choices": [(n, said, n == days) for n, said in DAYS],
        "has_both": view.draft is not None and bool(view.version),
        "of_draft": of_draft,
        "fetch": f"{here}?{chosen}&play=1",
        "is_played": asked,
        "since": since,
        "may_write": desk.may(Permission.MESSAGES_MANAGE),
    }
    if asked:
        values |= _played(view, desk, since, zone, of_draft=of_draft)
    return Page(
        template="console/journeys/play.html",
        title="Play it on days gone by",
        place="journeys",
        crumbs=(
            Crumb("Journeys", desk.url("console-journeys")),
            Crumb(view.name, desk.url("console-journey", key)),
            Crumb("Play"),
        ),
        values=values,
        parts={"played": "console/journeys/_played.html"},
    )


def _played(
    view: JourneyView, desk: Desk, since: datetime, zone: ZoneInfo, *, of_draft: bool
) -> dict[str, Any]:
    definition = view.draft if of_draft and view.draft is not None else view.definition
    try:
        found = play(definition=definition, since=since, until=desk.at, journey_id=view.id)
    except DefinitionUnreadable as refusal:
        return {"problem": refusal.message}
    rows = by_day(found, zone)
    newest = sorted(found.messages, key=lambda each: each.asked_at, reverse=True)
    return {
        "summary": summary(found),
        "rows": rows,
        "chart_width": chart_width(rows),
        "letters": letters(newest[:_SHOWN], desk, touchpoints()),
        "letters_in_all": len(newest),
    }


def _days(given: str) -> int:
    return next((n for n, _ in DAYS if str(n) == given), 7)


def _of_draft(view: JourneyView, given: str) -> bool:
    return view.draft is not None and (given != "published" or not view.version)


urls = [path("journeys/<str:key>/play/", played, name="console-journey-play")]
