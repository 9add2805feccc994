"""Lanes: how long they take."""

from __future__ import annotations

from random import Random
from statistics import mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.project.demo.lanes import LANES, LANES_TO, LONGEST_FACTOR, Lane
from aftermile.project.demo.places import COUNTRIES, homes


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: f"{lane.service} {lane.country}")
def test_times_lie_around_the_usual_one_with_a_long_tail_behind(lane: Lane) -> None:
    dice = Random(4)
    taken = [lane.days_taken(dice) for _ in range(2000)]
    assert median(taken) == lane.days
    assert lane.fewest_days <= min(taken) <= lane.days <= max(taken) <= lane.days * LONGEST_FACTOR + 1
    assert mean(taken) >= lane.days - 0.05
    assert max(taken) - lane.days >= lane.days - min(taken)


@given(st.sampled_from(LANES), st.integers())
def test_a_promise_holds_what_is_usual(lane: Lane, seed: int) -> None:
    earliest, latest = lane.promised_days
    assert 1 <= earliest <= lane.days <= latest
    assert lane.days_taken(Random(seed)) >= lane.fewest_days


def test_there_is_a_way_to_everybody() -> None:
    for country in COUNTRIES:
        assert LANES_TO[country]
        assert homes(country)
    assert sum(each.share for each in COUNTRIES.values()) == 100
