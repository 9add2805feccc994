"""A list costs as many statements with three rows as with one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.doors.api.conftest import Program, order, scan

pytestmark = pytest.mark.django_db

LISTS = [
    "/orders",
    "/shoppers",
    "/products",
    "/shipments",
    "/parcels",
    "/content",
    "/connections",
    "/inbound-records",
    "/events",
    "/keys",
    "/webhook-endpoints",
    "/journeys",
    "/segments",
    "/tasks",
]


def make(program: Program, number: int) -> None:
    """Make one row of every list."""
    shopper = {"external_id": f"s-{number}", "email": f"s{number}@example.com"}
    shipment = {"tracking_numbers": [f"AB{number}"], "order_external_id": f"o-{number}"}
    connection = {"connector": "dhl-unified", "credentials": {"api_key": "k"}}
    answers = [
        program.put(f"/orders/by-external-id/o-{number}", order(shopper=shopper)),
        program.put(f"/products/by-external-id/p-{number}", {"variants": [{"external_id": "v"}]}),
        program.put(f"/shipments/by-external-id/f-{number}", shipment),
        program.post("/tracking-events", {"events": [scan(f"AB{number}"), scan(f"AB{number}", code="X")]}),
        program.post("/content", {"kind": "faq", "texts": {"en": {"title": f"Question {number}?"}}}),
        program.post("/connections", connection),
        program.post("/journeys", {"name": "a", "definition": {"trigger": {"by_hand": True}, "steps": []}}),
        program.post("/segments", {"name": f"a {number}", "condition": {}}),
        program.post("/webhook-endpoints", {"url": f"https://shop{number}.example/hook"}),
        program.post("/keys", {"name": "a", "scopes": ["orders:read"]}),
    ]
    assert [answer.status_code for answer in answers] == [200] * len(answers)


def statements(program: Program, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = program.get(path)
    assert response.status_code == 200
    return len(captured)


def test_lists_cost_the_same_with_one_and_three_rows(program: Program) -> None:
    make(program, 1)
    program.get("/keys")
    with_one = {path: statements(program, path) for path in LISTS}
    make(program, 2)
    make(program, 3)
    assert {path: statements(program, path) for path in LISTS} == with_one


def test_trackings_cost_the_same_with_one_and_three(program: Program) -> None:
    client = Client(headers={"as-api-key": program.key})

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/tracking/2026-07/trackings").status_code == 200
        return len(captured)

    make(program, 1)
    count()
    with_one = count()
    make(program, 2)
    make(program, 3)
    assert count() == with_one


def test_a_key_known_a_moment_ago_costs_no_statement(program: Program) -> None:
    make(program, 1)
    program.get("/keys")
    with CaptureQueriesContext(connection) as captured:
        program.get("/keys")
    assert not [each for each in captured.captured_queries if "digest" in each["sql"].partition("WHERE")[2]]
