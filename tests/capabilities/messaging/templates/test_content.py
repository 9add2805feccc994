"""Letters show the shop's own articles for what was bought, unless the journey brought others along."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.messaging.rendering import Rendered, Unrenderable
from aftermile.capabilities.messaging.templates.building import values_for
from aftermile.capabilities.messaging.templates.writer import write
from aftermile.capabilities.orders.public import orders_by_external, record_orders
from aftermile.kernel.ids import public_id
from tests.capabilities.content.articles import product, put_out
from tests.capabilities.messaging.templates.test_values import AT, BASE, request, to_render
from tests.capabilities.orders.orders import ORDER

BOUGHT = "pippi"


def an_order(number: str) -> UUID:
    lines = tuple(replace(line, product_external_id=BOUGHT) for line in ORDER.lines)
    fact = replace(ORDER, external_id=number, number=f"#{number}", lines=lines)
    record_orders(facts=[fact], source="shop", by="test", at=AT)
    return orders_by_external("shop", [number])[number].id


def shown(order_id: Any, touchpoint: str, language: str = "en", **values: Any) -> list[str]:
    asked = request(order_id, language, touchpoint=touchpoint, values=values)
    (seen,) = values_for([asked], base_url=BASE, at=AT)
    return [each.title for each in seen.content]


def test_each_letter_shows_the_kinds_that_suit_it(in_scope: Any) -> None:
    order_id = an_order("1001")
    put_out(in_scope, "care_tips", title="Dust it")
    put_out(in_scope, "guide", title="Open it", placements=[product("shop", BOUGHT)])
    put_out(in_scope, "guide", title="Of another", placements=[product("shop", "another")])
    put_out(in_scope, "faq", title="Who wrote it?")
    assert shown(order_id, "care_tips") == ["Dust it"]
    assert shown(order_id, "set_up_guide") == ["Open it"]
    assert shown(order_id, "delivered") == ["Open it", "Dust it"]
    assert shown(order_id, "founders_note") == []
    assert shown(None, "care_tips") == []
    assert shown(order_id, "own_words") == ["Open it", "Dust it", "Who wrote it?"]


def test_what_is_brought_along_goes_first(in_scope: Any) -> None:
    put_out(in_scope, "care_tips", title="Dust it")
    brought = [{"title": "Another", "address": "https://shop.example/another"}]
    assert shown(an_order("1001"), "care_tips", content=brought) == ["Another"]


def test_it_leads_to_the_help_page_in_the_letters_language(in_scope: Any) -> None:
    put_out(
        in_scope,
        "care_tips",
        texts={"de": {"title": "Abstauben", "body": "x"}, "en": {"title": "Dust", "body": "x"}},
    )
    (seen,) = values_for([request(an_order("1001"), "de-AT", touchpoint="care_tips")], base_url=BASE, at=AT)
    (only,) = seen.content
    address = f"{BASE}/help/{public_id('mer', in_scope.id)}/dust?lang=de"
    assert (only.title, only.address, only.picture) == ("Abstauben", address, None)


def test_a_letter_that_is_nothing_but_content_is_sent_where_there_is_some(in_scope: Any) -> None:
    order_id = an_order("1001")
    message = to_render(order_id, "care_tips", languages=("en",))
    assert isinstance(write([message])[message.message_id], Unrenderable)
    put_out(in_scope, "care_tips", title="Dust it")
    said = write([message])[message.message_id]
    assert isinstance(said, Rendered)
    assert "Dust it" in said.html
    assert "Dust it" in said.text


@pytest.mark.parametrize("count", [1, 3])
def test_many_letters_cost_as_many_statements_as_one(in_scope: Any, count: int) -> None:
    put_out(
        in_scope,
        "care_tips",
        title="Dust it",
        placements=[{"about": "type", "value": "Novels"}, {"about": "shop"}],
    )
    ids = [an_order(str(number)) for number in range(1001, 1001 + count)]
    with CaptureQueriesContext(connection) as queries:
        values_for([request(each, touchpoint="care_tips") for each in ids], base_url=BASE, at=AT)
    assert len([each for each in queries.captured_queries if "content_" in each["sql"]]) == 3
