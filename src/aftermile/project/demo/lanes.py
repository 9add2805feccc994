"""Where the demo's parcels go, with whom, and how long that takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aftermile.connectors.recognition.check_digits import mod10, s10


@dataclass(frozen=True, slots=True)
class Place:
    city: str
    state: str
    postal_code: str
    country: str  # ISO 3166 alpha-2
    alpha_3: str  # as AfterShip writes countries
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier as the shop and as AfterShip write it; `number` makes a tracking number from a serial."""

    name: str
    aftership_slug: str
    number: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Lane:
    """A way parcels take. `days` counts from the hand-over to the day of delivery."""

    carrier: Carrier
    hub: Place  # where they are sorted near the destination
    destinations: tuple[Place, ...]
    days: int
    has_customs: bool = False


def _sscc(serial: int) -> str:
    body = f"0034043{serial:012d}"
    return body + mod10(even=3, odd=1, from_right=True)(body)


def _ups(serial: int) -> str:
    body = f"DEM0DE03{serial:07d}"
    return f"1Z{body}{mod10(even=1, odd=2)(body)}"


def _s10(service: str, country: str) -> Callable[[int], str]:
    def number(serial: int) -> str:
        digits = f"{serial % 100_000_000:08d}"
        return f"{service}{digits}{s10()(digits)}{country}"

    return number


_DHL = Carrier("DHL Paket", "dhl-germany", _sscc)
_DPD = Carrier("DPD", "dpd", lambda serial: f"0998{serial:010d}")
_GLS = Carrier("GLS", "gls", lambda serial: f"{60_000_000_000 + serial}")
_HERMES = Carrier("Hermes", "hermes-de", lambda serial: f"{90_000_000_000_000 + serial}")
_POSTNL = Carrier("PostNL", "postnl-3s", lambda serial: f"3SDEMO{serial:09d}")
_COLISSIMO = Carrier("Colissimo", "la-poste-colissimo", lambda serial: f"6A{serial:011d}")
_ROYAL_MAIL = Carrier("Royal Mail", "royal-mail", _s10("HQ", "GB"))
_POSTNORD = Carrier("PostNord", "postnord", _s10("UQ", "SE"))
_UPS = Carrier("UPS", "ups", _ups)


def _place(city: str, state: str, postal_code: str, country: str, alpha_3: str, zone: str) -> Place:
    return Place(city, state, postal_code, country, alpha_3, ZoneInfo(zone))


def _german(city: str, postal_code: str, state: str) -> Place:
    return _place(city, state, postal_code, "DE", "DEU", "Europe/Berlin")


WAREHOUSE = _german("Kiel", "24103", "SH")
ORIGIN_HUB = _german("Neumünster", "24537", "SH")
_GERMANY = (
    _german("Hamburg", "20095", "HH"),
    _german("Berlin", "10115", "BE"),
    _german("Leipzig", "04109", "SN"),
    _german("Köln", "50667", "NW"),
    _german("Freiburg im Breisgau", "79098", "BW"),
)
DOMESTIC = (
    Lane(_DHL, _german("Hannover", "30159", "NI"), _GERMANY, 2),
    Lane(_DPD, _german("Hamburg", "20095", "HH"), _GERMANY, 2),
    Lane(_GLS, _german("Neuenstein", "36286", "HE"), _GERMANY, 3),
    Lane(_HERMES, _german("Langenhagen", "30851", "NI"), _GERMANY, 3),
)
EUROPEAN = (
    Lane(
        _POSTNL, _place("Amersfoort", "", "3812", "NL", "NLD", "Europe/Amsterdam"),
        (_place("Utrecht", "", "3511", "NL", "NLD", "Europe/Amsterdam"),
         _place("Groningen", "", "9711", "NL", "NLD", "Europe/Amsterdam")), 3,
    ),
    Lane(
        _COLISSIMO, _place("Roissy", "", "95700", "FR", "FRA", "Europe/Paris"),
        (_place("Lyon", "", "69001", "FR", "FRA", "Europe/Paris"),
         _place("Nantes", "", "44000", "FR", "FRA", "Europe/Paris")), 4,
    ),
    Lane(
        _POSTNORD, _place("Malmö", "", "21120", "SE", "SWE", "Europe/Stockholm"),
        (_place("Göteborg", "", "41103", "SE", "SWE", "Europe/Stockholm"),
         _place("Uppsala", "", "75310", "SE", "SWE", "Europe/Stockholm")), 4,
    ),
)  # fmt: skip
OVERSEAS = (
    Lane(
        _ROYAL_MAIL, _place("Langley", "", "SL3 8XX", "GB", "GBR", "Europe/London"),
        (_place("Bristol", "", "BS1 4DJ", "GB", "GBR", "Europe/London"),
         _place("Leeds", "", "LS1 4DY", "GB", "GBR", "Europe/London")), 5, has_customs=True,
    ),
    Lane(
        _UPS, _place("Louisville", "KY", "40213", "US", "USA", "America/New_York"),
        (_place("Portland", "ME", "04101", "US", "USA", "America/New_York"),
         _place("Brooklyn", "NY", "11201", "US", "USA", "America/New_York")), 6, has_customs=True,
    ),
)  # fmt: skip
