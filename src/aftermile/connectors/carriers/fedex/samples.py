"""A parcel from Memphis to Denver, as FedEx would tell it."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer=b"""{"transactionId": "t-1", "output": {"completeTrackResults": [{
      "trackingNumber": "449044304137821", "trackResults": [{
        "trackingNumberInfo": {"trackingNumber": "449044304137821", "trackingNumberUniqueId": "1~4490~FDEG"},
        "latestStatusDetail": {"code": "OD", "derivedCode": "OD", "description": "Out for delivery"},
        "serviceDetail": {"type": "FEDEX_GROUND", "description": "FedEx Ground"},
        "packageDetails": {"weightAndDimensions": {"weight": [{"unit": "LB", "value": "2.5"}]}},
        "originLocation": {"locationContactAndAddress": {"address": {
          "city": "MEMPHIS", "stateOrProvinceCode": "TN", "countryCode": "US"}}},
        "scanEvents": [
          {"date": "2026-03-06T07:40:00-07:00", "eventType": "OD", "derivedStatusCode": "IT",
           "eventDescription": "On vehicle", "exceptionCode": "", "exceptionDescription": "",
           "scanLocation": {"city": "DENVER", "stateOrProvinceCode": "CO", "countryCode": "US"}},
          {"date": "2026-03-05T03:12:44-06:00", "eventType": "DP", "derivedStatusCode": "IT",
           "eventDescription": "Departed", "exceptionCode": "", "exceptionDescription": "",
           "scanLocation": {"city": "MEMPHIS", "stateOrProvinceCode": "TN", "countryCode": "US"}},
          {"date": "2026-03-04T18:00:00", "eventType": "PU", "derivedStatusCode": "PU",
           "eventDescription": "Picked up", "exceptionCode": "", "exceptionDescription": "",
           "scanLocation": {"city": "MEMPHIS", "stateOrProvinceCode": "TN", "countryCode": "US"}}]
      }]}]}}""",
    scans="output/completeTrackResults/0/trackResults/0/scanEvents",
    code=("eventType", "derivedStatusCode"),
    moment=("date",),
    description="eventDescription",
    place="scanLocation",
    errors={
        ProblemKind.NOT_FOUND: b"""{"output": {"completeTrackResults": [{"trackingNumber": "449044304137821",
            "trackResults": [{"trackingNumberInfo": {"trackingNumber": "449044304137821"},
              "error": {"code": "TRACKING.TRACKINGNUMBER.NOTFOUND", "message": "Not found"}}]}]}}""",
        ProblemKind.INVALID_NUMBER: b"""{"errors": [
            {"code": "TRACKING.TRACKINGNUMBER.INVALID", "message": "Bad number"}]}""",
        ProblemKind.UNAUTHORIZED: b'{"errors": [{"code": "NOT.AUTHORIZED.ERROR", "message": "Token"}]}',
        ProblemKind.RATE_LIMITED: b'{"errors": [{"code": "TOO.MANY.REQUESTS", "message": "Slow down"}]}',
        ProblemKind.UNAVAILABLE: b'{"errors": [{"code": "SERVICE.UNAVAILABLE.ERROR", "message": "Later"}]}',
    },
)
