"""Whether something needs a person: facts in, verdict with its reason out.

Pure: the same facts on the same day give the same verdict, whatever happened in between. Of all that could be
said of a parcel the gravest is said, so that nobody meets it twice in one list.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum, StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from aftermile.capabilities.exceptions.kinds import DELAYS, REPORTED, Kind, Severity
from aftermile.capabilities.exceptions.states import BY_A_PERSON, Ending, State
from aftermile.capabilities.exceptions.thresholds import Thresholds
from aftermile.connectors.contracts.words import Cause, Milestone, SubStatus
from aftermile.kernel.calendars import Calendar, zone_of

#: What went quiet longer ago opens nothing any more: it was taken in with a shop's history. What is open stays.
STALE_DAYS = 60
#: A failed attempt that nothing followed for so many business days needs a person, too.
QUIET_AFTER_ATTEMPT_DAYS = 2
#: Ended by a person, an exception opens again when it has become so many days worse; the others never do.
AGAIN_AFTER_DAYS = {Kind.LATE: 2, Kind.DELAY_PREDICTED: 2}
#: The same trouble at two times: who told the shopper of the one has told of the other.
_ONE_TROUBLE = frozenset({Kind.LATE, Kind.DELAY_PREDICTED})


class Reason(StrEnum):
    """Why it is an exception."""

    REPORTED = "reported"  # the carrier says so; the sub-status says what
    REPORTED_DELAY = "reported_delay"
    PROMISE_PASSED = "promise_passed"
    ESTIMATE_BEYOND_PROMISE = "estimate_beyond_promise"
    ESTIMATE_PASSED = "estimate_passed"  # nothing was promised, and the carrier's own day is over
    PROBABLY_LATE = "probably_late"  # what we expect, or how probable a delay is
    NO_SCAN = "no_scan"
    SLOWER_THAN_ITS_LANE = "slower_than_its_lane"
    NO_HAND_OVER = "no_hand_over"
    TRACKING_ENDED = "tracking_ended"  # the carrier no longer knows the parcel
    ATTEMPTS = "attempts"
    QUIET_AFTER_ATTEMPT = "quiet_after_attempt"
    WAITS = "waits"
    NOT_SHIPPED = "not_shipped"


@dataclass(frozen=True, slots=True)
class Today:
    """The day on which is judged, by the merchant's calendar."""

    day: date
    calendar: Calendar
    _business_days: dict[date, int] = field(default_factory=dict, compare=False, hash=False)

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.calendar.time_zone)

    def day_of(self, moment: datetime) -> date:
        return self.calendar.day_of(moment)

    def business_days_since(self, moment: datetime) -> int:
        """Count the business days after a moment's day, up to today; 0 when it lies ahead."""
        start = self.day_of(moment)
        # Thousands of parcels share few days.
        if start not in self._business_days:
            counted = self.calendar.business_days_between(start, self.day)
            self._business_days[start] = max(0, counted)
        return self._business_days[start]

    def days_since(self, moment: datetime) -> int:
        return max(0, (self.day - self.day_of(moment)).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelFacts:
    """What is known of a parcel. `cancelled`: its order or all its shipments are.

    `silent_hours` are worked hours since its last scan; `usual_silence_hours` how long nearly all of its lane are silent
    at most, None where that is not known. `in_incident`: it stands still with many others. `delay_days`: by how many days
    it is predicted to be late, with the window it is expected in.
    """

    milestone: Milestone
    sub_status: SubStatus | None
    cause: Cause | None = None
    reached_at: datetime | None = None
    announced_at: datetime
    handed_over_at: datetime | None = None
    last_seen_at: datetime | None = None
    attempt_count: int = 0
    estimate_earliest: date | None = None
    estimate_latest: date | None = None
    promised_earliest: date | None = None
    promised_latest: date | None = None
    is_international: bool = False
    is_return: bool = False
    withdrawn: bool = False
    cancelled: bool = False
    silent_hours: float | None = None
    usual_silence_hours: float | None = None
    in_incident: bool = False
    delay_days: int | None = None
    expected_earliest: date | None = None
    expected_latest: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """What is known of an order. `waits`: it is open, paid and has goods to ship."""

    placed_at: datetime
    waits: bool
    shipped: bool
    promised_earliest: date | None = None
    promised_latest: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """That something needs a person, and why.

    `episode` tells one occurrence from the next: a second failed attempt is another, the same silence a day
    later is not. `days` is what it is measured by. `unusual_from` is the day from which a silence was
    unusual. `opens`: recent enough to be opened.
    """

    kind: Kind
    reason: Reason
    cause: Cause
    severity: Severity
    episode: str
    days: int
    opens: bool
    since_at: datetime | None = None
    last_seen_at: datetime | None = None
    unusual_from: date | None = None
    days_late: int | None = None
    promised_earliest: date | None = None
    promised_latest: date | None = None
    estimate_earliest: date | None = None
    estimate_latest: date | None = None


def judge(facts: ParcelFacts, thresholds: Thresholds, today: Today) -> Verdict | None:
    """Tell whether a parcel needs a person today, and for what; None: it does not."""
    if facts.is_return or facts.withdrawn:
        return None
    if facts.milestone in (Milestone.DELIVERED, Milestone.CANCELLED):
        return None
    judged = _Judged(facts, thresholds, today)
    if facts.milestone in (Milestone.RETURNING, Milestone.RETURNED):
        return judged.since(Kind.RETURNING, Reason.REPORTED, facts.reached_at, episode="returning")
    if facts.milestone is Milestone.EXPIRED:
        return judged.expired()
    if facts.milestone in (Milestone.PENDING, Milestone.INFO_RECEIVED):
        return None if facts.cancelled else judged.not_handed_over() or judged.late() or judged.predicted()
    if facts.milestone is Milestone.AVAILABLE_FOR_PICKUP:
        return judged.waits_at_pickup_point()
    reported = REPORTED.get(facts.sub_status) if facts.sub_status else None
    if reported is not None:
        silent = judged.silent() if reported is Kind.REPORTED_PROBLEM else None
        return silent if silent and silent.kind is Kind.PROBABLY_LOST else judged.reported(reported)
    attempted = judged.attempted() if facts.milestone is Milestone.ATTEMPT_FAILED else None
    return attempted or judged.silent() or judged.late() or judged.predicted()


def judge_order(facts: OrderFacts, thresholds: Thresholds, today: Today) -> Verdict | None:
    """Tell whether an order needs a person because nothing of it was shipped."""
    waited = today.business_days_since(facts.placed_at)
    if facts.shipped or not facts.waits or waited < thresholds.not_shipped_business_days:
        return None
    overdue = facts.promised_latest is not None and facts.promised_latest <= today.day
    late_days = (today.day - facts.promised_latest).days if overdue and facts.promised_latest else None
    return Verdict(
        kind=Kind.NOT_SHIPPED,
        reason=Reason.NOT_SHIPPED,
        cause=Cause.MERCHANT,
        severity=Severity.LATE if overdue else Severity.WATCH,
        episode="",
        days=today.days_since(facts.placed_at),
        opens=today.days_since(facts.placed_at) <= STALE_DAYS,
        since_at=facts.placed_at,
        unusual_from=_business_days_after(today, facts.placed_at, thresholds.not_shipped_business_days),
        days_late=late_days,
        promised_earliest=facts.promised_earliest,
        promised_latest=facts.promised_latest,
    )


def how_it_ended(facts: ParcelFacts, *, last_seen_at: datetime | None) -> Ending:
    """Tell why a parcel that was an exception is none any more.

    :param last_seen_at: its newest scan when it was one.
    """
    if facts.withdrawn:
        return Ending.WITHDRAWN
    if facts.milestone is Milestone.DELIVERED:
        return Ending.DELIVERED
    if facts.cancelled or facts.milestone is Milestone.CANCELLED:
        return Ending.CANCELLED
    if facts.in_incident:
        return Ending.GATHERED
    if facts.last_seen_at is not None and (last_seen_at is None or facts.last_seen_at > last_seen_at):
        return Ending.MOVED
    return Ending.NO_LONGER


class _Judged:
    """One parcel on the bench."""

    def __init__(self, facts: ParcelFacts, thresholds: Thresholds, today: Today) -> None:
        self._facts, self._thresholds, self._today = facts, thresholds, today
        self._lateness = _lateness(facts, today)

    def since(self, kind: Kind, reason: Reason, moment: datetime | None, *, episode: str) -> Verdict:
        """Make the verdict of something that is so since a moment."""
        began = moment or self._facts.announced_at
        return self._verdict(kind, reason, began=began, episode=episode, days=self._today.days_since(began))

    def reported(self, kind: Kind) -> Verdict:
        facts = self._facts
        return self.since(
            kind, Reason.REPORTED, facts.reached_at, episode=_episode(facts.sub_status, facts.reached_at)
        )

    def expired(self) -> Verdict:
        facts = self._facts
        if facts.handed_over_at is None:
            return self.since(
                Kind.NEVER_HANDED_OVER, Reason.TRACKING_ENDED, facts.announced_at, episode="expired"
            )
        return self.since(Kind.PROBABLY_LOST, Reason.TRACKING_ENDED, facts.last_seen_at, episode="expired")

    def not_handed_over(self) -> Verdict | None:
        began, limit = self._facts.announced_at, self._thresholds.never_handed_over_business_days
        if self._today.business_days_since(began) < limit:
            return None
        return self._verdict(
            Kind.NEVER_HANDED_OVER, Reason.NO_HAND_OVER, began=began, episode="announced",
            days=self._today.days_since(began), unusual_from=_business_days_after(self._today, began, limit),
        )  # fmt: skip

    def waits_at_pickup_point(self) -> Verdict | None:
        began = self._facts.reached_at or self._facts.announced_at
        if self._today.days_since(began) < self._thresholds.pickup_waiting_days:
            return None
        return self.since(Kind.PICKUP_WAITING, Reason.WAITS, began, episode=_episode("waits", began))

    def attempted(self) -> Verdict | None:
        facts = self._facts
        if facts.attempt_count >= self._thresholds.failed_attempts:
            reason = Reason.ATTEMPTS
        elif (
            facts.reached_at and self._today.business_days_since(facts.reached_at) >= QUIET_AFTER_ATTEMPT_DAYS
        ):
            reason = Reason.QUIET_AFTER_ATTEMPT
        else:
            return None
        return self.since(
            Kind.DELIVERY_FAILED, reason, facts.reached_at, episode=_episode("attempt", facts.reached_at)
        )

    def silent(self) -> Verdict | None:
        facts, thresholds, today = self._facts, self._thresholds, self._today
        began = facts.last_seen_at or facts.announced_at
        abroad = facts.is_international
        stalled = (
            thresholds.stalled_international_business_days
            if abroad
            else thresholds.stalled_domestic_business_days
        )
        lost = thresholds.lost_international_days if abroad else thresholds.lost_domestic_days
        days = today.days_since(began)
        usual, silent = facts.usual_silence_hours, facts.silent_hours
        by_lane = usual is not None and silent is not None
        if usual is not None and silent is not None:
            is_stalled = silent > usual
            # Worked hours are 24 a business day.
            stalled = math.ceil(usual / 24)
        else:
            is_stalled = today.business_days_since(began) >= stalled
        is_lost = days >= lost
        if not is_stalled or (facts.in_incident and not is_lost):
            return None
        return self._verdict(
            Kind.PROBABLY_LOST if is_lost else Kind.STALLED,
            Reason.SLOWER_THAN_ITS_LANE if by_lane else Reason.NO_SCAN,
            began=began,
            episode=_episode("silent", began),
            days=days,
            unusual_from=min(today.day, _business_days_after(today, began, stalled)),
        )

    def late(self) -> Verdict | None:
        facts = self._facts
        if self._lateness is None:
            if facts.promised_latest is None and facts.sub_status in DELAYS:
                return self.since(
                    Kind.LATE, Reason.REPORTED_DELAY, facts.reached_at,
                    episode=_episode(facts.sub_status, facts.reached_at),
                )  # fmt: skip
            return None
        days, reason, due = self._lateness
        # A parcel on the van today is as good as told: nobody could do anything but wait.
        on_the_van = (
            facts.milestone is Milestone.OUT_FOR_DELIVERY
            and facts.last_seen_at is not None
            and self._today.days_since(facts.last_seen_at) == 0
        )
        if days < self._thresholds.late_by_days or on_the_van:
            return None
        predicted = reason is Reason.ESTIMATE_BEYOND_PROMISE
        return self._verdict(
            Kind.LATE, reason, began=None, episode=due.isoformat(), days=days,
            severity=Severity.WATCH if predicted and days == 1 else Severity.LATE,
        )  # fmt: skip

    def predicted(self) -> Verdict | None:
        """Tell of a delay before the promise breaks. The window is the one we expect, not the carrier's."""
        facts = self._facts
        latest = facts.promised_latest
        if facts.delay_days is None or latest is None or self._today.day > latest:
            return None
        verdict = self._verdict(
            Kind.DELAY_PREDICTED, Reason.PROBABLY_LATE, began=None, episode=latest.isoformat(), days=facts.delay_days
        )  # fmt: skip
        return replace(
            verdict,
            days_late=facts.delay_days,
            estimate_earliest=facts.expected_earliest,
            estimate_latest=facts.expected_latest,
        )

    def _verdict(
        self,
        kind: Kind,
        reason: Reason,
        *,
        began: datetime | None,
        episode: str,
        days: int,
        unusual_from: date | None = None,
        severity: Severity | None = None,
    ) -> Verdict:
        facts = self._facts
        newest = facts.last_seen_at or began or facts.announced_at
        return Verdict(
            kind=kind,
            reason=reason,
            cause=self._cause(kind),
            severity=severity or kind.severity,
            episode=episode,
            days=days,
            opens=self._today.days_since(newest) <= STALE_DAYS,
            since_at=began,
            last_seen_at=facts.last_seen_at,
            unusual_from=unusual_from,
            days_late=self._lateness[0] if self._lateness and self._lateness[0] > 0 else None,
            promised_earliest=facts.promised_earliest,
            promised_latest=facts.promised_latest,
            estimate_earliest=facts.estimate_earliest,
            estimate_latest=facts.estimate_latest,
        )

    def _cause(self, kind: Kind) -> Cause:
        told = self._facts.cause
        return told if told not in (None, Cause.UNKNOWN) else kind.cause


def _lateness(facts: ParcelFacts, today: Today) -> tuple[int, Reason, date] | None:
    """Return how many days beyond its day a parcel is or will be, why, and which day that was."""
    expected = facts.estimate_latest or facts.estimate_earliest
    if facts.promised_latest is not None:
        passed = today.day > facts.promised_latest
        believed = max(expected or facts.promised_latest, today.day)
        reason = Reason.PROMISE_PASSED if passed else Reason.ESTIMATE_BEYOND_PROMISE
        return (believed - facts.promised_latest).days, reason, facts.promised_latest
    if expected is not None and today.day > expected:
        return (today.day - expected).days, Reason.ESTIMATE_PASSED, expected
    return None


def _episode(what: str | None, moment: datetime | None) -> str:
    return f"{what} {moment.isoformat() if moment else ''}"


def _business_days_after(today: Today, moment: datetime, count: int) -> date:
    return today.calendar.add_business_days(today.day_of(moment), count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An exception that is not done, as far as its future depends on it."""

    id: UUID
    kind: Kind
    episode: str
    state: State
    handled_days: int | None  # how bad it was when a person last did something about it


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a person last ended an exception of the same subject."""

    kind: Kind
    episode: str
    ending: Ending
    days: int
    ended_at: datetime


class Step(Enum):
    """What becomes of a subject's exception."""

    NOTHING = "nothing"
    OPEN = "open"
    KEEP = "keep"
    WAKE = "wake"
    RESOLVE = "resolve"
    REPLACE = "replace"


def next_step(verdict: Verdict | None, held: Held | None, ended: Iterable[Ended] = ()) -> Step:
    """Decide what a verdict means for what is open: a function of the three alone, so that it can be repeated."""
    if verdict is None:
        return Step.RESOLVE if held else Step.NOTHING
    if held is not None and held.kind is verdict.kind:
        return Step.WAKE if held.state is State.SNOOZED and _is_worse(verdict, held) else Step.KEEP
    silenced = any(_covers(one, verdict) for one in ended)
    if held is not None:
        return Step.RESOLVE if silenced else Step.REPLACE
    return Step.NOTHING if silenced or not verdict.opens else Step.OPEN


def _is_worse(verdict: Verdict, held: Held) -> bool:
    again = AGAIN_AFTER_DAYS.get(verdict.kind)
    grown = again is not None and held.handled_days is not None and verdict.days >= held.handled_days + again
    return grown or verdict.episode != held.episode


def _covers(ended: Ended, verdict: Verdict) -> bool:
    """Tell whether what a person did about an earlier one settles this one, too."""
    if ended.ending not in BY_A_PERSON:
        return False
    if ended.ending is Ending.MARKED_LOST and (
        verdict.last_seen_at is None or verdict.last_seen_at <= ended.ended_at
    ):
        return True
    is_same = ended.kind is verdict.kind or {ended.kind, verdict.kind} <= _ONE_TROUBLE
    if not is_same or ended.episode != verdict.episode:
        return False
    again = AGAIN_AFTER_DAYS.get(verdict.kind)
    return again is None or verdict.days < ended.days + again
