"""Make files of a list's rows, some thousand at a time, each lot in a transaction with its place in the list.

Killed at any moment, an export goes on behind the last lot that was kept.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from aftermile.capabilities.search.filters import Filters, Listing, read_filters
from aftermile.capabilities.search.models import Export, ExportPart
from aftermile.capabilities.search.queries import (
    ExportNotFound,
    ExportView,
    count,
    export_view,
    find_orders,
    find_parcels,
)
from aftermile.kernel import jobs
from aftermile.kernel.ids import uuid7
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.money import Money
from aftermile.kernel.retention import count_oldest
from aftermile.kernel.tenancy import current_merchant_id

_ROWS_AT_ONCE = 2000
_COLUMNS: Mapping[Listing, tuple[str, ...]] = {
    Listing.ORDERS: (
        "number", "placed_at", "state", "standing", "name", "email", "country", "total", "currency", "carrier",
        "parcel_count", "promised_latest_date", "source", "labels",
    ),
    Listing.PARCELS: (
        "tracking_number", "carrier", "service", "milestone", "sub_status", "cause", "reached_at", "shipped_at",
        "order_number", "name", "country", "direction",
    ),
}  # fmt: skip
# A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV injection").
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def order_export(*, listing: Listing, query: str, wanted_by: str, at: datetime) -> ExportView:
    """Begin an export of the rows a query names; it is written in the background.

    :param wanted_by: who asked, as actor; only they see it.
    """
    row = Export(
        id=uuid7(),
        listing=listing,
        query=query.removeprefix("?"),
        wanted_by=wanted_by,
        created_at=at,
        expected_count=count(listing, _filters(query, at)),
    )
    row.save(force_insert=True)
    jobs.defer("search.export", merchant_id=current_merchant_id(), export=str(row.id))
    return export_view(row)


def write_export(*, export_id: UUID, at: datetime) -> bool:
    """Write the next lot of rows; return whether more are to come. A finished or removed export changes nothing."""
    row = Export.rows().select_for_update().filter(id=export_id).first()
    if row is None or row.status in (Export.Status.READY, Export.Status.FAILED):
        return False
    listing = Listing(row.listing)
    find = find_orders if listing is Listing.ORDERS else find_parcels
    found = find(_filters(row.query, row.created_at), after=row.behind, limit=_ROWS_AT_ONCE)
    position = ExportPart.rows().filter(export_id=row.id).count()
    content = _csv(listing, found.entries, with_heads=position == 0)
    ExportPart(export_id=row.id, position=position, content=content).save(force_insert=True)
    row.row_count += len(found.entries)
    row.byte_count += len(content)
    row.behind = found.after
    row.status = Export.Status.WRITING if found.after else Export.Status.READY
    row.ready_at = None if found.after else at
    row.save()
    return bool(found.after)


def fail_export(*, export_id: UUID, problem: str) -> None:
    """Say that an export could not be written and why, in words for its owner."""
    Export.rows().filter(id=export_id).exclude(status=Export.Status.READY).update(
        status=Export.Status.FAILED, problem=problem
    )


def drop_export(*, export_id: UUID, wanted_by: str) -> None:
    """Remove an export with its file.

    :raises ExportNotFound: none of this person's.
    """
    if not Export.rows().filter(id=export_id, wanted_by=wanted_by).delete()[0]:
        raise ExportNotFound


def drop_old_exports(*, before: datetime) -> int:
    """Remove exports that were made before a moment; return how many."""
    return Export.rows().filter(created_at__lt=before).delete()[1].get("search.Export", 0)


def count_old_exports(*, before: datetime) -> int:
    """Count the exports of everybody that were made before a moment, as far as `retention.count_oldest` counts."""
    return count_oldest("search_export", "created_at", before=before)


def _filters(query: str, at: datetime) -> Filters:
    zone = ZoneInfo(current_merchant().time_zone)
    return read_filters(query, today=at.astimezone(zone).date(), zone=zone)


def _csv(listing: Listing, entries: Any, *, with_heads: bool) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    columns = _COLUMNS[listing]
    if with_heads:
        # Excel takes a file for UTF-8 only when it begins so.
        out.write("\ufeff")
        writer.writerow(columns)
    for entry in entries:
        writer.writerow([_cell(entry, column) for column in columns])
    return out.getvalue().encode()


def _cell(entry: Any, column: str) -> str:
    if column == "total":
        amount = entry.total_minor
        return "" if amount is None or not entry.currency else str(Money(amount, entry.currency).major)
    value = getattr(entry, column)
    if value is None:
        return ""
    if isinstance(value, tuple):
        value = ", ".join(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULAS) else text
