"""A parcel within Texas, as USPS would tell it."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer=b"""{"trackingNumber": "9205590164917312751089", "statusCategory": "Out for Delivery",
      "mailClass": "Priority Mail<SUP>&#174;</SUP>", "destinationCity": "EL PASO", "destinationState": "TX",
      "destinationZIP": "79901", "expectedDeliveryDate": "2026-03-06",
      "trackingEvents": [
        {"eventType": "Out for Delivery", "eventCode": "OF", "eventTimestamp": "2026-03-06T08:05:00",
         "GMTTimestamp": "2026-03-06T15:05:12Z", "GMTOffset": "-07:00", "eventCountry": null,
         "eventCity": "EL PASO", "eventState": "TX", "eventZIP": "79901", "name": null},
        {"eventType": "In Transit to Next Facility", "eventCode": "NT",
         "eventTimestamp": "2026-03-05T11:00:00",
         "GMTTimestamp": "", "GMTOffset": "-06:00", "eventCountry": null,
         "eventCity": null, "eventState": null, "eventZIP": null, "name": null},
        {"eventType": "USPS in possession of item", "eventCode": "03",
         "eventTimestamp": "2026-03-04T16:20:00",
         "GMTTimestamp": "", "GMTOffset": "", "eventCountry": null,
         "eventCity": "AUSTIN", "eventState": "TX", "eventZIP": "78701", "name": null}]}""",
    scans="trackingEvents",
    code=("eventCode",),
    moment=("eventTimestamp", "GMTTimestamp"),
    description="eventType",
    place="eventState",
    errors={
        ProblemKind.NOT_FOUND: b'{"error": {"code": "404", "message": "No status update yet"}}',
        ProblemKind.INVALID_NUMBER: b'{"error": {"code": "400", "message": "The tracking number is wrong"}}',
        ProblemKind.UNAUTHORIZED: b'{"error": "invalid_client", "error_description": "Client unknown"}',
        ProblemKind.RATE_LIMITED: b'{"error": {"code": "429", "message": "Too many requests"}}',
        ProblemKind.UNAVAILABLE: b'{"error": {"code": "503", "message": "Unavailable"}}',
    },
)
