"""No key sees or moves anything of another merchant, whatever the address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from aftermile.doors.api.aftership import urls as aftership_urls
from aftermile.doors.api.api import document
from aftermile.kernel.clock import now
from aftermile.kernel.ids import PREFIXES
from aftermile.kernel.tenancy import merchant_scope
from tests.doors.api.conftest import Program, order, scan

pytestmark = pytest.mark.django_db

SECRET = "Okafor's lantern"


@pytest.fixture
def ids(other_program: Program, other_merchant: Any) -> dict[str, str]:
    """One of everything of Okafor's, by the name of the parameter its id stands in."""
    told = order(note=SECRET, shopper={"external_id": "s-1", "email": "okafor@example.com", "name": SECRET})
    made = other_program.record("orders", "o-1", told)
    shipment = other_program.record(
        "shipments", "f-1", {"tracking_numbers": ["LAMP1"], "service": SECRET, "order_external_id": "o-1"}
    )
    other_program.post("/tracking-events", {"events": [scan("LAMP1", description=SECRET)]})
    product = other_program.record("products", "p-1", {"title": SECRET})
    connection = other_program.post(
        "/connections", {"connector": "dhl-unified", "name": SECRET, "credentials": {"api_key": "k"}}
    ).json()
    article = other_program.post("/content", {"kind": "faq", "texts": {"en": {"title": SECRET}}}).json()
    definition = {
        "trigger": {"event": "order.placed"},
        "steps": [{"id": "card", "do": "task", "title": SECRET}],
    }
    journey = other_program.post("/journeys", {"name": SECRET, "definition": definition}).json()
    other_program.post(f"/journeys/{journey['id']}/publication", {})
    other_program.post(f"/journeys/{journey['id']}/switching-on")
    run, task = _on_a_journey(other_merchant)
    segment = other_program.post("/segments", {"name": SECRET, "condition": {}}).json()
    told_box = {"name": SECRET, "length_mm": 200, "width_mm": 150, "height_mm": 100}
    box = other_program.post("/packing/boxes", told_box).json()
    size = {"sku": "LAMP-1", "length_mm": 1, "width_mm": 1, "height_mm": 1}
    other_program.post("/packing/sizes", {"sizes": [size]})
    key = other_program.post("/keys", {"name": SECRET, "scopes": ["orders:read"]}).json()
    endpoint = other_program.post(
        "/webhook-endpoints", {"url": "https://okafor.example/hook", "description": SECRET}
    ).json()
    return {
        "order_id": made["id"],
        "shopper_id": made["shopper"]["id"],
        "shipment_id": shipment["id"],
        "parcel_id": shipment["parcels"][0]["id"],
        "product_id": product["id"],
        "connection_id": connection["id"],
        "key_id": key["id"],
        "endpoint_id": endpoint["id"],
        "article_id": article["id"],
        "journey_id": journey["id"],
        "run_id": run,
        "task_id": task,
        "segment_id": segment["id"],
        "packing_box_id": box["id"],
        "sku": "LAMP-1",
        "record_id": _record(other_merchant, connection["id"]),
        "message_id": "msg_01ka7kw3anfggstetvhn58r7s0",
    }


def _record(merchant: Any, connection_id: str) -> str:
    from aftermile.intake.models import InboundRecord
    from aftermile.kernel.ids import public_id, read_public_id

    with merchant_scope(merchant.id):
        row = InboundRecord.objects.create(
            connection_id=read_public_id("con", connection_id),
            origin="webhook",
            repeat_key="1",
            body=SECRET.encode(),
            received_at=now(),
        )
    return public_id("rec", row.id)


def _on_a_journey(merchant: Any) -> tuple[str, str]:
    """Place an order, and return the run it began with the task that asks for."""
    from aftermile.capabilities.journeys.public import list_runs, open_tasks
    from aftermile.kernel.ids import public_id
    from tests.capabilities.journeys.stories import Shop

    shop = Shop(merchant, now())
    shop.order("j-1")
    shop.hear()
    with merchant_scope(merchant.id):
        (run,), (task,) = list_runs(), open_tasks()
    return public_id("jrn", run.id), public_id("tsk", task.id)


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _body(operation: dict[str, Any]) -> Any:
    """The least body an operation takes."""
    if "requestBody" not in operation:
        return None
    return _least(operation["requestBody"]["content"]["application/json"]["schema"])


def _least(schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _least(document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return _least(schema["anyOf"][0])
    if "default" in schema:
        return schema["default"]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            fields = schema.get("properties", {})
            told = {name: _least(fields[name]) for name in schema.get("required", ())}
            if "occurred_at" in fields:
                told["occurred_at"] = "2026-03-01T10:00:00Z"
            return told
        case "array":
            return [_least(schema["items"])] * max(1, schema.get("minItems", 1))
        case "integer" | "number":
            return 1
        case "boolean":
            return True
        case _:
            if "pattern" in schema and "examples" in schema:
                return schema["examples"][0]
            return "2026-03-01T10:00:00Z" if schema.get("format") == "date-time" else "X1"


def test_every_address_with_an_id_of_another_merchant_is_not_found(
    program: Program, ids: dict[str, str]
) -> None:
    tried = []
    for method, path, operation in operations():
        names = set(re.findall(r"{(\w+)}", path)) - {"external_id"}
        if not names:
            continue
        assert names <= ids.keys(), f"{path}: make one of Okafor's for this test"
        address = path.format(**ids).removeprefix("/api/v1")
        response = program._send(method, address, _body(operation))
        assert response.status_code == 404, (method, path, response.content)
        assert SECRET.encode() not in response.content
        tried.append((method, path))
    assert len(tried) > 20


def test_every_list_and_filter_shows_nothing_of_another_merchant(
    program: Program, ids: dict[str, str]
) -> None:
    other_ids = set(ids.values())
    tried = []
    for method, path, operation in operations():
        if method != "GET" or "{" in path:
            continue
        queries: list[dict[str, str]] = [{}]
        for parameter in operation["parameters"]:
            for prefix, name in PREFIXES.items():
                pattern = parameter["schema"].get("pattern", "")
                if pattern.startswith(f"^{prefix}_") and parameter["name"] != "cursor":
                    queries.append({parameter["name"]: ids[f"{name.replace(' ', '_')}_id"]})
        for query in queries:
            response = program.get(path.removeprefix("/api/v1"), **query)
            assert response.status_code == 200, (path, query, response.content)
            assert SECRET.encode() not in response.content
            assert not any(each.encode() in response.content for each in other_ids), (path, query)
            tried.append(path)
    assert len(set(tried)) > 8


def test_the_same_external_ids_are_two_things(program: Program, ids: dict[str, str]) -> None:
    mine = program.record("orders", "o-1", order())
    assert mine["id"] != ids["order_id"]
    assert mine["shopper"]["id"] != ids["shopper_id"]
    shipment = program.record("shipments", "f-1", {"tracking_numbers": ["LAMP1"]})
    (parcel,) = shipment["parcels"]
    assert (parcel["id"] == ids["parcel_id"], parcel["event_count"]) == (False, 0)


def test_aftership_trackings_of_another_merchant_do_not_exist(program: Program, ids: dict[str, str]) -> None:
    client = Client(headers={"as-api-key": program.key})
    tracking = f"/tracking/2026-07/trackings/{ids['parcel_id']}"
    answers = [
        client.get(tracking),
        client.put(tracking, json.dumps({"title": "x"}), content_type="application/json"),
        client.delete(tracking),
        client.post(f"{tracking}/retrack", b"", content_type="application/json"),
        client.post(
            f"{tracking}/mark-as-completed", json.dumps({"reason": "LOST"}), content_type="application/json"
        ),
    ]
    assert [(answer.status_code, answer.json()["meta"]["code"]) for answer in answers] == [(404, 4004)] * 5
    assert client.get("/tracking/2026-07/trackings?tracking_numbers=LAMP1").json()["data"]["trackings"] == []
    # Two more estimate delivery dates: what they are asked about is in the question, and nothing of anybody's.
    assert len(aftership_urls.urlpatterns) == 7 + 2, "a new address belongs into this test"
