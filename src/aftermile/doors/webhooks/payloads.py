"""The bodies we send."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from pydantic_core import to_json

from aftermile.capabilities.orders.public import orders
from aftermile.capabilities.promises.public import estimates
from aftermile.capabilities.shipments.public import ParcelView
from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.doors.api.aftership.tracking_object import aftership_view
from aftermile.doors.api.event_payloads import event_data
from aftermile.kernel.events import Published
from aftermile.kernel.ids import public_id

#: Receivers may refuse more. Source: Standard Webhooks, "Payload size".
LARGEST_BODY_BYTES = 20_000
TEST_EVENT = "webhook_endpoint.test"
#: The kinds of messages of the AfterShip format.
TRACKING_UPDATE = "tracking_update"
EDD_REVISE = "edd_revise"
#: The version of AfterShip's webhooks that is spoken.
AFTERSHIP_VERSION = "2026-07"


def standard_body(published: Published) -> str:
    """Write an event as Standard Webhooks wants it: type, timestamp, data; ids as public ids.

    What makes it larger than `LARGEST_BODY_BYTES` is left out, longest value first, and named in
    `data.left_out`; it can be read through the API.
    """
    return _standard(published.type, published.occurred_at, event_data(published))


def standard_test_body(*, endpoint_id: UUID, at: datetime) -> str:
    """Write the message that is sent to try an endpoint out."""
    return _standard(TEST_EVENT, at, {"endpoint_id": public_id("whe", endpoint_id)})


def tracking_objects(views: Collection[ParcelView], *, at: datetime) -> dict[UUID, dict[str, Any]]:
    """Write parcels as AfterShip's tracking objects, by id, with what is known of their orders."""
    linked = orders({view.order_ids[0] for view in views if view.order_ids})
    expected = estimates([view.id for view in views])
    written = {}
    for view in views:
        order = linked.get(view.order_ids[0]) if view.order_ids else None
        page_url = f"{settings.CONFIG.public_url}/t/{order.page_token}" if order else ""
        written[view.id] = aftership_view(
            view, order=order, page_url=page_url, at=at, estimate=expected.get(view.id)
        )
    return written


def tracking_update_body(
    tracking: Mapping[str, Any],
    *,
    event_id: UUID,
    is_first_tag: bool,
    at: datetime,
    kind: str = TRACKING_UPDATE,
) -> str:
    """Write AfterShip's `tracking_update` (or `edd_revise`) around a tracking object.

    :param is_first_tag: whether the parcel reached its milestone for the first time.
    """
    body = {
        "ts": int(at.timestamp()),
        "event": kind,
        "event_id": str(_random_looking(event_id)),
        "is_tracking_first_tag": is_first_tag,
        "msg": tracking,
    }
    return to_json(body).decode()


def aftership_test_body(*, event_id: UUID, at: datetime) -> str:
    """Write the `tracking_update` that is sent to try an endpoint out: of a parcel that does not exist."""
    return tracking_update_body(
        aftership_view(_made_up(event_id, at), at=at), event_id=event_id, is_first_tag=False, at=at
    )


def _standard(type_: str, at: datetime, data: Mapping[str, Any]) -> str:
    kept, left_out = dict(data), list[str]()
    while True:
        shown = {**kept, "left_out": left_out} if left_out else kept
        body = to_json({"type": type_, "timestamp": at, "data": shown})
        if len(body) <= LARGEST_BODY_BYTES or not kept:
            return body.decode()
        longest = max(kept, key=lambda name: len(to_json(kept[name])))
        del kept[longest]
        left_out.append(longest)


def _random_looking(event_id: UUID) -> UUID:
    """Return the UUID of version 4 that stands for an event, the same at each attempt."""
    return UUID(bytes=hashlib.sha256(event_id.bytes).digest()[:16], version=4)


def _made_up(parcel_id: UUID, at: datetime) -> ParcelView:
    return ParcelView(
        id=parcel_id, tracking_number="TEST0000000000", carrier="", carrier_name="", service="", direction="outbound",
        milestone=Milestone.PENDING, sub_status=SubStatus.PENDING, cause="", reached_at=None, event_count=0,
        first_event_at=None, last_event_at=None, shipped_at=None, delivered_at=None, first_attempted_at=None,
        attempt_count=0, summary_code="", estimate_earliest="", estimate_latest="", signed_by="", proofs=(),
        weight_grams=None, origin={}, destination={}, title="A test", note="", attributes={}, withdrawn_at=None,
        created_at=at, updated_at=at, shipment_ids=(), order_ids=(), events=(),
    )  # fmt: skip
