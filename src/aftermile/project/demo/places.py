"""Where the demo's parcels start, pass and arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from aftermile.kernel.calendars import Calendar


@dataclass(frozen=True, slots=True)
class Place:
    city: str
    state: str
    postal_code: str
    country: str  # ISO 3166 alpha-2
    alpha_3: str  # as AfterShip writes countries
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Country:
    alpha_3: str
    name: str  # as Shopify writes it
    language: str  # of an order from there
    zone: str
    share: int  # of a hundred shoppers


def _countries() -> dict[str, Country]:
    rows = (line.split(" | ") for line in _COUNTRIES.strip().splitlines())
    return {
        code: Country(alpha_3, name, language, zone, int(share))
        for code, alpha_3, name, language, zone, share in rows
    }


_COUNTRIES = """
DE | DEU | Germany | de-DE | Europe/Berlin | 38
AT | AUT | Austria | de-AT | Europe/Vienna | 4
CH | CHE | Switzerland | de-CH | Europe/Zurich | 3
FR | FRA | France | fr-FR | Europe/Paris | 9
BE | BEL | Belgium | nl-BE | Europe/Brussels | 3
NL | NLD | Netherlands | nl-NL | Europe/Amsterdam | 7
GB | GBR | United Kingdom | en-GB | Europe/London | 8
SE | SWE | Sweden | sv-SE | Europe/Stockholm | 5
DK | DNK | Denmark | da-DK | Europe/Copenhagen | 2
PL | POL | Poland | pl-PL | Europe/Warsaw | 4
ES | ESP | Spain | es-ES | Europe/Madrid | 4
IT | ITA | Italy | it-IT | Europe/Rome | 3
PT | PRT | Portugal | pt-PT | Europe/Lisbon | 1
US | USA | United States | en-US | America/New_York | 5
CA | CAN | Canada | en-CA | America/Toronto | 2
JP | JPN | Japan | ja-JP | Asia/Tokyo | 1
AE | ARE | United Arab Emirates | ar-AE | Asia/Dubai | 1
"""
COUNTRIES: Mapping[str, Country] = _countries()
#: What goes there is looked at by customs: the shop sends from within the European Union.
BEHIND_CUSTOMS = ("CH", "GB", "US", "CA", "JP", "AE")


def place(line: str) -> Place:
    """Read "DE|Kiel|24103|SH": country, city, postal code and, where there is one, state."""
    country, city, postal_code, state = (part.strip() for part in f"{line}|".split("|")[:4])
    found = COUNTRIES[country]
    return Place(city, state, postal_code, country, found.alpha_3, ZoneInfo(found.zone))


WAREHOUSE = place("DE|Kiel|24103|SH")
ORIGIN_HUB = place("DE|Neumünster|24537|SH")


@cache
def homes(country: str) -> tuple[Place, ...]:
    """Return the towns of a country in which shoppers live."""
    return tuple(
        place(line) for line in _HOMES.strip().splitlines() if line.partition("|")[0].strip() == country
    )


@cache
def calendar(country: str, *, saturdays: bool = False) -> Calendar:
    """Return the days on which parcels are delivered in a country: never on Sundays and public holidays."""
    return Calendar(country=country, weekmask="1111110" if saturdays else "1111100")


_HOMES = """
DE|Hamburg|20095|HH
DE|Lübeck|23552|SH
DE|Berlin|10115|BE
DE|Leipzig|04109|SN
DE|Köln|50667|NW
DE|Freiburg im Breisgau|79098|BW
DE|München|80331|BY
AT|Wien|1010
AT|Innsbruck|6020
CH|Zürich|8001|ZH
CH|Bern|3011|BE
FR|Lyon|69001
FR|Nantes|44000
FR|Grenoble|38000
BE|Gent|9000
NL|Utrecht|3511 AB
NL|Groningen|9711 LB
GB|Bristol|BS1 4DJ
GB|Leeds|LS1 4DY
GB|Edinburgh|EH1 1YZ
SE|Göteborg|411 03
SE|Uppsala|753 10
DK|Aarhus|8000
PL|Kraków|31-001
PL|Gdańsk|80-001
ES|Bilbao|48001
ES|Granada|18001
IT|Torino|10121
IT|Bologna|40121
PT|Porto|4000-008
US|Portland|04101|ME
US|Brooklyn|11201|NY
US|Asheville|28801|NC
CA|Ottawa|K1P 1J1|ON
CA|Halifax|B3H 4R2|NS
JP|札幌市|060-0001|北海道
JP|松本市|390-0811|長野県
AE|دبي|00000
"""
