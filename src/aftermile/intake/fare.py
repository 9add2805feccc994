"""How a connection fares, judged by what came and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import connection

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.intake.models import Refusal, Tally
from aftermile.intake.operations.connections import ConnectionSummary, summaries
from aftermile.kernel.tenancy import current_merchant_id

#: Days looked at, today among them.
DAYS = 14
#: A shop sleeps at night: less than this is never called silence.
SHORTEST_SILENCE = timedelta(hours=12)
LONGEST_SILENCE = timedelta(days=7)
#: So many of a connection's usual pauses are silence.
PAUSES = 5
#: Fewer arrivals than this have no usual pause.
FEWEST = 3


class Fare(StrEnum):
    """How a connection fares."""

    WORKING = "working"
    SILENT = "silent"  # longer than usual
    FAILING = "failing"  # what comes is turned away, cannot be read, or the carrier refuses our key
    NEVER_HEARD = "never_heard"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Day:
    """What a connection brought on a day of UTC."""

    day: date
    kept: int = 0
    quarantined: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A connection and how it fares. `days` are the last 14, oldest first, today the last."""

    id: UUID
    connector: str
    name: str
    created_at: datetime
    disabled_at: datetime | None
    fare: Fare
    last_at: datetime | None
    usual_pause: timedelta | None
    last_refusal: str
    refused_at: datetime | None
    problem_at: datetime | None  # when the carrier last refused our key
    waiting: int  # kept and not read yet; at most a thousand are counted
    days: tuple[Day, ...]

    @property
    def today(self) -> Day:
        return self.days[-1]


@dataclass(frozen=True, slots=True)
class Arriving:
    """All of a shop's connections in a few numbers; those that are off do not count."""

    total: int
    by_fare: Mapping[Fare, int]
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Heard:
    last_at: datetime | None
    kept: int
    kept_today: int
    quarantined_today: int
    refused_at: datetime | None
    problem_at: datetime | None


# One statement, and no more than a few rows of each connection: it is asked on every page.
_HEARD = """
SELECT c.id, c.created_at, t.last_at, t.kept, t.kept_today, t.quarantined_today, r.last_at, p.last_at
FROM intake_connection c
LEFT JOIN LATERAL (SELECT max(last_at) AS last_at, coalesce(sum(kept), 0)::bigint AS kept,
    coalesce(sum(kept) FILTER (WHERE day = %(today)s), 0)::bigint AS kept_today,
    coalesce(sum(quarantined) FILTER (WHERE day = %(today)s), 0)::bigint AS quarantined_today
    FROM intake_tally WHERE merchant_id = c.merchant_id AND connection_id = c.id AND day >= %(since)s) t ON true
LEFT JOIN LATERAL (SELECT max(last_at) AS last_at FROM intake_refusal
    WHERE merchant_id = c.merchant_id AND connection_id = c.id AND day >= %(yesterday)s) r ON true
LEFT JOIN LATERAL (SELECT max(last_seen_at) AS last_at FROM intake_problem WHERE merchant_id = c.merchant_id
    AND connection_id = c.id AND tracking_number = '' AND kind = %(unauthorized)s) p ON true
WHERE c.merchant_id = %(merchant)s AND c.disabled_at IS NULL
"""


def arriving(*, at: datetime) -> Arriving:
    """Tell how a shop's connections fare altogether: one query, nothing sealed is opened."""
    heard = _heard(at)
    fares = [fare(heard=each, created_at=made, at=at) for made, each in heard.values()]
    counted = {each: fares.count(each) for each in Fare}
    last = max((each.last_at for _, each in heard.values() if each.last_at), default=None)
    return Arriving(len(fares), counted, last)


def standings(*, at: datetime) -> list[Standing]:
    """List a shop's connections with how they fare, newest first: five queries however many."""
    rows, heard, since = summaries(), _heard(at), _since(at)
    tallies: dict[tuple[UUID, date], list[int]] = {}
    for id_, day, kept, aside in (
        Tally.rows().filter(day__gte=since).values_list("connection_id", "day", "kept", "quarantined")
    ):
        counted = tallies.setdefault((id_, day), [0, 0])
        counted[0] += kept
        counted[1] += aside
    refusals = {(row.connection_id, row.day): row for row in Refusal.rows().filter(day__gte=since)}
    waiting = _waiting()
    return [_standing(row, heard.get(row.id), tallies, refusals, waiting.get(row.id, 0), at) for row in rows]


def fare(*, heard: _Heard, created_at: datetime, at: datetime) -> Fare:
    """Judge a connection that is on."""
    last = heard.last_at
    if (
        heard.refused_at
        and at - heard.refused_at < timedelta(days=1)
        and (not last or heard.refused_at > last)
    ):
        return Fare.FAILING
    if heard.problem_at and at - heard.problem_at < timedelta(days=1):
        return Fare.FAILING
    if heard.quarantined_today >= FEWEST and heard.quarantined_today * 2 > heard.kept_today:
        return Fare.FAILING
    if last is None:
        return Fare.NEVER_HEARD
    pause = usual_pause(heard.kept, created_at, at)
    silence = LONGEST_SILENCE
    if pause is not None:
        silence = min(max(pause * PAUSES, SHORTEST_SILENCE), LONGEST_SILENCE)
    return Fare.SILENT if at - last > silence else Fare.WORKING


def usual_pause(kept: int, created_at: datetime, at: datetime) -> timedelta | None:
    """Return the mean pause between arrivals over the days looked at; None with too few to tell."""
    span = min(max(at - created_at, timedelta(days=1)), timedelta(days=DAYS))
    return span / kept if kept >= FEWEST else None


def _standing(
    row: ConnectionSummary,
    told: tuple[datetime, _Heard] | None,
    tallies: Mapping[tuple[UUID, date], list[int]],
    refusals: Mapping[tuple[UUID, date], Refusal],
    waiting: int,
    at: datetime,
) -> Standing:
    since = _since(at)
    days = []
    for day in (since + timedelta(days=count) for count in range(DAYS)):
        kept, aside = tallies.get((row.id, day), (0, 0))
        refused = refusals.get((row.id, day))
        days.append(Day(day, kept, aside, refused.count if refused else 0))
    latest = max((one for (id_, _), one in refusals.items() if id_ == row.id), key=_day_of, default=None)
    heard = told[1] if told else _Heard(None, 0, 0, 0, None, None)
    return Standing(
        id=row.id,
        connector=row.connector,
        name=row.name,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        fare=Fare.OFF if row.disabled_at else fare(heard=heard, created_at=row.created_at, at=at),
        last_at=heard.last_at,
        usual_pause=usual_pause(heard.kept, row.created_at, at),
        last_refusal=latest.why if latest else "",
        refused_at=latest.last_at if latest else None,
        problem_at=heard.problem_at,
        waiting=waiting,
        days=tuple(days),
    )


def _heard(at: datetime) -> dict[UUID, tuple[datetime, _Heard]]:
    today = at.astimezone(UTC).date()
    with connection.cursor() as cursor:
        cursor.execute(
            _HEARD,
            {
                "today": today,
                "since": _since(at),
                "yesterday": today - timedelta(days=1),
                "unauthorized": ProblemKind.UNAUTHORIZED.value,
                "merchant": current_merchant_id(),
            },
        )
        return {id_: (made, _Heard(*rest)) for id_, made, *rest in cursor.fetchall()}


def _waiting() -> dict[UUID, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT connection_id, count(*) FROM (SELECT connection_id FROM intake_record WHERE merchant_id = %s"
            " AND status = 'pending' ORDER BY id LIMIT 1000) waiting GROUP BY connection_id",
            [current_merchant_id()],
        )
        return dict(cursor.fetchall())


def _since(at: datetime) -> date:
    return at.astimezone(UTC).date() - timedelta(days=DAYS - 1)


def _day_of(refusal: Refusal) -> date:
    return refusal.day
