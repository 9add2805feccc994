"""Garbage is looked for rarely, and what is there at the start is left alone."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from aftermile.project.garbage import BETWEEN_LOOKS, look_rarely


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_what_is_there_is_never_looked_at_again_and_what_comes_rarely() -> None:
    look_rarely()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == (BETWEEN_LOOKS, 10, 10)


def test_a_circle_of_later_is_still_found() -> None:
    look_rarely()
    circle: list[object] = []
    circle.append(circle)
    del circle
    assert gc.collect() >= 1
