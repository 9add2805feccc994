"""When something comes, whom to believe, and whether it will be late: facts in, verdict with its reason out.

Pure: the same facts at the same moment give the same estimate, whatever happened in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from aftermile.capabilities.promises.learning.forecasting import Basis, Forecast, Level, Stage
from aftermile.capabilities.promises.states import Confidence, Outcome, Precision, Reason, Source

_DAY = timedelta(days=1)
#: What moves by less, or stays on its day, is told to nobody.
WOBBLE = timedelta(hours=12)
#: Days are meant from morning to evening: nobody delivers at night.
_MORNING, _EVENING = time(8), time(20)
#: A broken promise is told when this much of the next day is over: scans of the last evening come late.
GRACE = timedelta(hours=6)
#: Below the threshold by so much, a predicted delay is taken back: what hovers around it is no news each time.
TAKEN_BACK_BELOW = 0.15
MORE_LIKELY_THAN_NOT = 0.5
#: A delay is told again when it has become so many days worse.
AGAIN_AFTER_DAYS = 2
#: Stage -> how long an estimate holds without a scan until it is looked at again.
LOOKED_AT_AGAIN: Mapping[Stage, timedelta] = {
    Stage.ORDERED: timedelta(hours=12),
    Stage.HANDED_OVER: timedelta(hours=8),
    Stage.IN_TRANSIT: timedelta(hours=8),
    Stage.OUT_FOR_DELIVERY: timedelta(hours=3),
}
STAGES = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when, and the most likely moment within.

    :raises ValueError: it ends before it begins, or its likely moment lies outside.
    """

    earliest_at: datetime
    likely_at: datetime
    latest_at: datetime

    def __post_init__(self) -> None:
        if not self.earliest_at <= self.likely_at <= self.latest_at:
            raise ValueError("a window contains its likely moment and never ends before it begins")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one source says."""

    source: Source
    window: Window
    precision: Precision
    confidence: Confidence
    basis: Basis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The estimate as it stands, with what it was made of."""

    offer: Offer
    stage: Stage
    seen: str  # the scans it knew of
    carrier_word: str  # what the carrier had said
    model: str  # which model had been asked
    rule: str  # what the rule had said
    trust: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What an estimate is made of now."""

    offer: Offer
    stage: Stage
    seen: str
    carrier_word: str
    model: str
    rule: str
    trust: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What becomes of an estimate. `reason` None: nothing people would see."""

    offer: Offer
    reason: Reason | None


def of_days(first: date, last: date, zone: ZoneInfo) -> Window:
    """Make a window of whole days, both inclusive; the likely day is the one in the middle, the later of two."""
    first, last = min(first, last), max(first, last)
    middle = first + timedelta(days=((last - first).days + 1) // 2)
    likely = datetime.combine(middle, time(14), zone)
    return Window(datetime.combine(first, _MORNING, zone), likely, datetime.combine(last, _EVENING, zone))


def of_three_days(first: date, likely: date, last: date, zone: ZoneInfo) -> Window:
    """Make a window of whole days whose likely day is known."""
    window = of_days(first, last, zone)
    moment = datetime.combine(likely, time(14), zone)
    return replace(window, likely_at=min(max(moment, window.earliest_at), window.latest_at))


def carriers_word(earliest: str, latest: str, zone: ZoneInfo) -> tuple[Window, Precision] | None:
    """Read what a carrier says, in ISO 8601: days, or moments; one end may be missing. None: it said nothing."""
    ends = [end for end in (earliest, latest) if end]
    if not ends:
        return None
    try:
        moments = [_moment(end, zone) for end in ends]
    except ValueError:  # written by an older version in another way
        return None
    days = [moment.astimezone(zone).date() for moment in moments]
    if any(len(end) <= 10 for end in ends) or len(ends) == 1 or days[0] != days[-1]:
        return of_days(min(days), max(days), zone), Precision.DAY
    first, last = min(moments), max(moments)
    return Window(first, first + (last - first) / 2, last), Precision.MOMENT


def carrier_offer(said: tuple[Window, Precision] | None, stage: Stage, *, at: datetime) -> Offer | None:
    """Take the carrier at its word while its last moment is not over."""
    if said is None or said[0].latest_at < at:
        return None
    window, precision = said
    sure = stage is Stage.OUT_FOR_DELIVERY or window.latest_at - window.earliest_at <= _DAY
    return Offer(
        source=Source.CARRIER,
        window=window,
        precision=precision,
        confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
    )


def model_offer(forecast: Forecast | None) -> Offer | None:
    """Take a model's forecast: its middle 80 %."""
    if forecast is None:
        return None
    earliest, latest = forecast.interval(0.8)
    likely = min(max(forecast.likely_at, earliest), latest)
    return Offer(
        source=Source.MODEL,
        window=Window(earliest, likely, latest),
        precision=Precision.DAY,
        confidence=_confidence(forecast),
        basis=forecast.basis,
    )


def rule_offer(window: Window | None, *, at: datetime, is_own: bool = True) -> Offer | None:
    """Take the window by rule; what it says of days gone by is moved to the next ones.

    :param is_own: by the shop's own table; otherwise by what is usual anywhere.
    """
    if window is None:
        return None
    return Offer(
        source=Source.RULE,
        window=not_before(window, at),
        precision=Precision.DAY,
        confidence=Confidence.MEDIUM if is_own and window.latest_at >= at else Confidence.LOW,
    )


def not_before(window: Window, at: datetime) -> Window:
    """Return a window no part of which has gone by; one that is over becomes the coming day.

    What did not come when it was likely comes with the same uncertainty later, but never sooner than half a day.
    """
    if window.latest_at <= at:
        return Window(at, at + WOBBLE, at + _DAY)
    likely = max(window.likely_at, at)
    return Window(min(max(window.earliest_at, at), likely), likely, window.latest_at)


def choose(offers: Sequence[Offer | None], trust: Sequence[Source]) -> Offer | None:
    """Take the offer of the source that is trusted first."""
    given = {offer.source: offer for offer in offers if offer is not None}
    return next((given[source] for source in trust if source in given), None)


def revise(held: Held | None, made: Made, zone: ZoneInfo) -> Revision:
    """Decide what becomes of an estimate: it moves for a reason, and never for a wobble.

    Silence moves it later only: that something did not come yet is no sign that it comes sooner.
    """
    if held is None:
        return Revision(offer=made.offer, reason=Reason.FIRST)
    reason = _why(held, made)
    before, now = held.offer.window, made.offer.window
    if reason is Reason.SILENCE and (now.likely_at < before.likely_at or now.latest_at < before.latest_at):
        later = Window(
            min(before.earliest_at, max(before.likely_at, now.likely_at)),
            max(before.likely_at, now.likely_at),
            max(before.latest_at, now.latest_at),
        )
        now = later
    if not _moved(before, now, zone):
        # Whoever says so now may be another one: the days are the same.
        return Revision(offer=replace(made.offer, window=before, precision=held.offer.precision), reason=None)
    return Revision(offer=replace(made.offer, window=now), reason=reason)


def _why(held: Held, made: Made) -> Reason:
    carrier_spoke = held.carrier_word != made.carrier_word
    if carrier_spoke and made.offer.source is Source.CARRIER:
        return Reason.CARRIER
    if held.seen != made.seen or held.stage is not made.stage:
        return Reason.SCAN
    if carrier_spoke:
        return Reason.CARRIER
    if held.trust != made.trust:
        return Reason.TRUST
    if held.model != made.model:
        return Reason.MODEL
    return Reason.RULE if held.rule != made.rule else Reason.SILENCE


def _moved(before: Window, now: Window, zone: ZoneInfo) -> bool:
    ends = ((before.likely_at, now.likely_at), (before.latest_at, now.latest_at))
    if any(_differs(*end, zone) for end in ends):
        return True
    # That the first day has gone by is no news; that it lies later than thought, or sooner, is.
    return now.earliest_at < before.earliest_at and _differs(before.earliest_at, now.earliest_at, zone)


def _differs(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    return abs(one - other) >= WOBBLE and one.astimezone(zone).date() != other.astimezone(zone).date()


class DelayBasis(StrEnum):
    """Why a delay is predicted."""

    ESTIMATE = "estimate"
    PROBABILITY = "probability"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """From when on a delay is told of: a probability, or an estimate so many days beyond the promise."""

    probability: float = 0.6
    days: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """That something will probably come late. `days`: by the estimate, at least one."""

    basis: DelayBasis
    days: int


class DelayStep(StrEnum):
    NOTHING = "nothing"
    TELL = "tell"
    TELL_AGAIN = "tell_again"
    TAKE_BACK = "take_back"


def delay(
    offer: Offer, *, promised_latest: date, probability: float | None, alarm: Alarm, zone: ZoneInfo
) -> Delay | None:
    """Tell whether something will probably come after the last promised day.

    What is little more than a guess alarms nobody. A model's day beyond the promise counts where it finds a delay more
    likely than not, and against a carrier that says otherwise it has to be surer. Measured on the demonstration's shop:
    without these three, a third of the alarms came true; with them, three times out of four (`bench/alarms.py`).
    """
    beyond = (offer.window.likely_at.astimezone(zone).date() - promised_latest).days
    is_model, is_guess = offer.source is Source.MODEL, offer.confidence is Confidence.LOW
    is_likely = not is_model or probability is None or probability >= MORE_LIKELY_THAN_NOT
    if beyond >= alarm.days and is_likely and (is_model or not is_guess):
        return Delay(basis=DelayBasis.ESTIMATE, days=beyond)
    needed = alarm.probability if is_model else (1 + alarm.probability) / 2
    if probability is not None and probability >= needed:
        return Delay(basis=DelayBasis.PROBABILITY, days=max(1, beyond))
    return None


def next_step(
    now: Delay | None, *, told_days: int | None, probability: float | None, alarm: Alarm
) -> DelayStep:
    """Decide what is said of a delay.

    :param told_days: how many days were told last; None: nothing is told, or it was taken back.
    """
    if now is not None:
        if told_days is None:
            return DelayStep.TELL
        return DelayStep.TELL_AGAIN if now.days >= told_days + AGAIN_AFTER_DAYS else DelayStep.NOTHING
    if told_days is None:
        return DelayStep.NOTHING
    hovers = probability is not None and probability > alarm.probability - TAKEN_BACK_BELOW
    return DelayStep.NOTHING if hovers else DelayStep.TAKE_BACK


def outcome(promised_latest: date | None, *, came_on: date | None, at: datetime, zone: ZoneInfo) -> Outcome:
    """Tell what became of a promise: kept by the day it came, broken when the last day is over without it."""
    if promised_latest is None:
        return Outcome.NONE
    if came_on is not None:
        return Outcome.KEPT if came_on <= promised_latest else Outcome.BROKEN
    over_at = datetime.combine(promised_latest + _DAY, time(), zone) + GRACE
    return Outcome.BROKEN if at >= over_at else Outcome.WAITING


def look_again_at(
    stage: Stage, window: Window, *, promised_latest: date | None, at: datetime, zone: ZoneInfo
) -> datetime:
    """Return when an estimate is looked at next without a scan: sooner where its day or the promise ends."""
    ends = [window.latest_at + timedelta(minutes=1)]
    if promised_latest is not None:
        ends.append(datetime.combine(promised_latest + _DAY, time(), zone) + GRACE)
    return min([at + LOOKED_AT_AGAIN[stage], *(end for end in ends if end > at)])


def _confidence(forecast: Forecast) -> Confidence:
    """Word a forecast's certainty: many deliveries close by and a narrow window, or few far away."""
    width, basis = forecast.width, forecast.basis
    if basis.level is Level.LANE and basis.deliveries >= 30 and width <= 3 * _DAY:
        return Confidence.HIGH
    far = basis.level in (Level.COUNTRY, Level.SHOP) and basis.deliveries < 100
    return Confidence.LOW if far or width > 10 * _DAY else Confidence.MEDIUM


def _moment(written: str, zone: ZoneInfo) -> datetime:
    if len(written) <= 10:
        return datetime.combine(date.fromisoformat(written), time(14), zone)
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
