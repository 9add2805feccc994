"""What the console's home reads."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.exceptions.public import (
    Among,
    ExceptionNotFound,
    Group,
    How,
    Kind,
    Tab,
    assign,
    carriers_of_open,
    counts,
    exception,
    exceptions_of,
    first_of_each_group,
    kinds_of,
    mark_contacted,
    page,
    snooze,
)
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.ids import uuid7
from tests.capabilities.exceptions.stories import (
    NADIA,
    day,
    judge_all,
    judge_now,
    only,
    scan,
    tell_order,
    tell_scans,
)

pytestmark = pytest.mark.django_db
ME = uuid7()


def late(external_id: str, promised: float = 1, **told: Any) -> UUID:
    tell_order(external_id, f"N{external_id}", promised=day(promised).date())
    judge_now(4, tell_scans(f"N{external_id}", scan(3, city="Leipzig"), **told))
    return only(f"N{external_id}").id


def lost(external_id: str) -> UUID:
    tell_order(external_id, f"N{external_id}")
    judge_now(4, tell_scans(f"N{external_id}", scan(3, SubStatus.LOST), carrier="dpd"))
    return only(f"N{external_id}").id


def listed(**given: Any) -> list[UUID]:
    return [row.exception.id for row in page(since=day(4), limit=50, **given)]


def test_the_tabs_and_groups_are_counted_in_one_statement(in_scope: Any) -> None:
    mine, told, put_off = late("1"), late("2"), late("3")
    lost("4")
    assign(ids=[mine], to=ME, by=NADIA, at=day(4))
    mark_contacted(ids=[told], how=How.EMAIL, by=NADIA, at=day(4.1))
    snooze(ids=[put_off], until=day(6), by=NADIA, at=day(4))
    late("5")
    judge_now(5, tell_scans("N5", scan(4.5, SubStatus.DELIVERED), at=day(5)))  # nobody did that
    with CaptureQueriesContext(connection) as queries:
        found = counts(staff_member_id=ME, since=day(4))
    assert len(queries) == 1
    assert (found.open, found.mine, found.nobodys, found.put_off, found.done_today) == (2, 1, 1, 1, 1)
    assert found.kinds == {Kind.LATE: 1, Kind.LOST: 1}
    assert (found.of(Group.TELL_THE_SHOPPER), found.of(Group.ASK_THE_CARRIER)) == (1, 0)
    tabs = {tab: listed(tab=tab, staff_member_id=ME) for tab in Tab}
    assert tabs[Tab.MINE] == [mine]
    assert tabs[Tab.PUT_OFF] == [put_off]
    assert tabs[Tab.DONE_TODAY] == [told]
    assert len(tabs[Tab.EVERYTHING]) == 2
    assert counts(staff_member_id=None, since=day(4.2)).done_today == 0


def test_nobody_has_nothing_that_is_mine(in_scope: Any) -> None:
    late("1")
    assert listed(tab=Tab.MINE, staff_member_id=None) == []
    assert counts(staff_member_id=None, since=day(4)).mine == 0


def test_the_gravest_and_the_latest_come_first(in_scope: Any) -> None:
    a_day, three, gone = late("1", 3), late("2", 1), lost("3")
    assert listed() == [gone, three, a_day]
    assert listed(kinds=kinds_of(Group.TELL_THE_SHOPPER)) == [three, a_day]
    assert listed(offset=1) == [three, a_day]


def test_narrowed_to_a_carrier_and_to_what_a_search_found(in_scope: Any) -> None:
    first, second = late("1001"), lost("1002")
    assert carriers_of_open() == ["dpd", "ups"]
    assert listed(carrier="dpd") == [second]
    row = exception(first)
    assert row.order is not None
    assert row.parcel is not None
    for found in (
        Among(order_ids=[row.order.id], parcel_ids=[]),
        Among(order_ids=[], parcel_ids=[row.parcel.id]),
    ):
        assert listed(among=found) == [first]
    assert listed(among=Among(order_ids=[], parcel_ids=[])) == []


def test_the_first_of_each_group_and_how_many_it_has(in_scope: Any) -> None:
    days = [late(str(number), promised) for number, promised in ((1, 3), (2, 1), (3, 2))]
    gone = lost("4")
    groups = first_of_each_group(since=day(4), limit=2)
    assert list(groups) == [Group.TELL_THE_SHOPPER, Group.DECIDE_WHAT_TO_SEND]
    shown = {group: (view.total, [row.exception.id for row in view.rows]) for group, view in groups.items()}
    assert shown[Group.TELL_THE_SHOPPER] == (3, [days[1], days[2]])
    assert shown[Group.DECIDE_WHAT_TO_SEND] == (1, [gone])
    assert first_of_each_group(since=day(4), limit=2, carrier="gls") == {}


def test_a_row_has_all_a_list_shows(in_scope: Any) -> None:
    row = exception(late("7"))
    assert row.order is not None
    assert row.order.shopper is not None
    assert row.parcel is not None
    assert row.last_scan is not None
    assert (row.order.number, row.order.shopper.name, row.parcel.tracking_number, row.last_scan.city) == (
        "#7", "Shopper 7", "N7", "Leipzig",
    )  # fmt: skip
    with pytest.raises(ExceptionNotFound):
        exception(uuid7())


def test_an_orders_exceptions_are_its_own_and_its_parcels(in_scope: Any) -> None:
    order_id = tell_order("1", placed=0)
    judge_all(in_scope, 4)
    other = late("2")
    parcel_id = only("N2").parcel_id
    assert parcel_id is not None
    assert [view.kind for view in exceptions_of(order_ids=[order_id])] == [Kind.NOT_SHIPPED]
    assert [view.id for view in exceptions_of(parcel_ids=[parcel_id])] == [other]


def test_a_page_costs_the_same_with_one_row_and_with_fifty(in_scope: Any) -> None:
    def cost(numbers: Collection[int]) -> int:
        for number in numbers:
            late(str(number))
        with CaptureQueriesContext(connection) as queries:
            page(since=day(4), limit=50)
        with CaptureQueriesContext(connection) as grouped:
            first_of_each_group(since=day(4), limit=50)
        assert len(grouped) == len(queries) + 1
        return len(queries)

    assert [cost(range(1)), cost(range(1, 3)), cost(range(3, 50))] == [8, 8, 8]
