from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from aftermile.capabilities.shoppers.public import (
    ShopperErased,
    ShopperNotFound,
    erase_shopper,
    erased_among,
    export_shopper,
    list_shoppers,
    shopper,
    shopper_ids,
)
from aftermile.connectors.contracts.facts import ConsentFact, ShopperFact
from aftermile.kernel.ids import uuid7
from tests.capabilities.shop import later, log, log_types, scope, tell_shoppers
from tests.conftest import NOON

ASTRID = ShopperFact(
    external_id="7",
    name="Astrid Lindgren",
    email="astrid@example.com",
    phone="+4915123456789",
    country="SE",
    tags=("lives in Vimmerby",),
    attributes={"birthday": "14 November"},
    consents=(
        ConsentFact(
            channel="email", purpose="marketing", granted=True, recorded_at=NOON, proof="signed: Astrid"
        ),
    ),
    updated_at=NOON,
)
PERSONAL = ("Lindgren", "astrid@", "15123456789", "Vimmerby", "November", "signed")


def erase(merchant: Any, shopper_id: UUID) -> None:
    with scope(merchant):
        erase_shopper(shopper_id=shopper_id, by="staff:1", at=later(days=1))


def everything_stored(merchant: Any) -> str:
    tables = (
        "shoppers_shopper", "shoppers_identity", "shoppers_contact_point", "shoppers_consent",
        "shoppers_erased_contact", "kernel_event",
    )  # fmt: skip
    with scope(merchant), connection.cursor() as cursor:
        stored = []
        for table in tables:
            cursor.execute(f"SELECT to_jsonb(row) FROM {table} row")
            stored += [str(row) for (row,) in cursor.fetchall()]
    return "\n".join(stored)


def test_nothing_personal_is_left_anywhere(merchant: Any) -> None:
    (shopper_id,) = tell_shoppers(merchant, ASTRID)
    assert all(text in everything_stored(merchant) for text in PERSONAL)
    erase(merchant, shopper_id)
    stored = everything_stored(merchant)
    assert [text for text in PERSONAL if text in stored] == []
    with scope(merchant):
        kept = shopper(shopper_id)
        assert (kept.erased_at, kept.country, kept.external_ids) == (later(days=1), "SE", (("shop", "7"),))
        assert [(consent.granted, consent.proof) for consent in kept.consents] == [(True, "")]
        assert shopper_ids(email="astrid@example.com") == []
        assert erased_among([shopper_id]) == {shopper_id}
    assert log(merchant)[-1] == ShopperErased(shopper_id=shopper_id)


def test_erasing_again_has_no_effect(merchant: Any) -> None:
    (shopper_id,) = tell_shoppers(merchant, ASTRID)
    erase(merchant, shopper_id)
    erase(merchant, shopper_id)
    assert log_types(merchant).count("shopper.erased") == 1


def test_nobody_can_be_erased_who_is_not_here(merchant: Any, other_merchant: Any) -> None:
    (theirs,) = tell_shoppers(other_merchant, ASTRID)
    for shopper_id in (uuid7(), theirs):
        with pytest.raises(ShopperNotFound):
            erase(merchant, shopper_id)


@pytest.mark.parametrize(
    "late",
    [
        ShopperFact(external_id="7"),
        ShopperFact(external_id="7", name="Astrid Lindgren", updated_at=later(days=9)),
        ShopperFact(external_id="7", email="astrid@example.com", phone="+4915123456789", updated_at=NOON),
        ShopperFact(email="Astrid@Example.com", name="Astrid Lindgren", updated_at=NOON),
        ShopperFact(email="astrid@example.com", name="Astrid Lindgren"),
        ShopperFact(phone="+4915123456789", attributes={"birthday": "14 November"}),
        ShopperFact(
            external_id="7",
            consents=(ConsentFact(channel="sms", purpose="marketing", granted=True, proof="signed"),),
        ),
    ],
)
def test_a_late_fact_does_not_bring_the_person_back(merchant: Any, late: ShopperFact) -> None:
    (shopper_id,) = tell_shoppers(merchant, ASTRID)
    erase(merchant, shopper_id)
    assert tell_shoppers(merchant, late, late, at=later(days=9)) == [shopper_id, shopper_id]
    stored = everything_stored(merchant)
    assert [text for text in PERSONAL if text in stored] == []
    with scope(merchant):
        assert [each.id for each in list_shoppers()] == [shopper_id]


def test_who_buys_again_after_the_erasure_is_a_shopper_like_any_other(merchant: Any) -> None:
    (shopper_id,) = tell_shoppers(merchant, ASTRID)
    erase(merchant, shopper_id)
    again = ShopperFact(email="astrid@example.com", name="Astrid", updated_at=later(days=30))
    (new,) = tell_shoppers(merchant, again)
    assert new != shopper_id
    with scope(merchant):
        assert shopper(new).name == "Astrid"
        assert shopper(shopper_id).name == ""


def test_a_shopper_who_was_merged_away_is_erased_with_who_they_are_now(merchant: Any) -> None:
    guest, account = tell_shoppers(
        merchant, ShopperFact(email="astrid@example.com"), ShopperFact(external_id="7")
    )
    tell_shoppers(merchant, ASTRID)
    erase(merchant, account)
    with scope(merchant):
        assert shopper(guest).erased_at == later(days=1)
        assert shopper(account).id == guest


def test_an_export_has_everything_and_all_answers_ever_given(merchant: Any) -> None:
    (shopper_id,) = tell_shoppers(merchant, ASTRID)
    no = ConsentFact(channel="email", purpose="marketing", granted=False, recorded_at=later(hours=1))
    tell_shoppers(merchant, ShopperFact(external_id="7", consents=(no,)))
    with scope(merchant):
        export = export_shopper(shopper_id=shopper_id)
    assert export == {
        "name": "Astrid Lindgren",
        "email": "astrid@example.com",
        "phone": "+4915123456789",
        "language": "",
        "country": "SE",
        "tags": ["lives in Vimmerby"],
        "attributes": {"birthday": "14 November"},
        "external_ids": [{"source": "shop", "external_id": "7"}],
        "contact_points": [
            {"kind": "email", "value": "astrid@example.com", "as_given": "astrid@example.com"},
            {"kind": "phone", "value": "+4915123456789", "as_given": "+4915123456789"},
        ],
        "consents": [
            {
                "channel": "email",
                "purpose": "marketing",
                "granted": granted,
                "source": "shop",
                "recorded_at": at.isoformat(),
                "heard_at": at.isoformat(),
                "proof": proof,
            }
            for granted, at, proof in ((True, NOON, "signed: Astrid"), (False, later(hours=1), ""))
        ],
        "erased_at": None,
        "created_at": NOON.isoformat(),
    }
