"""Packing by API: boxes and sizes, a plan with where each thing lies, an order's plan, its slip, what was saved."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.doors.api.conftest import Program, order

pytestmark = pytest.mark.django_db
SMALL = {"name": "Small", "length_mm": 200, "width_mm": 150, "height_mm": 100}
LARGE = {"name": "Large", "length_mm": 400, "width_mm": 300, "height_mm": 300, "usual": True}
LARGE_OFFERED = {"name": "b", "length_mm": 400, "width_mm": 300, "height_mm": 300}
MUG = {"sku": "MUG", "length_mm": 120, "width_mm": 90, "height_mm": 95, "weight_grams": 350, "fragile": True}


def _boxes(program: Program) -> dict[str, str]:
    return {str(box["name"]): program.post("/packing/boxes", box).json()["id"] for box in (LARGE, SMALL)}


def _order(program: Program) -> str:
    line = {"external_id": "l-1", "title": "Mug", "sku": "MUG", "quantity": 1}
    return str(program.record("orders", "o-1", order(lines=[line]))["id"])


def test_boxes_are_made_changed_put_away_and_brought_back(program: Program) -> None:
    ids = _boxes(program)
    path = f"/packing/boxes/{ids['Small']}"

    changed = program.put(path, {**SMALL, "most_grams": 5000}).json()
    assert (changed["most_grams"], changed["usual"]) == (5000, False)
    assert [box["name"] for box in program.get("/packing/boxes").json()["data"]] == ["Small", "Large"]
    assert program.post(f"{path}/archiving").json()["archived"] is True
    assert [box["name"] for box in program.get("/packing/boxes").json()["data"]] == ["Large"]
    assert program.put(path, SMALL).json()["archived"] is False
    assert program.get(path).json()["most_grams"] is None
    refused = program.post("/packing/boxes", SMALL)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "packing_box_unusable")


def test_sizes_are_kept_listed_and_forgotten(program: Program) -> None:
    sizes = [{**MUG, "sku": f"MUG/{number}"} for number in range(3)]

    assert program.post("/packing/sizes", {"sizes": sizes}).json() == {"changed": 3}
    assert program.post("/packing/sizes", {"sizes": sizes}).json() == {"changed": 0}
    page = program.get("/packing/sizes", limit=2).json()
    assert [size["sku"] for size in page["data"]] == ["MUG/0", "MUG/1"]
    rest = program.get("/packing/sizes", cursor=page["next_cursor"]).json()
    assert ([size["sku"] for size in rest["data"]], rest["next_cursor"]) == (["MUG/2"], None)
    assert program._send("DELETE", "/packing/sizes/MUG/1").json()["sku"] == "MUG/1"
    assert program._send("DELETE", "/packing/sizes/MUG/1").json()["error"]["code"] == "item_size_not_found"


def test_a_plan_says_which_box_and_where_each_thing_lies(program: Program) -> None:
    program.post("/packing/sizes", {"sizes": [MUG]})
    crate = {"quantity": 1, "length_mm": 130, "width_mm": 100, "height_mm": 150}
    asked = {
        "items": [{"sku": "MUG"}, crate],
        "boxes": [SMALL, LARGE_OFFERED],
        "pictures": True,
    }
    plan = program.post("/packing/plans", asked).json()

    (box,) = plan["boxes"]
    assert (plan["is_whole"], box["name"], box["times"], box["box_id"], box["grams"]) == (
        True,
        "b",
        1,
        None,
        None,
    )
    assert sorted(each["item"] for each in box["placements"]) == [0, 1]
    assert box["layers"][0]["height_mm"] == 0
    assert box["picture_svg"].startswith("<svg ")
    assert plan["unweighed_skus"] == [""]


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"items": [{"sku": "WHAT"}], "boxes": [SMALL]}, 422, "item_sizes_unknown"),
        ({"items": [{"length_mm": 1, "width_mm": 1, "height_mm": 1}]}, 409, "no_packing_boxes"),
        (
            {"items": [{"length_mm": -1, "width_mm": 1, "height_mm": 1}], "boxes": [SMALL]},
            422,
            "request_invalid",
        ),
        ({"items": [{"length_mm": 1, "width_mm": 1, "height_mm": 1}], "boxes": []}, 422, "request_invalid"),
        (
            {
                "items": [{"length_mm": 1, "width_mm": 1, "height_mm": 1, "quantity": 10_000}],
                "boxes": [SMALL],
            },
            422,
            "request_invalid",
        ),
        (
            {
                "items": [{"length_mm": 1, "width_mm": 1, "height_mm": 1, "quantity": 3_000}] * 2,
                "boxes": [SMALL],
            },
            422,
            "too_many_pieces",
        ),
    ],
)
def test_nonsense_has_a_clear_answer(program: Program, asked: Any, status: int, code: str) -> None:
    refused = program.post("/packing/plans", asked)

    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)


def test_what_is_larger_than_any_box_is_named(program: Program) -> None:
    long = {"sku": "POLE", "length_mm": 2000, "width_mm": 20, "height_mm": 20}
    plan = program.post("/packing/plans", {"items": [long], "boxes": [SMALL]}).json()

    assert plan["not_packed"] == [{"item": 0, "sku": "POLE", "reason": "too_large"}]
    assert (plan["is_whole"], plan["boxes"]) == (False, [])


def test_an_order_is_planned_packed_and_counted(program: Program) -> None:
    key = _order(program)
    ids = _boxes(program)
    assert program.get(f"/orders/{key}/packing-plan").json()["unknown_skus"] == ["MUG"]
    program.post("/packing/sizes", {"sizes": [MUG]})

    (box,) = program.get(f"/orders/{key}/packing-plan").json()["boxes"]
    assert (box["box_id"], box["grams"]) == (ids["Small"], 350)
    packed = program.post(f"/orders/{key}/packing", {"box_ids": [ids["Small"]]}).json()
    assert packed["box_ids"] == [ids["Small"]]
    saved = program.get("/packing/savings").json()
    assert (saved["orders"], saved["compared"], saved["spared_liters"], saved["air_liters"]) == (
        1,
        1,
        33.0,
        1.97,
    )


def test_a_slip_is_a_pdf_named_after_its_order(program: Program) -> None:
    slip = program.get(f"/orders/{_order(program)}/packing-slip").json()

    assert slip["file_name"] == "packing-slip-1001.pdf"
    assert base64.b64decode(slip["content_base64"]).startswith(b"%PDF-")
