"""Webhooks at the door: verified, kept before they are answered, kept once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from threading import Barrier, Event, Thread
from uuid import UUID

import pytest
from django.db import OperationalError, connection
from django.test import Client

from aftermile.doors.webhooks import inbound
from aftermile.intake.models import InboundRecord, Refusal
from aftermile.intake.operations import accept, connections
from aftermile.intake.public import Arrival, Kept, disable
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON
from tests.intake.shop import body_of, connect_shopify, order, shopify_headers


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    connections._remembered.clear()
    yield
    connections._remembered.clear()


def send(
    address: str, topic: str, body: bytes, webhook_id: str, **changed: str
) -> tuple[int, dict[str, object]]:
    headers = shopify_headers(topic, body, webhook_id) | changed
    response = Client(raise_request_exception=False).post(
        f"/in/{address}", data=body, content_type="application/json", headers=headers
    )
    return response.status_code, response.json()


def kept(merchant: Merchant) -> list[InboundRecord]:
    with merchant_scope(merchant.id):
        return list(InboundRecord.rows().order_by("id"))


@pytest.mark.django_db
class TestAtTheDoor:
    def test_a_signed_webhook_is_kept_as_it_came(self, merchant: Merchant) -> None:
        shop, body = connect_shopify(merchant), body_of(order(1))
        status, answer = send(
            shop.address, "orders/create", body, "w1", authorization="Bearer x", cookie="a=b"
        )
        assert (status, answer["status"], answer["repeat"]) == (200, "accepted", False)
        (record,) = kept(merchant)
        assert (bytes(record.body), record.kind, record.status, record.origin) == (
            body,
            "orders/create",
            "pending",
            "webhook",
        )
        assert record.headers["x-shopify-webhook-id"] == "w1"
        assert not {"authorization", "cookie"} & set(record.headers)

    def test_the_same_webhook_again_is_kept_once(self, merchant: Merchant) -> None:
        shop, body = connect_shopify(merchant), body_of(order(1))
        first = send(shop.address, "orders/create", body, "w1")
        second = send(shop.address, "orders/create", body, "w1")
        assert (first[1]["repeat"], second[0], second[1]["repeat"]) == (False, 200, True)
        assert first[1]["record"] == second[1]["record"]
        assert len(kept(merchant)) == 1

    def test_a_wrong_signature_is_refused_and_counted(self, merchant: Merchant) -> None:
        shop, body = connect_shopify(merchant), body_of(order(1))
        for _ in range(2):
            status, _ = send(shop.address, "orders/create", body, "w1", **{"x-shopify-hmac-sha256": "bm8="})
            assert status == 401
        assert kept(merchant) == []
        with merchant_scope(merchant.id):
            assert [(row.connection_id, row.count) for row in Refusal.rows()] == [(shop.id, 2)]

    @pytest.mark.parametrize("address", ["in_nonsense", "x", "in_" + "0" * 54, "%00", "é"])
    def test_an_address_nobody_has_is_not_found(self, db: None, address: str) -> None:
        assert send(address, "orders/create", b"{}", "w1")[0] == 404

    def test_a_disabled_connection_is_not_found(self, merchant: Merchant) -> None:
        shop = connect_shopify(merchant)
        with merchant_scope(merchant.id):
            disable(connection_id=shop.id, by="staff:1", at=NOON)
        assert send(shop.address, "orders/create", body_of(order(1)), "w1")[0] == 404

    def test_a_body_over_the_limit_is_too_large(self, merchant: Merchant) -> None:
        shop = connect_shopify(merchant)
        assert send(shop.address, "orders/create", b"x" * 1_048_577, "w1")[0] == 413
        assert kept(merchant) == []

    @pytest.mark.parametrize(
        "body", [b"", b"\xff\xfe\x00", b"[" * 100_000, b'{"a": "\\u0000\\ud800"}', b"<xml/>"]
    )
    def test_a_signed_body_nobody_can_read_is_kept_all_the_same(
        self, merchant: Merchant, body: bytes
    ) -> None:
        shop = connect_shopify(merchant)
        assert send(shop.address, "orders/create", body, "w1")[0] == 200
        assert [bytes(record.body) for record in kept(merchant)] == [body]

    def test_only_posts_are_taken(self, merchant: Merchant) -> None:
        response = Client().get(f"/in/{connect_shopify(merchant).address}")
        assert (response.status_code, response["Allow"]) == (405, "POST, PUT")

    @pytest.mark.parametrize("webhook_id", ["w" * 3_000, "w\x00", "w\ud800"])
    def test_an_id_that_cannot_be_stored_is_none(self, merchant: Merchant, webhook_id: str) -> None:
        shop = connect_shopify(merchant)
        arrivals = [
            Arrival(
                merchant_id=merchant.id,
                connection_id=shop.id,
                origin="webhook",
                kind="orders/\x00create",
                external_id=webhook_id,
                headers={"x-note": "\x00a"},
                body=body,
                received_at=NOON,
            )
            for body in (b"1", b"22", b"1", b"")
        ]
        assert [each.is_new for each in accept.keep_all(merchant.id, arrivals)] == [True, True, False, True]
        records = kept(merchant)
        assert sorted(bytes(record.body) for record in records) == [b"", b"1", b"22"]
        assert {(record.kind, record.headers["x-note"]) for record in records} == {("orders/create", "a")}

    def test_while_the_database_is_away_the_sender_is_asked_to_come_again(
        self, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shop = connect_shopify(merchant)

        def away(*_: object) -> None:
            raise OperationalError("the connection is lost")

        monkeypatch.setattr(inbound, "keep_all", away)
        headers = shopify_headers("orders/create", b"{}", "w1")
        response = Client().post(
            f"/in/{shop.address}", data=b"{}", content_type="application/json", headers=headers
        )
        assert (response.status_code, response["Retry-After"]) == (503, "5")

    def test_another_shops_address_keeps_for_that_shop_only(
        self, merchant: Merchant, other_merchant: Merchant
    ) -> None:
        mine, theirs = connect_shopify(merchant), connect_shopify(other_merchant)
        send(mine.address, "orders/create", body_of(order(1)), "w1")
        send(theirs.address, "orders/create", body_of(order(2)), "w1")
        assert [len(kept(merchant)), len(kept(other_merchant))] == [1, 1]


def arrival(merchant: Merchant, connection_id: UUID, name: str, body: bytes = b"{}") -> Arrival:
    return Arrival(
        merchant_id=merchant.id,
        connection_id=connection_id,
        origin="webhook",
        kind="orders/create",
        external_id=name,
        headers={},
        body=body,
        received_at=NOON,
    )


def keep_together(*arrivals: Arrival) -> list[Kept | BaseException]:
    async def keep() -> list[Kept | BaseException]:
        gate = accept.Gate()
        return await asyncio.gather(*map(gate.keep, arrivals), return_exceptions=True)

    return asyncio.run(keep())


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_a_burst_is_kept_whole_and_once(self, merchant: Merchant) -> None:
        """Sixteen senders at once, each webhook sent by two of them: all answered, each kept once."""
        shop = connect_shopify(merchant)

        async def sender(gate: accept.Gate, index: int) -> list[Kept]:
            first = (index // 2) * 100
            return [await gate.keep(arrival(merchant, shop.id, f"w{first + each}")) for each in range(20)]

        async def burst() -> list[list[Kept]]:
            gate = accept.Gate()
            return await asyncio.gather(*(sender(gate, index) for index in range(16)))

        told = [kept for sent in asyncio.run(burst()) for kept in sent]
        assert Counter(each.is_new for each in told) == {True: 8 * 20, False: 8 * 20}
        assert {record.id for record in kept(merchant)} == {each.record_id for each in told}
        assert len(kept(merchant)) == 8 * 20

    def test_what_waits_is_committed_together(
        self, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shop, keep_all = connect_shopify(merchant), accept.keep_all
        under_way, may_end = Event(), Event()
        sizes: list[int] = []

        def slowly(merchant_id: UUID, arrivals: Sequence[Arrival]) -> list[Kept]:
            sizes.append(len(arrivals))
            under_way.set()
            may_end.wait(5)
            return keep_all(merchant_id, arrivals)

        async def keep() -> None:
            gate = accept.Gate()
            first = asyncio.create_task(gate.keep(arrival(merchant, shop.id, "first")))
            await asyncio.to_thread(under_way.wait, 5)
            others = [gate.keep(arrival(merchant, shop.id, f"w{each}")) for each in range(250)]
            together = asyncio.gather(first, *others)
            await asyncio.sleep(0)
            may_end.set()
            await together

        monkeypatch.setattr(accept, "keep_all", slowly)
        asyncio.run(keep())
        assert sizes == [1, accept.MOST_TOGETHER, 50]
        assert len(kept(merchant)) == 251

    def test_one_merchants_trouble_is_not_the_others(
        self, merchant: Merchant, other_merchant: Merchant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mine, theirs, keep_all = connect_shopify(merchant), connect_shopify(other_merchant), accept.keep_all

        def in_trouble(merchant_id: UUID, arrivals: Sequence[Arrival]) -> list[Kept]:
            if merchant_id == merchant.id:
                raise OperationalError("the disk is full")
            return keep_all(merchant_id, arrivals)

        monkeypatch.setattr(accept, "keep_all", in_trouble)
        told = keep_together(
            arrival(merchant, mine.id, "a"),
            arrival(other_merchant, theirs.id, "b"),
            arrival(merchant, mine.id, "c"),
        )
        assert [isinstance(each, OperationalError) for each in told] == [True, False, True]
        assert [len(kept(merchant)), len(kept(other_merchant))] == [0, 1]

    def test_who_left_before_the_commit_is_kept_all_the_same(self, merchant: Merchant) -> None:
        shop = connect_shopify(merchant)

        async def keep() -> Kept:
            gate = accept.Gate()
            gone = asyncio.create_task(gate.keep(arrival(merchant, shop.id, "gone")))
            await asyncio.sleep(0)
            gone.cancel()
            return await gate.keep(arrival(merchant, shop.id, "here"))

        assert asyncio.run(keep()).is_new
        assert {record.repeat_key for record in kept(merchant)} == {"id:gone", "id:here"}

    def test_a_burst_needs_one_connection(self, merchant: Merchant) -> None:
        """All connections of the pool but one are in other hands."""
        shop = connect_shopify(merchant)
        others = connection.settings_dict["OPTIONS"]["pool"]["max_size"] - 1
        connection.close()
        in_hand, done = Barrier(others + 1), Event()

        def hold() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            in_hand.wait()
            done.wait(30)
            connection.close()

        threads = [Thread(target=hold) for _ in range(others)]
        for thread in threads:
            thread.start()
        in_hand.wait()
        told = keep_together(*(arrival(merchant, shop.id, f"w{each}") for each in range(64)))
        done.set()
        for thread in threads:
            thread.join()
        assert all(isinstance(each, Kept) and each.is_new for each in told)
