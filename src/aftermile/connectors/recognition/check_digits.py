"""How carriers compute the last character of a tracking number from the ones before it.

Each rule below takes its parameters and returns a `CheckDigit`: a function from the serial part to the
check character it must carry. Serials are upper-case ASCII letters and digits.
Sources: UPU S10-12, GS1 General Specifications 7.9, DPD Parcel Label Specification 2.4.1, and the
descriptions of the public `tracking_number_data` project.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

CheckDigit = Callable[[str], str]

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# UPS reads a letter as its place in ASCII less three: A is 2, B is 3, ... H is 9, I is 0 again.
_UPS_VALUES = {char: int(char) if char.isdigit() else (ord(char) - 3) % 10 for char in _ALPHABET}


def mod10(*, even: int, odd: int, from_right: bool = False) -> CheckDigit:
    """Weigh by position, counted from 0: what is missing to the next multiple of ten.

    `from_right` counts positions from the end of the serial.
    """

    def expected(serial: str) -> str:
        values = [_UPS_VALUES[char] for char in (reversed(serial) if from_right else serial)]
        return str(-(even * sum(values[::2]) + odd * sum(values[1::2])) % 10)

    return expected


def mod7() -> CheckDigit:
    """Take the remainder of the serial divided by seven."""
    return lambda serial: str(int(serial) % 7)


def luhn() -> CheckDigit:
    """Double every other digit from the right, digits of the products added (ISO/IEC 7812-1)."""

    def expected(serial: str) -> str:
        values = [int(char) for char in reversed(serial)]
        doubled = sum(value * 2 - 9 * (value > 4) for value in values[::2])
        return str(-(doubled + sum(values[1::2])) % 10)

    return expected


def s10() -> CheckDigit:
    """Weigh the eight digits of a postal item as UPU standard S10 says."""

    def expected(serial: str) -> str:
        total = sum(int(char) * weight for char, weight in zip(serial, (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
        check = 11 - total % 11
        return {10: "0", 11: "5"}.get(check, str(check))

    return expected


def sum_product_with_weightings_and_modulo(
    weightings: Sequence[int], *, modulo1: int, modulo2: int
) -> CheckDigit:
    """Weigh each digit, then take the remainder by `modulo1`, and of that by `modulo2` (FedEx)."""

    def expected(serial: str) -> str:
        total = sum(int(char) * weight for char, weight in zip(serial, weightings, strict=True))
        return str(total % modulo1 % modulo2)

    return expected


def mod_37_36() -> CheckDigit:
    """Run ISO 7064 MOD 37,36 over letters and digits; the check character may be a letter (DPD)."""

    def expected(serial: str) -> str:
        rest = 36
        for char in serial:
            rest = (rest + _ALPHABET.index(char)) % 36 or 36
            rest = rest * 2 % 37
        return _ALPHABET[(37 - rest) % 36]

    return expected
