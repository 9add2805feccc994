"""Payloads of our own in the unified tracking's shape."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer=b"""{"shipments": [{
      "id": "00340434199900112233", "service": "parcel-de",
      "origin": {"address": {"countryCode": "DE", "addressLocality": "Kiel"}},
      "destination": {"address": {"countryCode": "DE", "postalCode": "50667", "addressLocality": "Cologne"}},
      "estimatedDeliveryTimeFrame": {"estimatedFrom": "2026-05-06T10:30:00+02:00",
                                     "estimatedThrough": "2026-05-06T13:30:00+02:00"},
      "details": {"product": {"productName": "DHL PAKET"}, "weight": {"value": 1.4, "unitText": "kg"},
                  "references": [{"number": "R-77", "type": "customer-reference"}]},
      "events": [
        {"timestamp": "2026-05-04T18:20:00", "statusCode": "pre-transit", "status": "Data received",
         "description": "The instruction data have been provided by the sender.",
         "location": {"address": {"countryCode": "DE", "addressLocality": "Kiel"}}},
        {"timestamp": "2026-05-05T21:04:00", "statusCode": "transit", "status": "transit",
         "description": "Processed in the parcel center",
         "location": {"address": {"countryCode": "DE", "addressLocality": "Neumuenster"}}},
        {"timestamp": "2026-05-06T08:41:00", "statusCode": "transit", "status": "In delivery",
         "description": "Loaded onto the delivery vehicle",
         "location": {"address": {"countryCode": "DE", "addressLocality": "Cologne"}}},
        {"timestamp": "2026-05-06T11:59:00", "statusCode": "delivered", "status": "delivered",
         "description": "Delivered", "location": {"address": {"countryCode": "DE"}}}
      ]}]}""",
    scans="shipments/0/events",
    code=("statusCode", "status"),
    moment=("timestamp",),
    description="description",
    place="location",
    errors={
        ProblemKind.NOT_FOUND: b'{"status": 404, "title": "Not Found", "detail": "Nothing to be found"}',
        ProblemKind.UNAUTHORIZED: b'{"status": 401, "title": "Unauthorized", "detail": "Bad key"}',
        ProblemKind.RATE_LIMITED: b'{"status": 429, "title": "Too many requests"}',
        ProblemKind.UNAVAILABLE: b'{"status": 500, "title": "Internal error"}',
        ProblemKind.INVALID_NUMBER: b'{"status": 400, "title": "Bad request", "detail": "trackingNumber"}',
    },
)
