"""Many at once: nothing is lost and nothing happens twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.doors.api.conftest import Program, key_of, order, scan

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count: int, call: Callable[[int], Any]) -> list[Any]:
    """Call from as many threads, all at the same moment."""
    barrier = Barrier(count)

    def run(index: int) -> Any:
        try:
            barrier.wait()
            return call(index)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.fixture
def key(merchant: Any) -> str:
    return key_of(merchant)


def test_forty_scans_at_once_to_one_parcel_are_all_kept_in_every_run(key: str) -> None:
    for run in range(50):
        number = f"RUN{run}"

        def send(index: int, number: str = number) -> Any:
            moment = f"2026-03-01T10:{index:02}:00Z"
            events = [scan(number, occurred_at=moment, code=f"C{index}")]
            return Program(key).post("/tracking-events", {"events": events}).json()["data"][0]

        results = at_once(40, send)
        assert [result["status"] for result in results] == ["recorded"] * 40
        (parcel_id,) = {result["parcel_id"] for result in results}
        parcel = Program(key).get(f"/parcels/{parcel_id}").json()
        assert parcel["event_count"] == len(parcel["tracking_events"]) == 40


def test_batches_naming_the_same_parcels_in_any_order_never_collide(key: str) -> None:
    numbers = [f"AB{number}" for number in range(8)]

    def send(index: int) -> Any:
        turned = numbers[index % 8 :] + numbers[: index % 8]
        events = [scan(number, code=f"C{index}") for number in turned]
        return Program(key).post("/tracking-events", {"events": events}).json()["data"]

    results = at_once(8, send)
    assert Counter(each["status"] for result in results for each in result) == {"recorded": 64}


def test_ten_requests_with_one_idempotency_key_have_one_effect(key: str) -> None:
    body = {"name": "Till", "scopes": ["orders:read"]}
    answers = at_once(10, lambda _: Program(key).post("/keys", body, key="one"))
    assert [answer.status_code for answer in answers] == [200] * 10
    assert sum("Idempotent-Replayed" in answer for answer in answers) == 9
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(Program(key).get("/keys").json()["data"]) == 2  # with the one that calls


def test_one_order_put_ten_times_at_once_is_one_order(key: str) -> None:
    answers = at_once(10, lambda _: Program(key).put("/orders/by-external-id/o-1", order()))
    assert [answer.status_code for answer in answers] == [200] * 10
    assert len({answer.json()["id"] for answer in answers}) == 1
    (only,) = Program(key).get("/orders").json()["data"]
    assert (len(only["lines"]), only["shopper"]["email"]) == (1, "ada@example.com")


def test_more_clients_than_connections_wait_their_turn(key: str) -> None:
    answers = at_once(64, lambda index: Program(key).put(f"/orders/by-external-id/o-{index}", order()))
    assert [answer.status_code for answer in answers] == [200] * 64


def test_changes_of_one_tracking_at_once_do_not_undo_each_other(key: str) -> None:
    client = Client(headers={"as-api-key": key})
    made = client.post(
        "/tracking/2026-07/trackings",
        {"tracking_number": "A1", "slug": "ups"},
        content_type="application/json",
    ).json()["data"]
    names = ["order_id", "order_number", "language", "pickup_note", "shipment_type", "location_id"]

    def change(index: int) -> Any:
        return Client(headers={"as-api-key": key}).put(
            f"/tracking/2026-07/trackings/{made['id']}", {names[index]: "x"}, content_type="application/json"
        )

    assert [answer.status_code for answer in at_once(len(names), change)] == [200] * len(names)
    told = client.get(f"/tracking/2026-07/trackings/{made['id']}").json()["data"]
    assert {name: told[name] for name in names} == dict.fromkeys(names, "x")
