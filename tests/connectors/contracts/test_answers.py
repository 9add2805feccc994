"""Weights, estimates, asked numbers, HTTP-like errors and country names."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from aftermile.connectors.contracts.answers import (
    ASKED_HEADER,
    asked_number,
    estimate,
    grams,
    problem_of_status,
)
from aftermile.connectors.contracts.country_names import country_named
from aftermile.connectors.contracts.facts import DeliveryEstimate, Place, ProblemKind
from aftermile.connectors.contracts.sockets import RawRecord


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1.25, "kg", 1250),
        ("0,5", "KG", 500),
        ("2.5", "L", 1134),
        ("10", "lbs", 4536),
        (16, "OZ", 454),
        ("0.0", "kg", None),
        ("-1", "kg", None),
        ("NaN", "kg", None),
        ("Infinity", "kg", None),
        ("1e9", "kg", None),
        (None, "kg", None),
        ("3", "stone", None),
        ({"value": 3}, "kg", None),
    ],
)
def test_a_weight_is_grams_or_nothing(value: object, unit: str, expected: int | None) -> None:
    assert grams(value, unit) == expected


def test_midnight_and_a_minute_before_it_mean_the_day() -> None:
    christmas = date(2026, 12, 24)
    assert estimate("", "2026-12-24T00:00:00Z") == DeliveryEstimate(latest=christmas)
    assert estimate("", "2026-12-24T00:00:00.000+01:00") == DeliveryEstimate(latest=christmas)
    assert estimate("", "2026-12-24 23:59:00-04:00") == DeliveryEstimate(latest=christmas)
    assert estimate("", "2026-12-24") == DeliveryEstimate(latest=christmas)
    assert estimate("2026-12-24T00:00:00Z", "2026-12-24T22:00:00Z") == DeliveryEstimate(
        earliest=christmas, latest=christmas
    )


def test_hours_are_moments_in_the_zone_of_the_destination() -> None:
    assert estimate("2026-07-01 10:00", "2026-07-01T14:30:00", place=Place(country="JP")) == DeliveryEstimate(
        earliest=datetime(2026, 7, 1, 1, tzinfo=UTC), latest=datetime(2026, 7, 1, 5, 30, tzinfo=UTC)
    )
    assert estimate("", "2026-07-01T00:30:00Z") == DeliveryEstimate(
        latest=datetime(2026, 7, 1, 0, 30, tzinfo=UTC)
    )


def test_no_estimate_is_none() -> None:
    assert estimate("", None) is None
    assert estimate("soon", "0001-01-01T00:00:00") is None


def test_the_number_asked_for_is_known_when_it_is_one() -> None:
    assert asked_number(_record({ASKED_HEADER: " 42 "})) == "42"
    assert asked_number(_record({ASKED_HEADER: "42,43"})) == ""
    assert asked_number(_record({})) == ""


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, ProblemKind.UNAUTHORIZED),
        ("403", ProblemKind.UNAUTHORIZED),
        (404, ProblemKind.NOT_FOUND),
        (400, ProblemKind.INVALID_NUMBER),
        (429, ProblemKind.RATE_LIMITED),
        (503, ProblemKind.UNAVAILABLE),
        (5003, ProblemKind.OTHER),
        (None, ProblemKind.OTHER),
    ],
)
def test_a_status_says_what_is_wrong(status: object, kind: ProblemKind) -> None:
    assert problem_of_status(status) is kind


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Germany", "DE"),
        ("deutschland", "DE"),
        ("DEU", "DE"),
        ("USA", "US"),
        (" Italy ", "IT"),
        ("United Kingdom", "GB"),
        ("Atlantis", ""),
        (None, ""),
    ],
)
def test_a_country_is_known_by_name_and_code(written: object, code: str) -> None:
    assert country_named(written) == code


def _record(headers: dict[str, str]) -> RawRecord:
    return RawRecord(kind="", body=b"", headers=headers, received_at=datetime(2026, 11, 21, tzinfo=UTC))
