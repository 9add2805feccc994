"""Moments from API input: strict, aware, believable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.kernel.clock import MomentUnreadable, now, parse_moment

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def test_the_clock_tells_the_offset() -> None:
    assert now().tzinfo is UTC


@given(st.datetimes(datetime(1991, 1, 1), datetime(2099, 1, 1), timezones=offsets))
def test_a_moment_reads_back_in_utc(moment: datetime) -> None:
    read = parse_moment(moment.isoformat())

    assert read == moment
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-29T03:30:00+02:00", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("2026-03-29T01:30:00Z", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("2026-03-29T01:30:00.5Z", datetime(2026, 3, 29, 1, 30, 0, 500_000, tzinfo=UTC)),
        ("2026-03-29T01:30:00.123456789Z", datetime(2026, 3, 29, 1, 30, 0, 123_456, tzinfo=UTC)),
        ("1990-01-01T00:00:00Z", datetime(1990, 1, 1, tzinfo=UTC)),
        ("2100-12-31T23:59:59Z", datetime(2100, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_these_are_moments(text: str, moment: datetime) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-29",
        "2026-03-29T01:30:00",
        "2026-03-29 01:30:00Z",
        "20260329T013000Z",
        "2026-W13-7T01:30:00Z",
        "2026-03-29T01:30Z",
        "2026-03-29T01:30:60Z",
        "2026-02-30T01:30:00Z",
        "2026-03-29T24:30:00Z",
        "2026-03-29T01:30:00+25:00",
        "2026-03-29T01:30:00Z\n",
        "1774747800",
        "٢٠٢٦-03-29T01:30:00Z",
        "0001-01-01T00:00:00+10:00",
        "1970-01-01T00:00:00Z",
        "1989-12-31T23:59:59Z",
        "2101-01-01T00:00:00Z",
        "9999-12-31T23:59:59-10:00",
    ],
)
def test_these_are_none(text: str) -> None:
    with pytest.raises(MomentUnreadable):
        parse_moment(text)


@given(st.text())
def test_no_text_is_read_by_chance(text: str) -> None:
    with pytest.raises(MomentUnreadable):
        parse_moment(text)
