"""Who buys in the demo shop. Nobody in here exists, and nobody can be reached.

The domain `example` has no mailboxes (RFC 2606). The telephone numbers are those that regulators keep free for
films and books: Bundesnetzagentur, Arcep, Ofcom, PTS and the North American Numbering Plan; where we know
of none, there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from aftermile.project.demo.places import BEHIND_CUSTOMS, COUNTRIES, Place, homes

_NAMES = """
DE | Ada Greta Hannes Jonas Katja Umut Mina Paula Oskar Vera | Albers Berg Faber Hoffmann Schneider Vogel Winter Yıldız Zeller
AT | Lena Valentin Sophie Lukas | Gruber Huber Leitner Moser
CH | Noemi Reto Céline Urs | Ammann Frei Keller Zürcher
FR | Amélie Bastien Inès Quentin Salomé Youssef | Benoît Faure Lefèvre Moreau Rousseau Traoré
BE | Lotte Seppe Noor Jef | Claes Maes Peeters Wouters
NL | Anouk Bram Fleur Wim Sanne | de Jong|van Dijk|Jansen|Visser|Meijer
GB | Amara Callum Eleanor Imran Rhys Sian | Ahmed Clarke Davies Hughes Okafor Whitfield
SE | Astrid Elin Linus Sixten | Dahl Eriksson Lindqvist Öberg
DK | Freja Mads Signe Villads | Holm Jensen Kjær Østergaard
PL | Agnieszka Jakub Łucja Michał | Kowalski Nowak Wiśniewska Zieliński
ES | Carla Íñigo Lucía Mateo | Costa García Muñoz Ortega
IT | Chiara Davide Giulia Marco | Bianchi Conti Ricci Rossi
PT | Beatriz João Inês Tiago | Carvalho Ferreira Gonçalves Silva
US | Dmitri Farid Liam Rosa Tilda Yara | Castillo Ivanova Nguyen Reyes Thompson Usman
CA | Chloé Ethan Priya Noah | Bouchard MacLeod Patel Tremblay
JP | さくら 健太 美咲 | 田中 高橋 渡辺
AE | ليلى عمر نورة | الحسن المنصوري الشامسي
"""
_STREETS = {
    "DE": "Lindenweg {}", "AT": "Gartengasse {}", "CH": "Bachstrasse {}", "FR": "{} rue du Moulin", "BE": "Kerkstraat {}",
    "NL": "Molenlaan {}", "GB": "{} Station Road", "SE": "Storgatan {}", "DK": "Skovvej {}", "PL": "ul. Lipowa {}",
    "ES": "Calle Mayor {}", "IT": "Via Garibaldi {}", "PT": "Rua das Flores {}", "US": "{} Maple Street",
    "CA": "{} Queen Street", "JP": "北{}条西5丁目", "AE": "شارع الوصل {}",
}  # fmt: skip
_PHONES = {
    "DE": "+49 30 23125 {:03d}", "FR": "+33 1 99 00 47 {:02d}", "GB": "+44 7700 900{:03d}",
    "SE": "+46 70 174 06 {:02d}", "US": "+1 202 555 01{:02d}", "CA": "+1 613 555 01{:02d}",
}  # fmt: skip

#: Shoppers counted from here live where parcels pass customs; those before, anywhere.
FIRST_BEHIND_CUSTOMS = 100_000
#: Shoppers counted from here live in the country they are asked for: the cast.
FIRST_OF_CAST = 200_000
#: And those of the sale.
FIRST_OF_SALE = 300_000


def _names() -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    rows = (line.split(" | ", 2) for line in _NAMES.strip().splitlines())
    return {
        country: (tuple(first.split()), tuple(last.split("|") if "|" in last else last.split()))
        for country, first, last in rows
    }


_NAMES_OF = _names()


@dataclass(frozen=True, slots=True)
class Shopper:
    """Somebody who buys. `customer_id` 0: a guest, known by the e-mail address alone."""

    number: int
    customer_id: int
    first_name: str
    last_name: str
    email: str
    phone: str  # "" where there is none
    street: str
    home: Place
    language: str

    @property
    def country(self) -> str:
        return self.home.country


def shopper(seed: int, number: int, *, country: str = "") -> Shopper:
    """Make the shopper of a number; always the same one for a seed."""
    dice = Random(f"{seed}/shopper/{number}")  # noqa: S311
    among = BEHIND_CUSTOMS if number >= FIRST_BEHIND_CUSTOMS else tuple(COUNTRIES)
    country = country or dice.choices(among, [COUNTRIES[each].share for each in among])[0]
    firsts, lasts = _NAMES_OF[country]
    first, last = dice.choice(firsts), dice.choice(lasts)
    home = dice.choice(homes(country))
    return Shopper(
        number=number,
        customer_id=0 if dice.random() < 0.15 else 7_000_000 + number,
        first_name=first,
        last_name=last,
        email=f"{_plain(first)}.{_plain(last)}.{number}@shopper.example",
        phone=_PHONES.get(country, "").format(5 + number % 95),
        street=_STREETS[country].format(dice.randrange(1, 99)),
        home=home,
        language=COUNTRIES[country].language,
    )


_WRITTEN = str.maketrans("äöüßåæøéèêëàâçîïíóôõúñãłśćźżńęąıõð", "aousaaoeeeeaaciiiooounalsczzneaiod", " '-")


def _plain(name: str) -> str:
    """Write a name as it stands in an e-mail address; "shopper" where its letters are not Latin."""
    written = name.lower().translate(_WRITTEN)
    return written if written.isascii() else "shopper"
