"""Whether a message is sent, and when: facts in, a verdict with all its reasons out. Pure.

Checks are made in one order, that of `Check` names below, and every one is kept, whatever the others say, so that
"why did I get this?" and "why was it not sent?" are answered by reading. The first that fails is the reason.

| check | fails when | then |
|---|---|---|
| `erased` | the shopper's data was erased | withheld |
| `address` | nothing is known to write to | withheld |
| `suppressed` | mail came back from there, or somebody complained | withheld (a complaint: not what is transactional) |
| `consent` | refused; for marketing also: never given | withheld |
| `silence` | cheer or an offer, while something is wrong | withheld |
| `quiet_hours` | it is night at the shopper's | postponed to the first minute after, unless it cannot wait |
| `expired` | the moment it could be sent is too late | withheld |
| `cap` | as many were sent within the days before that moment | withheld: never saved up |

When it is written there is one more, `content`: what would say nothing is withheld, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from aftermile.capabilities.messaging.quiet import QuietHours, over_at
from aftermile.capabilities.messaging.settings import MessagingSettings
from aftermile.capabilities.messaging.states import CAPPED, Mood, Purpose, Scope, SuppressedFor


class CheckName(StrEnum):
    """The checks, in the order in which they are made."""

    ERASED = "erased"
    ADDRESS = "address"
    SUPPRESSED = "suppressed"
    CONSENT = "consent"
    SILENCE = "silence"
    QUIET_HOURS = "quiet_hours"
    EXPIRED = "expired"
    CAP = "cap"
    CONTENT = "content"  # looked at last, when the message is written: it would say nothing


class Decision(StrEnum):
    SEND = "send"
    POSTPONE = "postpone"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True)
class Check:
    """One look at the facts. `detail` is a word for what was found, `facts` are numbers and moments beside it."""

    name: CheckName
    passed: bool
    detail: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with a message, and why. `at`: when it may go out."""

    decision: Decision
    at: datetime
    checks: tuple[Check, ...]

    @property
    def reason(self) -> CheckName | None:
        """The first check that failed; None when it may be sent, now or later."""
        if self.decision is not Decision.WITHHOLD:
            return None
        return next(check.name for check in self.checks if _withholds(check))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known when a message is judged. `at`: the soonest moment it is to be sent."""

    at: datetime
    purpose: Purpose
    mood: Mood
    address: str = field(repr=False)
    settings: MessagingSettings
    zone: ZoneInfo
    quiet: QuietHours
    erased: bool = False
    suppressed: Sequence[tuple[SuppressedFor, Scope]] = ()
    consent: bool | None = None  # what holds for this medium and purpose; None: never asked
    trouble: Sequence[str] = ()
    #: Moments at which the shopper gets or got what is capped, on any medium.
    counted: Sequence[datetime] = ()
    expires_at: datetime | None = None


def decide(facts: Facts) -> Verdict:
    """Judge one message."""
    night_over = over_at(facts.at, facts.quiet, facts.zone)
    waits = night_over is not None and not _may_wake(facts)
    goes_at = night_over if waits and night_over is not None else facts.at
    checks = (
        Check(CheckName.ERASED, not facts.erased, "erased" if facts.erased else "known"),
        Check(CheckName.ADDRESS, bool(facts.address), "known" if facts.address else "missing"),
        _suppressed(facts),
        _consent(facts),
        _silence(facts),
        _quiet_hours(facts, night_over, waits=waits),
        _expired(facts, goes_at),
        _cap(facts, goes_at),
    )
    if any(_withholds(check) for check in checks):
        return Verdict(Decision.WITHHOLD, facts.at, checks)
    return Verdict(Decision.POSTPONE if waits else Decision.SEND, goes_at, checks)


def is_allowed(purpose: Purpose, consent: bool | None) -> bool:
    """Tell whether a purpose is allowed by what a shopper said of it (None: nothing): offers need a yes, others a no."""
    return (
        purpose is not Purpose.MARKETING if consent is None else consent or purpose is Purpose.TRANSACTIONAL
    )


def written(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """Write checks as they are kept with their message."""
    return [
        {"name": each.name.value, "passed": each.passed, "detail": each.detail, "facts": dict(each.facts)}
        for each in checks
    ]


def read(kept: Sequence[Mapping[str, Any]]) -> tuple[Check, ...]:
    """Read checks as they were kept."""
    return tuple(
        Check(CheckName(each["name"]), each["passed"], each["detail"], each["facts"]) for each in kept
    )


def _withholds(check: Check) -> bool:
    return not check.passed and check.name is not CheckName.QUIET_HOURS


def _may_wake(facts: Facts) -> bool:
    settings = facts.settings
    return (facts.purpose is Purpose.TRANSACTIONAL and settings.transactional_may_wake) or (
        facts.mood is Mood.BAD_NEWS and settings.bad_news_may_wake
    )


def _suppressed(facts: Facts) -> Check:
    for reason, scope in facts.suppressed:
        if scope is Scope.ALL or facts.purpose is not Purpose.TRANSACTIONAL:
            return Check(CheckName.SUPPRESSED, False, reason.value)
    return Check(CheckName.SUPPRESSED, True, "clear")


def _consent(facts: Facts) -> Check:
    if facts.purpose is Purpose.TRANSACTIONAL:
        return Check(CheckName.CONSENT, True, "not_needed")
    passed = is_allowed(facts.purpose, facts.consent)
    if facts.consent is None:
        return Check(CheckName.CONSENT, passed, "never_asked")
    return Check(CheckName.CONSENT, passed, "granted" if facts.consent else "refused")


def _silence(facts: Facts) -> Check:
    applies = facts.mood is Mood.CHEERFUL or (
        facts.purpose is Purpose.MARKETING and facts.mood is not Mood.BAD_NEWS
    )
    if not applies:
        return Check(CheckName.SILENCE, True, "not_cheerful")
    if facts.trouble:
        return Check(CheckName.SILENCE, False, "in_trouble", {"trouble": list(facts.trouble)})
    return Check(CheckName.SILENCE, True, "no_trouble")


def _quiet_hours(facts: Facts, night_over: datetime | None, *, waits: bool) -> Check:
    clock = {"time_zone": facts.zone.key}
    if night_over is None:
        return Check(CheckName.QUIET_HOURS, True, "daytime", clock)
    if not waits:
        return Check(CheckName.QUIET_HOURS, True, "cannot_wait", clock)
    return Check(CheckName.QUIET_HOURS, False, "waits", clock | {"until": night_over.isoformat()})


def _expired(facts: Facts, goes_at: datetime) -> Check:
    if facts.expires_at is None:
        return Check(CheckName.EXPIRED, True, "never")
    kept = {"expires_at": facts.expires_at.isoformat()}
    in_time = goes_at < facts.expires_at
    return Check(CheckName.EXPIRED, in_time, "in_time" if in_time else "too_late", kept)


def _cap(facts: Facts, goes_at: datetime) -> Check:
    if facts.purpose not in CAPPED:
        return Check(CheckName.CAP, True, "not_counted")
    most, days = facts.settings.cap_count, facts.settings.cap_days
    since = goes_at - timedelta(days=days)
    count = sum(since < moment <= goes_at for moment in facts.counted)
    detail = "below" if count < most else "reached"
    return Check(CheckName.CAP, count < most, detail, {"sent": count, "most": most, "days": days})
