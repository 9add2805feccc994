"""One job per merchant reads for all that come while it is at it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from uuid import UUID

import pytest

from aftermile.intake.operations import digest_waiting as turns
from aftermile.intake.operations.digest import BATCH

LINDGREN, OKAFOR = UUID(int=1), UUID(int=2)


@pytest.fixture
def deferred(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    jobs: list[dict[str, object]] = []
    monkeypatch.setattr(turns.jobs, "defer", lambda name, **given: jobs.append({"name": name, **given}))
    monkeypatch.setattr(turns, "sleep", lambda _seconds: None)
    return jobs


def reads(monkeypatch: pytest.MonkeyPatch, digest: Callable[[UUID], int]) -> None:
    monkeypatch.setattr(turns, "digest", digest)


def test_a_full_batch_asks_for_help_once_and_is_followed_by_another(
    monkeypatch: pytest.MonkeyPatch, deferred: list[dict[str, object]]
) -> None:
    waiting = [BATCH, BATCH, BATCH, 3]
    reads(monkeypatch, lambda _merchant: waiting.pop(0))
    turns.digest_waiting(LINDGREN)
    assert waiting == []
    assert deferred == [{"name": "intake.digest", "merchant_id": LINDGREN, "helps": True}]


def test_who_comes_meanwhile_leaves_word_and_is_read_for(
    monkeypatch: pytest.MonkeyPatch, deferred: list[dict[str, object]]
) -> None:
    looks: list[UUID] = []
    reading, go_on = Event(), Event()

    def digest(merchant_id: UUID) -> int:
        looks.append(merchant_id)
        if len(looks) == 1:
            reading.set()
            go_on.wait()
        return 1

    reads(monkeypatch, digest)
    first = Thread(target=turns.digest_waiting, args=(LINDGREN,))
    first.start()
    reading.wait()
    turns.digest_waiting(LINDGREN)
    turns.digest_waiting(LINDGREN)
    turns.digest_waiting(OKAFOR)
    assert looks == [LINDGREN, OKAFOR]
    go_on.set()
    first.join()
    assert looks == [LINDGREN, OKAFOR, LINDGREN]
    turns.digest_waiting(LINDGREN)
    assert looks == [LINDGREN, OKAFOR, LINDGREN, LINDGREN]
    assert deferred == []


def test_one_that_is_always_wanted_makes_room_and_queues_itself(
    monkeypatch: pytest.MonkeyPatch, deferred: list[dict[str, object]]
) -> None:
    looks: list[UUID] = []

    def digest(merchant_id: UUID) -> int:
        looks.append(merchant_id)
        turns.digest_waiting(merchant_id)
        return 1

    reads(monkeypatch, digest)
    turns.digest_waiting(LINDGREN)
    assert len(looks) == turns.MOST_LOOKS
    assert deferred == [{"name": "intake.digest", "merchant_id": LINDGREN}]


def test_a_failure_gives_the_turn_back(
    monkeypatch: pytest.MonkeyPatch, deferred: list[dict[str, object]]
) -> None:
    def digest(_merchant_id: UUID) -> int:
        raise ConnectionError

    reads(monkeypatch, digest)
    for _ in range(2):
        with pytest.raises(ConnectionError):
            turns.digest_waiting(LINDGREN)
    assert deferred == []
