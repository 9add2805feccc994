"""One order with its lines and refunds, while facts are folded into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from aftermile.capabilities.orders.policy import (
    DELETION_RANK,
    PERSONAL,
    PERSONAL_OF_LINE,
    PERSONAL_OF_REFUND,
    presume_open,
    refunded_minor,
    without_person,
)
from aftermile.capabilities.orders.reading import LINE_FIELDS, ORDER_FIELDS, REFUND_FIELDS, OrderReading, Said
from aftermile.capabilities.orders.states import State
from aftermile.kernel.versions import has_version, merge, undated_key

Row = dict[str, Any]


@dataclass(slots=True)
class FoldedOrder:
    """An order as it is being written. `row`, `lines` and `refunds` hold columns by name."""

    row: Row
    new_id: Callable[[], UUID]
    lines: dict[str, Row] = field(default_factory=dict)
    refunds: dict[str, Row] = field(default_factory=dict)
    touched: bool = False
    changed: dict[str, None] = field(default_factory=dict)
    new_lines: list[Row] = field(default_factory=list)
    touched_lines: dict[UUID, Row] = field(default_factory=dict)
    new_refunds: list[Row] = field(default_factory=list)
    touched_refunds: dict[UUID, Row] = field(default_factory=dict)

    def take(self, reading: OrderReading, *, shopper_id: UUID | None, at: datetime) -> bool:
        """Fold one fact in; tell whether anything that can be seen changed."""
        row, version = self.row, reading.version
        if reading.is_deletion and reading.updated_at is None:
            version = undated_key(row["version"], at=at, rank=DELETION_RANK)
        before = (row["version"], row["older"], row["lines_version"])
        said = reading.said
        if row["erased_at"] is not None:
            said = without_person(said, PERSONAL)
        if shopper_id is not None:
            said = {**said, "shopper_id": shopper_id}
        changed = merge(row, said, version, fields=ORDER_FIELDS)
        presume_open(row)
        if row["heard_at"] is None and not reading.is_deletion:
            row["heard_at"] = at
            changed.append("heard_at")
        if reading.promised is not None and row["promised_set_at"] is None:
            row["promised_earliest_date"] = reading.promised.earliest_date
            row["promised_latest_date"] = reading.promised.latest_date
            row["promised_set_at"] = at
            changed.append("promised")
        if self._take_lines(reading, version):
            changed.append("lines")
        for external_id, refund in reading.refunds.items():
            if self.take_refund(external_id, refund, version, at=at):
                changed.append("refunds")
        self.add_up()
        newer = has_version(version) and before != (row["version"], row["older"], row["lines_version"])
        if changed or newer or (has_version(version) and self.touched_lines):
            self.touched = True
            row["digest"] = reading.digest
            if reading.updated_at is not None and (
                row["source_updated_at"] is None or row["source_updated_at"] < reading.updated_at
            ):
                row["source_updated_at"] = reading.updated_at
        self.changed.update(dict.fromkeys(changed))
        return bool(changed)

    def take_refund(self, external_id: str, said: Said, version: str, *, at: datetime) -> bool:
        """Fold one refund in; tell whether it changed. `add_up` must follow."""
        if self.row["erased_at"] is not None:
            said = without_person(said, PERSONAL_OF_REFUND)
        refund = self.refunds.get(external_id)
        if refund is None:
            refund = self.refunds[external_id] = _blank_refund(self.row["id"], external_id, self.new_id(), at)
            self.new_refunds.append(refund)
            merge(refund, said, version, fields=REFUND_FIELDS)
            self.touched = True
            return True
        before = (refund["version"], refund["older"])
        changed = merge(refund, said, version, fields=REFUND_FIELDS)
        if changed or (has_version(version) and before != (refund["version"], refund["older"])):
            self.touched_refunds[refund["id"]] = refund
            self.touched = True
        return bool(changed)

    def erase(self, at: datetime) -> None:
        """Blank what may be personal, for good: facts that come later leave it out as well."""
        row = self.row
        row["erased_at"] = at
        row["digest"] = ""
        row.update(_blanked(row, PERSONAL))
        for line in self.lines.values():
            line.update(_blanked(line, PERSONAL_OF_LINE))
            self.touched_lines[line["id"]] = line
        for refund in self.refunds.values():
            refund.update(_blanked(refund, PERSONAL_OF_REFUND))
            self.touched_refunds[refund["id"]] = refund
        self.touched = True
        self.changed["erased_at"] = None

    def add_up(self) -> None:
        """Add the refunds up, after the last `take_refund`."""
        self.row["refunded_minor"] = refunded_minor(self.refunds.values(), self.row["currency"])

    def _take_lines(self, reading: OrderReading, version: str) -> bool:
        row = self.row
        seen = False
        for external_id, said in reading.lines.items():
            if row["erased_at"] is not None:
                said = without_person(said, PERSONAL_OF_LINE)
            line = self.lines.get(external_id)
            if line is None:
                line = self.lines[external_id] = _blank_line(row["id"], external_id, self.new_id())
                self.new_lines.append(line)
                merge(line, said, version, fields=LINE_FIELDS)
                seen = True
                continue
            before = (line["version"], line["older"])
            changed = merge(line, said, version, fields=LINE_FIELDS)
            if changed or before != (line["version"], line["older"]):
                self.touched_lines[line["id"]] = line
            seen = seen or bool(changed)
        if reading.lines_complete and version > row["lines_version"]:
            row["lines_version"] = version
        # A line is gone when the newest fact that named all lines did not name it; so an old fact about a
        # removed line does not bring it back, whichever came first.
        for line in self.lines.values():
            removed = line["version"] < row["lines_version"]
            if removed != line["removed"]:
                line["removed"] = removed
                self.touched_lines[line["id"]] = line
                seen = True
        return seen


def _blanked(row: Row, personal: frozenset[str]) -> Row:
    addresses = [name for name in ("shipping_address", "billing_address") if name in row]
    blank: Row = {name: type(row[name])() for name in personal}
    kept = without_person({name: row[name] for name in addresses}, personal)
    return blank | {name: kept.get(name, {}) for name in addresses}


def blank_order(order_id: UUID, *, source: str, external_id: str, page_token: str, at: datetime) -> Row:
    """Make the row of an order of which nothing is known but its id."""
    return {
        "id": order_id,
        "source": source,
        "external_id": external_id,
        "page_token": page_token,
        "number": "",
        "shopper_id": None,
        "placed_at": None,
        "source_updated_at": None,
        "currency": "",
        "subtotal_minor": None,
        "shipping_minor": None,
        "tax_minor": None,
        "discount_minor": None,
        "total_minor": None,
        "foreign_amounts": {},
        "refunded_minor": 0,
        "state": State.ANNOUNCED.value,
        "source_status": "",
        "financial_status": "",
        "fulfilment_status": "",
        "cancelled_at": None,
        "cancel_reason": "",
        "shipping_address": {},
        "billing_address": {},
        "shipping_method": "",
        "promised_earliest_date": None,
        "promised_latest_date": None,
        "promised_set_at": None,
        "language": "",
        "tags": [],
        "note": "",
        "attributes": {},
        "version": "",
        "older": {},
        "lines_version": "",
        "digest": "",
        "erased_at": None,
        "heard_at": None,
        "created_at": at,
        "changed_at": at,
    }


def _blank_line(order_id: UUID, external_id: str, line_id: UUID) -> Row:
    return {
        "id": line_id,
        "order_id": order_id,
        "external_id": external_id,
        "position": 0,
        "title": "",
        "variant_title": "",
        "sku": "",
        "product_external_id": "",
        "variant_external_id": "",
        "quantity": 0,
        "cancelled_quantity": 0,
        "unit_price_minor": None,
        "total_minor": None,
        "currency": "",
        "image_url": "",
        "requires_shipping": True,
        "attributes": {},
        "removed": False,
        "version": "",
        "older": {},
    }


def _blank_refund(order_id: UUID, external_id: str, refund_id: UUID, at: datetime) -> Row:
    return {
        "id": refund_id,
        "order_id": order_id,
        "external_id": external_id,
        "amount_minor": None,
        "currency": "",
        "reason": "",
        "refunded_at": None,
        "lines": [],
        "version": "",
        "older": {},
        "created_at": at,
    }
