"""Which days shoppers are told of a parcel: on its tracking page and in messages the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from aftermile.capabilities.promises.queries import EstimateView
from aftermile.capabilities.promises.states import Confidence, Source
from aftermile.capabilities.shipments.public import ParcelView, ShipmentView


def our_days(estimate: EstimateView | None, zone: ZoneInfo) -> tuple[date, date] | None:
    """Return the first and last day to tell of an estimate in the place of the carrier's; None: the carrier's hold.

    Ours are told where the shop trusts them before the carrier's word, or the carrier said nothing. One that is little
    more than a guess is not.
    """
    if estimate is None or not estimate.is_open:
        return None
    if estimate.source == Source.CARRIER or estimate.confidence == Confidence.LOW:
        return None
    return estimate.earliest_at.astimezone(zone).date(), estimate.latest_at.astimezone(zone).date()


def last_expected(estimates: Iterable[EstimateView]) -> EstimateView | None:
    """Return the estimate of what comes last of an order; None: nothing is expected of it."""
    return max(
        (each for each in estimates if each.is_open),
        key=lambda one: (one.latest_at, one.likely_at),
        default=None,
    )


def with_our_days(
    shipments: Sequence[ShipmentView], estimates: Mapping[UUID, EstimateView], zone: ZoneInfo
) -> list[ShipmentView]:
    """Put our own days into parcels, where they are what shoppers are told.

    :param estimates: by parcel.
    :param zone: the shop's.
    """

    def shown(parcel: ParcelView) -> ParcelView:
        days = our_days(estimates.get(parcel.id), zone)
        if days is None:
            return parcel
        return replace(parcel, estimate_earliest=days[0].isoformat(), estimate_latest=days[1].isoformat())

    return [
        replace(shipment, parcels=tuple(shown(parcel) for parcel in shipment.parcels))
        for shipment in shipments
    ]
