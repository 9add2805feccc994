"""How the demonstration's clock is set going, and asked to move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aftermile.kernel import clock
from aftermile.project.demo import played_time
from aftermile.project.demo.memory import Memory

HOUR = timedelta(hours=1)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    clock.follow(tmp_path / played_time.CLOCK_FILE)
    yield tmp_path
    clock.follow(None)


def remember(folder: Path, *, told_until: datetime, is_settled: bool = True) -> None:
    Memory(
        merchant_id="0197f1d2-0000-7000-8000-000000000000",
        shop="Fjell & Field",
        api_key="am_key",
        addresses={},
        secrets={},
        connections={},
        seed=1,
        start=told_until.isoformat(),
        told_until=told_until.isoformat(),
        is_settled=is_settled,
    ).save(folder)


def shows(moment: datetime) -> bool:
    return abs(clock.now() - moment) < timedelta(seconds=30)


def test_a_first_start_shows_the_machines_time(folder: Path) -> None:
    played_time.set_going(folder, speed=1)
    assert shows(datetime.now(UTC))


def test_time_that_was_played_ahead_stood_still_in_between(folder: Path) -> None:
    ahead = datetime.now(UTC) + 30 * HOUR
    remember(folder, told_until=ahead)
    played_time.set_going(folder, speed=1)
    assert shows(ahead)


def test_after_days_without_it_the_clock_shows_today(folder: Path) -> None:
    remember(folder, told_until=datetime.now(UTC) - 90 * HOUR)
    played_time.set_going(folder, speed=1)
    assert shows(datetime.now(UTC))


def test_while_the_history_is_told_the_clock_stands_where_it_was_left(folder: Path) -> None:
    long_ago = datetime.now(UTC) - 1000 * HOUR
    played_time.stop_at(folder, long_ago)
    remember(folder, told_until=long_ago, is_settled=False)
    played_time.set_going(folder, speed=60)
    assert clock.now() == long_ago
    played_time.go_on(folder, speed=60, since=long_ago)
    assert shows(long_ago)
    assert played_time.speed_of(folder) == 60
    played_time.go_on(folder, speed=1, since=long_ago)
    assert shows(datetime.now(UTC))


def test_a_wish_is_heard_once(folder: Path) -> None:
    until = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
    assert played_time.take_wish(folder) is None
    played_time.wish(folder, until)
    assert played_time.take_wish(folder) == until
    assert played_time.take_wish(folder) is None


def test_who_waits_is_told_when_all_has_been_told(folder: Path) -> None:
    moment = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
    remember(folder, told_until=moment)
    assert played_time.is_told_until(folder, moment, patience_seconds=5)
    assert not played_time.is_told_until(folder, moment + HOUR, patience_seconds=0.2)
