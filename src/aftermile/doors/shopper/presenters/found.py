"""A parcel found by its bare number: where it is, and nothing of whose it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from aftermile.capabilities.shipments.public import ParcelView
from aftermile.connectors.contracts.words import Milestone
from aftermile.doors.shopper.presenters.moments import Clock, Ruler
from aftermile.doors.shopper.presenters.parcel import ParcelCard, card_of
from aftermile.doors.shopper.presenters.standing import Context, Notice, standing_of
from aftermile.doors.shopper.presenters.tone import Tone
from aftermile.kernel.languages import Tongue
from aftermile.kernel.merchants import MerchantView

# At the door carriers write down names.
_AT_THE_DOOR = frozenset({Milestone.DELIVERED, Milestone.ATTEMPT_FAILED, Milestone.RETURNED})


@dataclass(frozen=True, slots=True)
class FoundParcel:
    title: str
    kicker: str
    headline: str
    basis: str
    tone: Tone
    notice: Notice | None
    days: Ruler
    parcel: ParcelCard
    times: str


def found_parcel(
    parcel: ParcelView, merchant: MerchantView, tongue: Tongue, *, now: datetime, links_to_carriers: bool
) -> FoundParcel:
    """Lay out a parcel for somebody who knows its number: without order, items, address, name and proof."""
    anonymous = replace(
        parcel,
        signed_by="",
        proofs=(),
        events=tuple(
            replace(event, description="") if event.milestone in _AT_THE_DOOR else event
            for event in parcel.events
        ),
    )
    about = Context(
        Clock(now, ZoneInfo(merchant.time_zone), tongue),
        merchant.name,
        placed_at=None,
        promised_earliest=None,
        promised_latest=None,
        links_to_carriers=links_to_carriers,
    )
    standing = standing_of(anonymous, about)
    kicker = tongue.say("Parcel {number}", number=parcel.tracking_number)
    return FoundParcel(
        title=f"{standing.headline} · {kicker} · {merchant.name}",
        kicker=kicker,
        headline=standing.headline,
        basis=standing.basis,
        tone=standing.tone,
        notice=standing.notice,
        days=standing.days,
        parcel=card_of(anonymous, standing, about, title=tongue.say("Parcel"), contents=(), anchor="parcel"),
        times=tongue.say("Times are those of {city}.", city=about.clock.city),
    )
