"""Payloads of our own in the shipment information interface's shape."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer=b"""{"shipmentinfo": [{
      "shipmentID": "H1000730000000000017", "clientReference": "A-100",
      "receiverAddress": {"city": "Erfurt", "zipCode": "99084", "countryCode": "DEU"},
      "deliveryForecast": {"fixed": false, "date": "2026-07-09", "timeSlot": {"from": "12:00", "to": "15:00"}
      },
      "status": [
        {"timestamp": "2026-07-07T19:00:00+02:00", "code": "1000", "description": "Left the warehouse",
         "scanningUnit": {"name": "HD Erfurt", "city": "Erfurt", "countryCode": "DEU"}},
        {"timestamp": "2026-07-08T05:12:30+02:00", "code": "2000", "description": "Arrived",
         "scanningUnit": {"name": "HD Erfurt", "city": "Erfurt", "countryCode": "DEU"}},
        {"timestamp": "2026-07-09T08:00:00+02:00", "code": "3000", "description": "On tour",
         "scanningUnit": {"name": "HD Erfurt", "city": "Erfurt", "countryCode": "DEU"}},
        {"timestamp": "2026-07-09T13:41:00+02:00", "code": "3732", "description": "Nobody in",
         "scanningUnit": {"name": "HD Erfurt", "city": "Erfurt", "countryCode": "DEU"}}
      ]}]}""",
    scans="shipmentinfo/0/status",
    code=("code",),
    moment=("timestamp",),
    description="description",
    place="scanningUnit",
    errors={
        ProblemKind.NOT_FOUND: b'{"shipmentinfo": [{"shipmentID": "H1", "result": {"code": "e001"}}]}',
        ProblemKind.UNAUTHORIZED: b'{"error": "invalid_client", "error_description": "No such client"}',
        ProblemKind.UNAVAILABLE: b'[{"code": "503", "message": "Down for maintenance"}]',
    },
)
