"""Read several files of one shop together, joined by the order's id and the shopper's key.

Files of shoppers and of order lines are held in memory until their orders have come; everything else
streams. Every order is told once, with its lines and its shopper where those files are there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from aftermile.connectors.contracts.facts import Fact, OrderFact, UnknownWord
from aftermile.connectors.files.cells import Conventions
from aftermile.connectors.files.fields import FileKind
from aftermile.connectors.files.mapping import ColumnMapping
from aftermile.connectors.files.orders import KnownShopper, LineReader, OrderLines, OrderReader
from aftermile.connectors.files.others import product, refund, shipment, tracking_report
from aftermile.connectors.files.people import AddressReader, shopper_of_row
from aftermile.connectors.files.problems import RowProblem
from aftermile.connectors.files.rows import RowReader, Values
from aftermile.connectors.files.table import Limits, open_table

#: Lines held for joining at most; beyond, they are told without their order's row, which says the same.
MOST_LINES_HELD = 1_000_000

Told = Iterator[Fact | RowProblem]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of an import. `open` gives its bytes from the beginning each time it is called."""

    name: str
    mapping: ColumnMapping
    open: Callable[[], BinaryIO]

    @property
    def kind(self) -> FileKind:
        return self.mapping.kind


def read_files(
    files: Sequence[SourceFile],
    *,
    conventions: Conventions | None = None,
    unknown: Counter[UnknownWord] | None = None,
    limits: Limits | None = None,
) -> Told:
    """Read the files of one shop as facts, and the rows that could not be taken as problems.

    A broken row stops no other. Words nobody knows are counted in `unknown`. Order: products, then
    orders with all that belongs to them, shoppers without orders, shipments, scans, refunds. All files
    are opened and their mappings checked before the first fact comes.

    :raises FileUnreadable: a file that is no CSV, or does not have what its mapping names; while reading,
        a file with too many rows.
    """
    conventions, unknown = conventions or Conventions(), Counter() if unknown is None else unknown
    readers = [
        RowReader(open_table(file.name, file.open, limits), file.mapping, conventions, unknown)
        for file in files
    ]
    return read_tables(readers)


def read_tables(readers: Sequence[RowReader], *, rows: int | None = None) -> Told:
    """Read opened tables as `read_files` does; of each at most `rows` rows."""
    return _Import(readers, rows).facts()


class _Import:
    """One run over the files of a shop, with what is held for joining."""

    def __init__(self, readers: Sequence[RowReader], rows: int | None) -> None:
        self._readers, self._rows = readers, rows
        self._shoppers: dict[str, KnownShopper] = {}
        self._told_shoppers: set[str] = set()
        self._lines: dict[str, OrderLines] = {}
        self._broken_orders: set[str] = set()
        self._order_ids: dict[str, str] = {}  # by number, where both are known and differ

    def facts(self) -> Told:
        for reader in self._of(FileKind.PRODUCTS):
            yield from self._products(reader)
        joins_orders = any(self._of(FileKind.ORDERS)) or any(self._of(FileKind.ORDERS_WITH_LINES))
        for reader in self._of(FileKind.SHOPPERS):
            yield from self._shoppers_file(reader, held=joins_orders)
        joins_lines = any(self._of(FileKind.ORDERS))
        for reader in self._of(FileKind.ORDER_LINES):
            yield from self._lines_file(reader, held=joins_lines)
        for reader in self._of(FileKind.ORDERS):
            yield from self._orders(reader)
        for reader in self._of(FileKind.ORDERS_WITH_LINES):
            yield from self._orders_with_lines(reader)
        yield from self._lines_without_orders()
        yield from self._shoppers_without_orders()
        for kind, told in (
            (FileKind.SHIPMENTS, self._shipments),
            (FileKind.TRACKING_EVENTS, self._tracking_events),
            (FileKind.REFUNDS, self._refunds),
        ):
            for reader in self._of(kind):
                yield from told(reader)

    def _of(self, kind: FileKind) -> Iterator[RowReader]:
        return (reader for reader in self._readers if reader.mapping.kind is kind)

    # -- shoppers

    def _shoppers_file(self, reader: RowReader, *, held: bool) -> Told:
        country, source = reader.conventions.country, f"file {reader.table.name}"
        addresses = AddressReader.of(reader.mapping, "shipping", country)
        for row in reader.rows(self._rows):
            if isinstance(row, RowProblem):
                yield row
                continue
            _, values = row
            identity = values.get("shopper_id") or values.get("shopper_key", "")
            fact = shopper_of_row(values, identity, country=country, source=source)
            key = values.get("shopper_key") or identity
            if held and key:
                self._shoppers[key] = KnownShopper(fact, addresses.read(values))
            elif not identity or identity not in self._told_shoppers:
                self._told_shoppers.add(identity)
                yield fact

    def _shopper_of(self, values: Values) -> KnownShopper | None:
        known = self._shoppers.get(values.get("shopper_key", ""))
        if known:
            self._told_shoppers.add(known.fact.external_id)
        return known

    def _shoppers_without_orders(self) -> Told:
        for known in self._shoppers.values():
            if known.fact.external_id not in self._told_shoppers:
                self._told_shoppers.add(known.fact.external_id)
                yield known.fact

    # -- orders and lines

    def _orders(self, reader: RowReader) -> Told:
        orders = OrderReader(reader)
        for row in reader.rows(self._rows):
            if isinstance(row, RowProblem):
                yield row
                continue
            _, values = row
            order_id = self._order_id(values)
            lines = self._lines.pop(order_id, None) or self._lines.pop(values.get("number", ""), None)
            if lines:
                lines.whole = self._broken_orders.isdisjoint((order_id, ""))
            yield from orders.read(order_id, values, lines=lines, shopper=self._shopper_of(values))

    def _orders_with_lines(self, reader: RowReader) -> Told:
        """Gather rows that follow each other and name the same order; its cells may stand on any of them."""
        orders, line_reader = OrderReader(reader), LineReader()
        needs_id = "order_id" in reader.mapping.columns
        for line, rows, problem in _runs(reader, self._rows, _order_word):
            if problem:
                yield problem
                continue
            shared: Values = {}
            for values in rows:
                for name, value in values.items():
                    shared.setdefault(name, value)
            if needs_id and "order_id" not in shared:
                yield reader.problem(line, "belongs to an order none of whose rows has its id")
                continue
            order_id = self._order_id(shared)
            lines = OrderLines({}, whole=reader.broken_orders.isdisjoint((order_id, _order_word(shared), "")))
            for values in rows:
                if not values.keys().isdisjoint(_LINE_WORDS):
                    line_reader.add(order_id, values, lines)
            yield from orders.read(order_id, shared, lines=lines, shopper=self._shopper_of(shared))

    def _lines_file(self, reader: RowReader, *, held: bool) -> Told:
        line_reader = LineReader()
        count = 0
        for row in reader.rows(self._rows):
            if isinstance(row, RowProblem):
                yield row
                continue
            _, values = row
            order_id = self._order_id(values)
            lines = self._lines.get(order_id)
            if lines is None:
                if not held or count >= MOST_LINES_HELD:
                    yield from self._lines_without_orders()
                    count = 0
                lines = self._lines[order_id] = OrderLines({})
            line_reader.add(order_id, values, lines)
            count += 1
        self._broken_orders |= reader.broken_orders

    def _lines_without_orders(self) -> Told:
        for order_id, lines in self._lines.items():
            yield OrderFact(external_id=order_id, lines=tuple(lines.lines.values()), lines_complete=False)
        self._lines.clear()

    def _order_id(self, values: Values) -> str:
        order_id: str = values.get("order_id", "")
        number: str = values.get("number", "")
        if order_id and number and order_id != number:
            self._order_ids[number] = order_id
        return order_id or self._order_ids.get(number, number)

    # -- the rest

    def _products(self, reader: RowReader) -> Told:
        for _, rows, problem in _runs(reader, self._rows, _product_word):
            yield problem or product(_product_word(rows[0]), rows)

    def _shipments(self, reader: RowReader) -> Told:
        for _, rows, problem in _runs(reader, self._rows, _shipment_word):
            if problem:
                yield problem
                continue
            fact, reports = shipment(_shipment_word(rows[0]), self._order_id(rows[0]), rows, reader.unknown)
            yield fact
            yield from reports

    def _tracking_events(self, reader: RowReader) -> Told:
        for _, rows, problem in _runs(reader, self._rows, _parcel_word):
            yield problem or tracking_report(self._order_id(rows[0]), rows, reader.unknown)

    def _refunds(self, reader: RowReader) -> Told:
        seen: Counter[str] = Counter()
        for _, rows, problem in _runs(reader, self._rows, _refund_word):
            if problem:
                yield problem
                continue
            order_id = self._order_id(rows[0])
            seen[order_id] += 1
            yield refund(rows[0].get("refund_id") or f"{order_id}-{seen[order_id]}", order_id, rows)


_LINE_WORDS = {"line_id", "title", "sku", "product_id", "variant_id", "quantity", "unit_price", "line_total"}


def _order_word(values: Values) -> str:
    return str(values.get("number") or values.get("order_id", ""))


def _product_word(values: Values) -> str:
    return str(values.get("product_id") or values.get("sku", ""))


def _shipment_word(values: Values) -> str:
    """Name a shipment: by its id; else each parcel is its own, so that no number replaces another."""
    if "shipment_id" in values:
        return str(values["shipment_id"])
    order = str(values.get("order_id") or values.get("number", ""))
    number = next(iter(values.get("tracking_numbers", ())), "")
    return f"{order}:{number}" if order and number else order or number


def _parcel_word(values: Values) -> str:
    return str(next(iter(values.get("tracking_numbers", ())), "") or values.get("shipment_id", ""))


def _refund_word(values: Values) -> str | None:
    """Name a refund; without an id every row is one of its own."""
    return str(values["refund_id"]) if "refund_id" in values else None


def _runs(
    reader: RowReader, limit: int | None, word: Callable[[Values], str | None]
) -> Iterator[tuple[int, list[Values], RowProblem | None]]:
    """Gather rows that follow each other and go by the same word, with the line the first stands on.

    A row that goes by None is a run of its own. A broken row is a problem and ends no run.
    """
    begun = 0
    run: list[Values] = []
    current: str | None = None
    for row in reader.rows(limit):
        if isinstance(row, RowProblem):
            yield row.line, [], row
            continue
        line, values = row
        own = word(values)
        if run and (own is None or own != current):
            yield begun, run, None
            run = []
        if not run:
            begun, current = line, own
        run.append(values)
    if run:
        yield begun, run, None
