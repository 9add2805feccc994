"""Check digits against worked examples of their standards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.connectors.recognition.check_digits import (
    CheckDigit,
    luhn,
    mod7,
    mod10,
    mod_37_36,
    s10,
    sum_product_with_weightings_and_modulo,
)


@pytest.mark.parametrize(
    ("rule", "serial", "expected"),
    [
        # 1*1 + 2*2 + 3*1 = 8: two are missing to ten.
        (mod10(even=1, odd=2), "123", "2"),
        # The same digits from the right give the same, an even count does not: 2*1 + 1*2 against 1*1 + 2*2.
        (mod10(even=1, odd=2, from_right=True), "12", "6"),
        (mod10(even=1, odd=2), "12", "5"),
        (mod10(even=1, odd=2), "AI", "8"),  # A counts 2, I counts 0
        (mod10(even=3, odd=1, from_right=True), "629104150021", "3"),
        (mod7(), "331881002", "5"),
        (luhn(), "7992739871", "3"),
        (s10(), "47312482", "9"),  # the example of UPU S10
        (s10(), "00000000", "5"),
        (sum_product_with_weightings_and_modulo((3, 1, 7), modulo1=11, modulo2=10), "123", "4"),
        (sum_product_with_weightings_and_modulo((1, 1), modulo1=11, modulo2=10), "55", "0"),
        (mod_37_36(), "09980000020033", "F"),
    ],
)
def test_worked_examples(rule: CheckDigit, serial: str, expected: str) -> None:
    assert rule(serial) == expected


@given(st.text("0123456789", min_size=14, max_size=14), st.integers(0, 13), st.integers(1, 9))
def test_mod_37_36_notices_one_changed_digit(serial: str, place: int, step: int) -> None:
    changed = serial[:place] + str((int(serial[place]) + step) % 10) + serial[place + 1 :]
    assert mod_37_36()(serial) != mod_37_36()(changed)
