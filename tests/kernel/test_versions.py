"""Rows folded from facts: the same whatever the order of arrival."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.kernel.versions import has_version, is_silent, merge, undated_key, version_key
from tests.conftest import NOON

FIELDS = ("note", "tags", "count", "state")


def blank() -> dict[str, Any]:
    return {"note": "", "tags": [], "count": None, "state": "open", "version": "", "older": {}}


def folded(*facts: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    row = blank()
    for key, said in facts:
        merge(row, said, key, fields=FIELDS)
    return row


def test_a_newer_word_stands_and_a_silent_one_leaves_what_is_known() -> None:
    row = folded(("1", {"note": "ring twice", "count": 1}), ("2", {"count": 2}))
    assert (row["note"], row["count"]) == ("ring twice", 2)
    assert row["version"] == "2"
    assert row["older"] == {"note": "1", "state": ""}


def test_an_old_word_fills_what_is_empty_and_overwrites_nothing_newer() -> None:
    row = folded(("2", {"count": 2}), ("1", {"note": "ring twice", "count": 1}))
    assert (row["note"], row["count"]) == ("ring twice", 2)


def test_a_field_filled_by_an_old_word_yields_to_one_in_between() -> None:
    row = folded(("3", {"count": 3}), ("1", {"note": "first"}), ("2", {"note": "second"}))
    assert row["note"] == "second"


def test_a_default_yields_to_any_word() -> None:
    assert folded(("2", {"count": 2}), ("1", {"state": "closed"}))["state"] == "closed"


def test_merge_names_what_changed() -> None:
    row = blank()
    assert merge(row, {"note": "a", "tags": ["x"]}, "1", fields=FIELDS) == ["note", "tags"]
    assert merge(row, {"note": "b", "tags": ["x"]}, "2", fields=FIELDS) == ["note"]
    assert merge(row, {"note": "b", "tags": ["x"]}, "2", fields=FIELDS) == []
    assert merge(row, {"note": "old"}, "0", fields=FIELDS) == []


said = st.fixed_dictionaries(
    {},
    optional={
        "note": st.sampled_from(["a", "b"]),
        "tags": st.sampled_from([["x"], ["x", "y"]]),
        "count": st.integers(0, 2),
        "state": st.sampled_from(["open", "closed"]),
    },
)
facts = st.lists(st.tuples(st.sampled_from("1234"), said), max_size=6)


@given(facts, st.randoms(use_true_random=False))
def test_the_order_of_arrival_and_repeats_do_not_matter(facts: list[Any], random: Any) -> None:
    again = [*facts, *facts]
    random.shuffle(again)
    assert folded(*again) == folded(*facts)


def test_keys_sort_by_moment_then_rank_whatever_the_offset() -> None:
    in_berlin = datetime(2026, 3, 2, 13, 0, 1, tzinfo=timezone(timedelta(hours=1)))
    keys = [
        version_key(NOON, at=NOON),
        version_key(NOON, at=NOON, rank=12),
        version_key(in_berlin, at=NOON),
        version_key(NOON + timedelta(seconds=1, microseconds=1), at=NOON),
    ]
    assert keys == sorted(keys)
    assert len(set(keys)) == 4


def test_facts_without_a_version_rank_below_and_by_arrival() -> None:
    first = version_key(None, at=NOON)
    second = version_key(None, at=NOON, place=1)
    third = version_key(None, at=NOON + timedelta(seconds=1))
    assert first < second < third < version_key(datetime(1990, 1, 1, tzinfo=UTC), at=NOON)
    assert [has_version(key) for key in (first, version_key(NOON, at=NOON))] == [False, True]


def test_an_undated_deletion_ranks_as_the_row_does() -> None:
    assert undated_key(version_key(NOON, at=NOON), at=NOON, rank=4) == version_key(NOON, at=NOON, rank=4)
    assert undated_key("", at=NOON) == version_key(NOON, at=NOON)
    assert undated_key(version_key(None, at=NOON), at=NOON) == version_key(None, at=NOON)


@pytest.mark.parametrize(
    ("value", "silent"), [(None, True), ("", True), ([], True), ({}, True), (0, False), (False, False)]
)
def test_nothing_is_said_by_emptiness_alone(value: object, silent: bool) -> None:
    assert is_silent(value) is silent
