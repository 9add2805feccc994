"""The rows of the to-do list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from aftermile.capabilities.exceptions.public import (
    Ending,
    ExceptionRow,
    Group,
    Kind,
    State,
)
from aftermile.doors.console.home import charts, days, words
from aftermile.doors.console.home.days import Here, counted
from aftermile.kernel.ids import public_id

_SILENT = frozenset({Kind.STALLED, Kind.PROBABLY_LOST, Kind.NEVER_HANDED_OVER})
_LONGEST_NAME_ON_A_BUTTON = 10
_ENDINGS = {
    Ending.CONTACTED: "Told",
    Ending.MARKED_LOST: "Given up",
    Ending.DISMISSED: "Settled",
    Ending.DELIVERED: "Delivered",
    Ending.MOVED: "Moved on",
    Ending.SHIPPED: "Shipped",
    Ending.CANCELLED: "Cancelled",
    Ending.WITHDRAWN: "No longer tracked",
    Ending.BECAME: "Became another",
    Ending.GATHERED: "Part of an incident",
    Ending.NO_LONGER: "No longer so",
}
#: What is drawn as a promise beside what is expected now.
_LATE = frozenset({Kind.LATE, Kind.DELAY_PREDICTED})


@dataclass(frozen=True, slots=True)
class Todo:
    """One row, ready to be drawn."""

    key: str
    chosen: str  # key and revision: what a form sends
    url: str
    tone: str
    word: str
    under: str
    order_label: str
    order_url: str
    who: str
    what: str
    notes: tuple[str, ...]
    is_untold: bool
    act_label: str
    window: charts.Window | None
    silence: charts.Silence | None
    value: str
    is_done: bool
    is_put_off: bool


@dataclass(frozen=True, slots=True)
class TodoGroup:
    """Rows with one thing to be done, under one heading."""

    name: str
    heading: str
    about: str
    total: int
    rows: tuple[Todo, ...]
    axis: charts.Axis | None  # of promises and estimates
    silent_days: int  # what silences are drawn on; 0: none is
    more: int
    more_url: str


@dataclass(frozen=True, slots=True)
class Seen:
    """From where rows are looked at."""

    here: Here
    at: datetime
    names: Mapping[UUID, str]  # of staff members
    url: Callable[[str], str]  # of an exception's page
    order_url: Callable[[str], str]
    shows_names: bool


def group_of(
    group: Group, rows: Sequence[ExceptionRow], *, total: int, more_url: str, seen: Seen
) -> TodoGroup:
    """Draw the rows of a group; their drawings share one scale."""
    said = words.GROUPS[group]
    drawn = rows_of(rows, seen=seen)
    return TodoGroup(
        name=group.value,
        heading=said.heading,
        about=said.about,
        total=total,
        rows=drawn.rows,
        axis=drawn.axis,
        silent_days=drawn.silent_days,
        more=total - len(rows),
        more_url=more_url,
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    rows: tuple[Todo, ...]
    axis: charts.Axis | None
    silent_days: int


def rows_of(rows: Sequence[ExceptionRow], *, seen: Seen) -> Drawn:
    """Draw rows on common scales."""
    late = [row.exception for row in rows if row.exception.kind in _LATE]
    points = [
        point
        for it in late
        for point in (it.promised_earliest, it.promised_latest, it.estimate_earliest, it.estimate_latest)
    ]
    axis = charts.axis(points, today=seen.here.today) if late else None
    silent = [row.exception.days for row in rows if row.exception.kind in _SILENT]
    scale = charts.silent_scale(silent) if silent else 0
    return Drawn(tuple(_todo(row, axis, scale, seen) for row in rows), axis, scale)


def _todo(row: ExceptionRow, axis: charts.Axis | None, scale: int, seen: Seen) -> Todo:
    it, here = row.exception, seen.here
    key = public_id("exc", it.id)
    tone = words.TONES[it.severity]
    word, under = words.state_of(row, here)
    if it.ending is not None:
        word, under = _ENDINGS[it.ending], word
    window = silence = None
    if it.kind in _LATE and axis is not None:
        window = charts.window(
            axis,
            promised=(it.promised_earliest, it.promised_latest),
            estimated=(it.estimate_earliest, it.estimate_latest),
            tone=tone,
        )
    elif it.kind in _SILENT and scale:
        usual = (it.unusual_from - here.day(it.since_at)).days if it.unusual_from and it.since_at else None
        silence = charts.silence(silent_days=it.days, usual_days=usual, of=scale, tone=tone)
    order = row.order
    who = order.shopper.name if order and order.shopper else ""
    return Todo(
        key=key,
        chosen=f"{key}.{it.revision}",
        url=seen.url(key),
        tone="ok" if it.state is State.DONE else "calm" if it.state is State.SNOOZED else tone,
        word=word,
        under=under,
        order_label=_order_label(row),
        order_url=seen.order_url(public_id("ord", order.id)) if order else "",
        who=who if seen.shows_names else _whereto(row),
        what=words.what_happened(row, here),
        notes=_notes(row, seen),
        is_untold=it.kind in _LATE and it.contacted_at is None and it.state is State.OPEN,
        act_label=_act_label(row, shows_names=seen.shows_names),
        window=window,
        silence=silence,
        value="" if window or silence else words.value_of(row),
        is_done=it.state is State.DONE,
        is_put_off=it.state is State.SNOOZED,
    )


def _order_label(row: ExceptionRow) -> str:
    if row.order and (row.order.number or row.order.external_id):
        return row.order.number or row.order.external_id
    return row.parcel.tracking_number if row.parcel and row.parcel.tracking_number else "Parcel"


def _whereto(row: ExceptionRow) -> str:
    address = row.order.shipping_address if row.order else None
    return ", ".join(part for part in (address.city, address.country) if part) if address else ""


def _notes(row: ExceptionRow, seen: Seen) -> tuple[str, ...]:
    """Say what else matters: what was noted, how late it also is, what it is worth, whose it is."""
    it, here = row.exception, seen.here
    notes = []
    if it.state is State.SNOOZED and it.snoozed_until:
        notes.append(f"Comes back {days.said(here.day(it.snoozed_until), here.today)}")
    if it.note and it.state is not State.OPEN:
        notes.append(it.note if len(it.note) <= 80 else f"{it.note[:79]}…")
    if it.contacted_at and it.ending is not Ending.CONTACTED:
        notes.append(f"Told {days.said(here.day(it.contacted_at), here.today)}")
    if it.days_late and it.kind not in _LATE:
        notes.append(f"{counted(it.days_late, 'day')} late")
    if it.kind in _SILENT or it.kind in _LATE:
        worth = words.value_of(row)
        notes += [f"Worth {worth}"] if worth else []
    if it.assigned_to:
        notes.append(seen.names.get(it.assigned_to, "somebody who left"))
    return tuple(notes)


def _act_label(row: ExceptionRow, *, shows_names: bool) -> str:
    it = row.exception
    again = it.contacted_at is not None
    first = words.first_name(row) if shows_names else ""
    if len(first) > _LONGEST_NAME_ON_A_BUTTON:
        first = ""
    match it.kind.group:
        case Group.TELL_THE_SHOPPER:
            return f"Tell {first or 'the shopper'}{' again' if again else ''}"
        case Group.ASK_THE_SHOPPER:
            return f"Ask {first or 'the shopper'}{' again' if again else ''}"
        case Group.ASK_THE_CARRIER:
            asked = it.state is State.OPEN and it.acted_at is not None and it.snooze_reason != ""
            carrier = words.carrier_of(row)
            return f"Ask {carrier if len(carrier) <= 12 else 'carrier'}{' again' if asked else ''}"
        case Group.SEND_PAPERS:
            return "Send papers"
        case Group.LOOK_ON_THE_SHELF:
            return "Look on shelf"
        case Group.DECIDE_WHAT_TO_SEND:
            return "Decide"


def next_business_morning(here: Here, *, after_days: int = 1) -> datetime:
    """Return eight o'clock on the next weekday that many weekdays ahead."""
    day = here.today
    while after_days:
        day += timedelta(days=1)
        after_days -= day.weekday() < 5
    return here.morning(day)
