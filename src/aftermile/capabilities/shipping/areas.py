"""Where things go: places, and the areas a table names them by ("DE", "US-CA", "DE 80", "*")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aftermile.connectors.contracts.countries import country_code

_WRITTEN = re.compile(r"([A-Za-z]{2,3})(?:-([A-Za-z0-9]{1,3}))?(?:\s+([A-Za-z0-9][A-Za-z0-9 -]{0,11})\*?)?")
#: How narrow an area is: the rest of the world, a country, a region, a postcode's first digits (one more for each).
REST, COUNTRY, REGION, POSTCODE = 0, 1, 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a parcel starts or ends. Unknown parts are empty."""

    country: str = ""  # ISO 3166-1 alpha-2
    region: str = ""  # the part of ISO 3166-2 after the dash
    postal_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Places together: a country, a region of it, or the postcodes that begin in one way; no country: anywhere."""

    country: str = ""
    region: str = ""
    prefix: str = ""  # of the postcode, without spaces and dashes

    @classmethod
    def read(cls, written: str) -> Area:
        """Read an area as tables have it: `DE`, `US-CA`, `DE 80`, `GB SW1`, `*` for the rest of the world.

        :raises ValueError: it is none; the message says so.
        """
        text = written.strip()
        if text == "*":
            return cls()
        found = _WRITTEN.fullmatch(text)
        country = country_code(found[1]) if found else ""
        if found is None or not country:
            raise ValueError(
                f"“{text[:40]}” is no area: write DE, US-CA, DE 80 or * for the rest of the world."
            )
        if found[2] and found[3]:
            raise ValueError(f"“{text[:40]}” names a region and a postcode; the postcode is enough.")
        return cls(country=country, region=(found[2] or "").upper(), prefix=plain_postcode(found[3] or ""))

    @property
    def written(self) -> str:
        if not self.country:
            return "*"
        if self.region:
            return f"{self.country}-{self.region}"
        return f"{self.country} {self.prefix}".strip()

    def fit(self, place: Place) -> int | None:
        """Tell how narrowly a place is meant, the more the narrower; None when it lies elsewhere."""
        if not self.country:
            return REST
        if place.country != self.country:
            return None
        if self.prefix:
            is_there = plain_postcode(place.postal_code).startswith(self.prefix)
            return POSTCODE + len(self.prefix) if is_there else None
        if self.region:
            return REGION if place.region.upper() == self.region else None
        return COUNTRY


def plain_postcode(written: str) -> str:
    """Return a postcode as it is compared: without spaces and dashes, in capitals."""
    return written.replace(" ", "").replace("-", "").upper()


def narrowest(areas: tuple[Area, ...], place: Place) -> int | None:
    """Tell how narrowly any of the areas means a place; None when none does."""
    return max((fit for area in areas if (fit := area.fit(place)) is not None), default=None)
