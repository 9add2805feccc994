"""The first beat: what is to be sent is written down with the event, for those who listen, once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.shipments.public import ParcelRecorded, parcels_by_number, withdraw_parcel
from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.api.aftership.tracking_object import aftership_view
from aftermile.doors.webhooks.operations.announce import announce
from aftermile.doors.webhooks.payloads import LARGEST_BODY_BYTES, standard_body
from aftermile.doors.webhooks.queries import message
from aftermile.doors.webhooks.states import Format
from aftermile.intake.events import RecordQuarantined
from aftermile.kernel.events import Published, outside_events, publish, reactions, read
from aftermile.kernel.ids import public_id, uuid7
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON
from tests.doors.webhooks.conftest import Shop

pytestmark = pytest.mark.django_db

URL = "https://shop.example/hooks"


@contextmanager
def statements() -> Iterator[list[str]]:
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [each["sql"] for each in captured.captured_queries]


def batch_of(count: int) -> list[Published]:
    return [
        Published(
            uuid7(), number, "parcel.recorded", ParcelRecorded(uuid7(), f"AB{number}", "ups"), "system", NOON
        )
        for number in range(count)
    ]


def bodies(shop: Shop, endpoint_id: Any) -> list[Any]:
    with merchant_scope(shop.merchant.id):
        return [
            json.loads(message(endpoint_id=endpoint_id, message_id=each.id).body)
            for each in shop.messages(endpoint_id)
        ]


def test_the_reaction_hears_of_everything_the_feed_has() -> None:
    known = {name for name in outside_events() if not name.startswith("test.")}
    assert reactions()["webhooks.announce"].types == known


def test_an_event_is_written_with_public_ids_its_type_and_its_moment(shop: Shop) -> None:
    id_, _ = shop.listens(URL)
    parcel_id = uuid7()
    with merchant_scope(shop.merchant.id):
        publish(ParcelRecorded(parcel_id, "AB1", "ups"), by="system", at=NOON)
    with merchant_scope(shop.merchant.id):
        announce(read(after=0), at=NOON)
    assert bodies(shop, id_) == [
        {
            "type": "parcel.recorded",
            "timestamp": "2026-03-02T12:00:00Z",
            "data": {"parcel_id": public_id("par", parcel_id), "tracking_number": "AB1", "carrier": "ups"},
        }
    ]


def test_an_endpoint_hears_what_it_asked_for_or_else_everything(shop: Shop) -> None:
    some, _ = shop.listens(URL, "parcel.recorded", "order.placed")
    other, _ = shop.listens(URL, "order.placed")
    with merchant_scope(shop.merchant.id):
        announce(batch_of(2), at=NOON)
    assert (len(shop.messages(some)), len(shop.messages(other))) == (2, 0)


def test_the_same_events_again_change_nothing(shop: Shop) -> None:
    id_, _ = shop.listens(URL)
    batch = batch_of(3)
    with merchant_scope(shop.merchant.id):
        assert [announce(batch, at=NOON) for _ in "12"] == [3, 0]
    assert len(shop.messages(id_)) == 3


def test_where_nobody_listens_it_costs_one_query(shop: Shop) -> None:
    with merchant_scope(shop.merchant.id), statements() as made:
        announce(batch_of(500), at=NOON)
    assert len(made) == 1


@pytest.mark.parametrize(("events", "endpoints"), [(1, 1), (200, 1), (200, 3)])
def test_a_batch_costs_three_statements_however_large(shop: Shop, events: int, endpoints: int) -> None:
    """One for who listens, one for the messages, one for the jobs."""
    for _ in range(endpoints):
        shop.listens(URL)
    with merchant_scope(shop.merchant.id), statements() as made:
        assert announce(batch_of(events), at=NOON) == events * endpoints
    assert len(made) == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'webhooks.send'")
        assert cursor.fetchone() == (endpoints,)


def test_a_message_is_never_too_large_for_its_receiver() -> None:
    event = RecordQuarantined(uuid7(), uuid7(), "ü" * LARGEST_BODY_BYTES)
    body = standard_body(Published(uuid7(), 1, "inbound_record.quarantined", event, "system", NOON))
    assert len(body.encode()) < LARGEST_BODY_BYTES
    data = json.loads(body)["data"]
    assert (sorted(data), data["left_out"]) == (["connection_id", "left_out", "record_id"], ["reason"])


class TestAfterShip:
    def listens(self, shop: Shop, url: str = URL) -> Any:
        return shop.listens(url, format_=Format.AFTERSHIP)[0]

    def test_one_update_per_changed_parcel_however_many_events_told_of_it(self, shop: Shop) -> None:
        id_ = self.listens(shop)
        shop.scanned(
            ("AB1", SubStatus.IN_TRANSIT), ("AB1", SubStatus.DEPARTED_FACILITY), ("AB2", SubStatus.DELIVERED)
        )
        shop.work_but_send_nothing()
        written = bodies(shop, id_)
        assert [(each["event"], each["msg"]["tracking_number"], each["msg"]["tag"]) for each in written] == [
            ("tracking_update", "AB1", "InTransit"),
            ("tracking_update", "AB2", "Delivered"),
        ]
        assert [each["is_tracking_first_tag"] for each in written] == [True, True]

    def test_what_is_no_news_of_tracking_is_not_told(self, shop: Shop) -> None:
        id_ = self.listens(shop)
        shop.parcels_are_recorded(3)
        shop.work_but_send_nothing()
        assert shop.messages(id_) == []

    def test_a_scan_within_the_same_milestone_is_not_its_first(self, shop: Shop) -> None:
        id_ = self.listens(shop)
        shop.scanned(("AB1", SubStatus.IN_TRANSIT))
        shop.at += timedelta(hours=1)
        shop.scanned(("AB1", SubStatus.DEPARTED_FACILITY))
        shop.work_but_send_nothing()
        assert [each["is_tracking_first_tag"] for each in bodies(shop, id_)] == [True, False]

    def test_it_carries_the_tracking_object_of_the_api(self, shop: Shop) -> None:
        id_ = self.listens(shop)
        shop.scanned(("AB1", SubStatus.IN_TRANSIT))
        shop.work_but_send_nothing()
        (written,) = bodies(shop, id_)
        with merchant_scope(shop.merchant.id):
            (parcel,) = parcels_by_number(["AB1"])
        assert written["msg"] == aftership_view(parcel, at=NOON)
        assert list(written) == ["ts", "event", "event_id", "is_tracking_first_tag", "msg"]
        assert written["ts"] == int(NOON.timestamp())
        assert (written["event_id"][14], written["event_id"][19] in "89ab") == ("4", True)

    def test_a_parcel_that_is_tracked_no_more_is_not_told_of(self, shop: Shop) -> None:
        id_ = self.listens(shop)
        shop.scanned(("AB1", SubStatus.IN_TRANSIT))
        with merchant_scope(shop.merchant.id):
            (parcel,) = parcels_by_number(["AB1"])
            withdraw_parcel(parcel_id=parcel.id, by="staff:1", at=NOON)
        shop.work_but_send_nothing()
        assert shop.messages(id_) == []

    def test_a_batch_of_parcels_is_read_at_once(self, shop: Shop) -> None:
        self.listens(shop)

        def cost(*numbers: str) -> int:
            shop.scanned(*((number, SubStatus.IN_TRANSIT) for number in numbers))
            with merchant_scope(shop.merchant.id):
                last = read(after=0)[-2 * len(numbers) :]
                with statements() as made:
                    announce(last, at=NOON)
            return len(made)

        assert cost("AB1") == cost("AB2", "AB3", "AB4")
