"""What records told of: keys that are the same however a number is written, and ids that lie in order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.connectors.contracts.facts import (
    Deletion,
    Fact,
    FulfilmentFact,
    OrderFact,
    ProductFact,
    RefundFact,
    TrackingReport,
)
from aftermile.intake import mentions
from aftermile.intake.mentions import ids_of, mention_id, mentioned
from aftermile.intake.models import InboundRecord, Mention
from aftermile.intake.public import digest, replay_many
from aftermile.intake.states import RecordStatus
from aftermile.kernel.ids import uuid7
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON
from tests.doors.console.test_records import orders
from tests.intake.shop import connect_shopify

SOURCE = "con_1"
ORDER, NUMBER = mentions.of_order(SOURCE, "1"), mentions.of_order_number("MF-1")
PARCEL = mentions.of_tracking_number("1Z99")


@pytest.mark.parametrize(
    ("fact", "keys"),
    [
        (OrderFact(external_id="1", number="#mf-1"), {ORDER, NUMBER}),
        (
            OrderFact(
                external_id="1", fulfilments=(FulfilmentFact(external_id="7", tracking_numbers=("1z 99",)),)
            ),
            {ORDER, PARCEL},
        ),
        (FulfilmentFact(external_id="7", order_external_id="1", tracking_numbers=("1Z99",)), {ORDER, PARCEL}),
        (RefundFact(external_id="9", order_external_id="1"), {ORDER}),
        (TrackingReport(tracking_number="1Z-99"), {PARCEL}),
        (TrackingReport(fulfilment_external_id="7"), {mentions.of_fulfilment(SOURCE, "7")}),
        (Deletion(what="order", external_id="1"), {ORDER}),
        (Deletion(what="product", external_id="1"), set()),
        (ProductFact(external_id="1"), set()),
    ],
)
def test_what_a_fact_tells_of(fact: Fact, keys: set[int]) -> None:
    assert mentioned([fact], source=SOURCE) == keys


def test_one_record_is_remembered_for_so_many_and_no_more() -> None:
    facts = [OrderFact(external_id=str(number)) for number in range(1000)]
    assert len(mentioned(facts, source=SOURCE)) == mentions.MOST_PER_RECORD


def test_orders_of_two_shops_have_keys_of_their_own() -> None:
    assert mentions.of_order("con_1", "1") != mentions.of_order("con_2", "1")


@given(st.text(), st.text())
def test_ids_of_a_key_lie_together_in_the_order_of_their_records(one: str, other: str) -> None:
    key, beside = mentions.of_order_number(one), mentions.of_order_number(other)
    records = [uuid7(NOON + timedelta(milliseconds=count)) for count in range(3)]
    first, last = ids_of(key)
    ids = [UUID(int=mention_id(key, record)) for record in records]

    assert sorted(ids) == ids
    assert all(first <= each <= last for each in ids)
    assert (first <= UUID(int=mention_id(beside, records[0])) <= last) == (key == beside)


@pytest.mark.django_db
def test_reading_again_remembers_nothing_twice(merchant: Any) -> None:
    view = connect_shopify(merchant)
    orders(merchant, view, range(1, 4))
    digest(merchant.id)
    with merchant_scope(merchant.id):
        told = set(Mention.rows().values_list("id", "record_id"))
        replay_many(status=RecordStatus.DIGESTED)
    digest(merchant.id)

    with merchant_scope(merchant.id):
        assert set(Mention.rows().values_list("id", "record_id")) == told
        assert {record_id for _, record_id in told} == set(InboundRecord.rows().values_list("id", flat=True))
        assert len(told) == 6
