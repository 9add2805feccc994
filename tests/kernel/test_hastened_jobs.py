"""Jobs go by the database's clock; when the installation's own is moved, they are brought nearer by as much."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from aftermile.kernel import clock, jobs
from aftermile.kernel.models import Merchant

HOUR = timedelta(hours=1)


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(jobs._jobs, "tests.wait", jobs.Job("tests.wait", lambda *_: None, 1))
    return "tests.wait"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    clock.follow(tmp_path / "clock.json")
    yield tmp_path / "clock.json"
    clock.follow(None)


def minutes_to_wait() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT round(extract(epoch FROM execute_after - now()) / 60)::int FROM pgqueuer ORDER BY id"
        )
        return [row[0] for row in cursor.fetchall()]


def test_what_waits_comes_nearer_and_what_is_due_stays(merchant: Merchant, kind: str) -> None:
    for hours in (0, 2, 30):
        jobs.defer(kind, merchant_id=merchant.id, run_at=clock.now() + hours * HOUR)
    assert minutes_to_wait() == [0, 120, 1800]

    jobs.hasten(3 * HOUR)

    assert minutes_to_wait() == [0, -60, 1620]


def test_a_moment_is_counted_from_what_the_moved_clock_shows(
    merchant: Merchant, kind: str, file: Path
) -> None:
    clock.move(timedelta(days=9))
    jobs.defer(kind, merchant_id=merchant.id, run_at=clock.now() + HOUR)
    assert minutes_to_wait() == [60]
