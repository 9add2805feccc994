"""Where a parcel stands, in words: the sentence that answers, what it rests on, and bad news first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from aftermile.capabilities.shipments.public import ParcelView
from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.doors.shopper.presenters.deliveries import WHERE, LeftAt, left_at
from aftermile.doors.shopper.presenters.moments import NO_RULER, Clock, Ruler, ruler
from aftermile.doors.shopper.presenters.naming import (
    carrier_name,
    milestone_of,
    place_of,
    said_of,
    sub_status_of,
)
from aftermile.doors.shopper.presenters.tone import Tone
from aftermile.doors.shopper.presenters.troubles import TROUBLES, Trouble
from aftermile.doors.shopper.presenters.windows import Window, estimate_of, hours_of
from aftermile.kernel.languages import Tongue, msg

M, S = Milestone, SubStatus
#: Days without a scan after which a page says so.
QUIET_DAYS = 4
# After so many, what was promised or estimated once is no news either.
_LOST_TRACK_DAYS = 30
# A promise this many days off is not yet in doubt when a parcel is quiet.
_PROMISE_IS_NEAR = 2
# Troubles that leave the carrier's day standing; with the others an estimate is older than the trouble.
_DELAYS = frozenset({S.DELAYED, S.PROCESSING_DELAY, S.WEATHER_DELAY, S.LATE_FLIGHT})
#: After these nothing of the usual way follows.
ENDS = frozenset(
    {S.LOST, S.DISPOSED, S.CANCELLED, S.REFUSED, S.REJECTED_BY_CARRIER, S.PICKUP_MISSED, S.RETURNED}
)


@dataclass(frozen=True, slots=True)
class Notice:
    """Bad news: what happened, what it means, what to do, and the carrier's own words for it."""

    tone: Tone
    title: str
    meaning: str
    next_step: str
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a parcel is, in words. `basis` is what the headline rests on, `next_step` what happens next."""

    headline: str
    basis: str
    tone: Tone
    notice: Notice | None = None
    days: Ruler = NO_RULER
    due: date | None = None
    next_step: str = ""
    is_settled: bool = False  # nothing more is waited for


@dataclass(frozen=True, slots=True)
class Context:
    """What the words of a page depend on beside the parcel itself."""

    clock: Clock
    shop: str
    placed_at: datetime | None
    promised_earliest: date | None
    promised_latest: date | None
    links_to_carriers: bool
    ours: frozenset[UUID] = frozenset()  # the parcels whose days are our own estimate

    @property
    def tongue(self) -> Tongue:
        return self.clock.tongue

    @property
    def promise(self) -> Window | None:
        latest = self.promised_latest or self.promised_earliest
        if latest is None:
            return None
        return min(self.promised_earliest or latest, latest), latest

    @property
    def promise_ahead(self) -> Window | None:
        """What was promised, while its last day is not over."""
        return self.promise if self.promise and self.promise[1] >= self.clock.today else None


def standing_of(parcel: ParcelView, about: Context) -> Standing:
    """Say where a parcel is."""
    sub_status = sub_status_of(parcel.sub_status)
    is_moving = milestone_of(parcel) in (M.IN_TRANSIT, M.OUT_FOR_DELIVERY)
    if is_moving and _quiet_days(parcel, about.clock) > _LOST_TRACK_DAYS:
        sub_status = S.EXPIRED
    trouble = TROUBLES.get(sub_status) if sub_status else None
    if sub_status is not None and trouble is not None:
        return _troubled(parcel, sub_status, trouble, about)
    match milestone_of(parcel):
        case M.DELIVERED:
            return _delivered(parcel, about)
        case M.AVAILABLE_FOR_PICKUP:
            return _ready_to_collect(parcel, about)
        case M.OUT_FOR_DELIVERY:
            return _out_for_delivery(parcel, about)
        case M.IN_TRANSIT:
            return _on_its_way(parcel, about)
    return _waiting_for_the_carrier(parcel, about)


def _troubled(parcel: ParcelView, sub_status: SubStatus, trouble: Trouble, about: Context) -> Standing:
    clock, tongue = about.clock, about.tongue
    window = estimate_of(parcel, clock) if sub_status in _DELAYS else None
    if window is not None and window[1] < clock.today:
        window = None
    title = _late(window[1], about) if window else ""
    expected = tongue.say("It is now expected {days}.", days=clock.days(window)) if window else ""
    theirs = next((event.description for event in parcel.events if event.sub_status == sub_status), "")
    is_settled = sub_status in ENDS
    return Standing(
        headline=_said(trouble.headline, parcel, about),
        basis="" if is_settled else _last_seen(parcel, about),
        tone=trouble.tone,
        notice=Notice(
            tone=trouble.tone,
            title=title,
            meaning=_sentences(_said(trouble.meaning, parcel, about), expected),
            next_step=_sentences(*(_said(each, parcel, about) for each in trouble.next_steps)),
            theirs=theirs,
        ),
        days=ruler(clock, expected=window, promised=about.promise) if window else NO_RULER,
        due=window[1] if window else None,
        is_settled=is_settled,
    )


# (today, yesterday, on a day, nobody says when)
_DELIVERED = (
    msg("Delivered today at {time}"),
    msg("Delivered yesterday at {time}"),
    msg("Delivered on {day}"),
    msg("Delivered"),
)
_COLLECTED = (
    msg("Collected today at {time}"),
    msg("Collected yesterday at {time}"),
    msg("Collected on {day}"),
    msg("Collected"),
)
_AT_A_NEIGHBORS = (
    msg("Left with a neighbor today at {time}"),
    msg("Left with a neighbor yesterday at {time}"),
    msg("Left with a neighbor on {day}"),
    msg("Left with a neighbor"),
)


def _delivered(parcel: ParcelView, about: Context) -> Standing:
    clock, tongue, place = about.clock, about.tongue, left_at(parcel)
    today, yesterday, on_day, sometime = {
        LeftAt.NEIGHBOR: _AT_A_NEIGHBORS,
        LeftAt.COLLECTED: _COLLECTED,
    }.get(place, _DELIVERED)
    headline = tongue.say(sometime)
    if parcel.delivered_at is not None:
        day = clock.local(parcel.delivered_at).date()
        knows_the_hour = not any(
            event.time_precision == "day" and event.occurred_at == parcel.delivered_at
            for event in parcel.events
        )
        if knows_the_hour and clock.away(day) in (0, -1):
            sentence = today if clock.away(day) == 0 else yesterday
            headline = tongue.say(sentence, time=clock.time(parcel.delivered_at))
        else:
            headline = tongue.say(on_day, day=clock.day(day))
    where = tongue.say(WHERE[place]) if WHERE[place] else ""
    if place in (LeftAt.UNKNOWN, LeftAt.DOOR):
        where = _sentences(
            where, tongue.say("Not there? Look at the door, with neighbors and in the mailbox first.")
        )
    return Standing(
        headline=headline,
        basis=where,
        tone=Tone.GOOD,
        next_step=tongue.say("If something is missing or broken, write to {shop}.", shop=about.shop),
        is_settled=True,
    )


def _ready_to_collect(parcel: ParcelView, about: Context) -> Standing:
    tongue = about.tongue
    at_point = next((event for event in parcel.events if event.milestone == M.AVAILABLE_FOR_PICKUP), None)
    where = place_of(at_point) if at_point else ""
    return Standing(
        headline=tongue.say("Ready for you to collect"),
        basis="",
        tone=Tone.WATCH,
        notice=Notice(
            Tone.CALM,
            tongue.say("It waits at {place}.", place=where)
            if where
            else tongue.say("It waits at a pick-up point of the carrier."),
            tongue.say("Take a photo ID and the tracking number with you."),
            tongue.say(
                "It is kept for a few days only. After that it goes back to {shop}.",
                shop=about.shop,
            ),
        ),
    )


def _out_for_delivery(parcel: ParcelView, about: Context) -> Standing:
    clock, tongue = about.clock, about.tongue
    since = clock.local(parcel.reached_at) if parcel.reached_at else clock.local(clock.now)
    window = estimate_of(parcel, clock)
    if since.date() >= clock.today or (window is not None and window[1] == clock.today):
        hours = hours_of(parcel, clock) if window is not None and window[1] == clock.today else ""
        return Standing(
            headline=tongue.say("Arriving today, {hours}", hours=hours)
            if hours
            else tongue.say("Arriving today"),
            basis=_said(
                msg("{carrier} has had it on the van since {time}."), parcel, about, time=clock.time(since)
            ),
            tone=Tone.CALM,
            days=ruler(clock, expected=(clock.today, clock.today), promised=about.promise),
            due=clock.today,
            next_step=tongue.say(
                "If nobody is in, the driver may leave it with a neighbor or at a pick-up point."
            ),
        )
    return Standing(
        headline=tongue.say("Out for delivery since {day}", day=clock.day(since.date())),
        basis=tongue.say("The carrier has not said how that ended. It usually comes within a working day."),
        tone=Tone.WATCH,
        next_step=tongue.say("If nothing moves for two working days, write to {shop}.", shop=about.shop),
    )


def _on_its_way(parcel: ParcelView, about: Context) -> Standing:
    clock, tongue = about.clock, about.tongue
    seen, window = _last_seen(parcel, about), estimate_of(parcel, clock)
    if window is not None and window[1] >= clock.today:
        is_promised = bool(about.promise and window[1] <= about.promise[1])
        basis = tongue.say(_BASES[parcel.id in about.ours, is_promised])
        return _expected(parcel, window, about, _sentences(basis, seen))
    promise = about.promise_ahead
    quiet = _quiet_days(parcel, clock)
    is_in_doubt = quiet >= QUIET_DAYS and (promise is None or clock.away(promise[1]) <= _PROMISE_IS_NEAR)
    if window is None and promise is not None and not is_in_doubt:
        basis = tongue.say("This was promised when you ordered. The carrier has not named a day yet.")
        return _expected(parcel, promise, about, _sentences(basis, seen), is_promise=True)
    missed = window or (about.promise if promise is None else None)
    if missed is not None:
        return _overdue(missed[1], parcel, about)
    if is_in_doubt:
        return _gone_quiet(quiet, parcel, about)
    return Standing(
        tongue.say("On its way to you"),
        seen,
        Tone.CALM,
        next_step=tongue.say("The next scan shows here where it is."),
    )


#: Whose estimate it is, ours or the carrier's, and whether it lies within the promise.
_BASES = {
    (False, False): msg("This is the carrier's own estimate."),
    (False, True): msg("This is the carrier's own estimate, within what was promised when you ordered."),
    (True, False): msg("This is our own estimate: parcels like yours usually arrive then."),
    (True, True): msg(
        "This is our own estimate: parcels like yours usually arrive then. It is within what was promised when you ordered."
    ),
}


def _expected(
    parcel: ParcelView, window: Window, about: Context, basis: str, *, is_promise: bool = False
) -> Standing:
    clock, tongue = about.clock, about.tongue
    late = _late(window[1], about)
    return Standing(
        headline=_arriving(window, "" if is_promise else hours_of(parcel, clock), about),
        basis=basis,
        tone=Tone.WATCH if late else Tone.CALM,
        notice=Notice(
            Tone.WATCH,
            late,
            tongue.say("It is on its way and arrives after the days you were promised."),
            tongue.say(
                "You do not need to do anything: this page changes as soon as the carrier reports something new."
            ),
        )
        if late
        else None,
        days=ruler(clock, expected=None if is_promise else window, promised=about.promise),
        due=window[1],
        next_step="" if late else tongue.say("On the day of delivery this page says that it is on the van."),
    )


def _arriving(window: Window, hours: str, about: Context) -> str:
    clock, tongue, (earliest, latest) = about.clock, about.tongue, window
    if earliest != latest:
        return tongue.say("Arriving {days}", days=clock.days(window))
    match clock.away(latest):
        case 0:
            return (
                tongue.say("Arriving today, {hours}", hours=hours) if hours else tongue.say("Arriving today")
            )
        case 1:
            day = tongue.weekday(latest)
            if hours:
                return tongue.say("Arriving tomorrow, {day}, {hours}", day=day, hours=hours)
            return tongue.say("Arriving tomorrow, {day}", day=day)
    if hours:
        return tongue.say("Arriving {day}, {hours}", day=clock.day(latest), hours=hours)
    return tongue.say("Arriving {day}", day=clock.day(latest))


def _overdue(missed: date, parcel: ParcelView, about: Context) -> Standing:
    tongue = about.tongue
    return Standing(
        headline=tongue.say("Your parcel is running late"),
        basis=_last_seen(parcel, about),
        tone=Tone.WATCH,
        notice=Notice(
            Tone.WATCH,
            _late(about.clock.today, about),
            _sentences(
                tongue.say("It was expected by {day}.", day=about.clock.day(missed)),
                tongue.say("The carrier has not named a new day."),
            ),
            tongue.say("If nothing moves for two working days, write to {shop}.", shop=about.shop),
        ),
    )


def _gone_quiet(days: int, parcel: ParcelView, about: Context) -> Standing:
    tongue = about.tongue
    return Standing(
        headline=tongue.count(
            "No news of your parcel for {n} day", "No news of your parcel for {n} days", days
        ),
        basis="",
        tone=Tone.WATCH,
        notice=Notice(
            Tone.WATCH,
            "",
            _sentences(
                _last_seen(parcel, about),
                tongue.say("On long ways a parcel can travel for days without a scan."),
            ),
            tongue.say("If nothing moves for two working days, write to {shop}.", shop=about.shop),
        ),
        days=ruler(about.clock, promised=about.promise_ahead),
    )


def _waiting_for_the_carrier(parcel: ParcelView, about: Context) -> Standing:
    clock, tongue = about.clock, about.tongue
    window = estimate_of(parcel, clock)
    if window is not None and window[1] < clock.today:
        window = None
    if milestone_of(parcel) is M.PENDING:
        headline = tongue.say("Your parcel is announced")
        basis = tongue.say("The label is made. The first scan can take a day or two.")
    else:
        headline = tongue.say("Packed, and waiting for the carrier")
        basis = _said(msg("{carrier} knows of your parcel and has not scanned it yet."), parcel, about)
    when = ""
    if window is not None:
        when = tongue.say("The carrier expects to deliver it {days}.", days=clock.days(window))
    elif about.promise_ahead:
        when = tongue.say("Promised when you ordered: {days}", days=clock.days(about.promise_ahead))
    return Standing(
        headline=headline,
        basis=_sentences(basis, when),
        tone=Tone.CALM,
        days=ruler(clock, expected=window, promised=about.promise_ahead),
        due=window[1] if window else None,
        next_step=tongue.say("The carrier picks it up and scans it. From then on you see here where it is."),
    )


def _late(latest: date, about: Context) -> str:
    """Say by how much a day is beyond the promise; "" when it is not, or nothing was promised."""
    promised = about.promised_latest
    if promised is None or latest <= promised:
        return ""
    return about.tongue.count(
        "{n} day later than promised.", "{n} days later than promised.", (latest - promised).days
    )


def _quiet_days(parcel: ParcelView, clock: Clock) -> int:
    return -clock.away(clock.local(parcel.events[0].occurred_at).date()) if parcel.events else 0


def _last_seen(parcel: ParcelView, about: Context) -> str:
    if not parcel.events:
        return ""
    clock, tongue, newest = about.clock, about.tongue, parcel.events[0]
    where, day = place_of(newest), clock.local(newest.occurred_at).date()
    knows_the_hour = newest.time_precision == "moment"
    time = clock.time(newest.occurred_at)
    match clock.away(day):
        case 0 if knows_the_hour and where:
            return tongue.say("Last seen in {place}, today at {time}.", place=where, time=time)
        case 0 if knows_the_hour:
            return tongue.say("Last seen today at {time}.", time=time)
        case -1 if knows_the_hour and where:
            return tongue.say("Last seen in {place}, yesterday at {time}.", place=where, time=time)
        case -1 if knows_the_hour:
            return tongue.say("Last seen yesterday at {time}.", time=time)
    if where:
        return tongue.say("Last seen in {place}, on {day}.", place=where, day=clock.day(day))
    return tongue.say("Last seen on {day}.", day=clock.day(day))


def _said(sentence: str, parcel: ParcelView, about: Context, **names: object) -> str:
    return said_of(sentence, about.tongue, shop=about.shop, carrier=carrier_name(parcel), **names)


def _sentences(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
