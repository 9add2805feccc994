"""Money: read exactly, rounded once, split without losing a cent."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, localcontext

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aftermile.kernel.money import LARGEST_AMOUNT_MINOR, Money, MoneyUnreadable, minor_digits

currencies = st.sampled_from(["EUR", "USD", "JPY", "KWD", "CLF", "BRL"])
minor_amounts = st.integers(-LARGEST_AMOUNT_MINOR, LARGEST_AMOUNT_MINOR)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("19.90", "EUR", 1990),
        (" 19.9 ", " eur ", 1990),
        ("-0.01", "EUR", -1),
        ("0", "EUR", 0),
        ("1980", "JPY", 1980),
        ("1.234", "KWD", 1234),
        ("1.2345", "CLF", 12345),
        (5, "EUR", 500),
        (Decimal("1E+2"), "EUR", 10000),
        (".5", "EUR", 50),
        ("7.", "EUR", 700),
        ("0.005", "EUR", 0),
        ("0.015", "EUR", 2),
        ("0.0050000000000000000000000000000000000001", "EUR", 1),
        ("1E-9999", "EUR", 0),
        ("0E9999", "EUR", 0),
    ],
)
def test_an_amount_reads_as_its_minor_units(amount: str | int | Decimal, currency: str, minor: int) -> None:
    assert Money.read(amount, currency) == Money(minor, currency.strip().upper())


@pytest.mark.parametrize(
    "amount",
    [
        "",
        "abc",
        "1,50",
        "1_000",
        "NaN",
        "Infinity",
        "-inf",
        "1e99999999999999",
        "1e16",
        "٣",
        "0x10",
        "1 2",
        "--1",
    ],
)
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(MoneyUnreadable):
        Money.read(amount, "EUR")


@pytest.mark.parametrize("currency", ["", "EU", "EURO", "€", "12A", "E R"])
def test_what_is_no_currency_is_refused(currency: str) -> None:
    with pytest.raises(MoneyUnreadable, match="ISO 4217"):
        Money.read("1", currency)


def test_an_unbelievable_amount_is_refused() -> None:
    with pytest.raises(MoneyUnreadable, match="believable"):
        Money(LARGEST_AMOUNT_MINOR + 1, "EUR")
    with pytest.raises(MoneyUnreadable, match="believable"):
        Money.read("10000000000000.01", "EUR")


@given(st.text(max_size=40), st.text(max_size=5))
def test_no_text_breaks_the_reading(amount: str, currency: str) -> None:
    try:
        read = Money.read(amount, currency)
    except MoneyUnreadable:
        return
    assert abs(read.amount_minor) <= LARGEST_AMOUNT_MINOR


@given(minor_amounts, currencies)
def test_an_amount_reads_back_from_its_major_units(minor: int, currency: str) -> None:
    money = Money(minor, currency)

    assert Money.read(money.major, currency) == money
    assert Money.read(str(money.major), currency) == money
    assert str(money) == f"{money.major} {currency}"
    assert -money.major.as_tuple().exponent == minor_digits(currency)


@given(st.decimals(-(10**10), 10**10, allow_nan=False, places=40), currencies)
def test_rounding_is_half_even_in_one_step(amount: Decimal, currency: str) -> None:
    with localcontext() as exactly:
        exactly.prec = 200
        expected = (amount * 10 ** minor_digits(currency)).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)

    assert Money.read(amount, currency).amount_minor == int(expected)


@given(minor_amounts, currencies, st.lists(st.integers(0, 10**9), min_size=1, max_size=12))
def test_a_split_loses_no_cent_and_favors_nobody_by_more_than_one(
    minor: int, currency: str, weights: list[int]
) -> None:
    assume(sum(weights) > 0)
    whole = Money(minor, currency)

    parts = whole.split(weights)

    assert sum(part.amount_minor for part in parts) == minor
    for part, weight in zip(parts, weights, strict=True):
        # |part - minor * weight / sum| < 1, without a fraction
        assert abs(part.amount_minor * sum(weights) - minor * weight) < sum(weights)
        assert part.currency == currency
        assert weight > 0 or part.amount_minor == 0


@given(minor_amounts, st.lists(st.integers(1, 100), min_size=1, max_size=8))
def test_a_split_of_a_refund_mirrors_the_split_of_the_charge(minor: int, weights: list[int]) -> None:
    charge, refund = Money(minor, "EUR").split(weights), Money(-minor, "EUR").split(weights)

    assert [part.amount_minor for part in refund] == [-part.amount_minor for part in charge]


def test_ties_go_to_the_first() -> None:
    assert [part.amount_minor for part in Money(100, "EUR").split([1, 1, 1])] == [34, 33, 33]
    assert [part.amount_minor for part in Money(-100, "EUR").split([1, 1, 1])] == [-34, -33, -33]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [-1]])
def test_a_split_by_no_weight_is_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Money(100, "EUR").split(weights)


def test_only_one_currency_is_added() -> None:
    assert Money(1, "EUR") + Money(2, "EUR") == Money(3, "EUR")
    with pytest.raises(MoneyUnreadable, match="cannot add USD to EUR"):
        Money(1, "EUR") + Money(2, "USD")
