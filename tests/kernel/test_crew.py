"""The threads that wait for peers: as many as there is work, an end when told."""

from __future__ import annotations

import logging
import threading

import pytest

from aftermile.kernel.crew import Crew


def test_no_more_work_at_once_than_there_are_hands() -> None:
    crew, gate, seen, lock = Crew("test", 3), threading.Event(), [0, 0], threading.Lock()

    def work() -> None:
        with lock:
            seen[0] += 1
            seen[1] = max(seen)
        gate.wait(5)
        with lock:
            seen[0] -= 1

    for _ in range(10):
        crew.take_on(work)
    gate.set()
    assert crew.wait_until_quiet(seconds=5)
    assert seen[0] == 0
    assert 1 <= seen[1] <= 3


def test_nothing_is_left_when_there_is_nothing_to_do() -> None:
    crew = Crew("test-idle", 3)
    for _ in range(5):
        crew.take_on(lambda: None)
    assert crew.wait_until_quiet(seconds=5)
    for thread in threading.enumerate():
        if thread.name == "test-idle":
            thread.join(5)
    assert [thread for thread in threading.enumerate() if thread.name == "test-idle"] == []


def test_work_that_fails_stops_only_itself(caplog: pytest.LogCaptureFixture) -> None:
    crew, done = Crew("test", 1), list[str]()

    def fail() -> None:
        raise ValueError("a broken pen")

    with caplog.at_level(logging.ERROR):
        crew.take_on(fail)
        crew.take_on(lambda: done.append("the next"))
        assert crew.wait_until_quiet(seconds=5)
    assert done == ["the next"]
    assert "a broken pen" in caplog.text


def test_told_to_stop_it_drops_what_has_not_begun() -> None:
    crew, begun, done = Crew("test", 1), threading.Event(), list[str]()

    def work() -> None:
        begun.set()
        while not crew.is_stopping:
            threading.Event().wait(0.01)
        done.append("the first")

    crew.take_on(work)
    crew.take_on(lambda: done.append("the second"))
    begun.wait(5)
    crew.stop()
    assert crew.wait_until_quiet(seconds=5)
    assert done == ["the first"]
