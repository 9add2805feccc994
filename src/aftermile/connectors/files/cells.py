"""Cells as people and programs write them: amounts, moments, days, counts, yes and no.

Nothing is guessed: where `1.234` may be a thousand or `03/04` two days, the column must show which, or the
operator say it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aftermile.connectors.contracts.facts import ScanTime, TimeBasis, TimePrecision
from aftermile.connectors.contracts.reading import EARLIEST_YEAR, LATEST_YEAR
from aftermile.connectors.files.problems import CellUnreadable, FileUnreadable
from aftermile.kernel.money import Money, MoneyUnreadable

#: A count above this is a typing error, and a sum of such counts still fits an integer column.
LARGEST_COUNT = 1_000_000
#: No amount or date is longer; without a bound, a cell made for it would keep the patterns busy for hours.
LONGEST_CELL = 50


class DateOrder(StrEnum):
    """Which part of `03/04/2026` is the day."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """What a file does not say of itself. Left empty, dates and amounts show by their own values."""

    currency: str = ""  # ISO 4217, for amounts without one
    country: str = ""  # ISO 3166 alpha-2, for addresses without one
    time_zone: str = ""  # IANA, of local times; "" reads them as UTC
    date_order: DateOrder | None = None
    decimal_mark: str = ""  # "." or ","

    def zone(self) -> tzinfo:
        """Return the zone local times are read in.

        :raises FileUnreadable: no such time zone.
        """
        try:
            return ZoneInfo(self.time_zone) if self.time_zone else UTC
        except (ZoneInfoNotFoundError, ValueError):
            raise FileUnreadable(f"{self.time_zone!r} is no time zone such as Europe/Berlin") from None


# -- counts, yes and no, lists -----------------------------------------------------------------------


def count(cell: str) -> int:
    """Read a whole number of things; `2.00` and `2,0` are taken as well."""
    plain = re.sub(r"[.,]0+$", "", cell[:LONGEST_CELL])
    if len(plain) > 9 or not plain.isdecimal() or int(plain) > LARGEST_COUNT:
        raise CellUnreadable(f"{cell!r} is no count such as 2")
    return int(plain)


_YES = frozenset(
    [
        "yes",
        "y",
        "true",
        "t",
        "1",
        "x",
        "ja",
        "j",
        "oui",
        "o",
        "si",
        "sim",
        "s",
        "sì",
        "wahr",
        "verdadero",
        "vrai",
    ]
)
_NO = frozenset(
    ["no", "n", "false", "f", "0", "-", "nein", "non", "nao", "não", "nee", "falsch", "falso", "faux"]
)


def flag(cell: str) -> bool:
    """Read a yes or a no in the languages of our merchants."""
    word = cell.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellUnreadable(f"{cell!r} is neither yes nor no")


def several(cell: str) -> tuple[str, ...]:
    """Split a cell that holds several things, each kept once."""
    return tuple(dict.fromkeys(part for piece in re.split(r"[,;|\n]", cell) if (part := piece.strip())))


def measure(cell: str) -> Decimal:
    """Read a plain measure; a lone comma is a decimal mark here."""
    if not re.fullmatch(r"\d{1,9}(?:[.,]\d{1,6})?", cell):
        raise CellUnreadable(f"{cell!r} is no measure such as 0.5")
    return Decimal(cell.replace(",", "."))


# -- money -------------------------------------------------------------------------------------------

_AMOUNT = re.compile(
    r"(?P<open>\()?\s*(?P<sign>[-+−])?\s*(?P<before>[A-Za-z]{1,3}\$|[A-Za-z]{3}|[^\w\s.,'’()+−-]{1,2})?\s*"
    r"(?P<sign2>[-+−])?\s*(?P<digits>[\d.,'’\s]*\d)\s*"
    r"(?P<after>[A-Za-z]{3}|[A-Za-z]{1,2}|[^\w\s.,'’()+−-]{1,2})?\s*(?P<close>\))?"
)
_GROUPED = {
    mark: re.compile(rf"\d{{1,3}}(?:[{re.escape(group)}'’\s]\d{{3}})+(?:{re.escape(mark)}\d+)?")
    for mark, group in ((".", ","), (",", "."))
}


def money_reader(decimal_mark: str) -> Callable[[str, str], Money]:
    """Return a reader of amounts (cell, currency); `decimal_mark` "" takes only what needs none to tell.

    The reader raises CellUnreadable for what is no amount, is ambiguous, or states another currency.
    """

    @lru_cache(maxsize=1 << 16)
    def read(cell: str, currency: str) -> Money:
        found = _amount(cell)
        if not found or (found["sign"] and found["sign2"]):
            raise CellUnreadable(f"{cell!r} is no amount of money such as 19.90")
        for side in ("before", "after"):
            code = (found[side] or "").upper()
            if len(code) == 3 and code.isalpha():
                if currency and code != currency:
                    raise CellUnreadable(f"{cell!r} is not in {currency}")
                currency = code
        if not currency:
            raise CellUnreadable(f"{cell!r} has no currency: map a column or declare one for the file")
        number = _plain_number(found["digits"], decimal_mark)
        if found["open"] or "-" in (sign := (found["sign"] or "") + (found["sign2"] or "")) or "−" in sign:
            number = f"-{number}"
        try:
            return Money.read(number, currency)
        except MoneyUnreadable as error:
            raise CellUnreadable(str(error)) from None

    return read


def decimal_mark_of(cells: Iterable[str]) -> str:
    """Return the decimal mark a column of amounts shows, or "" when no cell settles it."""
    votes = {_mark_shown(found["digits"]) for cell in cells if (found := _amount(cell))}
    votes.discard("")
    return votes.pop() if len(votes) == 1 else ""


def _amount(cell: str) -> re.Match[str] | None:
    return _AMOUNT.fullmatch(cell) if len(cell) <= LONGEST_CELL else None


def _mark_shown(digits: str) -> str:
    """Return the decimal mark one amount proves; "" when it could be read both ways or has none."""
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return "." if digits.rfind(".") > digits.rfind(",") else ","
    if points + commas == 0:
        return ""
    mark, other = (".", ",") if points else (",", ".")
    if points + commas > 1:
        return other  # 1.234.567: it groups
    whole, _, fraction = digits.partition(mark)
    could_group = len(fraction) == 3 and 1 <= len(whole) <= 3 and whole != "0"
    return "" if could_group else mark


def _plain_number(digits: str, decimal_mark: str) -> str:
    mark = decimal_mark or _mark_shown(digits)
    if not mark:
        if "." in digits or "," in digits:
            raise CellUnreadable(f"{digits!r} may be a thousand or a fraction: declare the decimal mark")
        mark = "."
    plain = digits.strip()
    if not re.fullmatch(rf"\d*(?:{re.escape(mark)}\d+)?", plain) and not _GROUPED[mark].fullmatch(plain):
        raise CellUnreadable(f"{digits!r} is no amount with {mark!r} before the cents")
    return re.sub(r"[^\d.]", "", plain.replace("." if mark == "," else ",", "").replace(mark, "."))


# -- moments and days --------------------------------------------------------------------------------

_WRITTEN = re.compile(
    r"(?P<a>\d{1,4})(?P<mark>[./-])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{1,4})"
    r"(?:[T,\s]+(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_NOON = time(12)


def date_order_of(cells: Iterable[str]) -> DateOrder | None:
    """Return the order a column of dates shows; None when no cell settles it, or cells disagree."""
    votes = set()
    for cell in cells:
        if cell[4:5] == "-":
            continue  # ISO
        found = _written(cell)
        if found and len(found["a"]) <= 2:
            if int(found["a"]) > 12:
                votes.add(DateOrder.DAY_FIRST)
            elif int(found["b"]) > 12:
                votes.add(DateOrder.MONTH_FIRST)
            elif found["mark"] == ".":
                votes.add(DateOrder.DAY_FIRST)  # nobody writes the month first with points
    return votes.pop() if len(votes) == 1 else None


@dataclass(frozen=True, slots=True)
class DateReader:
    """Reads moments and days; local times are those of `zone`, a day as a moment is its noon there."""

    zone: tzinfo
    order: DateOrder | None
    zone_is_known: bool

    def moment(self, cell: str) -> datetime:
        """Read a moment, in UTC."""
        found, _ = self._parse(cell)
        return (found if found.tzinfo else found.replace(tzinfo=self.zone)).astimezone(UTC)

    def scan(self, cell: str) -> ScanTime:
        """Read a scan's moment, the text kept."""
        found, precision = self._parse(cell)
        if found.tzinfo:
            basis = TimeBasis.STATED
        else:
            basis = TimeBasis.CARRIER if self.zone_is_known else TimeBasis.ASSUMED
            found = found.replace(tzinfo=self.zone)
        return ScanTime(occurred_at=found.astimezone(UTC), reported=cell, basis=basis, precision=precision)

    def day(self, cell: str) -> date:
        """Read the day a cell names, as written: no time zone moves it."""
        return self._parse(cell)[0].date()

    def _parse(self, cell: str) -> tuple[datetime, TimePrecision]:
        try:
            found = datetime.fromisoformat(cell)
            day_only = len(cell) <= 10
        except ValueError:
            found, day_only = self._parse_written(cell)
        if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
            raise CellUnreadable(f"{cell!r} is no believable date")
        if day_only:
            return datetime.combine(found.date(), _NOON, found.tzinfo), TimePrecision.DAY
        return found, TimePrecision.MOMENT

    def _parse_written(self, cell: str) -> tuple[datetime, bool]:
        found = _written(cell)
        if not found:
            raise CellUnreadable(f"{cell!r} is no date such as 2026-11-21 or 21.11.2026 14:30")
        try:
            day = self._day(cell, found)
            if found["hour"] is None:
                return datetime.combine(day, _NOON), True
            hour = int(found["hour"])
            if half := found["half"]:
                if not 1 <= hour <= 12:
                    raise ValueError
                hour = hour % 12 + (12 if half[0] in "pP" else 0)
            clock = time(hour, int(found["minute"]), int(found["second"] or 0))
        except CellUnreadable:
            raise
        except ValueError:
            raise CellUnreadable(f"{cell!r} is no day of the calendar or time of the day") from None
        return datetime.combine(day, clock, _offset(found["zone"])), False

    def _day(self, cell: str, found: re.Match[str]) -> date:
        a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
        if len(found["a"]) == 4:
            return date(a, b, c)
        if len(found["a"]) == 3 or len(found["c"]) not in (2, 4):
            raise CellUnreadable(f"{cell!r} is no date such as 2026-11-21 or 21.11.2026")
        order = self.order or date_order_of([cell])
        if order is None:
            raise CellUnreadable(f"{cell!r} may be two days: declare whether the day or the month is first")
        day, month = (a, b) if order is DateOrder.DAY_FIRST else (b, a)
        return date(c if c > 99 else 2000 + c, month, day)


def _written(cell: str) -> re.Match[str] | None:
    return _WRITTEN.fullmatch(cell) if len(cell) <= LONGEST_CELL else None


def _offset(written: str | None) -> tzinfo | None:
    if written is None:
        return None
    if written in ("Z", "UTC", "GMT"):
        return UTC
    return datetime.strptime(written.replace(":", ""), "%z").tzinfo
