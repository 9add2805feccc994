"""Asking carriers and fetching history: within the limits, and never the same thing lost or twice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from aftermile.capabilities.orders.public import list_orders
from aftermile.capabilities.shipments.public import parcels_by_number, record_tracking
from aftermile.connectors.contracts.facts import TrackingReport
from aftermile.intake.models import InboundRecord, PolledParcel
from aftermile.intake.operations import ask, backfill
from aftermile.intake.public import NoHistory, connect, digest, start_backfill
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.http import Response, Unreachable
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON
from tests.intake.shop import connect_aftership, connect_shopify, order

pytestmark = pytest.mark.django_db

#: PostNord answers about one number at a time; written by hand after its public description.
ANSWER = {
    "TrackingInformationResponse": {
        "shipments": [
            {
                "shipmentId": "84971563697SE",
                "items": [
                    {
                        "itemId": "84971563697SE",
                        "status": "EN_ROUTE",
                        "events": [
                            {
                                "eventTime": "2026-03-03T10:00:00",
                                "eventCode": "31",
                                "status": "EN_ROUTE",
                                "eventDescription": "The item is on its way",
                                "location": {"name": "Malmo", "countryCode": "SE", "country": "Sweden"},
                            }
                        ],
                    }
                ],
            }
        ]
    }
}


@dataclass
class World:
    """Everybody outside: answers in turn, and remembers what was asked."""

    answers: list[Response | Exception] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)

    def send_request(self, request: Any) -> Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def answer(body: object, status: int = 200, **headers: str) -> Response:
    return Response(status=status, headers=headers, body=json.dumps(body).encode(), elapsed_seconds=0.01)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    outside = World()
    for module in (ask, backfill):
        monkeypatch.setattr(module, "outbound_client", lambda purpose: outside)
    monkeypatch.setattr(ask.time, "sleep", lambda seconds: None)
    yield outside
    assert outside.answers == []


@pytest.fixture
def postnord(merchant: Merchant) -> Any:
    with merchant_scope(merchant.id):
        made = connect(
            connector="postnord", name="PostNord", credentials={"api_key": "k"}, by="staff:1", at=NOON
        )
        follow("84971563697SE")
        return made


def follow(*numbers: str) -> None:
    reports = [TrackingReport(tracking_number=number, carrier="postnord") for number in numbers]
    record_tracking(reports=reports, source="shop", by="staff:1", at=NOON)


def schedule(merchant: Merchant, at: datetime) -> int:
    connection.cursor().execute("DELETE FROM pgqueuer")
    return ask.schedule_polls(merchant.id, at=at)


def test_an_open_parcel_is_asked_about_and_its_answer_read(
    merchant: Merchant, postnord: Any, world: World
) -> None:
    world.answers = [answer(ANSWER)]
    assert schedule(merchant, now()) == 1
    assert ask.poll(merchant.id, postnord.id) == 1
    assert "84971563697SE" in str(world.asked[0])
    assert digest(merchant.id) == 1
    with merchant_scope(merchant.id):
        (parcel,) = parcels_by_number(["84971563697SE"])
        assert (parcel.milestone, parcel.event_count) == ("in_transit", 1)
        assert InboundRecord.rows().get().origin == "poll"


def test_it_is_not_asked_about_again_before_its_time(merchant: Merchant, postnord: Any, world: World) -> None:
    world.answers = [answer(ANSWER)]
    schedule(merchant, now())
    ask.poll(merchant.id, postnord.id)
    assert schedule(merchant, now()) == 0
    assert ask.poll(merchant.id, postnord.id) == 0
    assert schedule(merchant, now() + timedelta(days=1)) == 1


def test_the_same_answer_again_is_kept_once(merchant: Merchant, postnord: Any, world: World) -> None:
    world.answers = [answer(ANSWER), answer(ANSWER)]
    for _ in range(2):
        with merchant_scope(merchant.id):
            PolledParcel.rows().update(due_at=NOON)
        schedule(merchant, now())
        ask.poll(merchant.id, postnord.id)
    with merchant_scope(merchant.id):
        assert InboundRecord.rows().count() == 1


@pytest.mark.parametrize("failure", [Unreachable("no route"), answer({}, 503), answer({}, 429)])
def test_a_carrier_that_does_not_answer_is_asked_later_and_later(
    merchant: Merchant, postnord: Any, world: World, failure: Response | Exception
) -> None:
    waits = []
    for _ in range(3):
        world.answers = [failure]
        with merchant_scope(merchant.id):
            PolledParcel.rows().update(due_at=NOON)
        schedule(merchant, now())
        ask.poll(merchant.id, postnord.id)
        with merchant_scope(merchant.id):
            row = PolledParcel.rows().get()
        waits.append(round((row.due_at - now()).total_seconds() / 60))
    assert waits == [5, 10, 20]


def test_one_job_waits_per_connection_however_often_it_is_due(merchant: Merchant, postnord: Any) -> None:
    schedule(merchant, now())
    ask.schedule_polls(merchant.id, at=now())
    cursor = connection.cursor()
    cursor.execute("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'intake.poll'")
    assert cursor.fetchone() == (1,)


def test_an_arrived_parcel_is_no_longer_asked_about(merchant: Merchant, postnord: Any, world: World) -> None:
    delivered = json.loads(json.dumps(ANSWER).replace("EN_ROUTE", "DELIVERED"))
    world.answers = [answer(delivered)]
    schedule(merchant, now())
    ask.poll(merchant.id, postnord.id)
    digest(merchant.id)
    assert schedule(merchant, now() + timedelta(days=1)) == 0


def pages(*orders: Sequence[int]) -> list[Response | Exception]:
    """Shopify's answers: no products, no customers, then orders page by page."""
    link = '<https://lindgren.example/admin/api/2026-07/orders.json?page_info=p{}&limit=250>; rel="next"'
    told: list[Response | Exception] = [answer({"products": []}), answer({"customers": []})]
    for index, numbers in enumerate(orders):
        headers = {"link": link.format(index)} if index + 1 < len(orders) else {}
        told.append(answer({"orders": [order(number) for number in numbers]}, **headers))
    return told


def run_backfill(merchant: Merchant) -> None:
    cursor = connection.cursor()
    while True:
        cursor.execute("DELETE FROM pgqueuer WHERE entrypoint = 'intake.backfill' RETURNING payload")
        waiting = cursor.fetchall()
        if not waiting:
            return
        for (payload,) in waiting:
            jobs.run("intake.backfill", bytes(payload))


def test_history_is_fetched_page_by_page_and_once(merchant: Merchant, world: World) -> None:
    with merchant_scope(merchant.id):
        shop = connect(
            connector="shopify", name="Shop", by="staff:1", at=NOON,
            credentials={"secret": "s", "shop_domain": "lindgren.example", "access_token": "t"},
        )  # fmt: skip
    for _ in range(2):
        world.answers = pages([1, 2], [3])
        with merchant_scope(merchant.id):
            start_backfill(connection_id=shop.id, since=NOON)
        run_backfill(merchant)
        digest(merchant.id)
        with merchant_scope(merchant.id):
            assert sorted(each.number for each in list_orders(limit=9)) == ["#1", "#2", "#3"]
            assert InboundRecord.rows().count() == 3


def test_a_page_that_fails_is_fetched_again(merchant: Merchant, world: World) -> None:
    shop = connect_shopify(merchant)
    world.answers = [answer({}, 500)]
    with merchant_scope(merchant.id):
        start_backfill(connection_id=shop.id, since=NOON)
    with pytest.raises(backfill.StorefrontAnswered, match="500"):
        run_backfill(merchant)


def test_a_carrier_has_no_history(merchant: Merchant, postnord: Any) -> None:
    with merchant_scope(merchant.id), pytest.raises(NoHistory):
        start_backfill(connection_id=postnord.id, since=NOON)


def test_a_connection_without_the_key_for_asking_asks_nobody(merchant: Merchant, world: World) -> None:
    connect_aftership(merchant)
    with merchant_scope(merchant.id):
        follow("84971563697SE")
    assert schedule(merchant, now()) == 0
    assert world.asked == []
