"""A parcel from Houston to Charleston, as EasyPost would tell it."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer=b"""{"id": "evt_1", "object": "Event", "description": "tracker.updated", "mode": "production",
      "result": {"id": "trk_1", "object": "Tracker", "tracking_code": "9400100000000000000005",
      "carrier": "USPS", "status": "delivered", "status_detail": "arrived_at_destination",
      "signed_by": "DOE", "weight": 12.5, "est_delivery_date": "2026-01-06T00:00:00Z", "is_return": false,
      "carrier_detail": {"service": "Ground Advantage", "destination_location": "CHARLESTON SC, 29401"},
      "tracking_details": [
        {"object": "TrackingDetail", "status": "pre_transit", "status_detail": "label_created",
         "datetime": "2026-01-02T15:00:00Z", "message": "Label created", "source": "USPS",
         "carrier_code": "GX", "tracking_location": {"city": "HOUSTON", "state": "TX", "zip": "77063"}},
        {"object": "TrackingDetail", "status": "in_transit", "status_detail": "departed_facility",
         "datetime": "2026-01-03T21:30:00Z", "message": "Departed", "source": "USPS",
         "carrier_code": "SF", "tracking_location": {"city": "HOUSTON", "state": "TX", "country": "US"}},
        {"object": "TrackingDetail", "status": "delivered", "status_detail": "arrived_at_destination",
         "datetime": "2026-01-06T17:12:00Z", "message": "Delivered", "source": "USPS",
         "carrier_code": "01", "tracking_location": {"city": "CHARLESTON", "state": "SC"}}]
    }}""",
    scans="result/tracking_details",
    code=("status", "status_detail"),
    moment=("datetime",),
    description="message",
    place="tracking_location",
    empty=b"""{"id": "trk_2", "object": "Tracker", "tracking_code": "9400100000000000000005",
        "carrier": "USPS", "status": "unknown", "status_detail": "unknown", "tracking_details": []}""",
    errors={
        ProblemKind.NOT_FOUND: b'{"error": {"code": "TRACKER.NOT_FOUND", "message": "None", "errors": []}}',
        ProblemKind.UNAUTHORIZED: b'{"error": {"code": "UNAUTHORIZED", "message": "Not this key"}}',
        ProblemKind.RATE_LIMITED: b'{"error": {"code": "RATE_LIMITED", "message": "Too many"}}',
        ProblemKind.UNAVAILABLE: b'{"error": {"code": "SERVICE_UNAVAILABLE", "message": "Try later"}}',
        ProblemKind.OTHER: b'{"error": {"code": "TRACKER.CREATE.ERROR", "message": "Something else"}}',
    },
    kind="tracker.updated",
)
