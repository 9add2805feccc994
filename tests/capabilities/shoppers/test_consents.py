from __future__ import annotations

from typing import Any
from uuid import UUID

from aftermile.capabilities.shoppers.models import Consent
from aftermile.capabilities.shoppers.public import ConsentView, shopper
from aftermile.connectors.contracts.facts import ConsentFact, ShopperFact
from tests.capabilities.shop import later, log_types, scope, tell_shoppers
from tests.conftest import NOON


def tell(merchant: Any, *consents: ConsentFact, **fields: Any) -> UUID:
    at = fields.pop("at", NOON)
    return tell_shoppers(merchant, ShopperFact(external_id="7", consents=consents, **fields), at=at)[0]


def marketing(granted: bool | None, **fields: Any) -> ConsentFact:
    return ConsentFact(channel="email", purpose="marketing", granted=granted, **fields)


def holding(merchant: Any, shopper_id: UUID) -> list[ConsentView]:
    with scope(merchant):
        return list(shopper(shopper_id).consents)


def test_the_newest_answer_holds_and_the_history_is_kept(merchant: Any) -> None:
    shopper_id = tell(merchant, marketing(False, recorded_at=later(hours=2), proof="unsubscribed"))
    tell(merchant, marketing(True, recorded_at=later(hours=1), proof="checkout box"))
    (now,) = holding(merchant, shopper_id)
    assert (now.granted, now.proof, now.source) == (False, "unsubscribed", "shop")
    with scope(merchant):
        assert Consent.rows().count() == 2


def test_of_two_answers_at_once_the_no_holds(merchant: Any) -> None:
    shopper_id = tell(merchant, marketing(False, recorded_at=NOON), marketing(True, recorded_at=NOON))
    assert [each.granted for each in holding(merchant, shopper_id)] == [False]


def test_not_knowing_is_no_answer(merchant: Any) -> None:
    assert holding(merchant, tell(merchant, marketing(None))) == []


def test_channels_and_purposes_are_asked_apart(merchant: Any) -> None:
    shopper_id = tell(
        merchant,
        marketing(False),
        ConsentFact(channel="sms", purpose="marketing", granted=True),
        ConsentFact(channel="email", purpose="service", granted=True),
    )
    assert [(each.channel, each.purpose, each.granted) for each in holding(merchant, shopper_id)] == [
        ("email", "marketing", False),
        ("email", "service", True),
        ("sms", "marketing", True),
    ]


def test_an_answer_confirmed_later_outlives_a_late_older_one(merchant: Any) -> None:
    shopper_id = tell(merchant, marketing(True), updated_at=later(hours=1))
    tell(merchant, marketing(True), updated_at=later(hours=3))
    tell(merchant, marketing(False), updated_at=later(hours=2))
    assert [each.granted for each in holding(merchant, shopper_id)] == [True]


def test_the_same_answer_again_without_any_date_is_no_news(merchant: Any) -> None:
    shopper_id = tell(merchant, marketing(True))
    before = holding(merchant, shopper_id)
    tell(merchant, marketing(True), at=later(days=1))
    assert holding(merchant, shopper_id) == before
    tell(merchant, marketing(False), at=later(days=2))
    assert [each.granted for each in holding(merchant, shopper_id)] == [False]
    assert log_types(merchant) == ["shopper.recorded", "shopper.changed"]
