"""Our slug for a carrier as an aggregator writes it."""

from __future__ import annotations

from collections.abc import Mapping


def carrier_slug(word: str, own: Mapping[str, str]) -> str:
    """Return our slug, or "" when no connector is for this carrier.

    `own` holds the aggregator's names that say something else to everybody else, lower case.
    """
    # Imported here: the registry imports every aggregator.
    from aftermile.connectors import registry

    return registry.carrier_of(own.get(word.casefold(), word))


def home_zone(slug: str) -> str:
    """Return the IANA zone a carrier's local times are in; "" when it has none or is not known."""
    from aftermile.connectors import registry

    found = registry.connectors().get(slug)
    return found.home_time_zone if found else ""
