"""Who buys in the demo shop. Nobody in here exists, and the domain `example` reaches no mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from aftermile.project.demo.lanes import DOMESTIC, EUROPEAN, OVERSEAS, Lane, Place

_FIRST_NAMES = (
    "Ada", "Bilal", "Carla", "Dmitri", "Eva", "Farid", "Greta", "Hannes", "Ines", "Jonas", "Katja", "Liam",
    "Mina", "Noor", "Oskar", "Paula", "Quentin", "Rosa", "Samuel", "Tilda", "Umut", "Vera", "Wim", "Yara",
)  # fmt: skip
_LAST_NAMES = (
    "Albers", "Berg", "Costa", "Dahl", "Eriksen", "Faber", "Grau", "Hoffmann", "Ivanova", "Jansen", "Kowalski",
    "Lindqvist", "Moreau", "Nguyen", "Okafor", "Peters", "Quist", "Rossi", "Schneider", "Tanaka", "Usman",
    "Vogel", "Winter", "Zeller",
)  # fmt: skip
_STREETS = {
    "DE": "Lindenweg {}", "NL": "Kerkstraat {}", "FR": "{} rue du Moulin", "SE": "Storgatan {}",
    "GB": "{} Station Road", "US": "{} Maple Street",
}  # fmt: skip
_LANGUAGES = {"DE": "de-DE", "NL": "nl-NL", "FR": "fr-FR", "SE": "sv-SE", "GB": "en-GB", "US": "en-US"}

#: Of ten shoppers in a row, where the tenth, ninth and eighth live; the others live in the shop's country.
HOMES: dict[int, tuple[Lane, ...]] = {7: EUROPEAN, 8: EUROPEAN, 9: OVERSEAS}


@dataclass(frozen=True, slots=True)
class Shopper:
    """Somebody who buys. `customer_id` 0: a guest, known by the e-mail address alone."""

    number: int
    customer_id: int
    first_name: str
    last_name: str
    email: str
    street: str
    home: Place
    language: str
    lanes: tuple[Lane, ...]  # the ways by which parcels reach the home


def shopper(seed: int, number: int) -> Shopper:
    """Make the shopper of a number; always the same one for a seed."""
    dice = Random(f"{seed}/shopper/{number}")  # noqa: S311
    first, last = dice.choice(_FIRST_NAMES), dice.choice(_LAST_NAMES)
    lane = dice.choice(HOMES.get(number % 10, DOMESTIC))
    home = dice.choice(lane.destinations)
    return Shopper(
        number=number,
        customer_id=0 if dice.random() < 0.15 else 7_000_000 + number,
        first_name=first,
        last_name=last,
        email=f"{first}.{last}.{number}@shopper.example".lower(),
        street=_STREETS[home.country].format(dice.randrange(1, 99)),
        home=home,
        language=_LANGUAGES[home.country],
        lanes=DOMESTIC if home.country == "DE" else (lane,),
    )
