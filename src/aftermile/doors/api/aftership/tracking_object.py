"""A parcel as AfterShip's tracking object: what its API answers and its webhooks carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aftermile.capabilities.orders.public import OrderView
from aftermile.capabilities.promises.public import Confidence, EstimateView, Source
from aftermile.capabilities.shipments.public import COMPLETED_BY_HAND, ParcelView, TrackingEventView
from aftermile.connectors.contracts.countries import alpha_3
from aftermile.connectors.contracts.words import Milestone
from aftermile.doors.api.aftership.words import status_words
from aftermile.doors.api.carriers import courier_of
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id

#: Under this name a parcel keeps what only AfterShip's API takes.
KEPT_AS = "aftership"
#: Beside them: when it was marked as completed last, and when it was tracked anew.
COMPLETED_AT, RETRACKED_AT = "completed_at", "retracked_at"
#: Fields that are given back as they were sent.
KEPT_FIELDS = (
    "order_id",
    "custom_fields",
    "order_id_path",
    "language",
    "order_promised_delivery_date",
    "pickup_location",
    "delivery_type",
    "pickup_note",
    "tracking_account_number",
    "tracking_key",
    "tracking_ship_date",
    "order_date",
    "order_number",
    "shipment_type",
    "shipment_tags",
    "courier_connection_id",
    "location_id",
    "shipping_method",
    "last_mile",
    "customers",
)
_DONE = frozenset({Milestone.DELIVERED, Milestone.RETURNED, Milestone.CANCELLED, Milestone.EXPIRED})
_EMPTY_LISTS = (
    "subscribed_smses",
    "subscribed_emails",
    "order_tags",
)
_NOT_KNOWN = (
    "legacy_id",
    "shipment_package_count",
    "shipment_dimensions",
    "on_time_status",
    "on_time_difference",
    "carbon_emissions",
    "signature_requirement",
    "delivery_location_type",
    "aftership_tracking_url",
    "first_mile",
    "multi_piece_info",
    "return_shipment",
    "forward_shipment",
    "courier_redirect_link",
)


def aftership_view(
    parcel: ParcelView,
    *,
    order: OrderView | None = None,
    page_url: str = "",
    at: datetime | None = None,
    estimate: EstimateView | None = None,
) -> dict[str, Any]:
    """Write a parcel as AfterShip's tracking object, as plain JSON values.

    What was sent through AfterShip's API is given back as it was sent; its order's id, number and page are
    filled in where an order is linked and nothing else was said. What we do not know is null.

    :param page_url: where the shopper sees the order.
    :param at: the present moment, where it is at hand.
    :param estimate: what is expected by the shop's order of trust.
    """
    kept = kept_of(parcel)
    link = courier_of(parcel.carrier).tracking_url
    view: dict[str, Any] = {
        "id": public_id("par", parcel.id),
        "created_at": _moment(parcel.created_at),
        "updated_at": _moment(parcel.updated_at),
        "tracking_number": parcel.tracking_number,
        "slug": slug_of(parcel),
        "active": is_active(parcel),
        "transit_time": _transit_days(parcel, at or now()),
        "title": parcel.title or parcel.tracking_number,
        "note": parcel.note or None,
        "source": "api" if kept else "integration",
        "tracked_count": parcel.event_count,
        "unique_token": "deprecated",
        "signed_by": parcel.signed_by or None,
        "shipment_pickup_date": _moment(parcel.shipped_at),
        "shipment_delivery_date": _moment(parcel.delivered_at),
        "first_attempted_at": _moment(parcel.first_attempted_at),
        "failed_delivery_attempts": parcel.attempt_count,
        "shipment_weight": _weight(parcel.weight_grams),
        "shipment_direction": "return" if parcel.direction == "return" else "forward",
        "return_to_sender": parcel.milestone in (Milestone.RETURNING, Milestone.RETURNED),
        "courier_tracking_link": link.replace("{tracking_number}", parcel.tracking_number) or None,
        "courier_destination_country_region": alpha_3(parcel.destination.get("country", "")) or None,
        "courier_estimated_delivery_date": _estimate(parcel),
        "aftership_estimated_delivery_date": _own_estimate(estimate, Source.MODEL),
        "custom_estimated_delivery_date": _custom_estimate(estimate),
        "first_estimated_delivery": _first_estimate(estimate),
        "latest_estimated_delivery": _latest_estimate(parcel, estimate),
        "proof_of_delivery": [{"type": proof["kind"], "url": proof["url"]} for proof in parcel.proofs],
        "aftership_tracking_order_url": page_url or None,
        "checkpoints": checkpoints(parcel),
        **status_words(parcel.sub_status),
        **_place("origin", parcel.origin),
        **_place("destination", parcel.destination),
        **dict.fromkeys(_NOT_KNOWN),
        **{name: [] for name in _EMPTY_LISTS},
        **{name: kept.get(name) for name in KEPT_FIELDS},
    }
    view["custom_fields"] = view["custom_fields"] or {}
    view["shipment_tags"] = view["shipment_tags"] or []
    view["customers"] = view["customers"] or []
    if order is not None:
        view["order_id"] = view["order_id"] or order.external_id
        view["order_number"] = view["order_number"] or order.number or None
        view["shipping_method"] = view["shipping_method"] or order.shipping_method or None
        view["order_date"] = view["order_date"] or _moment(order.placed_at)
    return view


def checkpoints(parcel: ParcelView) -> list[dict[str, Any]]:
    """Write a parcel's scans as checkpoints, the oldest first."""
    slug = slug_of(parcel)
    return [_checkpoint(event, slug) for event in reversed(parcel.events)]


def slug_of(parcel: ParcelView) -> str | None:
    """Return AfterShip's slug for the carrier; for one we do not know, the name it was given."""
    if not parcel.carrier:
        return parcel.carrier_name or None
    return courier_of(parcel.carrier).aftership_slug or parcel.carrier


def is_active(parcel: ParcelView) -> bool:
    """Tell whether a parcel is still looked after: not arrived, not given up, or tracked anew since."""
    if parcel.withdrawn_at is not None:
        return False
    finished = [event.recorded_at for event in parcel.events if event.code == COMPLETED_BY_HAND]
    if COMPLETED_AT in kept_of(parcel):
        finished.append(datetime.fromisoformat(kept_of(parcel)[COMPLETED_AT]))
    if parcel.milestone in _DONE and parcel.reached_at is not None:
        finished.append(parcel.reached_at)
    if not finished:
        return True
    retracked = retracks(parcel)
    return bool(retracked) and datetime.fromisoformat(retracked[-1]) > max(finished)


def retracks(parcel: ParcelView) -> Sequence[str]:
    """Return when a parcel was tracked anew, in ISO 8601."""
    found: Sequence[str] = kept_of(parcel).get(RETRACKED_AT, ())
    return found


def kept_of(parcel: ParcelView) -> Mapping[str, Any]:
    """Return what a parcel keeps of AfterShip's API."""
    found: Mapping[str, Any] = parcel.attributes.get(KEPT_AS, {})
    return found


def _checkpoint(event: TrackingEventView, slug: str | None) -> dict[str, Any]:
    parts = (event.city, event.state, event.postal_code)
    return {
        "created_at": _moment(event.recorded_at),
        "slug": slug,
        "checkpoint_time": _moment(event.occurred_at),
        "location": event.place_name or ", ".join(part for part in parts if part) or None,
        "city": event.city or None,
        "state": event.state or None,
        "postal_code": event.postal_code or None,
        "coordinate": {"latitude": event.latitude, "longitude": event.longitude}
        if event.latitude is not None and event.longitude is not None
        else None,
        "country_region": alpha_3(event.country) or None,
        "country_region_name": None,
        "message": event.description or None,
        **status_words(event.sub_status),
        "raw_tag": event.code or None,
        "events": [],
        "source": "user" if event.code == COMPLETED_BY_HAND else "carrier",
        "hash": public_id("tev", event.id),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _transit_days(parcel: ParcelView, at: datetime) -> int | None:
    if parcel.shipped_at is None:
        return None
    return max(0, ((parcel.delivered_at or at) - parcel.shipped_at).days)


def _weight(grams: int | None) -> dict[str, Any] | None:
    return None if grams is None else {"unit": "kg", "value": grams / 1000}


def _place(which: str, place: Mapping[str, Any]) -> dict[str, str | None]:
    return {
        f"{which}_country_region": alpha_3(place.get("country", "")) or None,
        f"{which}_state": place.get("state") or None,
        f"{which}_city": place.get("city") or None,
        f"{which}_postal_code": place.get("postal_code") or None,
        f"{which}_raw_location": place.get("name") or None,
    }


def _estimate(parcel: ParcelView) -> dict[str, str | None] | None:
    if not (parcel.estimate_earliest or parcel.estimate_latest):
        return None
    return {
        "estimated_delivery_date": parcel.estimate_latest or parcel.estimate_earliest,
        "estimated_delivery_date_min": parcel.estimate_earliest or None,
        "estimated_delivery_date_max": parcel.estimate_latest or None,
    }


#: AfterShip's words for who says so, and why an estimate is another one. Source: AfterShip Tracking API 2026-07.
_SOURCES = {Source.CARRIER: "Carrier EDD", Source.MODEL: "AfterShip EDD", Source.RULE: "Custom EDD"}
_CONFIDENCES = {Confidence.HIGH: 10000, Confidence.MEDIUM: 10001, Confidence.LOW: 30002}


def _own_estimate(estimate: EstimateView | None, source: Source) -> dict[str, Any] | None:
    if estimate is None or estimate.source != source:
        return None
    return {
        "estimated_delivery_date": estimate.likely_at.isoformat(timespec="seconds"),
        "confidence_code": _CONFIDENCES[Confidence(estimate.confidence)],
        "estimated_delivery_date_min": estimate.earliest_at.isoformat(timespec="seconds"),
        "estimated_delivery_date_max": estimate.latest_at.isoformat(timespec="seconds"),
    }


def _custom_estimate(estimate: EstimateView | None) -> dict[str, Any] | None:
    if estimate is None or estimate.source != Source.RULE:
        return None
    return {
        "type": "range",
        "datetime": estimate.likely_at.isoformat(timespec="seconds"),
        "datetime_min": estimate.earliest_at.isoformat(timespec="seconds"),
        "datetime_max": estimate.latest_at.isoformat(timespec="seconds"),
    }


def _first_estimate(estimate: EstimateView | None) -> dict[str, Any] | None:
    if estimate is None or not estimate.stages:
        return None
    first = estimate.stages[0].shown
    return {
        "type": "range",
        "source": _SOURCES[Source(first.source)],
        "datetime": first.likely_at.isoformat(timespec="seconds"),
        "datetime_min": first.earliest_at.isoformat(timespec="seconds"),
        "datetime_max": first.latest_at.isoformat(timespec="seconds"),
    }


def _latest_estimate(parcel: ParcelView, estimate: EstimateView | None) -> dict[str, Any] | None:
    if estimate is not None and estimate.source != Source.CARRIER:
        return {
            "type": "range",
            "source": _SOURCES[Source(estimate.source)],
            "datetime": estimate.likely_at.isoformat(timespec="seconds"),
            "datetime_min": estimate.earliest_at.isoformat(timespec="seconds"),
            "datetime_max": estimate.latest_at.isoformat(timespec="seconds"),
            "revise_reason": _revise_reason(estimate),
        }
    if not (parcel.estimate_earliest or parcel.estimate_latest):
        return None
    is_range = bool(parcel.estimate_earliest and parcel.estimate_latest) and (
        parcel.estimate_earliest != parcel.estimate_latest
    )
    return {
        "type": "range" if is_range else "specific",
        "source": "Carrier EDD",
        "datetime": parcel.estimate_latest or parcel.estimate_earliest,
        "datetime_min": parcel.estimate_earliest if is_range else None,
        "datetime_max": parcel.estimate_latest if is_range else None,
        "revise_reason": _revise_reason(estimate),
    }


def _revise_reason(estimate: EstimateView | None) -> str | None:
    return estimate.reason if estimate is not None and estimate.revision > 1 else None
