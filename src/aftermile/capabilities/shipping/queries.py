"""Reads: the tables of the open shop, and the calendar they are counted by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from aftermile.capabilities.shipping.plan import ShippingPlan, Table
from aftermile.capabilities.shipping.tables import read_plan
from aftermile.kernel.merchants import MerchantView, reading_merchant
from aftermile.kernel.models import ShopSetting
from aftermile.kernel.reads import Read, answered, side_by_side
from aftermile.kernel.rowsets import Statement, select, text_array, texts_in
from aftermile.kernel.tenancy import current_merchant_id
from aftermile.kernel.working_calendar import KIND, WorkingCalendar, calendar_of_choice

_SHOPS_KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipping:
    """What a quote rests on."""

    merchant: MerchantView
    plan: ShippingPlan
    calendar: WorkingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A table as it is edited. `revision` names its state, so that nobody overwrites what they have not seen."""

    rows: tuple[Mapping[str, Any], ...]
    revision: str
    changed_by: str


def kind_of(table: Table) -> str:
    """Name a table among the shop's settings."""
    return f"shipping_{table}"


def shipping() -> Shipping:
    """Return the open shop's tables and calendar: one trip while nothing changes."""
    return answered(reading_shipping())


def reading_shipping() -> Read[Shipping]:
    """Read the open shop's tables and calendar. They are read into values once for each of their states."""
    merchant, (mark,) = yield from side_by_side(reading_merchant(), _reading_mark())
    plan, calendar = _values(current_merchant_id(), mark, merchant)
    return Shipping(merchant=merchant, plan=plan, calendar=calendar)


def table_views() -> dict[Table, TableView]:
    """Return all tables as they are kept: one query."""
    kept = {row.kind: row for row in ShopSetting.rows().filter(kind__in=[kind_of(table) for table in Table])}
    return {table: _view(kept.get(kind_of(table))) for table in Table}


def table_view(table: Table) -> TableView:
    """Return one table as it is kept: one query."""
    return _view(ShopSetting.rows().filter(kind=kind_of(table)).first())


def _view(row: ShopSetting | None) -> TableView:
    if row is None:
        return TableView(rows=(), revision="", changed_by="")
    rows = tuple(row.chosen.get("rows", ()))
    return TableView(rows=rows, revision=row.changed_at.isoformat(), changed_by=row.changed_by)


_KINDS = (KIND, *(kind_of(table) for table in Table))


def _reading_mark() -> Read[list[str]]:
    # Where a row lies and who wrote it: another place for each version, within one transaction, too.
    (found,) = yield [
        Statement(
            "SELECT coalesce(string_agg(kind || xmin || ctid, ' ' ORDER BY kind), '') FROM kernel_shop_setting"
            f" WHERE merchant_id = %s AND {texts_in('kind')}",
            (current_merchant_id(), text_array(_KINDS)),
            lambda rows: [text for (text,) in rows],
        )
    ]
    return found


@lru_cache(maxsize=_SHOPS_KEPT)
def _values(
    merchant_id: UUID,  # noqa: ARG001 - whose they are
    mark: str,  # noqa: ARG001 - which state of them
    merchant: MerchantView,
) -> tuple[ShippingPlan, WorkingCalendar]:
    found = answered(_reading_choices())
    tables = {table: found.get(kind_of(table), {}).get("rows", ()) for table in Table}
    return read_plan(tables), calendar_of_choice(found.get(KIND, {}), merchant)


def _reading_choices() -> Read[Mapping[str, Mapping[str, Any]]]:
    (rows,) = yield [select(ShopSetting, ("kind", "chosen"), texts_in("kind"), [text_array(_KINDS)])]
    return {row["kind"]: row["chosen"] for row in rows}
