"""Shipping settings: tables typed in without script, tried before they are kept, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from aftermile.capabilities.shipping.public import Table, change_table, table_view
from aftermile.capabilities.team.public import Role, audit_log
from aftermile.doors.console.pages.shipping_cells import (
    COLUMNS,
    as_text,
    empty_row,
    from_text,
    is_empty,
    read,
    typed,
)
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.shipping.shop import TABLES, plan
from tests.capabilities.shop import BY
from tests.conftest import NOON
from tests.doors.console.conftest import base

#: A Tuesday without holidays, 10:00 in Berlin.
TUESDAY = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)

SAMPLE = {"try_country": "DE", "try_postcode": "80331", "try_weight": "1", "try_value": "30"}


@pytest.fixture
def client(merchant: Merchant, desk_client: Callable[[Role], Client]) -> Client:
    with merchant_scope(merchant.id):
        for table, rows in TABLES.items():
            change_table(table=table, rows=rows, by=BY, at=NOON)
    return desk_client(Role.OPERATIONS)


def form(merchant: Merchant, table: Table, *, step: str = "save", **changes: str) -> dict[str, str]:
    """Fill the form with the table as it is kept, and change some cells: `name-0="..."`."""
    with merchant_scope(merchant.id):
        view = table_view(table)
    filled = {"seen": view.revision, "step": step, "rows": str(len(view.rows) + 1)}
    for index, kept in enumerate([*view.rows, {}]):
        row = typed(table, kept, "EUR") if kept else empty_row(table)
        filled |= {f"{name}-{index}": value for name, value in row.items()}
    return filled | changes


def send(client: Client, merchant: Merchant, table: Table, given: dict[str, str]) -> tuple[int, str]:
    answer = client.post(f"{base(merchant)}settings/shipping/{table}/save/", given)
    return answer.status_code, answer.content.decode()


def kept(merchant: Merchant, table: Table) -> list[dict[str, Any]]:
    with merchant_scope(merchant.id):
        return [dict(row) for row in table_view(table).rows]


@pytest.mark.parametrize("table", list(COLUMNS))
def test_what_is_typed_is_what_is_kept(table: Table) -> None:
    from aftermile.capabilities.shipping.public import check_table

    rows = check_table(table, TABLES[table], plan())
    shown = [typed(table, row, "EUR") for row in rows]
    assert check_table(table, [read(table, row, "EUR") for row in shown], plan()) == rows
    assert from_text(table, as_text(table, shown)) == shown
    assert is_empty(table, empty_row(table))
    assert not any(is_empty(table, row) for row in shown)


def test_a_column_that_is_none_is_said() -> None:
    with pytest.raises(ValueError, match="“colour” is no column"):
        from_text(Table.ZONES, "name;colour\nHere;red")


@pytest.mark.django_db
@time_machine.travel(TUESDAY, tick=False)
def test_a_rate_is_changed_kept_and_taken_back(merchant: Merchant, client: Client) -> None:
    before = kept(merchant, Table.RATES)
    status, _ = send(client, merchant, Table.RATES, form(merchant, Table.RATES, **{"price_minor-0": "12,50"}))
    assert status == 303
    assert kept(merchant, Table.RATES)[0]["price_minor"] == 1250
    with merchant_scope(merchant.id):
        assert [entry.act for entry in audit_log(limit=9)] == ["shipping.change"]
    client.post(f"{base(merchant)}settings/shipping/rates/restore/")
    assert kept(merchant, Table.RATES) == before


@pytest.mark.django_db
@time_machine.travel(TUESDAY, tick=False)
def test_trying_shows_what_a_shopper_would_see_and_keeps_nothing(merchant: Merchant, client: Client) -> None:
    before = kept(merchant, Table.RATES)
    given = form(merchant, Table.RATES, step="try", **{"price_minor-2": "7.77"})
    status, page = send(client, merchant, Table.RATES, given | SAMPLE)
    assert status == 200
    assert "Not saved yet." in page
    assert "€7.77" in page
    assert "Wed 11 Mar – Fri 13 Mar" in page
    assert "if ordered within 5 h 0 min" in page
    assert kept(merchant, Table.RATES) == before


@pytest.mark.django_db
def test_rows_are_added_moved_and_taken_away_without_being_kept(merchant: Merchant, client: Client) -> None:
    given = form(merchant, Table.METHODS, step="up-1")
    page = send(client, merchant, Table.METHODS, given)[1]
    assert page.index('value="Express"') < page.index('value="Standard"')
    page = send(client, merchant, Table.METHODS, given | {"step": "remove-0"})[1]
    assert 'value="Standard"' not in page
    page = send(client, merchant, Table.METHODS, given | {"step": "add-5", "name-4": "By bicycle"})[1]
    assert 'name="name-5"' in page
    assert [row["key"] for row in kept(merchant, Table.METHODS)] == ["standard", "express", "pickup", "old"]


@pytest.mark.django_db
def test_what_is_wrong_stands_beside_its_cell_and_what_was_typed_stays(
    merchant: Merchant, client: Client
) -> None:
    given = form(merchant, Table.TRANSIT, **{"most-0": "soon"})
    status, page = send(client, merchant, Table.TRANSIT, given)
    assert status == 422
    assert 'id="most-0_error"' in page
    assert 'value="soon"' in page


@pytest.mark.django_db
@time_machine.travel(TUESDAY, tick=False)
def test_two_people_at_one_table_do_not_overwrite_each_other(merchant: Merchant, client: Client) -> None:
    mine = form(merchant, Table.ZONES, **{"name-0": "Mine"})
    assert send(client, merchant, Table.ZONES, mine | {"name-0": "Theirs"})[0] == 303
    status, page = send(client, merchant, Table.ZONES, mine)
    assert status == 422
    assert "Somebody else has changed this table meanwhile." in page
    assert 'value="Mine"' in page
    assert kept(merchant, Table.ZONES)[0]["name"] == "Theirs"


@pytest.mark.django_db
def test_a_table_is_pasted_as_text(merchant: Merchant, client: Client) -> None:
    with merchant_scope(merchant.id):
        seen = table_view(Table.PEAKS).revision
    text = "first\tlast\textra_days\tnote\n2026-11-20\t2026-11-30\t2\tBlack Friday"
    assert send(client, merchant, Table.PEAKS, {"seen": seen, "text": text})[0] == 303
    assert [row["note"] for row in kept(merchant, Table.PEAKS)] == ["Black Friday"]


@pytest.mark.django_db
def test_return_terms_are_kept_and_other_languages_with_them(merchant: Merchant, client: Client) -> None:
    page = client.get(f"{base(merchant)}settings/shipping/?table=returns").content.decode()
    assert 'value="30"' in page
    with merchant_scope(merchant.id):
        seen = table_view(Table.RETURNS).revision
    given = {"seen": seen, "days": "14", "text_de": "30 Tage Zeit, kostenlos.", "text_en": "Two weeks."}
    assert send(client, merchant, Table.RETURNS, given)[0] == 303
    assert kept(merchant, Table.RETURNS) == [
        {
            "days": 14,
            "is_free": False,
            "texts": {"en": "Two weeks.", "de": "30 Tage Zeit, kostenlos."},
        }
    ]


@pytest.mark.django_db
def test_a_table_that_is_none_is_not_found(merchant: Merchant, client: Client) -> None:
    assert client.get(f"{base(merchant)}settings/shipping/?table=drones").status_code == 404
