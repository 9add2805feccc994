"""A demonstration's clock: every process that follows the file reads the same, and nobody else can set it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aftermile.kernel import clock
from aftermile.kernel.clock import ClockCannotMove, Course, follow, move, now, read_course, write_course

SECOND = timedelta(seconds=1)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """The file this process follows for the length of a test."""
    follow(tmp_path / "clock.json")
    yield tmp_path / "clock.json"
    follow(None)


def is_about(shown: datetime, meant: datetime) -> bool:
    return abs(shown - meant) < 30 * SECOND


def test_without_a_file_to_follow_the_clock_cannot_be_moved() -> None:
    with pytest.raises(ClockCannotMove):
        move(timedelta(hours=1))
    assert is_about(now(), datetime.now(UTC))


def test_until_somebody_moves_it_it_shows_the_machines_time(file: Path) -> None:
    assert not file.exists()
    assert is_about(now(), datetime.now(UTC))


def test_moves_add_up_and_go_forward_only(file: Path) -> None:
    move(timedelta(hours=1))
    shown = move(timedelta(days=1))
    assert is_about(shown, datetime.now(UTC) + timedelta(hours=25))
    assert is_about(now(), shown)
    with pytest.raises(ClockCannotMove):
        move(-SECOND)


def test_a_moved_clock_keeps_its_speed(file: Path) -> None:
    real = datetime.now(UTC)
    write_course(file, Course(real, NOON, speed=0))
    assert now() == NOON
    move(timedelta(hours=2))
    assert now() == NOON + timedelta(hours=2)
    found = read_course(file)
    assert found is not None
    assert found.speed == 0


def test_a_minute_is_an_hour_at_speed_sixty() -> None:
    course = Course(NOON, NOON, speed=60)
    assert course.at(NOON + timedelta(minutes=1)) == NOON + timedelta(hours=1)


def test_what_one_process_sets_another_reads_at_once(file: Path) -> None:
    assert is_about(now(), datetime.now(UTC))
    program = (
        "import sys; from datetime import *; from pathlib import Path;"
        "from aftermile.kernel.clock import *; from aftermile.kernel import clock;"
        "clock.follow(Path(sys.argv[1])); clock.move(timedelta(days=3))"
    )
    subprocess.run([sys.executable, "-c", program, str(file)], check=True)
    assert is_about(now(), datetime.now(UTC) + timedelta(days=3))


def test_an_installation_that_is_no_demonstration_follows_nothing() -> None:
    """These tests run with such settings: nothing was followed when Django was set up."""
    assert clock._followed is None
