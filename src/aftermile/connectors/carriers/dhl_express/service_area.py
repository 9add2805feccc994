"""Read how DHL Express names its service areas."""

from __future__ import annotations

import re

from aftermile.connectors.contracts.country_names import country_named
from aftermile.connectors.contracts.facts import Place
from aftermile.connectors.contracts.reading import zone_of

_STATE = re.compile(r"^(?P<city>.+?),\s*(?P<state>[A-Za-z]{2})$")


def place_of(description: str) -> Place:
    """Return the place of "Milan - Italy", "KINGSTON-JAM", "SPRINGFIELD GARDENS,NY-USA" or "New York, NY".

    Where no country is named, two letters after a comma are a state of the USA, if there is one of that name:
    DHL adds states nowhere else.
    """
    name = " ".join(description.split())
    city, country = name, ""
    before, dash, after = name.rpartition("-")
    if dash and country_named(after):
        city, country = before.strip(), country_named(after)
    stated = _STATE.match(city)
    if stated and country in {"", "US", "CA"}:
        state = stated["state"].upper()
        if country or zone_of("US", state):
            return Place(city=stated["city"], state=state, country=country or "US", name=name)
    return Place(city=city, country=country, name=name)
