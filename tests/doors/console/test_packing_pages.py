"""Boxes, sizes and how to pack an order, in the console."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aftermile.capabilities.packing.public import (
    BoxGiven,
    SizeGiven,
    boxes,
    keep_box,
    keep_sizes,
    packing_of,
    sizes,
)
from aftermile.capabilities.team.public import Role, audit_log
from aftermile.connectors.contracts.facts import OrderFact, OrderLineFact
from aftermile.kernel.ids import public_id, read_public_id
from tests.capabilities.shop import BY, scope, tell_orders
from tests.conftest import NOON
from tests.doors.console.conftest import base, counted

pytestmark = pytest.mark.django_db
SMALL = {"name": "Small", "length_mm": "200", "width_mm": "150", "height_mm": "100"}
MUG = {"sku": "MUG", "length_mm": "120", "width_mm": "90", "height_mm": "95", "fragile": "on"}


@pytest.fixture
def client(desk_client: Callable[[Role], Client]) -> Client:
    return desk_client(Role.OWNER)


def _names(merchant: Any, *, archived: bool = False) -> list[str]:
    with scope(merchant):
        return [box.name for box in boxes(archived=archived)]


def _order(merchant: Any, quantity: int = 1) -> str:
    line = OrderLineFact(external_id="l1", title="Blue mug", sku="MUG", quantity=quantity)
    (recorded,) = tell_orders(merchant, OrderFact(external_id="1", number="#1001", lines=(line,)))
    return public_id("ord", recorded.order_id)


def _set_up(merchant: Any) -> str:
    with scope(merchant):
        keep_sizes(given=[SizeGiven(sku="MUG", length_mm=120, width_mm=90, height_mm=95)], by=BY, at=NOON)
        given = BoxGiven(name="Small", length_mm=200, width_mm=150, height_mm=100)
        return public_id("box", keep_box(given=given, by=BY, at=NOON).id)


def test_a_box_is_added_changed_put_away_and_brought_back(client: Client, merchant: Any) -> None:
    here = f"{base(merchant)}settings/boxes/"
    assert "No box yet" in client.get(here).content.decode()

    assert client.post(f"{here}make/", SMALL).status_code == 303
    assert "200 × 150 × 100 mm" in client.get(here).content.decode()
    with scope(merchant):
        key = public_id("box", boxes()[0].id)
    assert client.get(f"{here}{key}/").status_code == 200
    client.post(f"{here}{key}/save/", {**SMALL, "name": "Tiny", "usual": "on"})
    assert _names(merchant) == ["Tiny"]
    client.post(f"{here}{key}/away/")
    assert (_names(merchant), _names(merchant, archived=True)) == ([], ["Tiny"])
    assert "Use again" in client.get(f"{here}?state=archived").content.decode()
    client.post(f"{here}{key}/back/")
    assert _names(merchant) == ["Tiny"]
    with scope(merchant):
        acts = [entry.act for entry in audit_log(subject=key, limit=10)]
    assert acts == ["packing_box.restore", "packing_box.archive", "packing_box.keep", "packing_box.keep"]


def test_a_box_that_cannot_be_is_a_form_again_with_what_is_wrong(client: Client, merchant: Any) -> None:
    here = f"{base(merchant)}settings/boxes/make/"
    client.post(here, SMALL)
    answer = client.post(here, SMALL)

    assert answer.status_code == 422
    assert "There is a box called Small already." in answer.content.decode()
    assert client.post(here, {**SMALL, "height_mm": "-3"}).status_code == 422
    assert _names(merchant) == ["Small"]


def test_sizes_are_kept_found_and_forgotten(client: Client, merchant: Any) -> None:
    here = f"{base(merchant)}settings/boxes/sizes/"
    client.post(f"{here}keep/", MUG)

    assert "120 × 90 × 95 mm" in client.get(here).content.decode()
    assert "is measured here" in client.get(f"{here}?words=POT").content.decode()
    assert 'value="120"' in client.get(f"{here}one/?sku=MUG").content.decode()
    table = client.get(f"{here}sizes.csv").content.decode("utf-8-sig").splitlines()
    assert table == [
        "sku,length_mm,width_mm,height_mm,weight_grams,this_way_up,fragile",
        "MUG,120,90,95,,,yes",
    ]
    client.post(f"{here}remove/", {"sku": "MUG"})
    with scope(merchant):
        assert sizes(["MUG"]) == {}
    assert client.post(f"{here}remove/", {"sku": "MUG"}).status_code == 303  # told as a notice


def test_a_table_of_sizes_is_read_and_odd_rows_are_told(client: Client, merchant: Any) -> None:
    here = f"{base(merchant)}settings/boxes/sizes/upload/"
    text = b"sku,length_mm,width_mm,height_mm\nMUG,120,90,95\nPOT,wide,1,1\n"
    page = client.post(here, {"file": SimpleUploadedFile("s.csv", text)}).content.decode()

    assert "Line 3: length_mm must be a whole number, not “wide”." in page
    with scope(merchant):
        assert list(sizes(["MUG", "POT"])) == ["MUG"]
    assert client.post(here).status_code == 422
    assert client.post(here, {"file": SimpleUploadedFile("s.csv", b"a,b\n")}).status_code == 422


def test_an_order_shows_how_to_pack_it_and_what_it_was_packed_in(client: Client, merchant: Any) -> None:
    key = _order(merchant)
    here = f"{base(merchant)}orders/{key}/"
    assert "Add your boxes" in client.get(here).content.decode()
    box = _set_up(merchant)

    page = client.get(here).content.decode()
    assert '<svg class="pack-art"' in page
    assert "On the floor:" in page
    assert client.get(f"{here}packing-slip.pdf").content.startswith(b"%PDF-")
    client.post(f"{here}packed/", {"box": box})
    assert "in Small" in client.get(here).content.decode()
    assert "Orders packed" in client.get(f"{base(merchant)}settings/boxes/").content.decode()
    client.post(f"{here}unpacked/")
    client.post(f"{here}packed/", {"box": "nonsense"})
    with scope(merchant):
        assert packing_of(read_public_id("ord", key)) is None


def test_what_is_not_measured_is_named_and_much_is_planned_when_asked_for(
    client: Client, merchant: Any
) -> None:
    _set_up(merchant)
    key = _order(merchant, quantity=60)
    here = f"{base(merchant)}orders/{key}/"

    assert "Work out how to pack it" in client.get(here).content.decode()
    assert '<svg class="pack-art"' in client.get(f"{here}?pack=1").content.decode()
    client.post(f"{base(merchant)}settings/boxes/sizes/remove/", {"sku": "MUG"})
    assert "Not measured" in client.get(f"{here}?pack=1").content.decode()


def test_a_role_that_sets_nothing_up_sees_no_boxes(
    desk_client: Callable[[Role], Client], merchant: Any
) -> None:
    care = desk_client(Role.CARE)
    key = _order(merchant)

    assert care.get(f"{base(merchant)}settings/boxes/").status_code == 403
    assert "How to pack it" not in care.get(f"{base(merchant)}orders/{key}/").content.decode()


def test_the_list_of_boxes_costs_the_same_with_one_and_three(client: Client, merchant: Any) -> None:
    here = f"{base(merchant)}settings/boxes/"
    client.post(f"{here}make/", SMALL)
    client.get(here)
    _, with_one = counted(client, here)
    for name in ("Two", "Three"):
        client.post(f"{here}make/", {**SMALL, "name": name})
    client.get(here)  # says what was done
    page, with_three = counted(client, here)

    assert page.count("data-open") == 3
    assert with_three == with_one
