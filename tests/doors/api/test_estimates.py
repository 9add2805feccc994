"""Estimates by the API: when something is expected, and all that was expected before."""

from __future__ import annotations

from typing import Any

import pytest

from aftermile.capabilities.promises.public import renew
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id, uuid7
from tests.doors.api.conftest import Program

pytestmark = pytest.mark.django_db


def test_a_parcels_estimate_tells_who_says_so_and_why(program: Program, merchant: Any) -> None:
    made = program.post(
        "/parcels",
        {"tracking_number": "00340434000000000017", "carrier": "dhl", "destination": {"country": "DE"}},
    ).json()
    nothing = program.get(f"/parcels/{made['id']}/estimate")
    assert (nothing.status_code, nothing.json()["error"]["code"]) == (404, "nothing_expected")

    renew(merchant.id, at=now(), everything=True)
    told = program.get(f"/parcels/{made['id']}/estimate").json()
    assert (told["parcel_id"], told["source"], told["reason"], told["is_open"]) == (
        made["id"],
        "rule",
        "first",
        True,
    )
    assert told["earliest_at"] <= told["likely_at"] <= told["latest_at"]
    assert [(each["number"], each["reason"]) for each in told["revisions"]] == [(1, "first")]


def test_an_order_tells_the_estimates_of_all_its_parcels(program: Program, merchant: Any) -> None:
    order = program.record(
        "orders", "A-1", {"number": "A-1", "placed_at": now().isoformat(), "state": "open"}
    )
    assert program.get(f"/orders/{order['id']}/estimates").json() == {"data": []}


def test_what_is_not_there_is_not_found(program: Program) -> None:
    assert program.get(f"/parcels/{public_id('par', uuid7())}/estimate").status_code == 404
    assert program.get(f"/orders/{public_id('ord', uuid7())}/estimates").status_code == 404
