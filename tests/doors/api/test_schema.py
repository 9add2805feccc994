"""What the OpenAPI document says is what happens: nothing undocumented, and never a 5xx."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from aftermile.doors.api.api import document
from tests.doors.api.conftest import Program, order, scan

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# The document cannot say "from 1990 to 2100" of a text.
_moments = st.datetimes(min_value=datetime(1990, 1, 2)).filter(lambda moment: moment.year < 2100)
schemathesis.openapi.format("date-time", _moments.map(lambda moment: moment.isoformat() + "Z"))
schemathesis.openapi.format("date", _moments.map(lambda moment: moment.date().isoformat()))

_house = get_wsgi_application()


def _inside_the_test(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Answer inside the test's own transaction: a finished request would otherwise close the connection."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        response = _house(environ, start_response)
        body = b"".join(response)
        response.close()
        return [body]
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


# With SCHEMA_TESTS=thorough every boundary of every field is tried as well, which takes some minutes.
_thorough = os.environ.get("SCHEMA_TESTS") == "thorough"
_config = SchemathesisConfig.from_dict(
    {
        "generation": {
            "allow-x00": False,
            "max-examples": 15,
            "deterministic": True,
            "database": "none",
        },
        "phases": {"coverage": {"enabled": _thorough}, "stateful": {"enabled": False}},
    }
)
api = schemathesis.openapi.from_dict(document(), config=_config)
api.app = _inside_the_test

BOX = {"name": "Small", "length_mm": 200, "width_mm": 150, "height_mm": 100}

_NOT_CHECKED = {
    # In a batch an item that cannot be read is refused alone, and the batch answered with 200.
    negative_data_rejection: frozenset(
        {
            "record_order_batch",
            "record_shopper_batch",
            "record_product_batch",
            "record_tracking_events",
            "record_parcel_tracking_events",
        }
    ),
    # Whether credentials suffice, an address can be called, a text can be printed or is an article, an object is a
    # journey or a condition, where a journey stands, and whether of what is sent enough is known, no schema says.
    positive_data_acceptance: frozenset(
        {
            *("make_connection", "make_webhook_endpoint", "change_webhook_endpoint", "put_labels"),
            *("write_article", "put_article_draft", "publish_an_article"),
            *("write_journey", "put_journey_draft", "publish_a_journey", "switch_standard_journeys_on"),
            *("switch_journey_on", "pause_journey", "drain_journey", "stop_journey", "bring_journey_back"),
            *("archive_journey", "backfill_journey", "start_journey", "play_journey"),
            *("make_segment", "put_segment"),
            *("plan_packing", "make_packing_box", "put_packing_box", "keep_item_sizes"),
            *("read_packing_plan", "record_order_packing", "quote_delivery"),
        }
    ),
}


@pytest.fixture
def things(program: Program, merchant: Any) -> dict[str, str]:
    """One of everything, by the name of the parameter its id stands in."""
    made = program.record("orders", "o-1", order())
    shipment = program.record("shipments", "f-1", {"tracking_numbers": ["AB1"]})
    program.post("/tracking-events", {"events": [scan("AB1")]})
    product = program.record("products", "p-1", {"title": "Ronia"})
    credentials = {"shop_domain": "lindgren.myshopify.com", "secret": "s3cret"}
    connection = program.post("/connections", {"connector": "shopify", "credentials": credentials}).json()
    article = {"kind": "faq", "texts": {"en": {"title": "May I?", "body": "Yes."}}}
    definition = {"trigger": {"by_hand": True}, "steps": []}
    return {
        "journey_id": program.post("/journeys", {"name": "a", "definition": definition}).json()["id"],
        "segment_id": program.post("/segments", {"name": "a", "condition": {}}).json()["id"],
        "packing_box_id": program.post("/packing/boxes", BOX).json()["id"],
        "article_id": program.post("/content", article).json()["id"],
        "order_id": made["id"],
        "shopper_id": made["shopper"]["id"],
        "shipment_id": shipment["id"],
        "parcel_id": shipment["parcels"][0]["id"],
        "product_id": product["id"],
        "connection_id": connection["id"],
        "key_id": program.get("/keys").json()["data"][0]["id"],
    }


@api.parametrize()
@settings(
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
def test_every_operation_does_what_its_document_says(
    case: schemathesis.Case, program: Program, things: dict[str, str]
) -> None:
    if case.meta is None or case.meta.generation.mode.is_positive:
        for name in set(case.path_parameters or {}) & set(things):
            case.path_parameters[name] = things[name]
    operation = case.operation.definition.raw["operationId"]
    excluded = [check for check, operations in _NOT_CHECKED.items() if operation in operations]
    case.call_and_validate(headers={"Authorization": f"Bearer {program.key}"}, excluded_checks=excluded)
