"""Payloads of our own in the Status API's shape."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer=b"""{"CompleteStatus": {"Shipment": {
      "MainBarcode": "3SABCD000000017", "Barcode": "3SABCD000000017", "ProductDescription": "Standard shipment",
      "Reference": "B-9", "Dimensions": {"Weight": "1850"},
      "Address": [{"AddressType": "01", "City": "Utrecht", "Zipcode": "3532VA", "CountryCode": "NL"},
                  {"AddressType": "02", "City": "Breda", "CountryCode": "NL"}],
      "Expectation": {"ETAFrom": "2026-02-12T13:00:00", "ETATo": "2026-02-12T15:30:00"},
      "Status": {"TimeStamp": "12-02-2026 14:05:10", "StatusCode": "11", "StatusDescription": "Delivered"},
      "OldStatus": [
        {"TimeStamp": "10-02-2026 16:20:00", "StatusCode": "13", "StatusDescription": "Announced"},
        {"TimeStamp": "11-02-2026 19:45:12", "StatusCode": "2", "StatusDescription": "Accepted"},
        {"TimeStamp": "12-02-2026 08:31:00", "StatusCode": "7", "StatusDescription": "Out for delivery"},
        {"TimeStamp": "12-02-2026 14:05:10", "StatusCode": "11", "StatusDescription": "Delivered"}
      ]}}}""",
    scans="CompleteStatus/Shipment/OldStatus",
    code=("StatusCode",),
    moment=("TimeStamp",),
    description="StatusDescription",
    errors={
        ProblemKind.NOT_FOUND: b'{"Warnings": [{"Code": "2", "Description": "No shipment found"}]}',
        ProblemKind.UNAUTHORIZED: b"""{"fault": {"faultstring": "Invalid key",
          "detail": {"errorcode": "oauth.v2.InvalidApiKey"}}}""",
        ProblemKind.RATE_LIMITED: b"""{"fault": {"faultstring": "Too many",
          "detail": {"errorcode": "policies.ratelimit.SpikeArrestViolation"}}}""",
    },
)
