"""One letter about several orders of one shopper."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.messaging.rendering import Rendered, Unrenderable
from aftermile.capabilities.messaging.templates.building import MOST_ORDERS, values_for
from aftermile.capabilities.messaging.templates.source import LARGEST_HTML
from aftermile.capabilities.messaging.templates.writer import write
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.languages import LANGUAGES
from tests.capabilities.messaging.templates.test_values import AT, BASE, an_order, request, to_render

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


def digest(*order_ids: UUID, language: str = "en", **how: object) -> Rendered | Unrenderable:
    asked = to_render(
        None,
        "split_digest",
        languages=(language,),
        about={"order_ids": [str(each) for each in order_ids]},
        **how,
    )
    return write([asked])[asked.message_id]


def test_each_order_stands_there_with_its_page_its_place_and_what_is_in_it() -> None:
    ids = [an_order("1001"), an_order("1002", parcels=2)]
    (seen,) = values_for([request(None, "de", order_ids=tuple(ids))], base_url=BASE, at=AT)
    assert [(each.number, each.title, each.standing, each.titles) for each in seen.orders] == [
        ("#1001", "Bestellung #1001", "Bestellt", "Pippi, Pippi"),
        ("#1002", "Bestellung #1002", "Bestellt", "Pippi, Pippi"),
    ]
    assert all(each.address.startswith(f"{BASE}/t/") for each in seen.orders)
    assert len({each.address for each in seen.orders}) == 2
    assert (seen.parcel, seen.parcels, seen.links.tracking_page) == (None, (), "")


def test_twenty_orders_are_one_readable_letter_in_every_language() -> None:
    ids = [an_order(str(number)) for number in range(1001, 1021)]
    for language in LANGUAGES:
        said = digest(*ids, language=language)
        assert isinstance(said, Rendered)
        for number in range(1001, 1021):
            assert f"#{number}" in said.html
            assert f"#{number}" in said.text
        assert said.html.count(f'href="{BASE}/t/') == 20
        assert said.text.count(f"{BASE}/t/") == 20
        assert "#1001" not in said.subject
        assert len(said.html.encode()) < LARGEST_HTML
        assert len(said.text.splitlines()) < 70


def test_one_order_of_several_is_as_if_it_were_alone() -> None:
    order_id = an_order("1001", parcels=2)
    one, alone = digest(order_id), to_render(order_id, "split_digest", languages=("en",))
    assert one == write([alone])[alone.message_id]
    assert isinstance(one, Rendered)
    assert one.subject == "Your order #1001 comes in several parcels"
    assert "1001PARCEL1" in one.text


def test_orders_that_are_gone_are_left_out_and_without_any_nothing_is_said() -> None:
    said = digest(an_order("1001"), an_order("1002"), uuid4())
    assert isinstance(said, Rendered)
    assert said.html.count(f'href="{BASE}/t/') == 2
    assert isinstance(digest(uuid4(), uuid4()), Unrenderable)
    odd = to_render(None, "split_digest", about={"order_ids": ["x", 7, None, {"a": 1}]})
    assert isinstance(write([odd])[odd.message_id], Unrenderable)


def test_a_short_message_about_several_is_short() -> None:
    said = digest(an_order("1001"), an_order("1002"), medium=Medium.SMS)
    assert isinstance(said, Rendered)
    assert said.text == "Lindgren Books: News about your orders"


def test_more_than_fit_are_not_listed_and_statements_stay_the_same() -> None:
    ids = [an_order(str(number)) for number in range(1001, 1001 + MOST_ORDERS + 5)]

    def cost(count: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            (seen,) = values_for([request(None, order_ids=tuple(ids[:count]))], base_url=BASE, at=AT)
            assert len(seen.orders) == min(count, MOST_ORDERS)
        return len(queries)

    assert cost(2) == cost(len(ids))
