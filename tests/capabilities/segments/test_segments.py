"""Segments: profiles that are true, counts that agree with the engine, walls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from aftermile.capabilities.segments.models import Profile
from aftermile.capabilities.segments.operators import operators_of
from aftermile.capabilities.segments.public import (
    FIELDS,
    WAYS,
    About,
    ConditionUnreadable,
    SegmentNotFound,
    SegmentUnusable,
    Subject,
    Wanted,
    archive_segment,
    count_members,
    judge,
    keep_segment,
    known_of,
    list_segments,
    members,
    read_condition,
    read_material,
    refresh_profiles,
    segment,
)
from aftermile.capabilities.shoppers.public import erase_shopper, list_shoppers, record_shoppers
from aftermile.connectors.contracts.facts import OrderState, ShopperFact
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.journeys.stories import BY, NOON, Shop

pytestmark = pytest.mark.django_db
TWICE = {"field": "shopper.orders_count", "is": "at_least", "value": 2}


@pytest.fixture
def shop(merchant: Any) -> Shop:
    """Nadia bought twice, Omar once and sent it back; Pia has a birthday and never bought."""
    shop = Shop(merchant)
    shop.order("1", shopper="nadia", total_minor=10_000)
    shop.ship("1", "1Z1")
    shop.at += timedelta(days=3)
    shop.scan("1Z1", SubStatus.DELIVERED)
    shop.order("2", shopper="nadia", total_minor=5_000)
    shop.order("3", shopper="omar", state=OrderState.CANCELLED)
    with merchant_scope(merchant.id):
        pia = ShopperFact(
            external_id="pia", email="pia@shopper.example", name="Pia", country="AT", language="de",
            tags=("vip",), attributes={"birthday": "1990-03-05"},
        )  # fmt: skip
        record_shoppers(facts=[pia], source="shop", by=BY, at=shop.at)
    refresh(shop)
    return shop


def refresh(shop: Shop) -> None:
    with merchant_scope(shop.merchant.id):
        refresh_profiles(shopper_ids=[each.id for each in list_shoppers()], at=shop.at)


def named(shop: Shop, condition: Any) -> list[str]:
    with merchant_scope(shop.merchant.id):
        found = set(members(read_condition(condition, about=[About.SHOPPER]), at=shop.at))
        return sorted(each.name for each in list_shoppers() if each.id in found)


def test_a_profile_counts_what_was_kept(shop: Shop) -> None:
    with merchant_scope(shop.merchant.id):
        names = {each.id: each.name for each in list_shoppers()}
        rows = {names[row.id]: row for row in Profile.rows()}
    nadia, omar, pia = rows["Nadia"], rows["Omar"], rows["Pia"]
    assert (nadia.orders_count, nadia.spent, nadia.average_order) == (2, 150.0, 75.0)
    assert (nadia.first_order_at, nadia.last_order_at) == (NOON, shop.at)
    assert (nadia.last_delivered_at, nadia.products) == (shop.at, ["book"])
    assert (omar.orders_count, omar.cancelled_count, omar.last_order_at) == (0, 1, None)
    assert (pia.birthday, pia.country, pia.tags) == ("1990-03-05", "AT", ["vip"])


@pytest.mark.parametrize(
    ("condition", "who"),
    [
        (TWICE, ["Nadia"]),
        ({"none": [TWICE]}, ["Omar", "Pia"]),
        ({"field": "shopper.birthday", "is": "is_today"}, ["Pia"]),
        ({"field": "shopper.tags", "is": "has", "value": "vip"}, ["Pia"]),
        ({"field": "shopper.products", "is": "has_any", "value": ["book", "lamp"]}, ["Nadia"]),
        ({"field": "shopper.last_order_at", "is": "within_days", "value": 1}, ["Nadia"]),
        ({"field": "shopper.last_order_at", "is": "days_ago", "value": 1}, []),
        ({"any": [TWICE, {"field": "shopper.country", "is": "is", "value": "AT"}]}, ["Nadia", "Pia"]),
        ({}, ["Nadia", "Omar", "Pia"]),
    ],
)
def test_members(shop: Shop, condition: Any, who: list[str]) -> None:
    assert named(shop, condition) == who
    with merchant_scope(shop.merchant.id):
        assert count_members(read_condition(condition), at=shop.at) == (len(who), 3)


def test_sql_and_the_engine_agree_on_every_question(shop: Shop) -> None:
    values = {Wanted.NUMBER: 1, Wanted.DAYS: 2, Wanted.TEXT: "vip", Wanted.TEXTS: ["AT", "book"]}
    asked = [
        {"field": field.name, "is": operator.value}
        | (
            {}
            if WAYS[operator, field.kind].wanted is Wanted.NOTHING
            else {"value": values[WAYS[operator, field.kind].wanted]}
        )
        for field in FIELDS.values()
        if field.about is About.SHOPPER
        for operator in operators_of(field.kind)
    ]
    with merchant_scope(shop.merchant.id):
        everybody = list_shoppers()
        material = read_material([Subject(shopper_id=each.id) for each in everybody])
        facts = {each.id: known_of(material, Subject(shopper_id=each.id), at=shop.at) for each in everybody}
        for each in (*asked, *({"none": [one]} for one in asked)):
            condition = read_condition(each)
            counted = set(members(condition, at=shop.at))
            assert counted == {one for one, known in facts.items() if judge(condition, known).holds}, each
    assert len(asked) > 60


def test_what_is_known_is_told_as_of_a_moment(shop: Shop) -> None:
    with merchant_scope(shop.merchant.id):
        nadia = next(each for each in list_shoppers() if each.name == "Nadia")
        material = read_material([Subject(shopper_id=nadia.id)])
        then = known_of(material, Subject(shopper_id=nadia.id), at=NOON + timedelta(days=1)).values
        now = known_of(material, Subject(shopper_id=nadia.id), at=shop.at).values
    assert (then["shopper.orders_count"], then["shopper.last_delivered_at"]) == (1, None)
    assert (now["shopper.orders_count"], now["shopper.last_delivered_at"]) == (2, shop.at.timestamp())


def test_erased_shoppers_have_no_profile(shop: Shop) -> None:
    with merchant_scope(shop.merchant.id):
        pia = next(each for each in list_shoppers() if each.name == "Pia")
        erase_shopper(shopper_id=pia.id, by=BY, at=shop.at)
        refresh_profiles(shopper_ids=[pia.id], at=shop.at)
        assert not Profile.rows().filter(id=pia.id).exists()


def test_a_segment_is_kept_changed_and_archived(shop: Shop) -> None:
    with merchant_scope(shop.merchant.id):
        made = keep_segment(name=" Twice  bought ", condition=TWICE, by=BY, at=shop.at)
        assert (made.name, made.condition) == ("Twice bought", TWICE)
        assert (
            keep_segment(name="Twice bought", condition=TWICE, segment_id=made.id, by="other", at=shop.at)
            == made
        )
        with pytest.raises(SegmentUnusable, match="already"):
            keep_segment(name="twice bought", condition=TWICE, by=BY, at=shop.at)
        archive_segment(segment_id=made.id, by=BY, at=shop.at)
        assert list_segments() == []
        keep_segment(name="Twice bought", condition={}, by=BY, at=shop.at)
        assert segment(made.id).archived


def test_expressions_and_orders_are_no_segments(shop: Shop) -> None:
    with merchant_scope(shop.merchant.id):
        for condition in (
            {"expression": "shopper.orders_count > 1"},
            {"field": "order.total", "is": "known"},
        ):
            with pytest.raises(ConditionUnreadable):
                keep_segment(name="x", condition=condition, by=BY, at=shop.at)


def test_another_shop_sees_nothing(shop: Shop, other_merchant: Any) -> None:
    with merchant_scope(shop.merchant.id):
        made = keep_segment(name="Mine", condition={}, by=BY, at=shop.at)
    with merchant_scope(other_merchant.id):
        with pytest.raises(SegmentNotFound):
            segment(made.id)
        assert count_members(read_condition({}), at=shop.at) == (0, 0)
        assert (list_segments(), members(read_condition({}), at=shop.at)) == ([], [])
