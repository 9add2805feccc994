"""Parcels and shipments through the API."""

from __future__ import annotations

import pytest

from tests.doors.api.conftest import Program, scan

pytestmark = pytest.mark.django_db

UPS = "1Z999AA10123456784"


def test_a_carrier_is_recognized_from_a_distinctive_number(program: Program) -> None:
    parcel = program.post("/parcels", {"tracking_number": "1z 999 AA1 0123 4567 84"}).json()
    assert (parcel["carrier"], parcel["carrier_name"], parcel["milestone"]) == ("ups", "UPS", "pending")


def test_a_number_with_a_wrong_check_digit_is_nobodys(program: Program) -> None:
    assert program.post("/parcels", {"tracking_number": "1Z999AA10123456785"}).json()["carrier"] == ""


def test_tracking_a_number_again_gives_the_same_parcel(program: Program) -> None:
    first = program.post(
        "/parcels", {"tracking_number": UPS, "title": "Books", "attributes": {"a": 1}}
    ).json()
    again = program.post("/parcels", {"tracking_number": UPS.lower(), "attributes": {"b": 2}}).json()
    assert (again["id"], again["title"], again["attributes"]) == (first["id"], "Books", {"a": 1, "b": 2})


def test_a_withdrawn_parcel_leaves_the_lists_and_comes_back(program: Program) -> None:
    parcel = program.post("/parcels", {"tracking_number": UPS}).json()
    withdrawn = program.post(f"/parcels/{parcel['id']}/withdrawal").json()
    assert withdrawn["withdrawn_at"] is not None
    assert program.get("/parcels").json()["data"] == []
    program.post("/parcels", {"tracking_number": UPS})
    assert [each["id"] for each in program.get("/parcels").json()["data"]] == [parcel["id"]]


@pytest.mark.parametrize(
    ("outcome", "milestone"), [("delivered", "delivered"), ("lost", "exception"), ("returned", "returned")]
)
def test_a_parcel_is_completed_by_hand(program: Program, outcome: str, milestone: str) -> None:
    parcel = program.post("/parcels", {"tracking_number": UPS}).json()
    completion = {"outcome": outcome, "occurred_at": "2026-03-01T10:00:00Z"}
    for _ in "12":
        done = program.post(f"/parcels/{parcel['id']}/completion", completion).json()
    assert (done["milestone"], done["event_count"]) == (milestone, 1)


def test_parcels_are_listed_newest_first_in_pages(program: Program) -> None:
    made = [program.post("/parcels", {"tracking_number": f"AB{number}"}).json()["id"] for number in range(5)]
    seen, cursor = [], None
    while True:
        page = program.get("/parcels", limit=2, **({"cursor": cursor} if cursor else {})).json()
        seen += [each["id"] for each in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made[::-1]


def test_parcels_are_found_by_milestone_carrier_number_and_change(program: Program) -> None:
    program.post(
        "/tracking-events", {"events": [scan(sub_status="delivered"), scan("AB1", sub_status="lost")]}
    )

    def found(**query: object) -> list[str]:
        return [each["tracking_number"] for each in program.get("/parcels", **query).json()["data"]]

    assert found(milestone="delivered") == [UPS]
    assert found(milestone=["delivered", "exception"]) == ["AB1", UPS]
    assert found(milestone="not_yet_invented") == []
    assert found(tracking_number="ab-1") == ["AB1"]
    assert found(updated_since="2090-01-01T00:00:00Z") == []
    assert found(carrier="ups") == []


def test_a_shipment_makes_its_parcels_and_waits_for_its_order(program: Program) -> None:
    told = {
        "order_external_id": "o-1",
        "carrier": "DHL Express",
        "tracking_numbers": [UPS, "AB1"],
        "lines": [{"line_external_id": "l-1", "quantity": 1}],
        "destination": {"city": "Ulm", "country": "DE"},
    }
    first = program.record("shipments", "f-1", told)
    order = program.record("orders", "o-1", {"number": "7"})
    again = program.record("shipments", "f-1", told)
    assert first["order_id"] == again["order_id"] == order["id"]
    assert [parcel["tracking_number"] for parcel in again["parcels"]] == [UPS, "AB1"]
    assert (again["carrier"], again["source"], again["destination"]["city"]) == ("dhl-express", "shop", "Ulm")
    assert [each["id"] for each in program.get("/shipments", order_id=order["id"]).json()["data"]] == [
        first["id"]
    ]
    assert program.get(f"/shipments/{first['id']}").json() == again


def test_a_second_number_never_replaces_a_scanned_parcel(program: Program) -> None:
    program.put("/shipments/by-external-id/f-1", {"tracking_numbers": ["AB1"]})
    program.post("/tracking-events", {"events": [scan("AB1")]})
    shipment = program.record("shipments", "f-1", {"tracking_numbers": ["AB2"]})
    assert {parcel["tracking_number"] for parcel in shipment["parcels"]} == {"AB1", "AB2"}


def test_a_return_is_a_shipment_the_other_way(program: Program) -> None:
    told = {"tracking_numbers": ["RR1"], "direction": "return"}
    shipment = program.record("shipments", "r-1", told)
    assert (shipment["direction"], shipment["parcels"][0]["direction"]) == ("return", "return")
