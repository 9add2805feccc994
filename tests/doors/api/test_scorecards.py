"""Scorecards by the API: counted as the log tells, narrowed, split."""

from __future__ import annotations

from typing import Any

import pytest

from aftermile.insights.operations.count import count
from aftermile.kernel.tenancy import merchant_scope
from tests.doors.api.conftest import Program
from tests.insights.deliveries import MONDAY, TUESDAY, broken, expected, kept, measured, stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted(merchant: Any) -> None:
    with merchant_scope(merchant.id):
        count(
            [
                kept(),
                broken(carrier="ups"),
                measured(stages=(stage("ordered", own=expected("model", TUESDAY)),)),
                measured(carrier="ups", latest=MONDAY),
            ]
        )


def test_promises_are_compared_by_carrier_and_week(program: Program) -> None:
    answer = program.get("/scorecards", by=["carrier", "week"], until="2026-03-08", weeks=2).json()
    assert (answer["first_week"], answer["last_week"]) == ("2026-02-23", "2026-03-02")
    dhl, ups = answer["data"]
    assert (dhl["carrier"], dhl["week"], dhl["destination_country"]) == ("dhl", "2026-03-02", None)
    assert (dhl["kept"], dhl["broken"], dhl["kept_share"]["value"], dhl["days_off"]) == (1, 0, 1.0, {"0": 1})
    assert (ups["kept"], ups["broken"], ups["late"], ups["days_off"]) == (0, 1, 1, {"1": 1})
    assert [(row["stage"], row["source"], row["mean_absolute_error"]) for row in answer["accuracy"]] == [
        ("ordered", "model", 0.0)
    ]
    assert answer["accuracy_beside_carrier"] == []


def test_a_scorecard_is_narrowed(program: Program) -> None:
    assert [
        row["carrier"] for row in program.get("/scorecards", until="2026-03-08", carrier="ups").json()["data"]
    ] == ["ups"]
    assert program.get("/scorecards", until="2025-03-08").json()["data"] == []


def test_nonsense_is_told(program: Program) -> None:
    assert program.get("/scorecards", by="moon").status_code == 422
    assert program.get("/scorecards", weeks=0).status_code == 422
