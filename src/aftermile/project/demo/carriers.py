"""The carriers of the demo, and the tracking numbers they give out: right to the last digit, and nobody's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aftermile.connectors.recognition.check_digits import (
    mod7,
    mod10,
    s10,
    sum_product_with_weightings_and_modulo,
)


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier as the shop and as AfterShip write it; `number` makes a tracking number from a serial."""

    name: str
    aftership_slug: str
    number: Callable[[int], str]


def _checked(prefix: str, digits: int, check: Callable[[str], str]) -> Callable[[int], str]:
    """Write a prefix, a serial and the check digit over both."""

    def number(serial: int) -> str:
        body = f"{prefix}{serial:0{digits}d}"
        return body + check(body)

    return number


def _s10(service: str, country: str) -> Callable[[int], str]:
    def number(serial: int) -> str:
        digits = f"{serial % 100_000_000:08d}"
        return f"{service}{digits}{s10()(digits)}{country}"

    return number


def _ups(service: str) -> Callable[[int], str]:
    count = _checked(f"DEM0DE{service}", 7, mod10(even=1, odd=2))
    return lambda serial: f"1Z{count(serial)}"


_GS1 = mod10(even=3, odd=1, from_right=True)
_FEDEX = sum_product_with_weightings_and_modulo((3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1), modulo1=11, modulo2=10)

DHL_PAKET = Carrier("DHL Paket", "dhl-germany", _checked("0034043", 12, _GS1))
DHL_EXPRESS = Carrier("DHL Express", "dhl", _checked("74", 7, mod7()))
DPD = Carrier("DPD", "dpd", lambda serial: f"0998{serial:010d}")
GLS = Carrier("GLS", "gls", lambda serial: f"{60_000_000_000 + serial}")
HERMES = Carrier("Hermes", "hermes-de", lambda serial: f"H{1_000_000_000_000_000_000 + serial}")
POSTNL = Carrier("PostNL", "postnl-3s", lambda serial: f"3SDEMO{serial:09d}")
COLISSIMO = Carrier("Colissimo", "la-poste-colissimo", lambda serial: f"6A{serial:011d}")
CHRONOPOST = Carrier("Chronopost", "chronopost-france", _s10("XY", "FR"))
ROYAL_MAIL = Carrier("Royal Mail", "royal-mail", _s10("HQ", "GB"))
POSTNORD = Carrier("PostNord", "postnord", _s10("UQ", "SE"))
INPOST = Carrier("InPost", "inpost-paczkomaty", lambda serial: f"6{serial:023d}")
UPS_STANDARD = Carrier("UPS", "ups", _ups("68"))
UPS_EXPRESS = Carrier("UPS", "ups", _ups("66"))
FEDEX = Carrier("FedEx", "fedex", _checked("39", 9, _FEDEX))
USPS = Carrier("USPS", "usps", _checked("92612900000000", 7, mod10(even=3, odd=1)))
CANADA_POST = Carrier("Canada Post", "canada-post", _checked("70045", 10, mod10(even=3, odd=1)))
