"""A parcel from San Francisco to Austin, as Shippo would tell it."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer=b"""{"event": "track_updated", "test": false, "data": {
      "carrier": "usps", "tracking_number": "9400100000000000000005", "eta": "2026-01-06T00:00:00Z",
      "servicelevel": {"token": "usps_ground_advantage", "name": "Ground Advantage"},
      "address_from": {"city": "San Francisco", "state": "CA", "zip": "94117", "country": "US"},
      "address_to": {"city": "Austin", "state": "TX", "zip": "78701", "country": "US"},
      "tracking_status": null,
      "tracking_history": [
        {"object_id": "s1", "status": "PRE_TRANSIT", "status_details": "Announced",
         "status_date": "2026-01-02T15:00:00Z", "location": null,
         "substatus": {"code": "information_received", "text": "Announced", "action_required": false}},
        {"object_id": "s2", "status": "TRANSIT", "status_details": "Arrived",
         "status_date": "2026-01-03T21:30:00Z",
         "location": {"city": "Oakland", "state": "CA", "zip": "94607", "country": "US"},
         "substatus": {"code": "package_arrived", "text": "Arrived", "action_required": false}},
        {"object_id": "s3", "status": "TRANSIT", "status_details": "On the van",
         "status_date": "2026-01-06T13:12:00Z",
         "location": {"city": "Austin", "state": "TX", "zip": "78701", "country": "US"},
         "substatus": {"code": "out_for_delivery", "text": "On the van", "action_required": false}}]
    }}""",
    scans="data/tracking_history",
    code=("status", "substatus/code"),
    moment=("status_date",),
    description="status_details",
    place="location",
    empty=b"""{"carrier": "usps", "tracking_number": "9400100000000000000005", "tracking_status": null,
        "tracking_history": []}""",
    errors={
        ProblemKind.NOT_FOUND: b'{"detail": "Not found."}',
        ProblemKind.INVALID_NUMBER: b'{"tracking_number": ["This is no tracking number."]}',
        ProblemKind.UNAUTHORIZED: b'{"detail": "Invalid token."}',
        ProblemKind.RATE_LIMITED: b'{"detail": "Request was throttled."}',
    },
    kind="track_updated",
)
