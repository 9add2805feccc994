"""Segments in the console: written while they are counted, who is in them, as a file, put away and brought back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from aftermile.capabilities.segments.public import (
    FIELDS,
    About,
    keep_segment,
    list_segments,
    operators_of,
    refresh_profiles,
    segment,
)
from aftermile.capabilities.shoppers.public import list_shoppers
from aftermile.capabilities.team.public import Role, audit_log
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.journeys.stories import BY, Shop
from tests.conftest import NOON
from tests.doors.console.conftest import base, counted, make_person, signed_in

pytestmark = pytest.mark.django_db

TWICE = {"field": "shopper.orders_count", "is": "at_least", "value": 2}
ASKED = {
    "name": "Came back",
    "c.kind": "group",
    "c.how": "all",
    "c.0.kind": "question",
    "c.0.field": "shopper.orders_count",
    "c.0.is": "at_least",
    "c.0.value": "2",
}


@pytest.fixture
def shop(merchant: Any) -> Shop:
    """Nadia ordered twice, Tomas once; one of their names a spreadsheet would run."""
    shop = Shop(merchant)
    shop.order("1")
    shop.order("2")
    shop.order("3", shopper="=tomas")
    with merchant_scope(merchant.id):
        refresh_profiles(shopper_ids=[each.id for each in list_shoppers()], at=shop.at)
    return shop


@pytest.fixture
def owner_client(desk_client: Callable[[Role], Client]) -> Client:
    return desk_client(Role.OWNER)


def kept(merchant: Any, name: str = "Came back", condition: Any = TWICE) -> Any:
    with merchant_scope(merchant.id):
        return keep_segment(name=name, condition=condition, by=BY, at=NOON).id


def at(merchant: Any, made: Any, rest: str = "") -> str:
    return f"{base(merchant)}segments/{public_id('seg', made)}/{rest}"


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_segment_is_counted_while_it_is_written_and_then_kept(
    merchant: Any, owner_client: Client, shop: Shop
) -> None:
    new = base(merchant) + "segments/new/"
    headers = {"HX-Request": "true", "HX-Target": "said"}

    piece = owner_client.post(new, {**ASKED, "do": ""}, headers=headers).content.decode()
    wrong = owner_client.post(new, {**ASKED, "c.0.value": "many", "do": ""}, headers=headers).content.decode()

    assert "orders by the shopper: at least 2" in piece
    assert re.search(r'id="counted"[^>]*hx-swap-oob="true"[^>]*><span class="count-big">1 <small>of 2', piece)
    assert "Must be a number." in wrong
    assert "Counted as soon as it is complete." in wrong
    owner_client.post(new, {**ASKED, "do": "save"})
    with merchant_scope(merchant.id):
        (view,) = list_segments()
        assert (view.name, view.condition) == ("Came back", TWICE)
        assert [each.act for each in audit_log(limit=5)] == ["segment.keep"]


@pytest.mark.parametrize("field", [name for name, each in FIELDS.items() if each.about is About.SHOPPER])
def test_every_question_of_a_shopper_can_be_asked_and_changed(
    field: str, merchant: Any, owner_client: Client, shop: Shop
) -> None:
    for operator in operators_of(FIELDS[field].kind):
        asked = {**ASKED, "name": f"{operator}", "c.0.field": field, "c.0.is": operator.value, "do": "save"}
        response = owner_client.post(base(merchant) + "segments/new/", asked)
        assert response.status_code == 303, operator
    with merchant_scope(merchant.id):
        made = list_segments()
    assert len(made) == len(operators_of(FIELDS[field].kind))
    for view in made:
        page = text(owner_client, at(merchant, view.id, "edit/"))
        assert f'<option value="{field}" selected>' in page
        assert f'<option value="{view.condition["is"]}" selected>' in page


def test_who_is_in_it_is_listed_and_sent_as_a_file(merchant: Any, owner_client: Client, shop: Shop) -> None:
    made = kept(merchant, "All", {})

    page = text(owner_client, at(merchant, made))
    response = owner_client.get(at(merchant, made, "members.csv"))

    assert page.count("data-open") == 2
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "shopper,name,email,phone,country,language"
    assert len(lines) == 3
    assert any('"\'=Tomas"' in line for line in lines), lines
    assert [line for line in lines if ',"=' in line] == []


def test_lists_cost_as_much_for_three_members_as_for_one(
    merchant: Any, owner_client: Client, shop: Shop
) -> None:
    made = kept(merchant)
    owner_client.get(at(merchant, made))
    _, one = counted(owner_client, at(merchant, made))
    everybody = kept(merchant, "All", {})
    page, more = counted(owner_client, at(merchant, everybody))
    assert (more, page.count("data-open")) == (one, 2)

    _, with_two = counted(owner_client, base(merchant) + "segments/")
    kept(merchant, "Third", {})
    _, with_three = counted(owner_client, base(merchant) + "segments/")
    assert with_three == with_two  # all are counted in one look


def test_a_segment_is_put_away_and_brought_back(merchant: Any, owner_client: Client, shop: Shop) -> None:
    made = kept(merchant)

    away = owner_client.post(at(merchant, made, "archive/"), follow=True).content.decode()
    assert "segments/" + public_id("seg", made) + "/restore/" in away
    with merchant_scope(merchant.id):
        assert segment(made).archived
    assert "Came back" in text(owner_client, base(merchant) + "segments/?state=archived")
    owner_client.post(at(merchant, made, "restore/"))
    with merchant_scope(merchant.id):
        assert not segment(made).archived


def test_a_journey_is_begun_for_a_segment(merchant: Any, owner_client: Client, shop: Shop) -> None:
    page = text(owner_client, f"{base(merchant)}journeys/new/?segment={public_id('seg', kept(merchant))}")

    assert 'value="Came back"' in page
    assert "When a staff member starts it" in page
    assert "If orders by the shopper: at least 2" in page


@pytest.mark.parametrize(
    "asked",
    [
        {**ASKED, "name": ""},
        {**ASKED, "c.0.field": "order.total"},
        {**ASKED, "c.0.field": "<script>alert(1)</script>"},
        {**ASKED, "c.0.kind": "expression", "c.0.text": "all([0..1000], # > 1)"},
        {**ASKED, "c.0.value": "9" * 400},
        {**ASKED, **{f"c.{n}.kind": "question" for n in range(60)}},
        {**ASKED, **{f"c.{'.'.join('0' * n)}.kind": "group" for n in range(1, 20)}},
    ],
    ids=["no name", "not of shoppers", "no field", "expression", "huge", "many", "deep"],
)
def test_what_is_no_segment_is_told_and_not_kept(
    asked: dict[str, str], merchant: Any, owner_client: Client
) -> None:
    response = owner_client.post(base(merchant) + "segments/new/", {**asked, "do": "save"})

    page = response.content.decode()
    assert response.status_code in {422, 303}
    with merchant_scope(merchant.id):
        held = [view.condition for view in list_segments()]
    # Groups without questions are always true: kept as nothing asked, never as something else.
    assert held == ([] if response.status_code == 422 else [held[0]])
    assert response.status_code == 303 or 'class="problem"' in page or "Not complete yet" in page
    assert "<script>alert" not in page


def test_roles_and_walls(
    merchant: Any, other_merchant: Any, desk_client: Callable[[Role], Client], shop: Shop
) -> None:
    made, theirs = kept(merchant), kept(other_merchant, "Lamps only")
    reader, analyst = desk_client(Role.READ_ONLY), desk_client(Role.ANALYST)

    page = text(reader, at(merchant, made))
    assert ("Edit" in page, "Archive<" in page, "members.csv" in page) == (False, False, False)
    assert analyst.get(at(merchant, made)).status_code == 403
    astrid = signed_in(make_person("Astrid", (merchant, Role.OWNER)))
    for rest in ("", "edit/", "members.csv"):
        assert astrid.get(at(merchant, theirs, rest)).status_code == 404
    astrid.post(at(merchant, theirs, "archive/"))
    with merchant_scope(other_merchant.id):
        assert not segment(theirs).archived
