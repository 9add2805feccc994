"""Digestion: raw records become orders, shipments, parcels and scans, in whatever order they came."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import OperationalError

from aftermile.capabilities.orders.public import list_orders
from aftermile.capabilities.shipments.models import TrackingEvent
from aftermile.capabilities.shipments.public import list_parcels, parcels_by_number, shipments_of_orders
from aftermile.capabilities.shoppers.public import list_shoppers
from aftermile.connectors.contracts.sockets import Accepted, InboundRequest
from aftermile.connectors.storefronts import shopify
from aftermile.intake.models import InboundRecord, UnknownSeen
from aftermile.intake.operations import digest as digestion
from aftermile.intake.public import Arrival, ConnectionView, digest, keep_all, list_records, replay_many
from aftermile.intake.states import RecordStatus
from aftermile.kernel.events import read
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON
from tests.intake.shop import (
    body_of,
    connect_aftership,
    connect_shopify,
    fulfilment,
    order,
    tracking,
)

pytestmark = pytest.mark.django_db

UPS = "1Z5R89390357567127"
Sent = tuple[str, str, dict[str, Any]]  # connection, topic, payload

STORY: tuple[Sent, ...] = (
    ("shop", "orders/create", order(1)),
    ("shop", "fulfillments/create", fulfilment(1, UPS)),
    (
        "scans",
        "tracking_update",
        tracking(UPS, ("2026-03-03T08:00:00+01:00", "InTransit", "InTransit_002"), event_id="e1"),
    ),
    (
        "scans",
        "tracking_update",
        tracking(
            UPS,
            ("2026-03-03T08:00:00+01:00", "InTransit", "InTransit_002"),
            ("2026-03-04T07:00:00+01:00", "OutForDelivery", "OutForDelivery_001"),
            ("2026-03-04T11:00:00+01:00", "Delivered", "Delivered_003"),
            event_id="e2",
        ),
    ),
)


class Desk:
    """A merchant with a shop and an aggregator, and a worker that digests when told."""

    def __init__(self, merchant: Merchant) -> None:
        self.merchant = merchant
        self.connections: dict[str, ConnectionView] = {
            "shop": connect_shopify(merchant),
            "scans": connect_aftership(merchant),
        }
        self._numbers = itertools.count()

    def receive(self, sent: Sequence[Sent], *, raw: bytes | None = None) -> None:
        for where, kind, payload in sent:
            self.keep(where, kind, body_of(payload) if raw is None else raw)

    def keep(self, where: str, kind: str, body: bytes) -> None:
        arrival = Arrival(
            merchant_id=self.merchant.id, connection_id=self.connections[where].id, origin="webhook", kind=kind,
            external_id=str(next(self._numbers)), headers={}, body=body, received_at=NOON,
        )  # fmt: skip
        keep_all(self.merchant.id, [arrival])

    def digest(self) -> int:
        return digest(self.merchant.id)

    def picture(self) -> dict[str, Any]:
        """What anybody can see of the shop, without ids and our own moments."""
        with merchant_scope(self.merchant.id):
            orders = list_orders(limit=50)
            return {
                "orders": [
                    (each.number, each.currency, [(line.title, line.quantity) for line in each.lines])
                    for each in orders
                ],
                "shoppers": len(list_shoppers(limit=50)),
                "shipments": [
                    [(box.tracking_number, box.carrier) for box in shipment.parcels]
                    for of_order in shipments_of_orders([each.id for each in orders]).values()
                    for shipment in of_order
                ],
                "parcels": [
                    (box.tracking_number, box.milestone, box.sub_status, box.event_count, box.delivered_at)
                    for box in list_parcels(limit=50)
                ],
                "scans": sorted(TrackingEvent.rows().values_list("occurred_at", "sub_status")),
            }


@pytest.fixture
def desk(merchant: Merchant) -> Desk:
    return Desk(merchant)


def test_the_whole_story(desk: Desk) -> None:
    desk.receive(STORY)
    assert desk.digest() == 4
    picture = desk.picture()
    assert picture["orders"] == [("#1", "EUR", [("The Long Way", 1), ("The Short Cut", 2)])]
    assert picture["shoppers"] == 1
    assert picture["shipments"] == [[(UPS, "ups")]]
    (parcel,) = picture["parcels"]
    assert parcel[:4] == (UPS, "delivered", "signed", 3)
    with merchant_scope(desk.merchant.id):
        types = [published.type for published in read(after=0)]
    assert types.count("order.placed") == 1
    assert types.count("parcel.milestone_reached") == 1
    assert {record.status for record in _records(desk)} == {"digested"}


def _records(desk: Desk) -> list[InboundRecord]:
    with merchant_scope(desk.merchant.id):
        return list(InboundRecord.rows())


@pytest.mark.parametrize("order_of_arrival", list(itertools.permutations(range(4)))[::3])
def test_the_order_of_arrival_does_not_matter(
    desk: Desk, merchant: Merchant, order_of_arrival: tuple[int, ...]
) -> None:
    for index in order_of_arrival:  # each digested before the next arrives
        desk.receive([STORY[index]])
        desk.digest()
    one_by_one = desk.picture()
    straight = Desk(merchant)  # a second pair of connections: other ids of the source, same story
    assert one_by_one["parcels"][0][:4] == (UPS, "delivered", "signed", 3)
    assert one_by_one["shipments"] == [[(UPS, "ups")]]
    assert one_by_one["orders"] == [("#1", "EUR", [("The Long Way", 1), ("The Short Cut", 2)])]
    assert straight.digest() == 0


def test_everything_twice_and_shuffled_is_the_same_picture(desk: Desk) -> None:
    desk.receive(STORY)
    desk.digest()
    once = desk.picture()
    doubled = [*STORY, *STORY]
    random.Random(7).shuffle(doubled)
    desk.receive(doubled)
    desk.digest()
    assert desk.picture() == once


def test_an_unreadable_record_waits_with_its_reason_and_costs_nobody_else(desk: Desk) -> None:
    desk.keep("shop", "orders/create", b"not json")
    desk.receive(STORY[:1])
    assert desk.digest() == 2
    assert len(desk.picture()["orders"]) == 1
    with merchant_scope(desk.merchant.id):
        (waiting,) = list_records(limit=10, status=RecordStatus.QUARANTINED)
        assert "not JSON" in waiting.reason
        assert [published.type for published in read(after=0)].count("inbound_record.quarantined") == 1


def test_quarantine_is_left_by_a_replay_after_a_fix(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = shopify.connector

    def fail(_: object) -> None:
        raise KeyError("line_items")

    monkeypatch.setattr(
        digestion,
        "open_connection",
        lambda row: (
            _with(connections_open(row), fail) if row.connector == "shopify" else connections_open(row)
        ),
    )
    desk.receive(STORY[:1])
    desk.digest()
    with merchant_scope(desk.merchant.id):
        (waiting,) = list_records(limit=10, status=RecordStatus.QUARANTINED)
    assert waiting.reason.startswith("The connector shopify failed on it (KeyError)")
    monkeypatch.undo()
    assert broken is shopify.connector
    with merchant_scope(desk.merchant.id):
        assert replay_many() == 1
    desk.digest()
    assert len(desk.picture()["orders"]) == 1


def connections_open(row: Any) -> Any:
    from aftermile.intake.operations.connections import open_connection

    return open_connection(row)


def _with(open_: Any, translate: Any) -> Any:
    from dataclasses import replace

    return replace(open_, connector=replace(open_.connector, translate=translate))


def test_any_record_can_be_replayed_and_changes_nothing(desk: Desk) -> None:
    desk.receive(STORY)
    desk.digest()
    before = desk.picture()
    with merchant_scope(desk.merchant.id):
        position = len(read(after=0))
        assert replay_many(status=RecordStatus.DIGESTED) == 4
    assert desk.digest() == 4
    assert desk.picture() == before
    with merchant_scope(desk.merchant.id):
        assert len(read(after=0)) == position


def test_a_record_that_breaks_an_act_is_put_aside_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = digestion.apply

    def apply(facts: Any, **given: Any) -> Any:
        if any(getattr(fact, "number", "") == "#2" for fact in facts):
            raise RuntimeError("a bug in an act")
        return real(facts, **given)

    monkeypatch.setattr(digestion, "apply", apply)
    desk.receive([("shop", "orders/create", order(number)) for number in (1, 2, 3)])
    assert desk.digest() == 3
    assert sorted(number for number, *_ in desk.picture()["orders"]) == ["#1", "#3"]
    with merchant_scope(desk.merchant.id):
        (aside,) = list_records(limit=10, status=RecordStatus.QUARANTINED)
    assert aside.reason == "Taking it in failed: RuntimeError. It can be replayed after a fix."


def test_while_the_database_is_away_nothing_is_put_aside(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(digestion, "apply", away)
    desk.receive(STORY[:1])
    with pytest.raises(OperationalError):
        desk.digest()
    assert [record.status for record in _records(desk)] == ["pending"]


def test_unknown_words_are_kept_counted_and_move_nothing(desk: Desk) -> None:
    odd = tracking(UPS, ("2026-03-03T08:00:00+01:00", "InTransit", "InTransit_002"), event_id="e1")
    odd["msg"]["checkpoints"].append(
        {
            "checkpoint_time": "2026-03-04T08:00:00+01:00",
            "tag": "Teleported",
            "subtag": "Teleported_001",
            "message": "?",
        }
    )
    desk.receive([("scans", "tracking_update", odd), ("shop", "moon/rise", {"id": 1})])
    desk.digest()
    with merchant_scope(desk.merchant.id):
        (parcel,) = parcels_by_number([UPS])
        seen = set(UnknownSeen.rows().values_list("word", "count"))
    assert (parcel.milestone, parcel.event_count) == ("in_transit", 2)
    assert ("moon/rise", 1) in seen
    assert any("Teleported" in word for word, _ in seen)


def test_a_second_parcel_never_replaces_the_first(desk: Desk) -> None:
    desk.receive([("shop", "fulfillments/create", fulfilment(1, UPS))])
    second = fulfilment(
        1, UPS, tracking_numbers=[UPS, "1Z999AA10123456784"], updated_at="2026-03-02T16:00:00+01:00"
    )
    desk.receive([("shop", "fulfillments/update", second), STORY[0]])
    desk.digest()
    assert [[number for number, _ in boxes] for boxes in desk.picture()["shipments"]] == [
        [UPS, "1Z999AA10123456784"]
    ]


def test_a_ping_and_a_signed_request_are_told_apart() -> None:
    body = body_of(order(1))
    from tests.intake.shop import SECRET, shopify_headers

    request = InboundRequest(
        method="POST",
        headers=shopify_headers("orders/create", body, "w9"),
        query={},
        body=body,
        received_at=NOON,
    )
    assert shopify.connector.verify is not None
    assert shopify.connector.verify(request, {"secret": SECRET}) == Accepted(
        kind="orders/create", external_id="w9"
    )
