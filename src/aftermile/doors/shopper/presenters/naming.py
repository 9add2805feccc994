"""What things are called on a page: carriers, places, and words stored by this or a later version."""

from __future__ import annotations

from aftermile.capabilities.shipments.public import ParcelView, TrackingEventView
from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.connectors.recognition import couriers
from aftermile.kernel.languages import Tongue, msg

_MILESTONES = {each.value: each for each in Milestone}
_SUB_STATUSES = {each.value: each for each in SubStatus}
#: How a carrier without a name is called; only ever the subject of a sentence, so that one form serves.
_THE_CARRIER = msg("the carrier")


def milestone_of(parcel: ParcelView) -> Milestone:
    """Return a parcel's milestone; pending for one that a later version wrote."""
    return _MILESTONES.get(parcel.milestone, Milestone.PENDING)


def sub_status_of(word: str) -> SubStatus | None:
    """Return our word; None for one that a later version wrote."""
    return _SUB_STATUSES.get(word)


def carrier_name(parcel: ParcelView) -> str:
    """Name the carrier as people know it, else as the source wrote it."""
    known = couriers().get(parcel.carrier) if parcel.carrier else None
    return known.name if known else parcel.carrier_name


def said_of(sentence: str, tongue: Tongue, *, shop: str, carrier: str, **names: object) -> str:
    """Say a sentence about a carrier, which may have no name."""
    said = tongue.say(sentence, shop=shop, carrier=carrier or tongue.say(_THE_CARRIER), **names)
    return said if carrier else said[:1].upper() + said[1:]


def place_of(event: TrackingEventView) -> str:
    """Name the place of a scan: a depot or shop by its own name with the city, else the city."""
    name, city = event.place_name.strip(), event.city.strip()
    if not name or (city and name.casefold().startswith(city.casefold())):
        return city or name
    return name if not city or city.casefold() in name.casefold() else f"{name}, {city}"


def initials(name: str) -> str:
    """Mask a name: the first letter of each word."""
    return " ".join(f"{word[0].upper()}." for word in name.split()[:3] if word[0].isalnum())
