"""Read a table's rows into values: each cell by its column's type, a broken row told and passed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from aftermile.connectors.contracts.facts import UnknownWord
from aftermile.connectors.files.cells import (
    Conventions,
    DateReader,
    count,
    date_order_of,
    decimal_mark_of,
    flag,
    measure,
    money_reader,
    several,
)
from aftermile.connectors.files.fields import REQUIRED, CellType, plain
from aftermile.connectors.files.mapping import ColumnMapping, fields_of, missing_required
from aftermile.connectors.files.problems import CellUnreadable, FileUnreadable, RowProblem
from aftermile.connectors.files.table import Table
from aftermile.connectors.files.words import country_codes

#: What a row says, by our field names; what it does not say is absent.
Values = dict[str, Any]
Parse = Callable[[str], object]

_SAMPLE_ROWS = 500
_DATES = (CellType.MOMENT, CellType.SCAN, CellType.DAY)


class RowReader:
    """Reads the rows of one table under one mapping.

    :raises FileUnreadable: the mapping lacks a required field, or names a column or a field that is not there.
    """

    def __init__(
        self,
        table: Table,
        mapping: ColumnMapping,
        conventions: Conventions,
        unknown: Counter[UnknownWord],
    ) -> None:
        _check(table, mapping)
        self.table, self.mapping, self.conventions, self.unknown = table, mapping, conventions, unknown
        dates, self._read_money = self._learn_conventions()
        self.dates = dates
        parsers: Mapping[CellType, Parse | None] = {
            CellType.TEXT: None,
            CellType.SEVERAL: several,
            CellType.COUNT: count,
            CellType.FLAG: flag,
            CellType.MEASURE: measure,
            CellType.MOMENT: dates.moment,
            CellType.SCAN: dates.scan,
            CellType.DAY: dates.day,
            CellType.CURRENCY: _currency,
            CellType.COUNTRY: self._country,
        }
        fields = fields_of(mapping.kind)
        # In the order of the fields: what names a row comes first, so that a broken one can still be named.
        mapped = [
            (name, table.headers.index(mapping.columns[name]), each.type)
            for name, each in fields.items()
            if name in mapping.columns
        ]
        self._plan = [(name, index, parsers[of]) for name, index, of in mapped if of is not CellType.MONEY]
        self._money_plan = [(name, index) for name, index, of in mapped if of is CellType.MONEY]
        self._constants = self._read_constants(parsers)
        #: Orders that lost a row of this table; "" stands for rows too broken to name theirs.
        self.broken_orders: set[str] = set()

    def rows(self, limit: int | None = None) -> Iterator[tuple[int, Values] | RowProblem]:
        """Walk through the rows as (line, values), or as the problem a row has; stop after `limit`."""
        plan, money_plan, constants = self._plan, self._money_plan, self._constants
        required = REQUIRED[self.mapping.kind]
        read_money, declared = self._read_money, self.conventions.currency
        for row in islice(self.table.rows(), limit):
            if isinstance(row, RowProblem):
                self.broken_orders.add("")
                yield row
                continue
            line, cells = row
            values = constants.copy()
            index = 0
            try:
                for name, index, parse in plan:
                    cell = cells[index].strip()
                    if cell:
                        values[name] = parse(cell) if parse else cell
                if money_plan:
                    currency = values.get("currency") or declared
                    for name, index in money_plan:
                        cell = cells[index].strip()
                        if cell:
                            values[name] = read_money(cell, currency)
            except CellUnreadable as problem:
                self.broken_orders.add(values.get("order_id") or values.get("number", ""))
                yield self.problem(line, str(problem), self.table.headers[index])
                continue
            lacking = next((group for group in required if values.keys().isdisjoint(group)), None)
            if lacking:
                yield self.problem(line, f"has no {' or '.join(lacking)}")
            else:
                yield line, values

    def problem(self, line: int, reason: str, column: str = "") -> RowProblem:
        """Say what is wrong with a row of this table."""
        return RowProblem(file=self.table.name, line=line, reason=reason, column=column)

    def _learn_conventions(self) -> tuple[DateReader, Callable[[str, str], Any]]:
        """Take what is declared; learn the order of dates and the decimal mark from the first rows."""
        declared = self.conventions
        order, mark = declared.date_order, declared.decimal_mark
        if order is None:
            order = date_order_of(self._sample(_DATES))
        if not mark:
            mark = decimal_mark_of(self._sample((CellType.MONEY,)))
        dates = DateReader(declared.zone(), order, zone_is_known=bool(declared.time_zone))
        return dates, money_reader(mark)

    def _sample(self, types: tuple[CellType, ...]) -> Iterator[str]:
        fields = fields_of(self.mapping.kind)
        places = [
            self.table.headers.index(column)
            for name, column in self.mapping.columns.items()
            if fields[name].type in types
        ]
        if not places:
            return
        for row in islice(self.table.rows(), _SAMPLE_ROWS):
            if not isinstance(row, RowProblem):
                yield from (row[1][place].strip() for place in places)

    def _read_constants(self, parsers: Mapping[CellType, Parse | None]) -> Values:
        values: Values = {}
        fields = fields_of(self.mapping.kind)
        for name, written in self.mapping.constants.items():
            if fields[name].type is CellType.MONEY:
                currency = self.mapping.constants.get("currency") or self.conventions.currency
                values[name] = self._read_money(written, currency)
            else:
                parse = parsers[fields[name].type]
                values[name] = parse(written) if parse else written
        return values

    def _country(self, cell: str) -> str:
        code = country_codes().get(plain(cell), "")
        if not code:
            self.unknown[UnknownWord(what="country", word=cell)] += 1
        return code


def _check(table: Table, mapping: ColumnMapping) -> None:
    if missing := missing_required(mapping):
        raise FileUnreadable(f"{table.name} needs a column for {', and one for '.join(missing)}")
    fields = fields_of(mapping.kind)
    for name in (*mapping.columns, *mapping.constants):
        if name not in fields:
            raise FileUnreadable(f"{name!r} is no field of {mapping.kind.value}")
    for name, column in mapping.columns.items():
        if column not in table.headers:
            raise FileUnreadable(f"{table.name} has no column {column!r} (for {name})")


def _currency(cell: str) -> str:
    code = cell.upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise CellUnreadable(f"{cell!r} is no currency code such as EUR")
    return code
