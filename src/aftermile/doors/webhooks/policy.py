"""When to try again, when to rest, when to stop: decisions without clock, chance or network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from aftermile.doors.webhooks.states import DisabledReason, Format

#: Pauses before the second, third ... attempt. Source: Standard Webhooks, "Retry schedule based on an
#: exponential backoff"; ten attempts over three days.
STANDARD_PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
#: Source: AfterShip's webhook documentation, 2^n x 30 s between 14 attempts (30 to 122,880 s).
AFTERSHIP_PAUSES = tuple(timedelta(seconds=30 * 2**n) for n in range(13))
PAUSES = {Format.STANDARD: STANDARD_PAUSES, Format.AFTERSHIP: AFTERSHIP_PAUSES}

#: A pause is lengthened by up to this part of it, so that messages that failed together come back apart.
JITTER = 0.1
#: The most an endpoint may ask us to wait.
LONGEST_RETRY_AFTER = timedelta(hours=24)
#: An endpoint in trouble is asked with one message at a time, at least this often while any is due.
LONGEST_REST = timedelta(minutes=15)
_FIRST_REST = timedelta(seconds=5)
#: An endpoint that answers errors (it may dislike one message only) rests after so many in a row.
_ERRORS_BEFORE_REST = 5
#: Failing without a break for this long, and tried so often, an endpoint is dead.
DEAD_AFTER = timedelta(days=5)
DEAD_AFTER_FAILURES = 10

_GONE = 410
# Told by the server itself or by what stands before it: not now, whatever the message.
_NOT_NOW = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one attempt. `status_code` None: no answer, and `error` says in one word why."""

    begun_at: datetime
    duration: timedelta
    status_code: int | None = None
    error: str = ""
    detail: str = ""
    response_excerpt: str = field(default="", repr=False)
    retry_after: timedelta | None = None

    @property
    def is_success(self) -> bool:
        """Whether the message was taken. A redirect is a failure: it could lead anywhere."""
        return self.status_code is not None and 200 <= self.status_code <= 299

    @property
    def is_gone(self) -> bool:
        return self.status_code == _GONE

    @property
    def is_trouble(self) -> bool:
        """Whether the endpoint as a whole is away or overloaded, not only this message refused."""
        return self.status_code is None or self.status_code in _NOT_NOW

    @property
    def ended_at(self) -> datetime:
        return self.begun_at + self.duration


def next_attempt_at(format_: Format, *, tries: int, outcome: Outcome, chance: float) -> datetime | None:
    """Return when to try a message again after its `tries`-th failure; None when it has had them all.

    `chance` (0 to 1) chooses how much of the jitter is added. A longer `Retry-After` wins.
    """
    pauses = PAUSES[format_]
    if tries > len(pauses):
        return None
    pause = pauses[tries - 1] * (1 + JITTER * chance)
    return outcome.ended_at + max(pause, outcome.retry_after or timedelta())


def rest_until(*, failures: int, outcome: Outcome) -> datetime | None:
    """Return until when an endpoint is left alone after its `failures`-th failure in a row, if at all."""
    if not outcome.is_trouble and failures < _ERRORS_BEFORE_REST:
        return None
    rest = min(_FIRST_REST * (1 << min(failures - 1, 10)), LONGEST_REST)
    return outcome.ended_at + max(rest, outcome.retry_after or timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How an endpoint has fared until now."""

    failures: int
    failing_since: datetime
    last_success_at: datetime | None


def reason_to_disable(
    record: Record, *, outcome: Outcome, exhausted: bool, queued_at: datetime
) -> DisabledReason | None:
    """Return why an endpoint is to be switched off after a failure, or None.

    :param exhausted: whether the message has had its last attempt. A message that uses up its attempts
        while others get through says something about the message, not about the endpoint.
    :param queued_at: when the message was put in line.
    """
    if outcome.is_gone:
        return DisabledReason.GONE
    if exhausted and (record.last_success_at is None or record.last_success_at < queued_at):
        return DisabledReason.EXHAUSTED
    failing_for = outcome.ended_at - record.failing_since
    if failing_for >= DEAD_AFTER and record.failures >= DEAD_AFTER_FAILURES:
        return DisabledReason.FAILING
    return None


def retry_after(headers: Mapping[str, str], *, at: datetime) -> timedelta | None:
    """Read `Retry-After` (RFC 9110, section 10.2.3): seconds, or a moment. At most a day; nonsense is None."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    wait = moment.replace(tzinfo=moment.tzinfo or UTC) - at
    return min(max(wait, timedelta()), LONGEST_RETRY_AFTER)
