"""Estimates by the API: when something is expected, and all that was expected before."""

from __future__ import annotations

from typing import Any

import pytest

from aftermile.capabilities.promises.operations.renew import renew_parcels
from aftermile.capabilities.promises.public import renew
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id, read_public_id, uuid7
from aftermile.kernel.tenancy import merchant_scope
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


def test_parcels_shipments_and_orders_hold_what_is_expected(program: Program, merchant: Any) -> None:
    record = {"tracking_numbers": ["00340434000000000017"], "carrier": "dhl", "order_external_id": "A-1"}
    order = program.record(
        "orders",
        "A-1",
        {
            "number": "A-1",
            "placed_at": now().isoformat(),
            "state": "open",
            "shipping_address": {"country": "DE"},
        },
    )
    assert program.get(f"/orders/{order['id']}").json()["estimate"] is None
    shipment = program.record("shipments", "f-1", {**record, "destination": {"country": "DE"}})
    renew(merchant.id, at=now(), everything=True)

    [parcel] = program.get("/parcels").json()["data"]
    told = program.get(f"/parcels/{parcel['id']}/estimate").json()
    expected = {
        name: told[name]
        for name in ("earliest_at", "likely_at", "latest_at", "precision", "source", "confidence")
    }
    read = {
        path: program.get(path).json()
        for path in (f"/parcels/{parcel['id']}", f"/shipments/{shipment['id']}", f"/orders/{order['id']}")
    }
    whole, sent, ordered = read.values()
    assert [each["estimate"] for each in (parcel, whole, sent["parcels"][0], ordered)] == [expected] * 4
    assert program.get("/orders").json()["data"][0]["estimate"] == expected
    assert program.get("/shipments").json()["data"][0]["parcels"][0]["estimate"] == expected

    done = program.post(f"/parcels/{parcel['id']}/completion", {"outcome": "delivered"})
    assert done.status_code == 200
    with merchant_scope(merchant.id):
        renew_parcels(parcel_ids=[read_public_id("par", parcel["id"])], at=now())
    assert program.get(f"/parcels/{parcel['id']}").json()["estimate"] is None


def test_an_order_tells_the_estimates_of_all_its_parcels(program: Program, merchant: Any) -> None:
    order = program.record(
        "orders", "A-1", {"number": "A-1", "placed_at": now().isoformat(), "state": "open"}
    )
    assert program.get(f"/orders/{order['id']}/estimates").json() == {"data": []}


def test_what_is_not_there_is_not_found(program: Program) -> None:
    assert program.get(f"/parcels/{public_id('par', uuid7())}/estimate").status_code == 404
    assert program.get(f"/orders/{public_id('ord', uuid7())}/estimates").status_code == 404
