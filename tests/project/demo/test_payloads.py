"""What the simulator sends is taken for the real thing by the connectors, and understood."""

from __future__ import annotations

from collections import Counter

import pytest

from aftermile.connectors.contracts.sockets import Accepted, InboundRequest, RawRecord, Refused, Unreadable
from aftermile.connectors.recognition import candidates_for
from aftermile.connectors.registry import carrier_of, connector
from aftermile.project.demo import carrier, storefront
from aftermile.project.demo.carrier import ODD_SUBTAG, ODD_TAG
from aftermile.project.demo.goods import SHOP_DOMAIN
from aftermile.project.demo.happenings import What, happenings, happenings_of
from aftermile.project.demo.lanes import DOMESTIC, EUROPEAN, OVERSEAS, Lane
from aftermile.project.demo.webhook import Sender, Webhook
from aftermile.project.demo.world import World
from tests.project.demo.test_world import START

SECRET = "between us"
CONNECTORS = {Sender.STOREFRONT: connector("shopify"), Sender.CARRIERS: connector("aftership")}
CREDENTIALS = {"secret": SECRET, "webhook_secret": SECRET, "shop_domain": SHOP_DOMAIN}


def as_request(webhook: Webhook) -> InboundRequest:
    headers = {name.lower(): value for name, value in webhook.headers.items()}
    return InboundRequest(method="POST", headers=headers, query={}, body=webhook.body, received_at=START)


def sent() -> list[Webhook]:
    """Every webhook of fifty orders."""
    world = World(11, START, count=50)
    return [
        *storefront.products(at=START, secret=SECRET),
        *(
            carrier.webhook(each, secret=SECRET)
            if each.what is What.SCANNED
            else storefront.webhook(each, secret=SECRET)
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
            first, second = (storefront.webhook(one, secret=SECRET) for one in each)
            assert first.body == second.body
            kinds[first.headers["X-Shopify-Webhook-Id"] == second.headers["X-Shopify-Webhook-Id"]] += 1
    assert kinds == {True: 10, False: 10}


def test_what_is_signed_with_another_key_is_refused() -> None:
    order = World(11, START).order(0)
    plug = CONNECTORS[Sender.STOREFRONT]
    assert plug.verify is not None
    assert isinstance(
        plug.verify(as_request(storefront.unreadable(order, secret="guessed")), CREDENTIALS), Refused
    )


def test_the_body_that_was_cut_off_is_signed_and_not_to_be_read() -> None:
    webhook = storefront.unreadable(World(11, START).order(0), secret=SECRET)
    plug = CONNECTORS[Sender.STOREFRONT]
    assert plug.verify is not None
    assert isinstance(plug.verify(as_request(webhook), CREDENTIALS), Accepted)
    with pytest.raises(Unreadable):
        plug.translate(RawRecord(kind="orders/updated", body=webhook.body, received_at=START))


@pytest.mark.parametrize("lane", [*DOMESTIC, *EUROPEAN, *OVERSEAS], ids=lambda lane: lane.carrier.name)
def test_a_number_is_one_of_its_carrier(lane: Lane) -> None:
    slug = carrier_of(lane.carrier.name)
    for serial in (0, 1, 237, 99_999):
        fitting = [found for found in candidates_for(lane.carrier.number(serial)) if found.carrier == slug]
        assert [found.check_digit.value for found in fitting] in (["valid"], ["none"])
