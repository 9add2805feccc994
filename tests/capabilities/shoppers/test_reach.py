"""Who can be reached and what they allow; answers given to us rather than to a store."""

from __future__ import annotations

from uuid import uuid4

import pytest

from aftermile.capabilities.shoppers.models import Consent
from aftermile.capabilities.shoppers.public import (
    Answer,
    ShopperChanged,
    ShopperNotFound,
    erase_shopper,
    reach,
    record_consent,
    record_shoppers,
)
from aftermile.connectors.contracts.facts import ShopperFact
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.shop import BY, counted, later, log, tell_shoppers
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def ana(merchant: Merchant, **told: str) -> ShopperFact:
    return ShopperFact(external_id="7", email="ana@shopper.example", name="Ana", country="DE", **told)


def answer(granted: bool, purpose: str = "marketing") -> Answer:
    return Answer(medium="email", purpose=purpose, granted=granted)


def test_the_newest_answer_holds_and_all_are_kept(merchant: Merchant) -> None:
    (shopper_id,) = tell_shoppers(merchant, ana(merchant))
    with merchant_scope(merchant.id):
        for hour, granted in enumerate((True, True, False, True)):
            changed = record_consent(
                shopper_id=shopper_id, answers=[answer(granted)], proof="said so", by=BY, at=later(hours=hour)
            )
            assert changed == ((answer(granted),) if hour != 1 else ())
        assert reach([shopper_id])[shopper_id].consents == {("email", "marketing"): True}
        assert Consent.rows().count() == 3
    told = [each for each in log(merchant) if isinstance(each, ShopperChanged)]
    assert told == [ShopperChanged(shopper_id=shopper_id, changed=("consents",))] * 3


def test_nobody_can_answer_for_a_stranger(in_scope: Merchant) -> None:
    with pytest.raises(ShopperNotFound):
        record_consent(shopper_id=uuid4(), answers=[answer(True)], proof="", by=BY, at=NOON)


def test_reach_says_who_is_there(merchant: Merchant) -> None:
    (shopper_id,) = tell_shoppers(merchant, ana(merchant, phone="+4915123456789", language="de"))
    with merchant_scope(merchant.id):
        found = reach([shopper_id, uuid4()])
        assert list(found) == [shopper_id]
        known = found[shopper_id]
        assert (known.name, known.email, known.language, known.country, known.erased) == (
            "Ana",
            "ana@shopper.example",
            "de",
            "DE",
            False,
        )
        assert "ana@" not in repr(known)
        erase_shopper(shopper_id=shopper_id, by=BY, at=later(hours=1))
        gone = reach([shopper_id])[shopper_id]
        assert (gone.erased, gone.name, gone.email) == (True, "", "")


def test_who_was_merged_away_is_found_under_both_ids(in_scope: Merchant) -> None:
    by_mail, by_phone = record_shoppers(
        facts=[ShopperFact(email="ana@shopper.example"), ShopperFact(phone="+4915123456789")],
        source="shop",
        by=BY,
        at=NOON,
    )
    record_consent(shopper_id=by_phone, answers=[answer(True)], proof="said so", by=BY, at=NOON)
    record_shoppers(
        facts=[ShopperFact(email="ana@shopper.example", phone="+4915123456789")],
        source="shop",
        by=BY,
        at=later(hours=1),
    )
    found = reach([by_mail, by_phone])
    assert found[by_mail] == found[by_phone]
    assert found[by_mail].consents == {("email", "marketing"): True}
    no = answer(False)
    assert record_consent(
        shopper_id=max(by_mail, by_phone), answers=[no], proof="", by=BY, at=later(hours=2)
    ) == (no,)
    assert reach([by_mail])[by_mail].consents == {("email", "marketing"): False}


def test_more_shoppers_take_no_more_statements(merchant: Merchant) -> None:
    facts = [ShopperFact(external_id=str(n), email=f"s{n}@shopper.example") for n in range(5)]
    ids = tell_shoppers(merchant, *facts)
    counts = []
    with merchant_scope(merchant.id):
        for some in (ids[:1], ids):
            with counted() as queries:
                reach(some)
            counts.append(len(queries))
    assert counts == [2, 2]
