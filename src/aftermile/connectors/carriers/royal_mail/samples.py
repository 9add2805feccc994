"""A parcel from Leeds to Bath, as Royal Mail would tell it."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer=b"""{"mailPieces": {"mailPieceId": "0B0470000000012A3F55C", "carrierShortName": "RM",
      "summary": {"oneDBarcode": "QT216584937GB", "productName": "Tracked 24", "originCountryCode": "GBR",
        "destinationCountryCode": "GBR", "statusCategory": "READY FOR DELIVERY"},
      "estimatedDelivery": {"date": "2026-03-06", "startOfEstimatedWindow": "10:00:00+00:00",
        "endOfEstimatedWindow": "14:00:00+00:00"},
      "events": [
        {"eventCode": "EVGPD", "eventName": "Due for delivery", "eventDateTime": "2026-03-06T06:51:20+00:00",
         "locationName": "Bath DO"},
        {"eventCode": "EVIMC", "eventName": "Received", "eventDateTime": "2026-03-05T23:14:00+00:00",
         "locationName": "Bristol MC"},
        {"eventCode": "EVPPA", "eventName": "Accepted", "eventDateTime": "2026-03-05T15:30:00+00:00",
         "locationName": "Leeds PO"}]}}""",
    scans="mailPieces/events",
    code=("eventCode",),
    moment=("eventDateTime",),
    description="eventName",
    place="locationName",
    errors={
        ProblemKind.NOT_FOUND: b"""{"httpCode": "404", "httpMessage": "Not found", "errors": [
            {"errorCode": "E1142", "errorDescription": "Barcode not recognised"}]}""",
        ProblemKind.INVALID_NUMBER: b"""{"httpCode": "400", "httpMessage": "Bad request", "errors": [
            {"errorCode": "E1283", "errorDescription": "Not a barcode"}]}""",
        ProblemKind.UNAUTHORIZED: b'{"httpCode": "401", "httpMessage": "Unauthorized"}',
        ProblemKind.RATE_LIMITED: b'{"httpCode": "429", "httpMessage": "Too many requests"}',
        ProblemKind.UNAVAILABLE: b'{"httpCode": "503", "httpMessage": "Service unavailable"}',
    },
)
