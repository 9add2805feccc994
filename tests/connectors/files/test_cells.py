from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.connectors.contracts.facts import TimeBasis, TimePrecision
from aftermile.connectors.files.cells import (
    Conventions,
    DateOrder,
    DateReader,
    count,
    date_order_of,
    decimal_mark_of,
    flag,
    measure,
    money_reader,
    several,
)
from aftermile.connectors.files.problems import CellUnreadable, FileUnreadable
from aftermile.kernel.money import Money
from tests.connectors.files.sources import utc

BERLIN = ZoneInfo("Europe/Berlin")
DATES = DateReader(BERLIN, None, zone_is_known=True)
DAY_FIRST = DateReader(BERLIN, DateOrder.DAY_FIRST, zone_is_known=True)
MONTH_FIRST = DateReader(BERLIN, DateOrder.MONTH_FIRST, zone_is_known=True)


@pytest.mark.parametrize(
    ("cell", "minor"),
    [
        ("19.90", 1990),
        ("19,90", 1990),
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("1 234,56", 123456),
        ("1'234.50", 123450),
        ("1.234.567", 123456700),
        ("0.125", 12),
        ("1234.567", 123457),
        ("7", 700),
        ("-5,00", -500),
        ("−5.00", -500),
        ("(5.00)", -500),
        ("€ 19.90", 1990),
        ("19,90 €", 1990),
        ("EUR 19.90", 1990),
        ("-19.90 eur", -1990),
    ],
)
def test_an_amount_that_can_be_read_in_one_way_is_read(cell: str, minor: int) -> None:
    assert money_reader("")(cell, "EUR") == Money(minor, "EUR")


def test_an_amount_that_can_be_read_in_two_ways_needs_a_declaration() -> None:
    with pytest.raises(CellUnreadable, match="declare the decimal mark"):
        money_reader("")("1.234", "EUR")
    assert money_reader(".")("1.234", "KWD") == Money(1234, "KWD")
    assert money_reader(",")("1.234", "EUR") == Money(123400, "EUR")
    assert money_reader(".")("1,234", "EUR") == Money(123400, "EUR")


@pytest.mark.parametrize(
    ("mark", "cell"),
    [
        ("", "free"),
        ("", "1.2.3"),
        ("", "12,34,56"),
        (".", "19,90"),
        (",", "19.90"),
        ("", "19.90 USD"),
        ("", "1" * 20),
        ("", "--5"),
        ("", "1 " * 60_000 + "x"),
    ],
)
def test_what_is_no_amount_is_refused(mark: str, cell: str) -> None:
    with pytest.raises(CellUnreadable):
        money_reader(mark)(cell, "EUR")


def test_an_amount_may_name_its_currency_and_must_have_one() -> None:
    assert money_reader("")("19.90 USD", "") == Money(1990, "USD")
    assert money_reader("")("R$ 21,99", "BRL") == Money(2199, "BRL")
    with pytest.raises(CellUnreadable, match="no currency"):
        money_reader("")("19.90", "")


@given(st.integers(-(10**12), 10**12), st.sampled_from([(".", ","), (",", ".")]))
def test_an_amount_reads_the_same_in_both_notations(minor: int, marks: tuple[str, str]) -> None:
    mark, group = marks
    written = f"{Decimal(minor) / 100:,.2f}".replace(",", "_").replace(".", mark).replace("_", group)
    assert money_reader(mark)(written, "EUR") == Money(minor, "EUR")


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1.234", "19,90"], ","),
        (["1.234", "1.234.567"], ","),
        (["1.234", "0.50"], "."),
        (["1.234", "7"], ""),
        (["19,90", "19.90"], ""),
        ([], ""),
    ],
)
def test_a_column_shows_its_decimal_mark(cells: list[str], mark: str) -> None:
    assert decimal_mark_of(cells) == mark


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2017-07-09 21:57:05", utc(2017, 7, 9, 19, 57, 5)),
        ("2024-01-15 10:00:00 +0100", utc(2024, 1, 15, 9)),
        ("2024-01-15T10:00:00Z", utc(2024, 1, 15, 10)),
        ("2024-01-15 10:00:00 UTC", utc(2024, 1, 15, 10)),
        ("2024-07-15", utc(2024, 7, 15, 10)),
        ("15.07.2024", utc(2024, 7, 15, 10)),
        ("15.07.24 14:30", utc(2024, 7, 15, 12, 30)),
        ("15/07/2024 2:30 PM", utc(2024, 7, 15, 12, 30)),
        ("07/15/2024 12:05:09 am", utc(2024, 7, 14, 22, 5, 9)),
        ("2024/7/5 08:00", utc(2024, 7, 5, 6)),
    ],
)
def test_a_moment_is_read_in_the_files_zone_and_a_day_is_its_noon(cell: str, moment: datetime) -> None:
    assert DATES.moment(cell) == moment


def test_a_day_that_can_be_read_in_two_ways_needs_a_declaration() -> None:
    with pytest.raises(CellUnreadable, match="declare"):
        DATES.day("03/04/2026")
    assert DAY_FIRST.day("03/04/2026") == date(2026, 4, 3)
    assert MONTH_FIRST.day("03/04/2026") == date(2026, 3, 4)
    assert DATES.day("03.04.2026") == date(2026, 4, 3)


def test_a_day_stays_the_day_it_names() -> None:
    assert DATES.day("2017-11-27T00:00:00+09:00") == date(2017, 11, 27)


@pytest.mark.parametrize(
    "cell",
    [
        "soon",
        "2024-02-30",
        "31.11.2024",
        "25/25/2024",
        "12/31/2024 25:00",
        "0001-01-01",
        "9999-12-31",
        "1/2",
        "12",
        "1" * 100_000,
    ],
)
def test_what_is_no_believable_date_is_refused(cell: str) -> None:
    with pytest.raises(CellUnreadable):
        DATES.moment(cell)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["03/04/2024", "13/04/2024"], DateOrder.DAY_FIRST),
        (["03/04/2024", "04/13/2024"], DateOrder.MONTH_FIRST),
        (["03.04.2024"], DateOrder.DAY_FIRST),
        (["03/04/2024"], None),
        (["13/04/2024", "04/13/2024"], None),
        (["2024-04-13"], None),
    ],
)
def test_a_column_shows_the_order_of_its_dates(cells: list[str], order: DateOrder | None) -> None:
    assert date_order_of(cells) == order


def test_a_scan_keeps_its_wording_and_says_what_its_time_rests_on() -> None:
    declared, nothing = DATES.scan("15.07.2024 14:30"), DateReader(UTC, None, zone_is_known=False)

    assert (declared.occurred_at, declared.reported) == (utc(2024, 7, 15, 12, 30), "15.07.2024 14:30")
    assert (declared.basis, declared.precision) == (TimeBasis.CARRIER, TimePrecision.MOMENT)
    assert nothing.scan("2024-07-15 14:30").basis is TimeBasis.ASSUMED
    assert nothing.scan("2024-07-15 14:30:00+02:00").basis is TimeBasis.STATED
    assert DATES.scan("2024-07-15").precision is TimePrecision.DAY


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(FileUnreadable, match="Middle/Earth"):
        Conventions(time_zone="Middle/Earth").zone()


@pytest.mark.parametrize(
    ("cell", "number"), [("2", 2), ("2.00", 2), ("2,0", 2), ("0", 0), ("1000000", 1000000)]
)
def test_a_count_is_a_whole_number(cell: str, number: int) -> None:
    assert count(cell) == number


@pytest.mark.parametrize("cell", ["two", "-1", "2.5", "1000001", "9" * 5000, "2²"])
def test_what_is_no_count_is_refused(cell: str) -> None:
    with pytest.raises(CellUnreadable):
        count(cell)


def test_yes_and_no_are_known_in_several_languages() -> None:
    assert [flag(cell) for cell in ("yes", "TRUE", "Ja", "sim", "No", "falsch", "0")] == [True] * 4 + [
        False
    ] * 3
    with pytest.raises(CellUnreadable):
        flag("perhaps")


def test_several_things_in_a_cell_are_kept_once() -> None:
    assert several("RR 12 DE, RR 13 DE;RR 12 DE,") == ("RR 12 DE", "RR 13 DE")


def test_a_measure_may_have_a_decimal_comma() -> None:
    assert (measure("0,35"), measure("1200")) == (Decimal("0.35"), Decimal(1200))
    with pytest.raises(CellUnreadable):
        measure("1e9")
