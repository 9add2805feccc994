"""Batches on their way to the database and back."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.catalog.models import Product, Variant
from aftermile.kernel.ids import uuid7
from aftermile.kernel.rowsets import (
    as_json,
    id_array,
    ids_in,
    insert,
    run,
    select,
    text_array,
    texts_in,
    update,
)
from tests.conftest import NOON

ODD = ["back\\slash", 'quo"te', "new\nline", "{brace,comma}", "NULL", "", " ", "émoji 📦", "%s"]
COLUMNS = ("id", "source", "external_id", "tags", "attributes", "created_at", "changed_at")


def row(external_id: str, **values: object) -> dict[str, object]:
    return {
        "id": uuid7(), "source": "shop", "external_id": external_id, "tags": [], "attributes": {},
        "created_at": NOON, "changed_at": NOON, "title": "", "url": "", "image_url": "", "category": "",
        "vendor": "", "removed": False, "version": "", "older": {}, **values,
    }  # fmt: skip


ALL = tuple(row("x"))


def test_rows_come_back_as_they_went(in_scope: object) -> None:
    rows = [row(text, tags=[text], attributes={text: {"n": 1.5, "none": None}}) for text in ODD if text]
    run(insert(Product, ALL, rows))
    (found,) = run(select(Product, COLUMNS, texts_in("external_id"), [text_array(ODD)], then="ORDER BY id"))
    assert found == [{name: each[name] for name in COLUMNS} for each in rows]


def test_statements_run_in_their_order_and_each_gives_its_own(in_scope: object) -> None:
    first, second = row("1"), row("2")
    moved = {"id": first["id"], "changed_at": NOON + timedelta(days=1)}
    with CaptureQueriesContext(connection) as trip:
        written, nothing, _, found = run(
            insert(Product, ALL, [first, second], returning=("external_id",)),
            insert(Product, ALL, []),
            update(Product, ("changed_at",), [moved]),
            select(Product, ("id", "changed_at"), ids_in("id"), [id_array([first["id"]])]),  # type: ignore[list-item]
        )
    assert len(trip) == 3
    assert written == [("1",), ("2",)]
    assert nothing == []
    assert found == [moved]


def test_what_postgres_cannot_keep_is_left_out(in_scope: object) -> None:
    odd = row("1", vendor="nul\x00 and half\ud800", attributes={"deep": ["\x00x", {"\ud83d": "y"}]})
    run(insert(Product, ALL, [odd]))
    (found,) = run(select(Product, ("vendor", "attributes"), "external_id = %s", ["1"]))
    assert found == [{"vendor": "nul and half", "attributes": {"deep": ["x", {"": "y"}]}}]


def test_a_backslash_before_u0000_is_no_nul() -> None:
    assert json.loads(as_json(["\\u0000"])) == ["\\u0000"]


def test_numbers_that_are_none_become_null() -> None:
    assert as_json([float("nan"), float("inf"), 10**30]) == f"[null,null,{10**30}]"


@pytest.mark.django_db
@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))))
def test_any_text_survives_the_array(texts: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [text_array(texts)])
        assert cursor.fetchone() == (texts,)


def test_ids_are_written_as_an_array() -> None:
    assert id_array([UUID(int=1), UUID(int=2)]) == (
        "{00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-000000000002}"
    )


def test_rows_whose_parent_found_its_place_taken_are_left_out(in_scope: object) -> None:
    kept, taken = row("1"), row("1")
    variants = [
        {"id": uuid7(), "product_id": parent["id"], "source": "shop", "external_id": name, "title": "", "sku": "",
         "barcode": "", "currency": "", "version": "", "older": {}}
        for name, parent in (("of kept", kept), ("of taken", taken))
    ]  # fmt: skip
    _, written = run(
        insert(Product, ALL, [kept, taken], on_conflict="ON CONFLICT DO NOTHING"),
        insert(
            Variant,
            tuple(variants[0]),
            variants,
            with_parent=("product_id", Product),
            returning=("external_id",),
        ),
    )
    assert written == [("of kept",)]
