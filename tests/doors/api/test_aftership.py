"""AfterShip's surface where its client does not reach: odd requests, limits, and the tracking object."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftermile.capabilities.shipments.public import ParcelView
from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.api.aftership import limits
from aftermile.doors.api.aftership.tracking_object import aftership_view, is_active
from aftermile.doors.api.aftership.words import milestones_of, status_words
from aftermile.kernel.ids import uuid7
from tests.conftest import NOON
from tests.doors.api.conftest import Program, order, scan

UPS = "1Z999AA10123456784"
ROOT = "/tracking/2026-07"


class Shop:
    """A shop that speaks AfterShip's API without their client."""

    def __init__(self, key: str) -> None:
        self.client = Client(headers={"as-api-key": key})

    def send(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.client.generic(
            method, f"{ROOT}{path}", content, content_type="application/json", query_params=query
        )


@pytest.fixture
def shop(program: Program) -> Shop:
    return Shop(program.key)


def meta(response: Any) -> tuple[int, int, str]:
    told = response.json()
    assert set(told) == {"meta", "data"}
    assert set(told["meta"]) == {"code", "message", "type"}
    return response.status_code, told["meta"]["code"], told["meta"]["type"]


@pytest.mark.django_db
class TestRequests:
    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"{", 4001),
            (b'{"tracking_number": "\\u0000"}', 4001),
            (b"", 4006),
            (b"[]", 4006),
            (b'{"tracking_number": null}', 4007),
            (b'{"tracking_number": 5}', 4008),
            (b'{"tracking_number": "A1", "destination_country_region": "Germany"}', 4008),
            (b'{"tracking_number": "A1", "destination_country_region": "XXX"}', 4008),
            (b'{"tracking_number": "A1", "delivery_type": "by_owl"}', 4008),
        ],
    )
    def test_odd_bodies_have_their_codes(self, shop: Shop, body: bytes, code: int) -> None:
        assert meta(shop.send("POST", "/trackings", body)) == (400, code, "BadRequest")

    def test_unknown_fields_are_passed_over(self, shop: Shop) -> None:
        body = {"tracking_number": UPS, "invented_in_2027": True}
        made = shop.send("POST", "/trackings", body)
        assert (made.status_code, made.json()["meta"]) == (201, {"code": 201})

    def test_a_body_over_a_megabyte_is_refused(self, shop: Shop) -> None:
        assert meta(shop.send("POST", "/trackings", b" " * 1_048_577)) == (413, 400, "BadRequest")

    def test_other_methods_and_addresses_are_told_in_the_envelope(self, shop: Shop) -> None:
        response = shop.send("PATCH", "/trackings")
        assert (meta(response), response["Allow"]) == ((405, 405, "BadRequest"), "GET, POST")
        assert meta(shop.send("GET", "/courier-connections")) == (404, 404, "NotFound")

    def test_without_a_key_nothing_is_answered(self) -> None:
        assert meta(Client().get(f"{ROOT}/couriers")) == (401, 401, "Unauthorized")

    @pytest.mark.parametrize(
        "query",
        [
            {"limit": "0"},
            {"limit": "9" * 400},
            {"cursor": "nonsense"},
            {"tag": "Delivrd"},
            {"created_at_min": "yesterday"},
            {"transit_time": "fast"},
            {"tracking_numbers": ",".join(f"A{number}" for number in range(51))},
        ],
    )
    def test_odd_filters_are_refused(self, shop: Shop, query: dict[str, str]) -> None:
        assert meta(shop.send("GET", "/trackings", **query)) == (400, 4008, "BadRequest")

    def test_too_many_requests_are_told_when_to_come_again(self, shop: Shop) -> None:
        with (
            patch.object(limits, "REQUESTS_PER_SECOND", 2),
            patch.object(limits.time, "time", lambda: 1000.5),
        ):
            answers = [shop.send("GET", "/couriers") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert meta(answers[2]) == (429, 429, "TooManyRequests")
        assert [answer["X-RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
        assert {answer["X-RateLimit-Reset"] for answer in answers} == {"1001"}

    def test_an_outage_makes_the_client_try_again(self, shop: Shop) -> None:
        with patch("aftermile.doors.api.aftership.call.run_in_scope", side_effect=OperationalError("gone")):
            response = shop.send("GET", "/trackings")
        assert meta(response) == (503, 503, "InternalError")
        assert int(response["Retry-After"]) > 0

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_nothing_that_is_sent_breaks_it(self, shop: Shop, data: st.DataObject) -> None:
        anything = st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
            max_leaves=8,
        )
        names = st.sampled_from(
            (
                *(
                    "tracking_number",
                    "slug",
                    "title",
                    "customers",
                    "custom_fields",
                    "reason",
                    "event_datetime",
                ),
                *("origin_country_region", "shipment_tags", "last_mile", "order_promised_delivery_date"),
            )
        )
        body = data.draw(
            st.dictionaries(names, anything | st.just(UPS) | st.just("ups"), max_size=5) | anything
        )
        path = data.draw(
            st.sampled_from(["/trackings", "/couriers/detect", "/trackings/par_01ka7kw3anfggstetvhn58r7s0"])
        )
        method = "PUT" if path.endswith("r7s0") else "POST"
        response = shop.send(method, path, json.dumps(body).encode())
        assert response.status_code < 500, response.content
        assert {"meta", "data"} == response.json().keys()


@pytest.mark.django_db
class TestLinkedOrders:
    def test_a_tracking_of_an_order_shows_its_number_and_page(self, shop: Shop, program: Program) -> None:
        program.put("/shipments/by-external-id/f-1", {"tracking_numbers": [UPS], "order_external_id": "o-1"})
        page = program.put("/orders/by-external-id/o-1", order(shipping_method="Express")).json()[
            "tracking_page_url"
        ]
        (told,) = shop.send("GET", "/trackings").json()["data"]["trackings"]
        assert (told["order_id"], told["order_number"], told["aftership_tracking_order_url"]) == (
            *("o-1", "#1001", page),
        )
        assert told["shipping_method"] == "Express"

    def test_what_came_through_the_house_is_a_tracking(self, shop: Shop, program: Program) -> None:
        program.post("/tracking-events", {"events": [scan(sub_status="delivered")]})
        (told,) = shop.send("GET", "/trackings", tag="Delivered").json()["data"]["trackings"]
        assert (told["tracking_number"], told["active"], told["source"]) == (UPS, False, "integration")

    def test_filters_without_an_index_go_on_where_they_stopped(self, shop: Shop) -> None:
        for number in range(6):
            shop.send(
                "POST",
                "/trackings",
                {"tracking_number": f"A{number}", "slug": "gls", "order_id": f"{number % 2}"},
            )
        with (
            patch("aftermile.doors.api.aftership.finding.MOST_LOOKED_AT", 2),
            patch("aftermile.doors.api.aftership.finding.MOST", 2),
        ):
            seen: list[str] = []
            cursor: dict[str, str] = {}
            while True:
                page = shop.send("GET", "/trackings", order_id="1", limit=2, **cursor).json()["data"]
                seen += [each["tracking_number"] for each in page["trackings"]]
                if not page["pagination"]["has_next_page"]:
                    break
                cursor = {"cursor": page["pagination"]["next_cursor"]}
        assert seen == ["A5", "A3", "A1"]


def parcel(**fields: Any) -> ParcelView:
    blank: dict[str, Any] = dict.fromkeys(ParcelView.__dataclass_fields__)
    blank |= {
        "id": uuid7(), "tracking_number": UPS, "carrier": "ups", "carrier_name": "UPS", "direction": "outbound",
        "milestone": "pending", "sub_status": "pending", "event_count": 0, "attempt_count": 0, "proofs": (),
        "estimate_earliest": "", "estimate_latest": "", "signed_by": "", "origin": {}, "destination": {}, "title": "",
        "note": "", "attributes": {}, "created_at": NOON, "updated_at": NOON, "shipment_ids": (), "order_ids": (),
        "events": (),
    }  # fmt: skip
    return ParcelView(**(blank | fields))


class TestTrackingObject:
    def test_every_sub_status_has_a_tag_and_words(self) -> None:
        for word in SubStatus:
            told = status_words(word)
            assert told["subtag"].startswith(told["tag"])
            assert word.milestone in milestones_of([told["tag"]])

    def test_a_word_of_a_later_version_is_null_and_never_guessed(self) -> None:
        told = aftership_view(parcel(sub_status="teleported", milestone="beamed"))
        assert (told["tag"], told["subtag"], told["active"]) == (None, None, True)

    def test_it_is_json(self) -> None:
        told = aftership_view(
            parcel(
                shipped_at=NOON,
                delivered_at=NOON + timedelta(days=2, hours=3),
                weight_grams=1500,
                proofs=[{"kind": "photo", "url": "https://ups.example/p.jpg"}],
                estimate_earliest="2026-03-03",
                estimate_latest="2026-03-05",
                destination={"country": "DE", "city": "Ulm"},
            )
        )
        assert json.loads(json.dumps(told)) == told
        assert (told["transit_time"], told["shipment_weight"]) == (2, {"unit": "kg", "value": 1.5})
        assert told["proof_of_delivery"] == [{"type": "photo", "url": "https://ups.example/p.jpg"}]
        assert told["latest_estimated_delivery"]["type"] == "range"
        assert (told["destination_country_region"], told["destination_city"]) == ("DEU", "Ulm")
        assert UPS in told["courier_tracking_link"]

    def test_what_is_finished_is_inactive_until_it_is_tracked_anew(self) -> None:
        done = {"milestone": "delivered", "sub_status": "delivered", "reached_at": NOON}
        later = {"aftership": {"retracked_at": [(NOON + timedelta(days=1)).isoformat()]}}
        earlier = {"aftership": {"retracked_at": [(NOON - timedelta(days=1)).isoformat()]}}
        assert [
            is_active(parcel(**fields))
            for fields in (
                {},
                done,
                {**done, "attributes": later},
                {**done, "attributes": earlier},
                {"withdrawn_at": NOON, "attributes": later},
            )
        ] == [True, False, True, False, False]
