"""Money: whole minor units with their currency, never a float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

# ISO 4217 (list one, 2026): currencies whose minor unit is not a hundredth.
_NO_MINOR_UNIT = (
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"),
    *("PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
)
_EXPONENTS = {
    **dict.fromkeys(_NO_MINOR_UNIT, 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
# Decimal itself would also take "1_000", "NaN" and the digits of every alphabet.
_AMOUNT = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
#: Larger amounts than this are typing errors, and would not fit the database's bigint.
LARGEST_AMOUNT_MINOR = 10**15


class MoneyUnreadable(ValueError):
    """An amount or a currency code that cannot be read."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the minor unit of its currency (cents for EUR, yen for JPY)."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if not _CURRENCY.fullmatch(self.currency):
            raise MoneyUnreadable(f"{self.currency!r} is no ISO 4217 currency code such as EUR")
        if abs(self.amount_minor) > LARGEST_AMOUNT_MINOR:
            raise MoneyUnreadable(f"{self.amount_minor} is beyond any believable amount")

    @classmethod
    def read(cls, amount: str | int | Decimal, currency: str) -> Money:
        """Read an amount in major units, as storefronts write it (`"19.90"`, `"EUR"`).

        More digits than the currency has are rounded half to even.

        :raises MoneyUnreadable: no plain decimal number, an unbelievable one, or no currency code.
        """
        code = currency.strip().upper()
        written = str(amount).strip()
        if not _AMOUNT.fullmatch(written):
            raise MoneyUnreadable(f"{amount!r} is no amount of money such as 19.90")
        major = Decimal(written)
        if major and major.adjusted() > 15:
            raise MoneyUnreadable(f"{amount!r} is beyond any believable amount")
        digits = minor_digits(code)
        # Rounded in one step: `scaleb` first would round to the context's precision, then round again.
        rounded = major.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
        return cls(int(rounded.scaleb(digits)), code)

    @property
    def major(self) -> Decimal:
        """The amount in major units, with as many digits as the currency has."""
        return Decimal(self.amount_minor).scaleb(-minor_digits(self.currency))

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise MoneyUnreadable(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def split(self, weights: list[int]) -> list[Money]:
        """Divide by weights without losing a cent (largest remainder; ties to the first).

        :raises ValueError: no weight, a negative one, or all zero.
        """
        whole = sum(weights)
        if not weights or min(weights) < 0 or whole == 0:
            raise ValueError("weights must be non-negative and not all zero")
        sign = -1 if self.amount_minor < 0 else 1
        shares = [divmod(abs(self.amount_minor) * weight, whole) for weight in weights]
        left = abs(self.amount_minor) - sum(quotient for quotient, _ in shares)
        by_remainder = sorted(range(len(weights)), key=lambda index: -shares[index][1])
        extra = set(by_remainder[:left])
        return [
            Money(sign * (quotient + (index in extra)), self.currency)
            for index, (quotient, _) in enumerate(shares)
        ]

    def __str__(self) -> str:
        return f"{self.major} {self.currency}"


def minor_digits(currency: str) -> int:
    """Tell how many digits a currency's minor unit has (EUR 2, JPY 0, KWD 3)."""
    return _EXPONENTS.get(currency, 2)
