"""The event feed, connections and inbound records through the API."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import fields
from typing import Any

import pytest

from aftermile.doors.api.event_payloads import event_data
from aftermile.intake.models import InboundRecord
from aftermile.kernel.clock import now
from aftermile.kernel.events import Published, event_types
from aftermile.kernel.ids import public_id, read_public_id, uuid7
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON
from tests.doors.api.conftest import Program, order, scan

pytestmark = pytest.mark.django_db


class TestFeed:
    def test_a_reader_who_remembers_the_cursor_misses_nothing(self, program: Program) -> None:
        program.put("/orders/by-external-id/o-1", order())
        seen: list[int] = []
        cursor = "0"
        for number in range(3):
            program.post("/tracking-events", {"events": [scan(f"AB{number}")]})
            while True:
                page = program.get("/events", after=cursor, limit=2).json()
                seen += [each["position"] for each in page["data"]]
                cursor = page["next_cursor"]
                if not page["data"]:
                    break
        assert seen == list(range(1, len(seen) + 1))
        assert len(seen) > 8

    def test_events_carry_public_ids_and_who_acted(self, program: Program) -> None:
        result = program.post("/tracking-events", {"events": [scan(sub_status="delivered")]}).json()["data"][
            0
        ]
        (reached,) = program.get("/events", types="parcel.milestone_reached").json()["data"]
        assert reached["data"]["parcel_id"] == result["parcel_id"]
        assert (reached["data"]["milestone"], reached["data"]["previous"]) == ("delivered", "pending")
        assert reached["by"].startswith("api_key:key_")

    def test_an_event_nobody_knows_is_refused_by_its_name(self, program: Program) -> None:
        response = program.get("/events", types=["parcel.tracked", "parcel.eaten"])
        assert response.status_code == 422
        assert "parcel.milestone_reached" in response.json()["error"]["details"]["problems"][0]["problem"]

    def test_every_event_tells_what_its_ids_are_ids_of(self) -> None:
        for name, cls in event_types().items():
            values: dict[str, Any] = {}
            for field, annotation in ((each.name, each.type) for each in fields(cls)):
                text = str(annotation)
                values[field] = (uuid7(),) if "tuple[UUID" in text else uuid7() if "UUID" in text else "x"
            published = Published(uuid7(), 1, name, cls(**values), "system", NOON)
            data = event_data(published)
            for field, annotation in ((each.name, each.type) for each in fields(cls)):
                if "UUID" in str(annotation):
                    written = data[field][0] if isinstance(data[field], list) else data[field]
                    assert written[3] == "_", (name, field, written)

    def test_an_event_of_a_later_version_is_given_as_it_is(self) -> None:
        published = Published(uuid7(), 1, "parcel.teleported", {"parcel_id": "x"}, "system", NOON)
        assert event_data(published) == {"parcel_id": "x"}


class TestConnections:
    @pytest.fixture
    def connection(self, program: Program) -> dict[str, Any]:
        credentials = {"shop_domain": "lindgren.myshopify.com", "secret": "s3cret"}
        made: dict[str, Any] = program.post(
            "/connections", {"connector": "shopify", "credentials": credentials}, key="one"
        ).json()
        return made

    def test_a_connection_shows_its_address_and_never_its_secrets(
        self, program: Program, connection: dict[str, Any]
    ) -> None:
        assert connection["address"].startswith("in_")
        assert (connection["settings"], connection["secret_names"]) == (
            {"shop_domain": "lindgren.myshopify.com"},
            ["secret"],
        )
        read = program.get(f"/connections/{connection['id']}")
        assert read.json() == connection
        assert b"s3cret" not in read.content

    def test_the_address_is_not_in_the_answer_to_a_repeat(
        self, program: Program, connection: dict[str, Any]
    ) -> None:
        body = {
            "connector": "shopify",
            "credentials": {"shop_domain": "lindgren.myshopify.com", "secret": "s3cret"},
        }
        assert program.post("/connections", body, key="one").json() == {**connection, "address": None}

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"connector": "myspace"}, "connector_unknown"),
            ({"connector": "shopify"}, "credentials_unusable"),
            ({"connector": "shopify", "credentials": {"secert": "x"}}, "credentials_unusable"),
        ],
    )
    def test_what_cannot_be_connected_is_told(self, program: Program, body: Any, code: str) -> None:
        response = program.post("/connections", body)
        assert (response.status_code, response.json()["error"]["code"]) == (422, code)

    def test_a_connection_is_disabled_once(self, program: Program, connection: dict[str, Any]) -> None:
        first, again = (program.post(f"/connections/{connection['id']}/disabling").json() for _ in "12")
        assert first == again
        assert first["disabled_at"] is not None

    def test_a_record_is_read_as_it_came_and_read_again(
        self, program: Program, merchant: Any, connection: dict[str, Any]
    ) -> None:
        ids = []
        with merchant_scope(merchant.id):
            for number, body in enumerate((b'{"id": 1}', b"\xff\x00")):
                row = InboundRecord.objects.create(
                    connection_id=read_public_id("con", connection["id"]),
                    origin="webhook",
                    kind="orders/create",
                    repeat_key=str(number),
                    headers={"x-shopify-topic": "orders/create"},
                    body=body,
                    received_at=now(),
                    status="quarantined",
                    reason="no order in it",
                )
                ids.append(public_id("rec", row.id))
        text, binary = (program.get(f"/inbound-records/{each}").json() for each in ids)
        assert (text["body"], text["body_encoding"], text["reason"]) == (
            '{"id": 1}',
            "text",
            "no order in it",
        )
        assert (b64decode(binary["body"]), binary["body_encoding"]) == (b"\xff\x00", "base64")
        assert text["headers"] == {"x-shopify-topic": "orders/create"}

        assert program.post(f"/inbound-records/{ids[0]}/replay").json() == {"count": 1}
        waiting = program.get("/inbound-records", status="pending").json()["data"]
        assert [each["id"] for each in waiting] == [ids[0]]
        assert program.post("/inbound-records/replays", {}).json() == {"count": 1}
        assert program.get("/inbound-records", status="quarantined").json()["data"] == []
