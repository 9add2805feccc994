"""The whole demonstration through the intake: verified, kept, digested; everything there once, as intended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest

from aftermile.capabilities.orders.models import Order, OrderLine, Refund
from aftermile.capabilities.orders.public import State
from aftermile.capabilities.shipments.models import Parcel, TrackingEvent
from aftermile.capabilities.shoppers.models import Shopper
from aftermile.connectors.contracts.sockets import Accepted
from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.intake.models import InboundRecord, UnknownSeen
from aftermile.intake.public import Arrival, ConnectionView, connect, connection_at, digest, keep_all
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from aftermile.project.demo import storefront
from aftermile.project.demo.carrier import ODD_SUBTAG, ODD_TAG
from aftermile.project.demo.goods import PRODUCTS, SHOP_DOMAIN
from aftermile.project.demo.happenings import happenings
from aftermile.project.demo.routes import Story
from aftermile.project.demo.telling import write
from aftermile.project.demo.webhook import Sender, Webhook
from aftermile.project.demo.world import World
from tests.conftest import NOON
from tests.project.demo.test_payloads import BASE, as_request
from tests.project.demo.test_world import START

SECRET = "between us"
KEYS = {Sender.STOREFRONT.value: SECRET, Sender.CARRIERS.value: SECRET}
WORLD = World(2026, START, count=150)
AFTERWARDS = START + timedelta(days=90)


@pytest.fixture
def connections(merchant: Merchant) -> dict[Sender, ConnectionView]:
    with merchant_scope(merchant.id):
        return {
            Sender.STOREFRONT: connect(
                connector="shopify",
                name="Simulated shop",
                credentials={"shop_domain": SHOP_DOMAIN, "secret": SECRET, "currency": "EUR"},
                by="demo",
                at=NOON,
            ),
            Sender.CARRIERS: connect(
                connector="aftership",
                name="Simulated carriers",
                credentials={"webhook_secret": SECRET},
                by="demo",
                at=NOON,
            ),
        }


def everything() -> Iterator[Webhook]:
    """All that is ever sent of the history: long after the start every story has ended."""
    yield from storefront.products(at=WORLD.start, secret=SECRET, base=BASE)
    for each in happenings(WORLD.history()):
        yield write(each, KEYS, BASE)
    yield from storefront.odd_records(WORLD.order(0), secret=SECRET)


def take_in(merchant: Merchant, connections: dict[Sender, ConnectionView], webhooks: list[Webhook]) -> None:
    arrivals = []
    for webhook in webhooks:
        open_ = connection_at(connections[webhook.sender].address)
        request = as_request(webhook)
        assert open_.connector.verify is not None
        verdict = open_.connector.verify(request, open_.credentials)
        assert isinstance(verdict, Accepted)
        arrivals.append(
            Arrival(
                merchant_id=merchant.id,
                connection_id=open_.id,
                origin="webhook",
                kind=verdict.kind,
                external_id=verdict.external_id,
                headers=request.headers,
                body=request.body,
                received_at=AFTERWARDS,
            )
        )
    for first in range(0, len(arrivals), 200):
        keep_all(merchant.id, arrivals[first : first + 200])
    while digest(merchant.id):
        pass


@pytest.mark.slow
@pytest.mark.parametrize("shuffled", [False, True], ids=["as it arrives", "in any order"])
def test_everything_is_there_once_and_ends_as_the_simulator_meant(
    merchant: Merchant, connections: dict[Sender, ConnectionView], shuffled: bool
) -> None:
    webhooks = list(everything())
    if shuffled:
        Random(4).shuffle(webhooks)
    take_in(merchant, connections, webhooks)

    orders = list(WORLD.history())
    parcels = [parcel for order in orders for parcel in order.parcels]
    with merchant_scope(merchant.id):
        assert sorted(Order.rows().values_list("external_id", flat=True)) == sorted(
            str(order.number) for order in orders
        )
        assert sorted(OrderLine.rows().values_list("external_id", "quantity")) == sorted(
            (str(line.number), line.quantity) for order in orders for line in order.lines
        )
        assert Shopper.rows().count() == len({order.shopper.number for order in orders})
        assert Refund.rows().count() == sum(
            (order.cancelled_at is not None) + len(order.refunds) for order in orders
        )
        assert {row.external_id: row.state for row in Order.rows()} == {
            str(order.number): State.CANCELLED
            if order.cancelled_at
            else State.OPEN
            if order.story is Story.SILENT
            else State.COMPLETED
            for order in orders
        }
        assert {
            row.external_id: (row.promised_earliest_date, row.promised_latest_date) for row in Order.rows()
        } == {
            str(order.number): (order.promised.earliest_date, order.promised.latest_date) for order in orders
        }
        assert dict(Parcel.rows().values_list("tracking_number", "milestone")) == {
            parcel.tracking_number: parcel.outcome.milestone if parcel.outcome else Milestone.PENDING
            for parcel in parcels
        }
        # A refused parcel's last scan says "delivered", at the sender's door: the fold knows better.
        assert dict(Parcel.rows().values_list("tracking_number", "sub_status")) == {
            parcel.tracking_number: parcel.outcome or SubStatus.PENDING for parcel in parcels
        }
        assert TrackingEvent.rows().count() == sum(len(parcel.scans) for parcel in parcels)
        assert sorted(UnknownSeen.rows().values_list("what", "word")) == [
            ("status", ODD_TAG),
            ("status", ODD_SUBTAG),
        ]
        quarantined = InboundRecord.rows().filter(status="quarantined")
        assert list(quarantined.values_list("kind", flat=True)) == ["orders/updated"] * 3
        assert not InboundRecord.rows().filter(status="pending").exists()

        from aftermile.capabilities.catalog.models import Product

        assert Product.rows().count() == len(PRODUCTS)
