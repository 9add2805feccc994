"""Country names as carriers print them, read as ISO 3166 alpha-2."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.reading import text

# Names the tz database spells otherwise: common English ones, and the neighbors' own in German and French.
_ALSO = {
    "GB": "United Kingdom|Great Britain|Vereinigtes Königreich|Grossbritannien|Großbritannien|Royaume-Uni",
    "US": "United States of America|U.S.A.|USA|Vereinigte Staaten|États-Unis",
    "DE": "Deutschland|Allemagne|Germany, Federal Republic of",
    "AT": "Österreich|Oesterreich|Autriche",
    "CH": "Schweiz|Suisse",
    "FR": "Frankreich",
    "IT": "Italien|Italie",
    "ES": "Spanien|Espagne",
    "NL": "Niederlande|Pays-Bas|The Netherlands|Netherlands, The|Holland",
    "BE": "Belgien|Belgique",
    "LU": "Luxemburg",
    "PL": "Polen|Pologne",
    "DK": "Dänemark|Danemark",
    "SE": "Schweden|Suède",
    "NO": "Norwegen|Norvège",
    "FI": "Finnland|Finlande",
    "CZ": "Czechia|Czech Republic, The|Tschechien|Tschechische Republik",
    "GR": "Griechenland|Grèce",
    "TR": "Türkiye|Türkei|Turquie",
    "CN": "China, People's Republic|China Peoples Republic|People's Republic of China|China Mainland|Chine",
    "HK": "Hong Kong SAR, China|Hong Kong SAR|Hongkong",
    "MO": "Macau SAR, China|Macau SAR",
    "KR": "South Korea|Korea, Republic of|Korea, Republic Of South|Republic of Korea",
    "TW": "Taiwan, China|Chinese Taipei",
    "VN": "Viet Nam",
    "RU": "Russian Federation|Russian Federation, The",
    "AE": "UAE|U.A.E.",
    "BA": "Bosnia and Herzegovina|Bosnia-Herzegovina",
    "MK": "Macedonia",
    "CI": "Ivory Coast|Cote d'Ivoire",
    "LA": "Lao People's Democratic Republic",
    "IR": "Iran, Islamic Republic of",
    "MD": "Moldova, Republic of",
    "IE": "Ireland, Republic of|Republic of Ireland|Irland|Irlande",
    "TT": "Trinidad and Tobago",
    "PH": "Philippines, The",
}


def country_named(written: object) -> str:
    """Return the alpha-2 code for a country's name or code; "" when it names none we know."""
    return country_code(written) or _names().get(text(written).casefold(), "")


@cache
def _names() -> Mapping[str, str]:
    """Names of the tz database's `iso3166.tab`, which the `tzdata` package carries, and ours beside them."""
    names: dict[str, str] = {}
    table = resources.files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text("utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            code, name = line.split("\t")[:2]
            names[name.casefold()] = code
    for code, spellings in _ALSO.items():
        names.update((name.casefold(), code) for name in spellings.split("|"))
    return names
