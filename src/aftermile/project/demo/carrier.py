"""Write what AfterShip sends of the carriers' scans: signed webhooks of its Tracking API 2026-07."""

from __future__ import annotations

import json
from typing import Any

from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.project.demo.happenings import Happening
from aftermile.project.demo.places import WAREHOUSE
from aftermile.project.demo.routes import Scan
from aftermile.project.demo.webhook import Sender, Webhook, sender_id, signature
from aftermile.project.demo.wording import as_written
from aftermile.project.demo.world import Order, Parcel

#: A tag and subtag that AfterShip may invent one day, and that nobody here has a word for.
ODD_TAG, ODD_SUBTAG = "Relabeled", "Relabeled_001"
_TAGS = {
    Milestone.PENDING: "Pending",
    Milestone.INFO_RECEIVED: "InfoReceived",
    Milestone.IN_TRANSIT: "InTransit",
    Milestone.OUT_FOR_DELIVERY: "OutForDelivery",
    Milestone.AVAILABLE_FOR_PICKUP: "AvailableForPickup",
    Milestone.ATTEMPT_FAILED: "AttemptFail",
    Milestone.EXCEPTION: "Exception",
    Milestone.DELIVERED: "Delivered",
    # AfterShip has no tag of its own for the way back.
    Milestone.RETURNING: "Exception",
    Milestone.RETURNED: "Exception",
}


def webhook(happening: Happening, *, secret: str) -> Webhook:
    """Write the tracking of a parcel with all its scans so far."""
    order = happening.order
    parcel = order.parcels[happening.which]
    # A retry carries the id of the first attempt; some senders tell the same thing under a new one.
    attempt = happening.copy if order.index % 4 == 1 else 0
    payload = {
        "ts": int(happening.arrives_at.timestamp()),
        "event": "tracking_update",
        "event_id": sender_id(parcel.tracking_number, happening.scans, attempt),
        "is_tracking_first_tag": False,
        "msg": _tracking(order, parcel, parcel.scans[: happening.scans]),
    }
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "AfterShip-Webhook",
        "aftership-hmac-sha256": signature(body, secret),
    }
    return Webhook(Sender.CARRIERS, headers, body)


def _tracking(order: Order, parcel: Parcel, scans: tuple[Scan, ...]) -> dict[str, Any]:
    newest, home = scans[-1], order.shopper.home
    tag, subtag = _tags(newest.sub_status)
    return {
        "id": sender_id("tracking", parcel.tracking_number).replace("-", ""),
        "tracking_number": parcel.tracking_number,
        "slug": parcel.lane.carrier.aftership_slug,
        "order_number": order.name,
        "shipment_type": parcel.lane.service,
        "shipment_direction": "forward",
        "tag": tag,
        "subtag": subtag,
        "origin_country_region": WAREHOUSE.alpha_3,
        "origin_city": WAREHOUSE.city,
        "destination_country_region": home.alpha_3,
        "destination_city": home.city,
        "destination_state": home.state or None,
        "courier_estimated_delivery_date": (
            {"estimated_delivery_date": newest.estimate.isoformat()} if newest.estimate else None
        ),
        "shipment_weight": {
            "unit": "kg",
            "value": sum(line.quantity * line.product.weight_grams for line in parcel.lines) / 1000,
        },
        "checkpoints": [_checkpoint(parcel, scan) for scan in scans],
    }


def _checkpoint(parcel: Parcel, scan: Scan) -> dict[str, Any]:
    tag, subtag = _tags(scan.sub_status)
    place = scan.place
    return {
        "slug": parcel.lane.carrier.aftership_slug,
        "checkpoint_time": scan.at.isoformat(timespec="seconds"),
        "created_at": scan.at.isoformat(timespec="seconds"),
        "message": as_written(scan.message, place.country),
        "tag": tag,
        "subtag": subtag,
        "hash": sender_id(parcel.tracking_number, scan.at, subtag).replace("-", ""),
        "source": "carrier",
        "location": scan.spot or f"{place.city}, {place.country}",
        "city": place.city,
        "state": place.state or None,
        "postal_code": place.postal_code,
        "country_region": place.alpha_3,
    }


def _tags(sub_status: SubStatus | None) -> tuple[str, str]:
    if sub_status is None:
        return ODD_TAG, ODD_SUBTAG
    return _TAGS[sub_status.milestone], sub_status.aftership_subtag
