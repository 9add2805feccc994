"""Scans through the API: each with its own result, in any order, as often as they come."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doors.api.conftest import Program, scan

pytestmark = pytest.mark.django_db


def statuses(response: Any) -> list[str]:
    assert response.status_code == 200
    return [result["status"] for result in response.json()["data"]]


def refusals(response: Any) -> list[str]:
    return [result["error"]["code"] for result in response.json()["data"] if result["error"]]


def test_scans_are_recorded_in_order_and_known_the_second_time(program: Program) -> None:
    events = [scan(), scan("AB123", carrier="DHL Express", sub_status="delivered")]
    first = program.post("/tracking-events", {"events": events})
    again = program.post("/tracking-events", {"events": events})
    assert statuses(first) == ["recorded", "recorded"]
    assert statuses(again) == ["known", "known"]
    assert [each["id"] for each in first.json()["data"]] == [each["id"] for each in again.json()["data"]]


def test_the_same_scan_twice_in_one_batch_is_one(program: Program) -> None:
    response = program.post(
        "/tracking-events", {"events": [scan(), scan("1z 999 AA1 0123456784"), scan(code="ar")]}
    )
    assert statuses(response) == ["recorded", "known", "known"]
    parcel = program.get(f"/parcels/{response.json()['data'][0]['parcel_id']}").json()
    assert parcel["event_count"] == 1


@pytest.mark.parametrize(
    ("odd", "says"),
    [
        (scan(sub_status="teleported"), "'teleported' is none of pending, label_created"),
        (scan(milestone="delivered"), "does not belong to milestone delivered"),
        (scan(occurred_at=None), "give either occurred_at or local_time"),
        (scan(local_time="2026-03-01 10:00"), "give either occurred_at or local_time"),
        (scan(occurred_at="2026-03-01T10:00:00"), "Write the moment with its offset"),
        (scan(tracking_number="--"), "String should match pattern"),
        (scan(location={"country": "Germany"}), "String should match pattern"),
        (scan(location={"latitude": 91}), "less than or equal to 90"),
        (scan(description=None), "Input should be a valid string"),
        (scan(kode="AR"), "Extra inputs are not permitted"),
        ("text", "Input should be"),
        (None, "Input should be"),
    ],
)
def test_an_odd_scan_costs_only_itself(program: Program, odd: Any, says: str) -> None:
    response = program.post("/tracking-events", {"events": [scan("A1"), odd, scan("A2")]})
    assert statuses(response) == ["recorded", "refused", "recorded"]
    problem = response.json()["data"][1]["error"]
    assert problem["code"] == "request_invalid"
    assert says in problem["details"]["problems"][0]["problem"]


def test_an_unreadable_local_time_costs_only_its_scan(program: Program) -> None:
    odd = scan(occurred_at=None, local_time="quarter past nine")
    response = program.post("/tracking-events", {"events": [odd, scan()]})
    assert statuses(response) == ["refused", "recorded"]
    assert refusals(response) == ["local_time_unreadable"]


def test_fractions_of_any_length_are_read(program: Program) -> None:
    events = [scan(occurred_at="2026-03-01T10:00:00.1234567Z"), scan(occurred_at="2026-03-01T11:00:00+01:00")]
    assert statuses(program.post("/tracking-events", {"events": events})) == ["recorded", "known"]


def test_local_time_is_read_where_the_scan_happened(program: Program) -> None:
    local = scan(occurred_at=None, local_time="2026-07-01 10:00", location={"country": "US", "state": "CA"})
    parcel_id = program.post("/tracking-events", {"events": [local]}).json()["data"][0]["parcel_id"]
    (event,) = program.get(f"/parcels/{parcel_id}").json()["tracking_events"]
    assert (event["occurred_at"], event["reported_time"], event["time_basis"]) == (
        "2026-07-01T17:00:00Z",
        "2026-07-01 10:00",
        "place",
    )


def test_a_milestone_alone_is_enough(program: Program) -> None:
    told = scan(sub_status=None, milestone="out_for_delivery")
    parcel_id = program.post("/tracking-events", {"events": [told]}).json()["data"][0]["parcel_id"]
    parcel = program.get(f"/parcels/{parcel_id}").json()
    assert (parcel["milestone"], parcel["sub_status"]) == ("out_for_delivery", "out_for_delivery")


def test_an_unknown_code_is_kept_and_shown_and_moves_nothing(program: Program) -> None:
    delivered = scan(sub_status="delivered", code="DL")
    odd = scan(sub_status=None, code="Z9", description="Zapped", occurred_at="2026-03-02T10:00:00Z")
    results = program.post("/tracking-events", {"events": [delivered, odd]}).json()["data"]
    parcel = program.get(f"/parcels/{results[0]['parcel_id']}").json()
    assert (parcel["milestone"], parcel["event_count"]) == ("delivered", 2)
    newest = parcel["tracking_events"][0]
    assert (newest["code"], newest["description"], newest["milestone"]) == ("Z9", "Zapped", "")


def test_an_unknown_carrier_is_kept_as_it_is_called(program: Program) -> None:
    response = program.post("/tracking-events", {"events": [scan("XX77", carrier="Bergmann Kurier")]})
    parcel = program.get(f"/parcels/{response.json()['data'][0]['parcel_id']}").json()
    assert (parcel["carrier"], parcel["carrier_name"]) == ("", "Bergmann Kurier")


def test_a_late_scan_never_moves_a_delivered_parcel_back(program: Program) -> None:
    late = scan(sub_status="in_transit", code="IT", occurred_at="2026-03-01T12:00:00Z")
    program.post("/tracking-events", {"events": [scan(sub_status="delivered", code="DL")]})
    parcel_id = program.post("/tracking-events", {"events": [late]}).json()["data"][0]["parcel_id"]
    assert program.get(f"/parcels/{parcel_id}").json()["milestone"] == "delivered"


def test_scans_of_one_parcel_need_no_number(program: Program) -> None:
    parcel = program.post("/parcels", {"tracking_number": "1Z999AA10123456784"}).json()
    told = {name: value for name, value in scan().items() if name != "tracking_number"}
    response = program.post(
        f"/parcels/{parcel['id']}/tracking-events", {"events": [told, {**told, "code": 5}]}
    )
    assert statuses(response) == ["recorded", "refused"]
    assert response.json()["data"][0]["parcel_id"] == parcel["id"]


def test_a_thousand_scans_come_in_at_once_and_no_more(program: Program) -> None:
    events = [scan(f"AB{number}") for number in range(1001)]
    assert program.post("/tracking-events", {"events": events}).status_code == 422
    assert statuses(program.post("/tracking-events", {"events": events[:1000]})) == ["recorded"] * 1000


def test_an_empty_batch_is_refused(program: Program) -> None:
    assert program.post("/tracking-events", {"events": []}).status_code == 422
