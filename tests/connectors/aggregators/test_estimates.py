"""Days stay days, moments are moments."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from aftermile.connectors.aggregators.estimates import estimate, stated
from aftermile.connectors.contracts.facts import DeliveryEstimate

FIFTH = date(2026, 7, 5)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-07-05", FIFTH),
        ("2026-07-05T00:00:00Z", FIFTH),
        ("2026-07-05T00:00:00-08:00", FIFTH),
        ("2026-07-05 00:00:00.000+0000", FIFTH),
        ("2026-07-05T23:59:59+02:00", FIFTH),
        ("2026-07-05T18:30:00", FIFTH),  # an hour, but of which place?
        ("2026-07-05T18:30:00+02:00", datetime(2026, 7, 5, 16, 30, tzinfo=UTC)),
        ("soon", None),
        ("", None),
        (None, None),
        ("9999-12-31", None),
    ],
)
def test_what_is_stated(written: object, expected: object) -> None:
    assert stated(written) == expected


def test_a_best_guess_stands_in_for_a_missing_end() -> None:
    assert estimate("2026-07-05") == DeliveryEstimate(earliest=FIFTH, latest=FIFTH)
    assert estimate("2026-07-05", None, "2026-07-07") == DeliveryEstimate(
        earliest=FIFTH, latest=date(2026, 7, 7)
    )
    assert estimate(None, "2026-07-05", None) == DeliveryEstimate(earliest=FIFTH, latest=None)
    assert estimate(None) is None


def test_both_ends_are_of_one_kind() -> None:
    mixed = estimate(None, "2026-07-05", "2026-07-06T18:00:00Z")
    assert mixed == DeliveryEstimate(earliest=FIFTH, latest=date(2026, 7, 6))
