"""What happens is told at its time: while the history is lived through, as it comes, and when time is played."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise, takewhile
from pathlib import Path

import pytest

from aftermile.kernel import clock, jobs
from aftermile.kernel.models import Merchant
from aftermile.project.demo import telling
from aftermile.project.demo.desk import Desk
from aftermile.project.demo.happenings import happenings
from aftermile.project.demo.memory import Memory
from aftermile.project.demo.places import WAREHOUSE
from aftermile.project.demo.played_time import CLOCK_FILE, go_on
from aftermile.project.demo.posting import Post
from aftermile.project.demo.telling import Teller
from aftermile.project.demo.webhook import Webhook
from aftermile.project.demo.world import World

BASE = "http://127.0.0.1:8000"
START = datetime.now(UTC).replace(microsecond=0)
WORLD = World(2026, START, count=60, days=8)


class Heard(Post):
    """Keeps what is sent, with what the clock shows."""

    def __init__(self) -> None:
        self.webhooks: list[tuple[datetime, Webhook]] = []

    def send_all(self, webhooks: Iterable[Webhook]) -> Iterator[int]:
        self.webhooks += [(clock.now(), each) for each in webhooks]
        yield 1


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(telling, "_QUIET_PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(jobs, "_periodics", {})
    clock.follow(tmp_path / CLOCK_FILE)
    yield tmp_path
    clock.follow(None)


@pytest.fixture
def memory(merchant: Merchant) -> Memory:
    return Memory(
        merchant_id=str(merchant.id),
        shop="Fjell & Field",
        api_key="am_key",
        addresses={},
        secrets={"storefront": "s", "carriers": "c"},
        connections={},
        seed=2026,
        start=START.isoformat(),
        days=8,
        staff=[],
    )


@pytest.fixture
def nobody_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Desk, "see_to_what_is_old", lambda *_: None)
    monkeypatch.setattr(Desk, "share_out", lambda *_: None)
    monkeypatch.setattr(Desk, "label_some", lambda *_: None)
    monkeypatch.setattr(Desk, "leave_a_file", lambda *_: None)


def teller(memory: Memory, folder: Path) -> tuple[Teller, Heard]:
    heard = Heard()
    return Teller(memory, WORLD, heard, base=BASE, data_dir=folder), heard


def until(moment: datetime) -> int:
    """How many webhooks arrive until a moment."""
    return sum(each.arrives_at <= moment for each in happenings(WORLD.history()))


@pytest.mark.usefixtures("nobody_at_work")
def test_the_history_is_lived_through_day_by_day(memory: Memory, folder: Path) -> None:
    told, heard = teller(memory, folder)
    assert list(told.tell_history()) == list(range(1, 9))
    shown = [moment for moment, _ in heard.webhooks]
    assert shown == sorted(shown)
    assert shown[0] == WORLD.begins_at
    assert shown[-1] == START
    # The goods before all, and at the end three records that cannot be read and one from a stranger.
    assert len(shown) == 25 + until(START) + 4
    assert memory.known_until == START


@pytest.mark.usefixtures("nobody_at_work")
@pytest.mark.parametrize("hour", [0, 7, 10, 23])
def test_what_was_on_the_van_is_told_before_it_comes_whenever_one_starts(
    memory: Memory, folder: Path, hour: int
) -> None:
    start = datetime(2026, 11, 22, hour, 40, tzinfo=UTC)
    memory.start = start.isoformat()
    heard = Heard()
    world = World(2026, start, count=60, days=8)
    list(Teller(memory, world, heard, base=BASE, data_dir=folder).tell_history())
    shown = sorted({moment for moment, _ in heard.webhooks} - {world.begins_at, start})
    assert len(shown) >= 6
    assert {moment.astimezone(WAREHOUSE.zone).hour for moment in shown} == {10}
    assert start - shown[-1] <= timedelta(days=1)
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(shown))


@pytest.mark.usefixtures("nobody_at_work")
def test_a_history_that_was_cut_off_goes_on_where_it_was(memory: Memory, folder: Path) -> None:
    told, heard = teller(memory, folder)
    first_days = told.tell_history()
    assert [next(first_days) for _ in range(4)] == [1, 2, 3, 4]
    again, heard_again = teller(memory, folder)
    assert list(again.tell_history()) == [5, 6, 7, 8]
    assert len(heard.webhooks) + len(heard_again.webhooks) == 25 + until(START) + 4


def test_time_is_walked_through_and_nothing_is_heard_before_it_happened(memory: Memory, folder: Path) -> None:
    memory.told_until = START.isoformat()
    go_on(folder, speed=0, since=START)
    told, heard = teller(memory, folder)
    told.walk_to(START + timedelta(days=2))
    assert clock.now() == START + timedelta(days=2)
    assert memory.known_until == START + timedelta(days=2)
    strides = sorted({moment for moment, _ in heard.webhooks})
    assert len(strides) > 3
    assert all(later - earlier >= telling.STRIDE for earlier, later in pairwise(strides))
    coming = takewhile(lambda each: each.arrives_at <= clock.now(), happenings(WORLD.orders()))
    expected = [each for each in coming if each.arrives_at > START]
    assert len(heard.webhooks) == len(expected)


def test_what_is_done_by_the_hour_is_done_when_time_is_played(
    memory: Memory, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[str, datetime]] = []
    later = START + timedelta(hours=3)
    for name, cron in (("hourly", "7 * * * *"), ("daily", f"{later.minute} {later.hour} * * *")):
        periodic = jobs.Periodic(name, cron, lambda name=name: done.append((name, clock.now())))  # type: ignore[misc]
        monkeypatch.setitem(jobs._periodics, name, periodic)
    memory.told_until = START.isoformat()
    go_on(folder, speed=0, since=START)
    told, _ = teller(memory, folder)
    told.tell_until(START + timedelta(hours=1), is_played=False)
    assert done == []
    told.walk_to(START + timedelta(days=1))
    assert [name for name, _ in done].count("daily") == 1
    assert [name for name, _ in done].count("hourly") == 4


def test_a_task_that_fails_stops_nothing(
    memory: Memory, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(jobs._periodics, "broken", jobs.Periodic("broken", "* * * * *", fail))
    memory.told_until = START.isoformat()
    go_on(folder, speed=0, since=START)
    told, _ = teller(memory, folder)
    told.walk_to(START + timedelta(hours=6))
    assert clock.now() == START + timedelta(hours=6)
    assert "periodic broken failed" in caplog.text
