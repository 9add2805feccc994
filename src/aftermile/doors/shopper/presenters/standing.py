"""Where a parcel stands, in words: the sentence that answers, what it rests on, and bad news first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from aftermile.capabilities.shipments.public import ParcelView
from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.doors.shopper.presenters.moments import Clock, RulerDay, count_of, ruler
from aftermile.doors.shopper.presenters.naming import carrier_name, milestone_of, place_of, sub_status_of
from aftermile.doors.shopper.presenters.words import DELIVERIES, TROUBLES, Tone, Trouble

M, S = Milestone, SubStatus
#: Days without a scan after which a page says so.
QUIET_DAYS = 4
# Troubles that leave the carrier's day standing; with the others an estimate is older than the trouble.
_DELAYS = frozenset({S.DELAYED, S.PROCESSING_DELAY, S.WEATHER_DELAY, S.LATE_FLIGHT})
#: After these nothing of the usual way follows.
ENDS = frozenset(
    {S.LOST, S.DISPOSED, S.CANCELLED, S.REFUSED, S.REJECTED_BY_CARRIER, S.PICKUP_MISSED, S.RETURNED}
)


@dataclass(frozen=True, slots=True)
class Notice:
    """Bad news: what happened, what it means, what to do."""

    tone: Tone
    title: str
    meaning: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a parcel is, in words: alone (`headline`) and among others ("Parcel 2 {clause}")."""

    headline: str
    clause: str
    basis: str
    tone: Tone
    notice: Notice | None = None
    days: tuple[RulerDay, ...] = ()
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What the words of a page depend on beside the parcel itself."""

    clock: Clock
    shop: str
    placed_at: datetime | None
    promised_earliest: date | None
    promised_latest: date | None
    links_to_carriers: bool


def standing_of(parcel: ParcelView, about: Context) -> Standing:
    """Say where a parcel is."""
    sub_status = sub_status_of(parcel.sub_status)
    names = {"shop": about.shop, "carrier": carrier_name(parcel) or "The carrier"}
    trouble = TROUBLES.get(sub_status) if sub_status else None
    if sub_status is not None and trouble is not None:
        return _troubled(parcel, sub_status, trouble, about, names)
    match milestone_of(parcel):
        case M.DELIVERED:
            return _delivered(parcel, sub_status, about)
        case M.AVAILABLE_FOR_PICKUP:
            return _ready_to_collect(parcel, names)
        case M.OUT_FOR_DELIVERY:
            return _out_for_delivery(parcel, about, names["carrier"])
        case M.IN_TRANSIT:
            return _on_its_way(parcel, about, names["carrier"])
    return _packed(about, names["carrier"])


def _troubled(
    parcel: ParcelView, sub_status: SubStatus, trouble: Trouble, about: Context, names: dict[str, str]
) -> Standing:
    clock = about.clock
    headline, clause = trouble.headline.format(**names), trouble.clause.format(**names)
    window = _estimate(parcel, clock) if sub_status in _DELAYS else None
    if window is not None and window[1] < clock.today:
        window = None
    if window is not None:
        headline += f", now expected {_days(window, clock)}"
        clause += f", now expected {_days(window, clock)}"
    said = next((event.description for event in parcel.events if event.sub_status == sub_status), "")
    meaning = trouble.meaning.format(**names)
    return Standing(
        headline=headline,
        clause=clause,
        basis="" if sub_status in ENDS else _last_seen(parcel, clock),
        tone=trouble.tone,
        notice=Notice(
            trouble.tone,
            _late(window[1], about) if window else "",
            f"{meaning} It was reported as “{said.rstrip('.')}”." if said else meaning,
            trouble.next_step.format(**names),
        ),
        days=ruler(*window, clock.today) if window else (),
        due=window[1] if window else None,
    )


def _delivered(parcel: ParcelView, sub_status: SubStatus | None, about: Context) -> Standing:
    clock = about.clock
    told, clause = (
        DELIVERIES.get(sub_status, ("Delivered", "was delivered"))
        if sub_status
        else ("Delivered", "was delivered")
    )
    at = clock.local(parcel.delivered_at) if parcel.delivered_at else None
    when = f"{clock.near_day(at.date())} at {at:%H:%M}" if at else ""
    if sub_status is SubStatus.LEFT_WITH_NEIGHBOR:
        basis = "Look for a note at your door or in your letter box: it tells with whom."
    elif sub_status is SubStatus.PICKED_UP_BY_SHOPPER:
        basis = "Is something missing or broken?"
    else:
        basis = "Not there? Look at the door, with neighbors and in the letter box first."
    return Standing(
        headline=f"{told} {when}".strip(),
        clause=f"{clause} {when}".strip(),
        basis=f"{basis} If something is wrong, write to {about.shop}.",
        tone=Tone.GOOD,
    )


def _ready_to_collect(parcel: ParcelView, names: dict[str, str]) -> Standing:
    at_point = next((event for event in parcel.events if event.milestone == M.AVAILABLE_FOR_PICKUP), None)
    where = place_of(at_point) if at_point else ""
    return Standing(
        headline="Ready for you to collect",
        clause="is ready for you to collect",
        basis="",
        tone=Tone.WATCH,
        notice=Notice(
            Tone.CALM,
            f"It waits at {where}." if where else f"{names['carrier']} has put it at a pick-up point.",
            "Take a photo ID and the tracking number with you.",
            f"{names['carrier']} keeps it for a few days only, then it goes back to {names['shop']}.",
        ),
    )


def _out_for_delivery(parcel: ParcelView, about: Context, carrier: str) -> Standing:
    clock = about.clock
    since = clock.local(parcel.reached_at) if parcel.reached_at else clock.local(clock.now)
    window = _estimate(parcel, clock)
    if since.date() >= clock.today or (window is not None and window[1] == clock.today):
        hours = _hours(parcel, clock)
        return Standing(
            headline=f"Arriving today{hours}",
            clause=f"arrives today{hours}",
            basis=f"{carrier} has had it on the van since {since:%H:%M}.",
            tone=Tone.CALM,
            due=clock.today,
        )
    return Standing(
        headline=f"Out for delivery since {clock.near_day(since.date())}",
        clause=f"has been out for delivery since {clock.near_day(since.date())}",
        basis=f"{carrier} has not said how that ended. It usually comes within a working day.",
        tone=Tone.WATCH,
    )


def _on_its_way(parcel: ParcelView, about: Context, carrier: str) -> Standing:
    clock = about.clock
    seen = _last_seen(parcel, clock)
    window = _estimate(parcel, clock)
    if window is not None and window[1] >= clock.today:
        return _expected(
            window,
            about,
            f"That is {carrier}'s own estimate.",
            seen,
        )
    promise = _promise(about)
    if window is None and promise is not None and promise[1] >= clock.today:
        basis = f"That is what was promised when you ordered; {carrier} has not named a day yet."
        return _expected(promise, about, basis, seen)
    missed = window[1] if window else promise[1] if promise else None
    if missed is not None:
        return Standing(
            headline="Your parcel is running late",
            clause="is running late",
            basis=seen,
            tone=Tone.WATCH,
            notice=Notice(
                Tone.WATCH,
                _late(clock.today, about),
                f"It was expected by {clock.long_day(missed)}, and {carrier} has not named a new day.",
                f"If nothing moves for two working days, write to {about.shop}.",
            ),
        )
    return Standing("On its way to you", "is on its way", seen, Tone.CALM)


def _expected(window: tuple[date, date], about: Context, basis: str, seen: str) -> Standing:
    earliest, latest = window
    clock = about.clock
    if earliest == latest:
        headline, clause = f"Arriving {clock.near_day(latest)}", f"arrives {clock.near_day(latest)}"
    else:
        span = clock.span(earliest, latest)
        headline, clause = f"Arriving {span}", f"arrives {span}"
    late = _late(latest, about)
    return Standing(
        headline=headline,
        clause=clause,
        basis=f"{basis} {seen}".strip(),
        tone=Tone.WATCH if late else Tone.CALM,
        notice=Notice(Tone.WATCH, late, "It is on its way and arrives after the days you were promised.", "")
        if late
        else None,
        days=ruler(earliest, latest, clock.today),
        due=latest,
    )


def _packed(about: Context, carrier: str) -> Standing:
    basis = f"{carrier} knows of your parcel and has not scanned it yet."
    promise = _promise(about)
    if promise is not None and promise[1] >= about.clock.today:
        basis += f" It was promised for {_days(promise, about.clock)}."
    return Standing("Packed, and waiting for the carrier", "waits for the carrier", basis, Tone.CALM)


def _days(window: tuple[date, date], clock: Clock) -> str:
    earliest, latest = window
    if earliest != latest:
        return clock.span(earliest, latest)
    return clock.near_day(latest) if abs((latest - clock.today).days) <= 1 else f"on {clock.long_day(latest)}"


def _late(latest: date, about: Context) -> str:
    """Say by how much a day is beyond the promise; "" when it is not, or nothing was promised."""
    promised = about.promised_latest
    if promised is None or latest <= promised:
        return ""
    return f"{count_of((latest - promised).days, 'day')} later than promised."


def _promise(about: Context) -> tuple[date, date] | None:
    latest = about.promised_latest or about.promised_earliest
    if latest is None:
        return None
    return about.promised_earliest or latest, latest


def _estimate(parcel: ParcelView, clock: Clock) -> tuple[date, date] | None:
    days = [_day(text, clock) for text in (parcel.estimate_earliest, parcel.estimate_latest)]
    known = [day for day in days if day is not None]
    return (min(known), max(known)) if known else None


def _day(written: str, clock: Clock) -> date | None:
    """Read an estimate: a day stays that day in every zone, a moment is a day in the page's zone."""
    if not written:
        return None
    if len(written) == 10:
        return date.fromisoformat(written)
    moment = datetime.fromisoformat(written)
    return clock.local(moment).date() if moment.tzinfo else moment.date()


def _hours(parcel: ParcelView, clock: Clock) -> str:
    """Write the hours of today that the carrier names: ", between 10:00 and 14:00"."""
    ends = (parcel.estimate_earliest, parcel.estimate_latest)
    if any(len(end) <= 10 for end in ends):
        return ""
    first, last = (clock.local(datetime.fromisoformat(end)) for end in ends)
    if first >= last or first.date() != clock.today or last.date() != clock.today:
        return ""
    return f", between {first:%H:%M} and {last:%H:%M}"


def _last_seen(parcel: ParcelView, clock: Clock) -> str:
    if not parcel.events:
        return ""
    newest = parcel.events[0]
    where = place_of(newest)
    when = clock.local(newest.occurred_at)
    quiet = (clock.today - when.date()).days
    if quiet >= QUIET_DAYS:
        return f"No scan for {quiet} days; the last was{f' in {where}' if where else ''} on {clock.long_day(when.date())}."
    day = clock.near_day(when.date())
    at = f" at {when:%H:%M}" if newest.time_precision == "moment" else ""
    on = "" if quiet <= 1 else "on "
    return f"Last seen{f' in {where}' if where else ''} {on}{day}{at}."
