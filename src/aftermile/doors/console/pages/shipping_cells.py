"""Cells of the shipping tables: as staff type them, and as the room keeps them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from aftermile.capabilities.shipping.public import Kind, Table
from aftermile.kernel.money import Money, MoneyUnreadable

#: A row as it stands in the form: every cell a text.
Typed = dict[str, str]
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*(?:to|–)\s*(\d{4}-\d{2}-\d{2}))?\s*(.*)")
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column. `kind` is how it is typed: text, choice, names, kg, money, count, days, day, check or week."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    plain: str = ""  # what an empty row has
    choices: str = ""  # whose names are offered: methods, zones, kinds, carriers
    is_wide: bool = False


_CARRIER = Column(name="carrier", label="Carrier", choices="carriers", hint="empty: your own people")
_SERVICE = Column(name="service", label="Service", hint="empty: any")

_DAYS_WORKED = (
    Column(name="weekmask", label="Works on", kind="week", plain="1111100"),
    Column(name="observes_holidays", label="Public holidays off", kind="check", plain="1"),
    Column(
        name="closed",
        label="Own days off",
        kind="days",
        hint="2026-12-24 Christmas Eve; 2026-12-31",
        is_wide=True,
    ),
)

COLUMNS: Mapping[Table, tuple[Column, ...]] = {
    Table.METHODS: (
        Column(name="name", label="Name shoppers see"),
        Column(
            name="names", label="In other languages", kind="names", hint="de: Paket; fr: Colis", is_wide=True
        ),
        Column(name="kind", label="Kind", kind="choice", choices="kinds", plain=Kind.DELIVERY.value),
        _CARRIER,
        Column(name="service", label="Service", hint="as the carrier calls it"),
        Column(name="is_active", label="Offered", kind="check", plain="1"),
    ),
    Table.ZONES: (
        Column(name="name", label="Name"),
        Column(name="areas", label="Areas", hint="DE, US-CA, GB SW1, *", is_wide=True),
    ),
    Table.RATES: (
        Column(name="method", label="Method", kind="choice", choices="methods"),
        Column(name="zone", label="Zone", kind="choice", choices="zones"),
        Column(name="weight_from_grams", label="From kg", kind="kg"),
        Column(name="weight_to_grams", label="To kg", kind="kg"),
        Column(name="value_from_minor", label="Cart from", kind="money"),
        Column(name="value_to_minor", label="Cart to", kind="money"),
        Column(name="tag", label="Tag", hint="of a product"),
        Column(name="price_minor", label="Price", kind="money", hint="empty: not offered"),
        Column(name="free_from_minor", label="Free from", kind="money"),
    ),
    Table.TRANSIT: (
        _CARRIER,
        _SERVICE,
        Column(name="to_zone", label="To zone", kind="choice", choices="zones"),
        Column(name="to", label="or to areas", hint="DE 80, *"),
        Column(name="origin", label="From area", hint="empty: any"),
        Column(name="least", label="At least", kind="count", hint="business days"),
        Column(name="likely", label="Likely", kind="count", hint="empty: middle"),
        Column(name="most", label="At most", kind="count", hint="business days"),
    ),
    Table.CARRIERS: (_CARRIER, _SERVICE, *_DAYS_WORKED),
    Table.PEAKS: (
        Column(name="first", label="First day", kind="day"),
        Column(name="last", label="Last day", kind="day"),
        Column(name="extra_days", label="Days more", kind="count"),
        Column(name="carrier", label="Carrier", choices="carriers", hint="empty: all"),
        Column(name="note", label="What it is", is_wide=True),
    ),
    Table.ORIGINS: (
        Column(name="area", label="From area", hint="PL, DE 80"),
        Column(name="cut_off", label="Cut-off", hint="15:00"),
        Column(name="processing_days", label="Processing", kind="count", hint="business days"),
        Column(name="time_zone", label="Time zone", hint="Europe/Warsaw"),
        *_DAYS_WORKED,
    ),
}  # fmt: skip


def empty_row(table: Table) -> Typed:
    """Return a row nobody has typed in."""
    return {"key": "", **{column.name: column.plain for column in COLUMNS[table]}}


def is_empty(table: Table, row: Typed) -> bool:
    """Tell whether nobody typed in a row: choices and ticks alone are nothing, but what a rate is for."""
    quiet = ("check", "week") if table is Table.RATES else ("check", "week", "choice")
    return not any(row.get(column.name, "").strip() for column in COLUMNS[table] if column.kind not in quiet)


def typed(table: Table, kept: Mapping[str, Any], currency: str) -> Typed:
    """Write a kept row as it is typed."""
    return {
        "key": str(kept.get("key", "")),
        **{column.name: _WRITERS[column.kind](kept.get(column.name), currency) for column in COLUMNS[table]},
    }


def read(table: Table, row: Typed, currency: str) -> dict[str, Any]:
    """Read a typed row as the room takes it; what cannot be read stays as it was typed, and is refused there."""
    plain: dict[str, Any] = {
        column.name: _READERS[column.kind](row.get(column.name, "").strip(), currency)
        for column in COLUMNS[table]
    }
    return plain | ({"key": row["key"]} if row.get("key") else {})


def read_cell(kind: str, text: str, currency: str) -> Any:
    """Read one cell; what cannot be read is given back as it was typed."""
    return _READERS[kind](text.strip(), currency)


def as_text(table: Table, rows: Sequence[Typed]) -> str:
    """Write rows as lines to be copied into a spreadsheet: cells parted by tabs, the names of the columns first."""
    names = [column.name for column in COLUMNS[table]]
    keyed = ["key", *names] if table in (Table.METHODS, Table.ZONES) else names
    return "\n".join(["\t".join(keyed), *("\t".join(row.get(name, "") for name in keyed) for row in rows)])


def from_text(table: Table, text: str) -> list[Typed]:
    """Read lines copied from a spreadsheet: parted by tabs or semicolons, under the names of the columns.

    :raises ValueError: a column that is none; the message says which.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return []
    sign = "\t" if "\t" in lines[0] else ";"
    names = [name.strip() for name in lines[0].split(sign)]
    known = {"key", *(column.name for column in COLUMNS[table])}
    strange = [name for name in names if name not in known]
    if strange:
        raise ValueError(
            f"“{strange[0][:40]}” is no column; the first line names them: {', '.join(sorted(known))}."
        )
    return [
        empty_row(table) | dict(zip(names, (cell.strip() for cell in line.split(sign)), strict=False))
        for line in lines[1:]
    ]


def _read_kg(text: str, _currency: str) -> int | str | None:
    if not text:
        return None
    try:
        grams = Decimal(text.replace(",", ".")) * 1000
        return int(grams) if grams.is_finite() and abs(grams) < 10**12 else text
    except (InvalidOperation, ValueError):
        return text


def _read_money(text: str, currency: str) -> int | str | None:
    if not text:
        return None
    try:
        return Money.read(text.replace(",", "."), currency).amount_minor
    except MoneyUnreadable:
        return text


def _read_count(text: str, _currency: str) -> int | str | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else text or None


def _read_days(text: str, _currency: str) -> list[list[str]]:
    found = []
    for part in filter(None, (each.strip() for each in re.split(r"[;\n]", text))):
        match = _DAYS.fullmatch(part)
        # What is no day stays as it is: the room says so.
        found.append([match[1], match[2] or match[1], match[3].strip()] if match else [part, part, ""])
    return found


def _read_names(text: str, _currency: str) -> dict[str, str]:
    # What names no language stays as it is: the room says so.
    parts = (each.partition(":") for each in re.split(r"[;\n]", text) if each.strip())
    return {code.strip().lower(): name.strip() for code, _, name in parts}


def _write_kg(value: Any, _currency: str) -> str:
    return "" if value is None else f"{Decimal(value) / 1000:f}"


def _write_money(value: Any, currency: str) -> str:
    return "" if value is None else str(Money(value, currency).major)


def _write_days(value: Any, _currency: str) -> str:
    spans = ((first, last, note) for first, last, note in value or ())
    return "; ".join(
        f"{first if first == last else f'{first} to {last}'} {note}".strip() for first, last, note in spans
    )


def _write_names(value: Any, _currency: str) -> str:
    return "; ".join(f"{code}: {name}" for code, name in (value or {}).items())


def _write_text(value: Any, _currency: str) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _as_it_is(text: str, _currency: str) -> str:
    return text


def _is_ticked(text: str, _currency: str) -> bool:
    return text.casefold() not in ("", "0", "no", "false")


def _write_count(value: Any, _currency: str) -> str:
    return "" if value is None else str(value)


def _write_tick(value: Any, _currency: str) -> str:
    return "1" if value else ""


_READERS: dict[str, Callable[[str, str], Any]] = {
    **dict.fromkeys(("text", "choice", "day", "week"), _as_it_is),
    "kg": _read_kg,
    "money": _read_money,
    "count": _read_count,
    "days": _read_days,
    "names": _read_names,
    "check": _is_ticked,
}
_WRITERS: dict[str, Callable[[Any, str], str]] = {
    **dict.fromkeys(("text", "choice", "day", "week"), _write_text),
    "kg": _write_kg,
    "money": _write_money,
    "count": _write_count,
    "days": _write_days,
    "names": _write_names,
    "check": _write_tick,
}
