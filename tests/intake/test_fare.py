"""How a connection fares: judged by what came, what was turned away, and how long it has been silent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from aftermile.intake.models import Mention, ProblemSeen, ReplayRun, Tally
from aftermile.intake.operations.prune import prune_traces
from aftermile.intake.operations.tally import Arrived, tally
from aftermile.intake.public import Fare, arriving, connect, count_refusal, disable, standings
from aftermile.kernel.ids import uuid7
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=20)


def plug(name: str = "Tracking") -> Any:
    return connect(
        connector="aftership", name=name, credentials={"webhook_secret": "x"}, by="staff:1", at=NOON
    ).id


def fare() -> Fare:
    (only,) = standings(at=LATER)
    counted = [each for each, count in arriving(at=LATER).by_fare.items() if count]
    assert counted in ([only.fare], [])
    return only.fare


def test_nothing_came_yet(in_scope: Any) -> None:
    plug()
    assert fare() is Fare.NEVER_HEARD


def test_it_works_until_it_is_silent_for_longer_than_usual(in_scope: Any) -> None:
    id_ = plug()
    tally([Arrived(id_, LATER - timedelta(days=3), False)] * 280)  # every 72 minutes
    tally([Arrived(id_, LATER - timedelta(hours=11), False)])
    assert fare() is Fare.WORKING

    Tally.rows().update(last_at=LATER - timedelta(hours=13))
    assert fare() is Fare.SILENT


def test_what_comes_seldom_may_be_silent_for_long(in_scope: Any) -> None:
    id_ = plug()
    tally([Arrived(id_, LATER - timedelta(days=5), False)] * 4)
    assert fare() is Fare.WORKING
    Tally.rows().update(last_at=LATER - timedelta(days=8))
    assert fare() is Fare.SILENT


def test_it_fails_while_the_newest_that_came_was_turned_away(in_scope: Any) -> None:
    id_ = plug()
    tally([Arrived(id_, LATER - timedelta(hours=2), False)])
    count_refusal(connection_id=id_, why="no header", at=LATER - timedelta(hours=1))
    assert fare() is Fare.FAILING
    tally([Arrived(id_, LATER - timedelta(minutes=1), False)])
    assert fare() is Fare.WORKING


def test_it_fails_when_most_of_today_cannot_be_read(in_scope: Any) -> None:
    id_ = plug()
    tally([Arrived(id_, LATER, True)] * 3 + [Arrived(id_, LATER, False)] * 3)
    assert fare() is Fare.WORKING
    tally([Arrived(id_, LATER, True)])
    assert fare() is Fare.FAILING


def test_it_fails_when_the_carrier_refuses_our_key(in_scope: Any) -> None:
    id_ = plug()
    tally([Arrived(id_, LATER, False)])
    ProblemSeen(connection_id=id_, kind="unauthorized", last_seen_at=LATER, count=1).save(force_insert=True)
    assert fare() is Fare.FAILING


def test_what_is_off_is_neither_counted_nor_judged(in_scope: Any) -> None:
    disable(connection_id=plug(), by="staff:1", at=NOON)
    assert fare() is Fare.OFF
    assert arriving(at=LATER).total == 0


def test_days_add_up_over_all_slots(in_scope: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = plug()
    for pid in range(6):
        monkeypatch.setattr("os.getpid", lambda pid=pid: pid)
        tally(
            [
                Arrived(id_, LATER, False),
                Arrived(id_, LATER, True),
                Arrived(id_, LATER - timedelta(days=1), False),
            ]
        )

    (only,) = standings(at=LATER)

    assert Tally.rows().count() == 8
    assert (only.today.kept, only.today.quarantined, only.days[-2].kept, only.last_at) == (12, 6, 6, LATER)


def test_all_are_told_by_one_query(in_scope: Any) -> None:
    for number in range(9):
        tally([Arrived(plug(f"Tracking {number}"), LATER, False)])
    with CaptureQueriesContext(database) as asked:
        told = arriving(at=LATER)

    assert len(asked) == 1
    assert (told.total, told.by_fare[Fare.WORKING], told.last_at) == (9, 9, LATER)


def test_what_is_no_longer_kept_is_forgotten(in_scope: Any) -> None:
    for at in (NOON, LATER):
        Mention(id=uuid7(), record_id=uuid7(at)).save(force_insert=True)
        ReplayRun(id=uuid7(at), total=1, by="staff:1", created_at=at).save(force_insert=True)

    assert prune_traces(before=NOON + timedelta(days=1)) == 2
    assert prune_traces(before=NOON + timedelta(days=1)) == 0
    assert (Mention.rows().count(), ReplayRun.rows().count()) == (1, 1)
