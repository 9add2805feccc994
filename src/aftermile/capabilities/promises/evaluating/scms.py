"""SCMS: international shipments of medicines with the scheduled and the actual day (US government, public).

The promise is the scheduled day. What is known when the order goes to the vendor is used; freight cost, weight and
insurance are settled later and are not.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import log1p
from pathlib import Path

from aftermile.capabilities.promises.evaluating.olist import Asked
from aftermile.capabilities.promises.learning.forecasting import Delivery, Goods, Lane, Place, Question

AS_OF = datetime(2014, 5, 2, tzinfo=UTC)
TRAINING = "scms_until_2014-05-01.csv"
ASKED = "scms_test_features.csv"
#: Where neither the order's day nor the quote's was captured, it is taken to have been placed so long ahead.
_AHEAD = timedelta(days=90)

_WORDS = {
    "mode": "Shipment Mode",
    "incoterm": "Vendor INCO Term",
    "fulfilled_via": "Fulfill Via",
    "group": "Product Group",
    "kind": "Sub Classification",
    "project": "Project Code",
    "site": "Manufacturing Site",
    "brand": "Brand",
    "molecule": "Molecule/Test Type",
    "form": "Dosage Form",
    "first_line": "First Line Designation",
    "managed_by": "Managed By",
}
_NUMBERS = {
    "quantity": "Line Item Quantity", "pack_price": "Pack Price", "unit_price": "Unit Price",
    "pack": "Unit of Measure (Per Pack)",
}  # fmt: skip

Row = Mapping[str, str]


def deliveries(folder: Path) -> list[Delivery]:
    """Return the lines to train on, all scheduled before `AS_OF`."""
    rows = _rows(folder / TRAINING)
    lines = Counter(row["PO / SO #"] for row in rows)
    return [
        Delivery(
            lane=_lane(row),
            goods=_goods(row, lines),
            ordered_at=_ordered_at(row),
            delivered_at=_end_of(row["Delivered to Client Date"]),
            promised_by=_end_of(row["Scheduled Delivery Date"]),
        )
        for row in rows
    ]


def asked(folder: Path) -> list[Asked]:
    """Return the lines to be forecast, each asked about when it was ordered."""
    rows = _rows(folder / ASKED)
    lines = Counter(row["PO / SO #"] for row in rows)
    return [
        Asked(
            row["ID"],
            Question(
                lane=_lane(row), goods=_goods(row, lines), ordered_at=_ordered_at(row), stage_at=_ordered_at(row),
                asked_at=_ordered_at(row), promised_by=_end_of(row["Scheduled Delivery Date"]),
            ),
        )
        for row in rows
    ]  # fmt: skip


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="latin-1", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> datetime | None:
    for form in ("%d-%b-%y", "%m/%d/%y"):
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None  # "Date Not Captured", "Pre-PQ Process", "N/A - From RDC"


def _end_of(text: str) -> datetime:
    day = _day(text)
    if day is None:
        raise ValueError(f"{text!r} is no day")
    return day + timedelta(days=1)


def _ordered_at(row: Row) -> datetime:
    scheduled = _end_of(row["Scheduled Delivery Date"])
    for name in ("PO Sent to Vendor Date", "PQ First Sent to Client Date"):
        day = _day(row[name])
        if day is not None and day < scheduled:
            return day
    return scheduled - _AHEAD


def _lane(row: Row) -> Lane:
    return Lane(carrier=row["Shipment Mode"], destination=Place(country=row["Country"]))


def _goods(row: Row, lines: Mapping[str, int]) -> Goods:
    scheduled = _end_of(row["Scheduled Delivery Date"])
    extra: dict[str, float | str] = {name: row[column] for name, column in _WORDS.items()}
    extra |= {name: log1p(float(row[column])) for name, column in _NUMBERS.items() if row[column]}
    extra["lines"] = float(lines[row["PO / SO #"]])
    extra["scheduled_weekday"] = float(scheduled.weekday())
    extra["scheduled_day"] = float(scheduled.day)
    extra["scheduled_month"] = float(scheduled.month)
    extra["order_day"] = "known" if _day(row["PO Sent to Vendor Date"]) else row["PO Sent to Vendor Date"]
    return Goods(value_minor=round(float(row["Line Item Value"]) * 100), seller=row["Vendor"], extra=extra)
