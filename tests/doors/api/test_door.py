"""What every operation shares: keys, scopes, the shape of errors, limits, repeats."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client

from aftermile.kernel.access import revoke_key
from aftermile.kernel.clock import now
from aftermile.kernel.ids import read_public_id
from aftermile.kernel.tenancy import merchant_scope
from tests.doors.api.conftest import Program, key_of

pytestmark = pytest.mark.django_db


def error(response: Any) -> tuple[int, str]:
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "details", "request_id"}
    assert body["error"]["message"]
    return response.status_code, body["error"]["code"]


class TestKeys:
    @pytest.mark.parametrize(
        ("authorization", "code"),
        [
            (None, "key_missing"),
            ("", "key_missing"),
            ("Basic YTpi", "key_missing"),
            ("Bearer", "key_missing"),
            ("Bearer nonsense", "bad_token"),
            ("Bearer am_" + "0" * 10, "bad_token"),
        ],
    )
    def test_without_a_usable_key_nothing_is_answered(self, authorization: str | None, code: str) -> None:
        headers = {} if authorization is None else {"authorization": authorization}
        response = Client().get("/api/v1/parcels", headers=headers)
        assert error(response) == (401, code)
        assert response["WWW-Authenticate"] == 'Bearer realm="api"'

    def test_a_key_with_a_wrong_letter_is_told_so(self, program: Program) -> None:
        wrong = program.key[:-1] + ("a" if program.key[-1] != "a" else "b")
        assert error(Program(wrong).get("/parcels")) == (401, "bad_token")

    def test_a_revoked_key_is_refused_at_once(self, program: Program, merchant: Any) -> None:
        (key,) = program.get("/keys").json()["data"]
        with merchant_scope(merchant.id):
            revoke_key(key_id=read_public_id("key", key["id"]), at=now())
        assert error(program.get("/keys")) == (401, "key_unusable")

    def test_a_scope_is_needed_and_named(self, merchant: Any) -> None:
        reader = Program(key_of(merchant, "orders:read"))
        assert reader.get("/orders").status_code == 200
        response = reader.get("/parcels")
        assert error(response) == (403, "scope_missing")
        assert response.json()["error"]["details"] == {"scope": "shipments:read"}

    def test_a_key_is_asked_for_before_the_body_is_read(self) -> None:
        response = Client().post("/api/v1/parcels", b"{", content_type="application/json")
        assert error(response) == (401, "key_missing")


class TestBodies:
    @pytest.mark.parametrize(
        "body",
        [
            b"{",
            b'{"tracking_number": "1\\u0000"}',
            b'{"tracking_number": "1\\\\\\u0000"}',
            b'{"tracking_number": "1\\ud800"}',
            b'{"tracking_number": "1\xff"}',
            '{"tracking_number": "1"}'.encode("utf-16"),
            b'{"tracking_number": NaN}',
            b'{"tracking_number": ' + b"[" * 100_000,
            b'{"tracking_number": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001,
        ],
    )
    def test_what_is_no_json_is_refused(self, program: Program, body: bytes) -> None:
        assert error(program.post("/parcels", body)) == (400, "body_unreadable")

    def test_an_escaped_backslash_before_u0000_is_plain_text(self, program: Program) -> None:
        body = b'{"tracking_number": "1Z999AA10123456784", "title": "C:\\\\u0000"}'
        assert program.post("/parcels", body).json()["title"] == "C:\\u0000"

    def test_a_body_over_a_megabyte_is_refused_unread(self, program: Program) -> None:
        assert error(program.post("/parcels", b" " * 1_048_577)) == (413, "body_too_large")

    def test_an_unknown_field_is_refused_by_its_name(self, program: Program) -> None:
        response = program.post("/parcels", {"tracking_number": "1Z999AA10123456784", "titel": "x"})
        assert error(response) == (422, "request_invalid")
        assert response.json()["error"]["details"] == {
            "problems": [{"in": "body", "field": "titel", "problem": "Extra inputs are not permitted"}]
        }

    def test_values_are_not_repeated_in_errors(self, program: Program) -> None:
        response = program.put("/shoppers/by-external-id/1", {"email": ["ada@example.com"]})
        assert error(response) == (422, "request_invalid")
        assert b"ada@" not in response.content

    @pytest.mark.parametrize("body", [None, [], "text", 5])
    def test_a_body_of_another_kind_is_refused(self, program: Program, body: Any) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        assert error(program.post("/parcels", content)) == (422, "request_invalid")

    @pytest.mark.parametrize(
        "moment",
        ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-03-01T10:00:00", "2026-02-30T10:00:00Z", 5],
    )
    def test_absurd_moments_are_refused(self, program: Program, moment: Any) -> None:
        assert error(program.put("/orders/by-external-id/1", {"placed_at": moment})) == (
            422,
            "request_invalid",
        )

    @pytest.mark.parametrize("amount", [10**15 + 1, -(10**15) - 1, 1.5, "5", True, 10**40])
    def test_absurd_amounts_are_refused(self, program: Program, amount: Any) -> None:
        total = {"amount_minor": amount, "currency": "EUR"}
        assert error(program.put("/orders/by-external-id/1", {"total": total})) == (422, "request_invalid")

    def test_attributes_nested_deeply_are_refused(self, program: Program) -> None:
        deep: Any = 1
        for _ in range(30):
            deep = [deep]
        response = program.put("/orders/by-external-id/1", {"attributes": {"deep": deep}})
        assert error(response) == (422, "request_invalid")


class TestAddresses:
    def test_an_unknown_address_is_told_in_the_shape_of_errors(self, program: Program) -> None:
        assert error(program.get("/parcel")) == (404, "no_such_path")
        assert error(Client().get("/api/v2/parcels")) == (404, "no_such_path")

    def test_another_method_is_told_which_there_are(self, program: Program) -> None:
        response = program.put("/parcels", {})
        assert error(response) == (405, "method_not_allowed")
        assert response["Allow"] == "GET, POST"

    def test_an_unknown_parameter_is_refused_by_its_name(self, program: Program) -> None:
        response = program.get("/parcels", milstone="delivered")
        assert error(response) == (422, "request_invalid")
        assert "'milstone'" in response.json()["error"]["message"]

    def test_a_nul_in_an_address_is_refused(self, program: Program) -> None:
        assert error(program.put("/orders/by-external-id/a%00b", {})) == (400, "address_unreadable")
        assert error(program.client.get("/api/v1/orders?number=%00")) == (400, "address_unreadable")

    def test_an_id_of_another_kind_is_told_what_it_is(self, program: Program) -> None:
        response = program.get("/parcels/ord_01jh8x7v1mf3qav9c2tnyw5zke")
        assert error(response) == (422, "request_invalid")
        assert "this is the id of one order" in response.json()["error"]["details"]["problems"][0]["problem"]

    @pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "9" * 400])
    def test_a_limit_is_from_1_to_200(self, program: Program, limit: str) -> None:
        assert error(program.get("/parcels", limit=limit)) == (422, "request_invalid")

    def test_external_ids_may_hold_slashes_and_every_letter(self, program: Program) -> None:
        order = program.record("orders", "a%2Fb/c%20%C3%A9%0A", {"number": "1"})
        assert order["external_id"] == "a/b/c é\n"


class TestRepeats:
    def test_a_key_has_one_effect(self, program: Program) -> None:
        first = program.post("/keys", {"name": "Till", "scopes": ["orders:read"]}, key="one")
        second = program.post("/keys", {"name": "Till", "scopes": ["orders:read"]}, key="one")
        assert "Idempotent-Replayed" not in first
        assert second["Idempotent-Replayed"] == "true"
        assert len(program.get("/keys").json()["data"]) == 2  # with the one that calls

    def test_a_secret_is_not_in_the_answer_to_a_repeat(self, program: Program) -> None:
        first, second = (
            program.post("/keys", {"name": "a", "scopes": ["orders:read"]}, key="k") for _ in "12"
        )
        assert first.json()["token"].startswith("am_")
        assert second.json() == {**first.json(), "token": None}

    def test_a_key_with_another_request_is_refused(self, program: Program) -> None:
        program.post("/keys", {"name": "a", "scopes": ["orders:read"]}, key="one")
        response = program.post("/keys", {"name": "b", "scopes": ["orders:read"]}, key="one")
        assert error(response) == (409, "idempotency_key_reused")

    def test_a_request_that_was_refused_may_use_its_key_again(self, program: Program) -> None:
        unknown, known = {"connector": "nope"}, {"connector": "dhl-unified", "credentials": {"api_key": "k"}}
        assert error(program.post("/connections", unknown, key="one")) == (422, "connector_unknown")
        assert program.post("/connections", known, key="one").json()["connector"] == "dhl-unified"

    def test_two_programs_may_use_the_same_key(self, program: Program, merchant: Any) -> None:
        body = {"name": "a", "scopes": ["orders:read"]}
        program.post("/keys", body, key="one")
        again = Program(key_of(merchant)).post("/keys", body, key="one")
        assert "Idempotent-Replayed" not in again

    def test_an_endless_key_is_refused(self, program: Program) -> None:
        response = program.post("/keys", {"name": "a", "scopes": ["orders:read"]}, key="x" * 256)
        assert error(response) == (422, "idempotency_key_unreadable")


def test_an_outage_of_the_database_makes_the_sender_try_again(program: Program) -> None:
    with patch("aftermile.doors.api.endpoint.run_in_scope", side_effect=OperationalError("gone")):
        response = program.get("/parcels")
    assert error(response) == (503, "unavailable")
    assert int(response["Retry-After"]) > 0
