"""Orders, shoppers and products through the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from aftermile.intake.models import InboundRecord
from aftermile.kernel import jobs
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON
from tests.doors.api.conftest import Program, order
from tests.intake.shop import connect_shopify

pytestmark = pytest.mark.django_db


class TestOrders:
    def test_an_order_is_made_and_read_as_it_was_told(self, program: Program) -> None:
        told = order(
            shipping_address={"name": "Ada", "line1": "Gasse 1", "city": "Ulm", "country": "DE"},
            promised={"earliest_date": "2026-03-03", "latest_date": "2026-03-05"},
            tags=["gift"],
            attributes={"till": 4},
            status="paid-and-packed",
        )
        made = program.record("orders", "o-1", told)
        assert program.get(f"/orders/{made['id']}").json() == made
        assert (made["source"], made["external_id"], made["number"], made["state"]) == (
            "shop",
            "o-1",
            "#1001",
            "open",
        )
        assert (made["total_minor"], made["currency"], made["placed_at"]) == (
            3980,
            "EUR",
            "2026-03-01T08:00:00Z",
        )
        assert (made["promised_earliest_date"], made["promised_latest_date"]) == ("2026-03-03", "2026-03-05")
        assert (made["status"], made["tags"], made["attributes"]) == (
            "paid-and-packed",
            ["gift"],
            {"till": 4},
        )
        assert made["shipping_address"]["city"] == "Ulm"
        assert made["shopper"]["email"] == "ada@example.com"
        (line,) = made["lines"]
        assert (line["external_id"], line["quantity"], line["unit_price_minor"]) == ("l-1", 2, 1990)
        assert "/t/" in made["tracking_page_url"]

    def test_labels_are_put_as_a_whole_and_leave_tags_alone(self, program: Program) -> None:
        made = program.record("orders", "o-1", order(tags=["gift"]))
        address = f"/orders/{made['id']}/labels"
        put = [program.put(address, {"labels": labels}).json() for labels in (["VIP", "gift"], ["vip"], [])]
        assert [(each["labels"], each["tags"]) for each in put] == [
            (["gift", "VIP"], ["gift"]),
            (["VIP"], ["gift"]),
            ([], ["gift"]),
        ]
        refused = [
            program.put(address, {"labels": labels}) for labels in (["a,b"], [f"{n}" for n in range(21)])
        ]
        assert [(each.status_code, each.json()["error"]["code"]) for each in refused] == [
            (422, "label_unusable"),
            (422, "too_many_labels"),
        ]
        missing = program.put("/orders/ord_01jh8x7v1mf3qav9c2tnyw5zke/labels", {"labels": []})
        assert missing.status_code == 404

    def test_recording_tells_what_it_did_and_where_the_shopper_looks(self, program: Program) -> None:
        put = [program.put("/orders/by-external-id/o-1", order(note=note)).json() for note in ("a", "a", "b")]
        assert [(each["created"], each["changed"]) for each in put] == [
            *((True, True), (False, False), (False, True))
        ]
        read = program.get(f"/orders/{put[0]['id']}").json()
        assert {each["tracking_page_url"] for each in put} == {read["tracking_page_url"]}

    def test_the_same_again_changes_nothing(self, program: Program) -> None:
        first = program.record("orders", "o-1", order())
        events = program.get("/events").json()
        assert program.record("orders", "o-1", order()) == first
        assert program.get("/events").json() == events

    def test_an_older_version_never_overwrites_a_newer(self, program: Program) -> None:
        program.put("/orders/by-external-id/o-1", order(note="new", updated_at="2026-03-02T00:00:00Z"))
        program.put("/orders/by-external-id/o-1", order(note="old", updated_at="2026-03-01T00:00:00Z"))
        assert program.get("/orders", external_id="o-1").json()["data"][0]["note"] == "new"

    def test_an_odd_order_costs_only_itself(self, program: Program) -> None:
        items = [
            {**order(), "external_id": "o-1"},
            {**order(), "external_id": ""},
            {**order(totl=1), "external_id": "o-3"},
            {**order(total={"amount_minor": 1, "currency": "euro"}), "external_id": "o-4"},
            {**order(number="#2"), "external_id": "o-2"},
            None,
        ]
        results = program.post("/orders/batch", {"orders": items}).json()["data"]
        assert [each["status"] for each in results] == [
            *("recorded", "refused", "refused", "refused", "recorded", "refused")
        ]
        assert results[2]["error"]["details"]["problems"][0]["field"] == "totl"
        listed = [each["id"] for each in program.get("/orders").json()["data"]]
        assert sorted(listed) == sorted([results[0]["id"], results[4]["id"]])

    def test_orders_are_found(self, program: Program) -> None:
        program.put("/orders/by-external-id/o-1", order())
        other = order(number="#2", shopper={"email": "bo@example.com"}, state="cancelled")
        program.put("/orders/by-external-id/o-2", other)

        def found(**query: Any) -> list[str]:
            return [each["external_id"] for each in program.get("/orders", **query).json()["data"]]

        assert found(number="1001") == ["o-1"]
        assert found(email="BO@example.com") == ["o-2"]
        assert found(state="cancelled") == ["o-2"]
        assert found(updated_since="2090-01-01T00:00:00Z") == []
        assert found(external_id="o-2") == ["o-2"]
        assert found() == ["o-2", "o-1"]

    def test_a_refund_is_recorded_once(self, program: Program) -> None:
        made = program.record("orders", "o-1", order())
        refund = {
            "external_id": "r-1",
            "amount": {"amount_minor": 500, "currency": "EUR"},
            "lines": [{"line_external_id": "l-1", "quantity": 1}],
        }
        for _ in "12":
            refunded = program.post(f"/orders/{made['id']}/refunds", refund).json()
        assert (refunded["refunded_minor"], len(refunded["refunds"])) == (500, 1)
        assert refunded["refunds"][0]["lines"][0]["line_external_id"] == "l-1"


class TestShoppers:
    def test_a_shopper_is_one_across_ids_and_contact_points(self, program: Program) -> None:
        first = program.record("shoppers", "s-1", {"email": "ada@example.com", "name": "Ada"})
        items = [{"email": "ADA@example.com", "phone": "+49 731 1234567"}, {}, {"external_id": "s-1"}]
        results = program.post("/shoppers/batch", {"shoppers": items}).json()["data"]
        assert [each["id"] for each in results] == [first["id"], None, first["id"]]
        assert results[1]["error"]["code"] == "shopper_unidentified"
        (found,) = program.get("/shoppers", phone="+497311234567").json()["data"]
        assert (found["id"], found["name"]) == (first["id"], "Ada")

    def test_what_was_allowed_is_kept(self, program: Program) -> None:
        consent = {
            "channel": "email",
            "purpose": "marketing",
            "granted": True,
            "recorded_at": "2026-03-01T10:00:00Z",
        }
        shopper = program.record("shoppers", "s-1", {"consents": [consent]})
        (given,) = shopper["consents"]
        assert {name: given[name] for name in consent} == consent

    def test_an_erased_shopper_stays_erased(self, program: Program) -> None:
        made = program.record("orders", "o-1", order())
        shopper_id = made["shopper"]["id"]
        erased = program.post(f"/shoppers/{shopper_id}/erasure").json()
        assert (erased["name"], erased["email"], erased["erased_at"] is None) == ("", "", False)
        program.put("/shoppers/by-external-id/s-1", {"name": "Ada again"})
        assert program.get(f"/shoppers/{shopper_id}").json()["name"] == ""

    def test_what_was_received_about_them_is_emptied_and_the_queue_names_nobody(
        self, program: Program, merchant: Merchant
    ) -> None:
        made = program.record("orders", "o-1", order())
        program.post(f"/shoppers/{made['shopper']['id']}/erasure")
        with connection.cursor() as cursor:
            cursor.execute("SELECT payload FROM pgqueuer WHERE entrypoint = 'intake.erase_bodies'")
            ((payload,),) = cursor.fetchall()
        assert b"ada@example.com" not in bytes(payload)
        source = connect_shopify(merchant)
        with merchant_scope(merchant.id):
            record = InboundRecord(
                connection_id=source.id,
                origin="webhook",
                body=b'{"email": "ada@example.com"}',
                received_at=NOON,
            )
            record.save(force_insert=True)
        jobs.run("intake.erase_bodies", bytes(payload))
        with merchant_scope(merchant.id):
            assert bytes(InboundRecord.rows().get(id=record.id).body) == b""

    def test_everything_kept_on_a_shopper_is_exported(self, program: Program) -> None:
        made = program.record("orders", "o-1", order())
        export = program.get(f"/shoppers/{made['shopper']['id']}/export").json()
        assert (export["shopper"]["name"], export["shopper"]["email"]) == ("Ada", "ada@example.com")
        assert [each["id"] for each in export["orders"]] == [made["id"]]


class TestProducts:
    def test_a_product_is_made_and_read_as_it_was_told(self, program: Program) -> None:
        variant = {
            "external_id": "v-1",
            "sku": "RON-1",
            "price": {"amount_minor": 1990, "currency": "EUR"},
            "weight_grams": 400,
        }
        made = program.record("products", "p-1", {"title": "Ronia", "tags": ["novel"], "variants": [variant]})
        assert program.get(f"/products/{made['id']}").json() == made
        assert (made["title"], made["tags"], made["removed"]) == ("Ronia", ["novel"], False)
        (given,) = made["variants"]
        assert (given["sku"], given["price_minor"], given["currency"], given["weight_grams"]) == (
            *("RON-1", 1990, "EUR", 400),
        )

    def test_an_odd_product_costs_only_itself(self, program: Program) -> None:
        items = [{"external_id": "p-1"}, {"external_id": "p-2", "variants": [{}]}, {"external_id": "p-3"}]
        results = program.post("/products/batch", {"products": items}).json()["data"]
        assert [each["status"] for each in results] == ["recorded", "refused", "recorded"]
        assert [each["external_id"] for each in program.get("/products").json()["data"]] == ["p-3", "p-1"]
