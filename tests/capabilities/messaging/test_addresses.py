"""All addresses of a letter stand at one place: the shop's own domain once it is proved, else this installation."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from aftermile.capabilities.brands.models import Domain
from aftermile.capabilities.brands.public import DomainState
from aftermile.capabilities.messaging.public import (
    Lines,
    MessageLink,
    PreferencesLink,
    Purpose,
    Rendered,
    content,
    pages_url,
    read_preferences_token,
    read_unsubscribe_token,
    read_why_token,
    run_turn,
)
from aftermile.capabilities.orders.public import OrderView, orders_by_external, record_orders
from aftermile.connectors.contracts.channels import Medium
from aftermile.connectors.contracts.facts import OrderFact, OrderLineFact, ShopperFact
from aftermile.kernel.http import OutboundClient
from aftermile.kernel.models import Merchant
from aftermile.kernel.smtp import SmtpPools
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.messaging.stories import NOON, ask, wanted

pytestmark = pytest.mark.django_db(transaction=True)

_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")


def an_order() -> OrderView:
    fact = OrderFact(
        external_id="1",
        number="1001",
        placed_at=NOON,
        lines=(OrderLineFact(external_id="1", title="Ronja", quantity=1),),
        shopper=ShopperFact(external_id="ana", email="ana@shopper.example", name="Ana"),
    )
    record_orders(facts=[fact], source="shop", by="connection:con_test", at=NOON)
    return orders_by_external("shop", ["1"])["1"]


def letters(merchant: Merchant) -> tuple[OrderView, dict[Purpose, tuple[Any, Rendered]]]:
    """One letter of each kind, as the templates wrote it, sent to the outbox."""
    with merchant_scope(merchant.id):
        order = an_order()
        assert order.shopper is not None
        views = ask(
            *(
                wanted(order.shopper.id, purpose, touchpoint=touchpoint, content=None, order_id=order.id)
                for purpose, touchpoint in (
                    (Purpose.TRANSACTIONAL, "dispatched"),
                    (Purpose.SERVICE, "founders_note"),
                )
            )
        )
    run_turn(merchant.id, lines=Lines(OutboundClient(), SmtpPools()), clock=lambda: NOON)
    with merchant_scope(merchant.id):
        said = {view.purpose: (view, content(view.id)) for view in views}
    return order, {purpose: (view, words) for purpose, (view, words) in said.items() if words}


@pytest.mark.parametrize(
    ("state", "base"),
    [
        (None, "https://post.example.com"),
        (DomainState.WAITING, "https://post.example.com"),
        (DomainState.VERIFIED, "https://track.lindgren.example"),
    ],
)
def test_all_links_of_a_letter_agree(
    merchant: Merchant, settings: Any, state: DomainState | None, base: str
) -> None:
    settings.CONFIG = settings.CONFIG.model_copy(update={"public_url": "https://post.example.com"})
    if state is not None:
        with merchant_scope(merchant.id):
            Domain.objects.create(host="track.lindgren.example", state=state, claimed_at=NOON)
    with merchant_scope(merchant.id):
        assert pages_url() == base
    order, written = letters(merchant)
    for purpose, (view, said) in written.items():
        for words in (said.html, said.text):
            ours = {
                urlsplit(each).path: f"{urlsplit(each).scheme}://{urlsplit(each).netloc}"
                for each in _ADDRESS.findall(words)
                if urlsplit(each).netloc not in {"www.w3.org", "schema.org"}
            }
            assert set(ours.values()) == {base}
            paths = {path.split("/")[1]: path for path in ours}
            mine = PreferencesLink(merchant_id=merchant.id, shopper_id=view.shopper_id)
            assert read_preferences_token(paths["preferences"].split("/")[2]) == mine
            link = MessageLink(
                merchant_id=merchant.id,
                shopper_id=view.shopper_id,
                message_id=view.id,
                medium=Medium.EMAIL,
                purpose=purpose,
            )
            assert read_why_token(paths["why"].split("/")[2]) == link
            if purpose is Purpose.TRANSACTIONAL:
                assert "unsubscribe" not in paths
                assert ours[f"/t/{order.page_token}"] == base
            else:
                assert read_unsubscribe_token(paths["unsubscribe"].split("/")[2]) == link
    assert set(written) == {Purpose.TRANSACTIONAL, Purpose.SERVICE}
