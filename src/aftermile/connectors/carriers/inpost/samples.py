"""Payloads of our own in ShipX's shape."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer=b"""{"tracking_number": "600000000000000000000017", "service": "inpost_locker_standard",
      "type": "inpost_locker_standard", "status": "delivered", "custom_attributes": {"size": "A"},
      "tracking_details": [
        {"status": "delivered", "origin_status": "DOR", "agency": null, "location": null,
         "datetime": "2026-10-21T17:40:12.000+02:00"},
        {"status": "ready_to_pickup", "origin_status": "AWI", "agency": null, "location": "KRA010",
         "datetime": "2026-10-21T09:02:00.000+02:00"},
        {"status": "out_for_delivery", "origin_status": "WYD", "agency": null, "location": null,
         "datetime": "2026-10-21T06:30:51.000+02:00"},
        {"status": "confirmed", "origin_status": "PPN", "agency": null, "location": null,
         "datetime": "2026-10-19T20:11:00.000+02:00"}
      ]}""",
    scans="tracking_details",
    code=("status",),
    moment=("datetime",),
    description="description",
    place="location",
    errors={
        ProblemKind.NOT_FOUND: b'{"status": 404, "error": "resource_not_found", "message": "No such parcel"}',
        ProblemKind.UNAUTHORIZED: b'{"status": 401, "error": "unauthorized", "message": "Token missing"}',
        ProblemKind.RATE_LIMITED: b'{"status": 429, "error": "too_many_requests", "message": "Slow down"}',
    },
)
