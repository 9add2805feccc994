"""What the simulator sends is taken for the real thing by the connectors, and understood."""

from __future__ import annotations

from collections import Counter

import pytest

from aftermile.connectors.contracts.facts import OrderFact, RefundFact
from aftermile.connectors.contracts.sockets import Accepted, InboundRequest, RawRecord, Refused, Unreadable
from aftermile.connectors.recognition import candidates_for
from aftermile.connectors.registry import carrier_of, connector
from aftermile.kernel.money import Money
from aftermile.project.demo import carrier, storefront
from aftermile.project.demo.carrier import ODD_SUBTAG, ODD_TAG
from aftermile.project.demo.goods import SHOP_DOMAIN
from aftermile.project.demo.happenings import What, happenings, happenings_of
from aftermile.project.demo.lanes import LANES, Lane
from aftermile.project.demo.webhook import Sender, Webhook
from aftermile.project.demo.world import World
from tests.project.demo.test_world import START

SECRET = "between us"
BASE = "http://127.0.0.1:8000"
CONNECTORS = {Sender.STOREFRONT: connector("shopify"), Sender.CARRIERS: connector("aftership")}
CREDENTIALS = {"secret": SECRET, "webhook_secret": SECRET, "shop_domain": SHOP_DOMAIN}


def as_request(webhook: Webhook) -> InboundRequest:
    headers = {name.lower(): value for name, value in webhook.headers.items()}
    return InboundRequest(method="POST", headers=headers, query={}, body=webhook.body, received_at=START)


def sent() -> list[Webhook]:
    """Every webhook of fifty orders."""
    world = World(11, START, count=50)
    return [
        *storefront.products(at=START, secret=SECRET, base=BASE),
        *(
            carrier.webhook(each, secret=SECRET)
            if each.what is What.SCANNED
            else storefront.webhook(each, secret=SECRET, base=BASE)
            for each in happenings(world.history())
        ),
    ]


def test_everything_is_signed_and_understood_but_for_the_odd_code() -> None:
    unknown: Counter[tuple[str, str]] = Counter()
    for webhook in sent():
        plug = CONNECTORS[webhook.sender]
        assert plug.verify is not None
        verdict = plug.verify(as_request(webhook), CREDENTIALS)
        assert isinstance(verdict, Accepted)
        assert verdict.external_id
        read = plug.translate(RawRecord(kind=verdict.kind, body=webhook.body, received_at=START))
        assert read.facts
        unknown.update((word.what, word.word) for word in read.unknown)
    assert set(unknown) == {("status", ODD_TAG), ("status", ODD_SUBTAG)}


def test_what_comes_twice_comes_as_a_retry_or_under_a_new_id() -> None:
    """Both kinds of repeat: the gate drops the first, and of the second nothing is counted twice."""
    kinds: Counter[bool] = Counter()
    for order in World(11, START).history():
        if order.disorder.doubled:
            each = [one for one in happenings_of(order) if one.what is What.PLACED]
            first, second = (storefront.webhook(one, secret=SECRET, base=BASE) for one in each)
            assert first.body == second.body
            kinds[first.headers["X-Shopify-Webhook-Id"] == second.headers["X-Shopify-Webhook-Id"]] += 1
    assert kinds == {True: 42, False: 42}


def test_what_is_signed_with_another_key_is_refused() -> None:
    plug = CONNECTORS[Sender.STOREFRONT]
    assert plug.verify is not None
    for webhook in storefront.odd_records(World(11, START).order(0), secret="guessed"):
        assert isinstance(plug.verify(as_request(webhook), CREDENTIALS), Refused)


def test_odd_records_are_signed_and_not_to_be_read() -> None:
    plug = CONNECTORS[Sender.STOREFRONT]
    assert plug.verify is not None
    odd = storefront.odd_records(World(11, START).order(0), secret=SECRET)
    assert len(odd) == 3
    for webhook in odd:
        assert isinstance(plug.verify(as_request(webhook), CREDENTIALS), Accepted)
        with pytest.raises(Unreadable):
            plug.translate(RawRecord(kind="orders/updated", body=webhook.body, received_at=START))


def told(what: What, *, index: int) -> OrderFact | RefundFact:
    order = World(2026, START).order(index)
    happening = next(each for each in happenings_of(order) if each.what is what)
    webhook = storefront.webhook(happening, secret=SECRET, base=BASE)
    kind = webhook.headers["X-Shopify-Topic"]
    facts = CONNECTORS[Sender.STOREFRONT].translate(
        RawRecord(kind=kind, body=webhook.body, received_at=START)
    )
    fact = facts.facts[0]
    assert isinstance(fact, OrderFact | RefundFact)
    return fact


def test_an_order_tells_its_promise_and_its_pictures() -> None:
    order, fact = World(2026, START).order(0), told(What.PLACED, index=0)
    assert isinstance(fact, OrderFact)
    assert fact.promised == order.promised
    assert fact.language == "nl-NL"
    assert [line.image_url for line in fact.lines] == [
        f"{BASE}/demo/pictures/{line.product.slug}.svg" for line in order.lines
    ]


def test_what_is_lost_is_paid_back() -> None:
    fact = told(What.REFUNDED, index=3)
    assert isinstance(fact, RefundFact)
    assert fact.reason == "Lost on the way"
    assert fact.amount == Money(World(2026, START).order(3).goods_minor, "EUR")


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: f"{lane.service} {lane.country}")
def test_a_number_is_one_of_its_carrier(lane: Lane) -> None:
    slug = carrier_of(lane.carrier.name)
    for serial in (0, 1, 237, 99_999):
        fitting = [found for found in candidates_for(lane.carrier.number(serial)) if found.carrier == slug]
        assert [found.check_digit.value for found in fitting] in (["valid"], ["none"])
