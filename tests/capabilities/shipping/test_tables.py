"""Tables: read by cell, kept as a whole, taken back, and never overwritten unseen."""

from __future__ import annotations

from typing import Any

import pytest

from aftermile.capabilities.shipping.public import (
    ShippingTableChanged,
    ShippingTableUnreadable,
    Table,
    change_table,
    check_table,
    read_plan,
    restore_table,
    shipping,
    table_view,
)
from aftermile.kernel.working_calendar import change_working_calendar
from tests.capabilities.shipping.shop import CALENDAR, TABLES, plan
from tests.capabilities.shop import BY, counted, later, scope
from tests.conftest import NOON


def problems(table: Table, rows: list[dict[str, Any]]) -> dict[str, Any]:
    with pytest.raises(ShippingTableUnreadable) as refused:
        check_table(table, rows, plan())
    return dict(refused.value.details)


@pytest.mark.parametrize("table", list(Table))
def test_what_is_kept_reads_as_what_was_meant(table: Table) -> None:
    kept = check_table(table, TABLES[table], plan())
    assert check_table(table, kept, plan()) == kept


def test_a_method_is_called_by_its_name_in_a_language_and_found_by_any_of_them() -> None:
    [standard] = [each for each in plan().methods if each.key == "standard"]
    assert [standard.name_in(each) for each in ("de", "pt-BR", "DE_at", "fr", "")] == [
        "Standardversand", "Normal", "Standardversand", "Standard", "Standard",
    ]  # fmt: skip
    assert [plan().method_called(each) for each in ("STANDARD", "standardversand", "normal")] == [
        standard
    ] * 3
    assert plan().method_called("by balloon") is None


@pytest.mark.parametrize(
    ("table", "row", "cell"),
    [
        (Table.ZONES, {"name": "", "areas": "DE"}, "0.name"),
        (Table.ZONES, {"name": "Moon", "areas": "XX"}, "0.areas"),
        (Table.ZONES, {"name": "Nowhere", "areas": ""}, "0.areas"),
        (Table.METHODS, {"name": "A", "kind": "drone"}, "0.kind"),
        (Table.METHODS, {"name": "A", "names": {"xx": "A"}}, "0.names"),
        (Table.METHODS, {"name": "A", "names": {"de": "A" * 81}}, "0.names"),
        (Table.METHODS, {"name": "A", "names": ["de"]}, "0.names"),
        (Table.RATES, {"method": "gone", "price_minor": 1}, "0.method"),
        (Table.RATES, {"price_minor": -1}, "0.price_minor"),
        (Table.RATES, {"price_minor": "free"}, "0.price_minor"),
        (Table.RATES, {"price_minor": True}, "0.price_minor"),
        (Table.RATES, {"weight_from_grams": 5, "weight_to_grams": 4, "price_minor": 1}, "0.weight_to_grams"),
        (Table.RATES, {"free_from_minor": 100}, "0.price_minor"),
        (Table.TRANSIT, {"to": "DE", "least": 3, "most": 2}, "0.most"),
        (Table.TRANSIT, {"to": "DE", "least": 1, "most": 900}, "0.most"),
        (Table.TRANSIT, {"to": "DE", "least": 1, "likely": 5, "most": 2}, "0.likely"),
        (Table.TRANSIT, {"to": "", "least": 1, "most": 2}, "0.to"),
        (Table.TRANSIT, {"to": "DE", "most": 2}, "0.least"),
        (Table.CARRIERS, {"carrier": "dhl", "weekmask": "0000000"}, "0.weekmask"),
        (Table.CARRIERS, {"carrier": "dhl", "closed": [["2026-13-01", "2026-13-01", ""]]}, "0.closed"),
        (Table.ORIGINS, {"area": "DE, AT"}, "0.area"),
        (Table.ORIGINS, {"area": "US", "cut_off": "noon"}, "0.cut_off"),
        (Table.ORIGINS, {"area": "US", "time_zone": "America"}, "0.time_zone"),
        (Table.ORIGINS, {"area": "US", "processing_days": 31}, "0.processing_days"),
        (Table.PEAKS, {"first": "1900-01-01", "last": "2026-01-02", "extra_days": 1}, "0.first"),
        (Table.PEAKS, {"first": "2026-12-02", "last": "2026-12-01", "extra_days": 1}, "0.last"),
        (Table.RETURNS, {"days": -1}, "0.days"),
    ],
)
def test_nonsense_is_said_beside_its_cell(table: Table, row: dict[str, Any], cell: str) -> None:
    assert list(problems(table, [row])) == [cell]


def test_what_other_tables_name_stays() -> None:
    assert list(problems(Table.ZONES, [{"name": "Elsewhere", "areas": "FR"}])) == [""]
    assert "Standard" in problems(Table.METHODS, [{"name": "Another"}])[""]


def test_two_of_one_name_are_one_too_many() -> None:
    zones = [*TABLES[Table.ZONES], {"name": "germany", "areas": "AT"}]
    assert list(problems(Table.ZONES, zones)) == ["3.name"]


def test_new_rows_get_keys_of_their_own() -> None:
    rows = [*TABLES[Table.METHODS], {"name": "Standard!"}, {"name": "速達"}]
    assert [row["key"] for row in check_table(Table.METHODS, rows, plan())[4:]] == ["standard-2", "row"]


@pytest.mark.django_db
def test_a_shop_begins_with_nothing(merchant: Any) -> None:
    with scope(merchant):
        assert shipping().plan == read_plan({})
        assert table_view(Table.ZONES).rows == ()


@pytest.mark.django_db
def test_a_table_is_kept_and_taken_back(merchant: Any) -> None:
    with scope(merchant):
        assert change_table(table=Table.ZONES, rows=[{"name": "Here", "areas": "DE"}], by=BY, at=NOON)
        assert not change_table(
            table=Table.ZONES, rows=table_view(Table.ZONES).rows, by=BY, at=later(hours=1)
        )
        assert change_table(
            table=Table.ZONES, rows=[{"name": "There", "areas": "FR"}], by=BY, at=later(hours=2)
        )
        assert [zone.name for zone in shipping().plan.zones] == ["There"]
        assert restore_table(table=Table.ZONES, by=BY, at=later(hours=3))
        assert [zone.name for zone in shipping().plan.zones] == ["Here"]
        assert not restore_table(table=Table.PEAKS, by=BY, at=later(hours=3))


@pytest.mark.django_db
def test_nobody_overwrites_what_they_have_not_seen(merchant: Any) -> None:
    with scope(merchant):
        change_table(table=Table.PEAKS, rows=[], by=BY, at=NOON, seen="")
        seen = table_view(Table.PEAKS).revision
        change_table(table=Table.PEAKS, rows=TABLES[Table.PEAKS], by=BY, at=later(hours=1), seen=seen)
        with pytest.raises(ShippingTableChanged):
            change_table(table=Table.PEAKS, rows=[], by=BY, at=later(hours=2), seen=seen)


@pytest.mark.django_db
def test_reading_is_one_trip_while_nothing_changes_and_never_stale(merchant: Any) -> None:
    with scope(merchant):
        change_table(table=Table.ZONES, rows=TABLES[Table.ZONES], by=BY, at=NOON)
        shipping()
        with counted() as queries:
            assert len(shipping().plan.zones) == 3
        assert len(queries) == 2
        change_working_calendar(CALENDAR, by=BY, at=NOON)
        assert shipping().calendar == CALENDAR


@pytest.mark.django_db
def test_one_shop_does_not_see_anothers(merchant: Any, other_merchant: Any) -> None:
    with scope(merchant):
        change_table(table=Table.ZONES, rows=TABLES[Table.ZONES], by=BY, at=NOON)
        assert shipping().plan.zones != ()
    with scope(other_merchant):
        assert shipping().plan.zones == ()
