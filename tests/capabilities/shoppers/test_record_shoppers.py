from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftermile.capabilities.shoppers.models import ContactPoint, Identity, Shopper
from aftermile.capabilities.shoppers.public import (
    ShopperUnidentified,
    ShopperView,
    list_shoppers,
    shopper,
    shopper_by_external,
    shopper_ids,
    shoppers,
)
from aftermile.connectors.contracts.facts import ConsentFact, ShopperFact
from aftermile.kernel.bounds import FactOutOfBounds
from tests.capabilities.shop import (
    counted,
    fresh_merchant,
    later,
    log_types,
    position,
    scope,
    shuffled_and_split,
    tell_shoppers,
    writes,
)
from tests.conftest import NOON

ASTRID = ShopperFact(
    external_id="7",
    name="Astrid",
    email="Astrid@Example.com",
    phone="0151 23456789",
    country="DE",
    language="de",
    tags=("regular",),
    attributes={"state": "enabled"},
    updated_at=NOON,
)


def view(merchant: Any, shopper_id: UUID) -> ShopperView:
    with scope(merchant):
        return shopper(shopper_id)


def test_a_shopper_is_kept_with_everything_told(merchant: Any) -> None:
    (shopper_id,) = tell_shoppers(merchant, ASTRID)
    kept = view(merchant, shopper_id)
    assert (kept.name, kept.email, kept.phone) == ("Astrid", "astrid@example.com", "+4915123456789")
    assert (kept.language, kept.country, kept.tags) == ("de", "DE", ("regular",))
    assert kept.attributes == {"state": "enabled"}
    assert kept.external_ids == (("shop", "7"),)
    assert [(point.kind, point.value, point.as_given) for point in kept.contact_points] == [
        ("email", "astrid@example.com", "Astrid@Example.com"),
        ("phone", "+4915123456789", "0151 23456789"),
    ]
    assert log_types(merchant) == ["shopper.recorded"]


def test_the_same_again_writes_nothing_and_says_nothing(merchant: Any) -> None:
    (first,) = tell_shoppers(merchant, ASTRID)
    before = view(merchant, first)
    with counted() as queries:
        (second,) = tell_shoppers(merchant, ASTRID, at=later(days=1))
    assert second == first
    assert not any("INSERT" in sql or "UPDATE shoppers" in sql for sql in writes(queries))
    assert view(merchant, first) == before
    assert log_types(merchant) == ["shopper.recorded"]


def test_a_newer_word_stands_and_an_older_one_does_not(merchant: Any) -> None:
    (shopper_id,) = tell_shoppers(merchant, ASTRID)
    tell_shoppers(merchant, replace(ASTRID, name="Astrid Lindgren", updated_at=later(hours=2)))
    tell_shoppers(merchant, replace(ASTRID, name="A.", updated_at=later(hours=1)))
    assert view(merchant, shopper_id).name == "Astrid Lindgren"
    assert log_types(merchant) == ["shopper.recorded", "shopper.changed"]


def test_facts_without_a_version_fill_what_is_empty_beside_those_with_one(merchant: Any) -> None:
    (shopper_id,) = tell_shoppers(merchant, ShopperFact(external_id="7", name="Astrid", updated_at=NOON))
    tell_shoppers(merchant, ShopperFact(external_id="7", name="Somebody", language="sv"), at=later(days=1))
    kept = view(merchant, shopper_id)
    assert (kept.name, kept.language) == ("Astrid", "sv")


def test_without_any_versions_the_last_word_stands(merchant: Any) -> None:
    (shopper_id,) = tell_shoppers(merchant, ShopperFact(external_id="7", name="Astrid"))
    tell_shoppers(
        merchant,
        ShopperFact(external_id="7", name="Astrid L."),
        ShopperFact(external_id="7", name="Astrid Lindgren"),
        at=later(hours=1),
    )
    assert view(merchant, shopper_id).name == "Astrid Lindgren"


def test_a_guest_and_an_account_with_one_address_are_one_shopper(merchant: Any) -> None:
    guest, account = tell_shoppers(
        merchant,
        ShopperFact(email="astrid@example.com", name="A"),
        ShopperFact(external_id="7", email=" ASTRID@example.com"),
    )
    assert guest == account


def test_two_ids_that_share_everything_stay_two_shoppers(merchant: Any) -> None:
    home = {"email": "home@example.com", "phone": "+4915123456789"}
    astrid, sture = tell_shoppers(
        merchant, ShopperFact(external_id="7", **home), ShopperFact(external_id="8", **home)
    )
    assert astrid != sture
    with scope(merchant):
        assert shopper_ids(email="home@example.com") == sorted([astrid, sture])
        assert {each.id for each in list_shoppers(phone="+49 151 23456789")} == {astrid, sture}
    assert tell_shoppers(merchant, ShopperFact(external_id="8", **home)) == [sture]


def test_two_shoppers_who_turn_out_to_be_one_are_joined_under_the_older_id(merchant: Any) -> None:
    consent = ConsentFact(channel="email", purpose="marketing", granted=True, recorded_at=NOON, proof="form")
    guest, account = tell_shoppers(
        merchant,
        ShopperFact(
            email="astrid@example.com", name="Astrid", updated_at=later(hours=1), consents=(consent,)
        ),
        ShopperFact(
            external_id="7", phone="+4915123456789", name="Old name", updated_at=NOON, consents=(consent,)
        ),
    )
    assert guest != account
    again, bridge = tell_shoppers(
        merchant,
        ShopperFact(external_id="7"),
        ShopperFact(external_id="7", email="astrid@example.com", updated_at=NOON),
    )
    assert (again, bridge) == (guest, guest)
    kept = view(merchant, guest)
    assert (kept.name, kept.phone) == ("Astrid", "+4915123456789")
    assert kept.external_ids == (("shop", "7"),)
    assert len(kept.contact_points) == 2
    assert len(kept.consents) == 1
    assert view(merchant, account) == kept
    with scope(merchant):
        assert [each.id for each in list_shoppers()] == [guest]
    assert "shopper.merged" in log_types(merchant)


def test_a_phone_that_cannot_be_read_is_kept_and_identifies_nobody(merchant: Any) -> None:
    first, second = tell_shoppers(
        merchant,
        ShopperFact(email="a@example.com", phone="ask my mother"),
        ShopperFact(email="b@example.com", phone="ask my mother"),
    )
    assert first != second
    assert view(merchant, first).phone == "ask my mother"
    with scope(merchant):
        assert shopper_ids(phone="ask my mother") == sorted([first, second])


def test_nobody_is_refused_by_name_and_nothing_is_kept(merchant: Any) -> None:
    with pytest.raises(ShopperUnidentified) as refusal:
        tell_shoppers(merchant, ASTRID, ShopperFact(name="Astrid", phone="0151 23456789"))
    assert refusal.value.details == {"index": 1}
    with scope(merchant):
        assert list_shoppers() == []


def test_an_endless_id_is_refused_with_its_place(merchant: Any) -> None:
    with pytest.raises(FactOutOfBounds) as refusal:
        tell_shoppers(merchant, ASTRID, ShopperFact(external_id="x" * 501))
    assert refusal.value.details == {"index": 1}


def test_odd_texts_are_kept_as_far_as_they_can_be(merchant: Any) -> None:
    odd = ShopperFact(
        external_id="\\{\"'%s,",
        name="x" * 100_000,
        email="e" * 5000,
        attributes={"n": float("nan"), "\x00": 1},
    )
    (shopper_id,) = tell_shoppers(merchant, odd)
    kept = view(merchant, shopper_id)
    assert len(kept.name) == 100_000
    assert kept.contact_points == ()
    assert kept.attributes == {"n": None, "": 1}
    assert tell_shoppers(merchant, odd, at=later(days=1)) == [shopper_id]
    assert log_types(merchant) == ["shopper.recorded"]


def test_sources_have_ids_of_their_own(merchant: Any) -> None:
    (one,) = tell_shoppers(merchant, ShopperFact(external_id="7"))
    (other,) = tell_shoppers(merchant, ShopperFact(external_id="7"), source="con_x")
    assert one != other
    with scope(merchant):
        assert shopper_by_external("con_x", "7") == other
        assert shopper_by_external("con_x", "8") is None


def test_a_batch_takes_a_handful_of_statements_however_many_facts(merchant: Any) -> None:
    def batch(first: int, size: int) -> int:
        facts = [
            ShopperFact(external_id=str(number), email=f"{number}@example.com", updated_at=NOON)
            for number in range(first, first + size)
        ]
        with counted() as queries:
            tell_shoppers(merchant, *facts)
        return len(queries)

    assert batch(0, 1) == batch(100, 50)
    assert batch(0, 1) == batch(100, 50)


def test_another_merchants_shoppers_do_not_exist(merchant: Any, other_merchant: Any) -> None:
    (ours,) = tell_shoppers(merchant, ASTRID)
    (theirs,) = tell_shoppers(other_merchant, ASTRID)
    assert ours != theirs
    with scope(other_merchant):
        assert shoppers([ours]) == {}
        assert [each.id for each in list_shoppers(email="astrid@example.com")] == [theirs]
        assert shopper_ids(phone="+4915123456789") == [theirs]
        with connection.cursor() as cursor:  # the second wall, without our manager
            for model in (Shopper, Identity, ContactPoint):
                cursor.execute(f"SELECT DISTINCT merchant_id FROM {model._meta.db_table}")
                assert cursor.fetchall() == [(other_merchant.id,)]


CAST = [
    ShopperFact(external_id="1", name="Astrid", updated_at=later(minutes=1)),
    ShopperFact(external_id="1", email="astrid@example.com", name="Astrid L.", updated_at=later(minutes=4)),
    ShopperFact(
        email="Astrid@example.com", phone="+4915100000001", language="sv", updated_at=later(minutes=2)
    ),
    ShopperFact(phone="+49 151 00000001", name="A", updated_at=later(minutes=3)),
    ShopperFact(external_id="2", phone="+4915100000002", tags=("b", "a"), updated_at=later(minutes=1)),
    ShopperFact(phone="+4915100000002", tags=("c",), updated_at=later(minutes=1)),
    ShopperFact(external_id="3", email="olle@example.com", country="SE", updated_at=later(minutes=1)),
    ShopperFact(
        email="olle@example.com",
        updated_at=later(minutes=2),
        consents=(ConsentFact(channel="email", purpose="marketing", granted=True),),
    ),
    ShopperFact(
        external_id="3",
        updated_at=later(minutes=3),
        consents=(ConsentFact(channel="email", purpose="marketing", granted=False),),
    ),
]


def known_of(merchant: Any) -> list[Any]:
    """Everything that is known, without what tells of the telling: ids and moments of ours."""
    with scope(merchant):
        return sorted(
            (
                each.name,
                each.email,
                each.phone,
                each.language,
                each.country,
                each.tags,
                each.external_ids,
                tuple((point.kind, point.value, point.as_given) for point in each.contact_points),
                tuple((consent.channel, consent.granted, consent.heard_at) for consent in each.consents),
            )
            for each in list_shoppers()
        )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations([*range(len(CAST))] * 2), st.integers(1, 6))
def test_the_order_of_arrival_and_repeats_do_not_matter(db: None, order: list[int], batch: int) -> None:
    plain, shuffled = fresh_merchant(), fresh_merchant()
    tell_shoppers(plain, *CAST)
    for facts in shuffled_and_split(CAST, order, batch):
        tell_shoppers(shuffled, *facts)
    assert known_of(shuffled) == known_of(plain)
    assert len(known_of(plain)) == 3


@pytest.mark.django_db(transaction=True)
def test_threads_that_record_the_same_people_make_each_once() -> None:
    merchant = fresh_merchant()
    facts = [
        ShopperFact(external_id=str(number), email=f"{number}@example.com", phone=f"+49151{number:08}")
        for number in range(30)
    ] + [ShopperFact(email=f"{number}@example.com") for number in range(30)]
    start, failures = Barrier(4), []

    def record(turn: int) -> None:
        ordered = facts[turn * 7 :] + facts[: turn * 7]
        if turn % 2:
            ordered.reverse()
        try:
            start.wait()
            for _ in range(3):
                tell_shoppers(merchant, *ordered, at=NOON + timedelta(seconds=turn))
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=record, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with scope(merchant):
        assert len(list_shoppers(limit=100)) == 30
        assert Shopper.rows().count() == 30
        assert Identity.rows().count() == 30
        assert ContactPoint.rows().count() == 60
    assert log_types(merchant).count("shopper.recorded") == 30
    assert position(merchant) == len(log_types(merchant))
