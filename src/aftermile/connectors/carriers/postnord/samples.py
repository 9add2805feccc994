"""A parcel from Malmo to Turku, as PostNord would tell it."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer=b"""{"TrackingInformationResponse": {"shipments": [{"shipmentId": "84971563026SE",
      "service": {"code": "19", "name": "MyPack Collect"},
      "consignee": {"address": {"city": "Turku", "countryCode": "FIN", "postCode": "20100"}},
      "items": [{"itemId": "84971563027SE", "status": "EN_ROUTE", "estimatedTimeOfArrival": "2026-03-06",
        "statedWeight": {"value": "0.8", "unit": "kg"},
        "events": [
          {"eventTime": "2026-03-05T06:30:00", "eventCode": "54", "status": "EN_ROUTE",
           "eventDescription": "Sorted", "location": {"displayName": "Turku terminal", "city": "Turku",
             "countryCode": "FIN", "locationType": "HUB"}},
          {"eventTime": "2026-03-04T19:45:00", "eventCode": "31", "status": "EN_ROUTE",
           "eventDescription": "Loaded", "location": {"displayName": "Malmo terminal", "city": "Malmo",
             "countryCode": "SWE", "locationType": "HUB"}},
          {"eventTime": "2026-03-04T09:00:00", "eventCode": "68", "status": "INFORMED",
           "eventDescription": "Announced", "location": {"displayName": "PostNord"}}]}]}]}}""",
    scans="TrackingInformationResponse/shipments/0/items/0/events",
    code=("eventCode", "status"),
    moment=("eventTime",),
    description="eventDescription",
    place="location",
    errors={
        ProblemKind.NOT_FOUND: b'{"TrackingInformationResponse": {"shipments": []}}',
        ProblemKind.INVALID_NUMBER: b"""{"TrackingInformationResponse": {"shipments": [], "compositeFault":
            {"faults": [{"faultCode": "invalidIdentifier", "explanationText": "Invalid identifier"}]}}}""",
        ProblemKind.UNAUTHORIZED: b'{"fault": {"faultstring": "Invalid ApiKey"}}',
        ProblemKind.RATE_LIMITED: b'{"fault": {"faultstring": "Rate limit quota violation"}}',
        ProblemKind.UNAVAILABLE: b'{"fault": {"faultstring": "The Service is temporarily unavailable"}}',
    },
)
