"""Payloads of our own in the group API's shape."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer=b"""{"parcels": [{
      "requested": "701234567895", "unitno": "70123456789", "status": "DELIVERED",
      "statusDateTime": "2026-04-16T12:44:10+0200",
      "events": [
        {"code": "DELIVD.NORMAL", "city": "Graz", "postalCode": "8020", "country": "AT",
         "description": "Delivered", "eventDateTime": "2026-04-16T12:44:10+0200"},
        {"code": "OUTDEL.NORMAL", "city": "Graz", "postalCode": "8020", "country": "AT",
         "description": "To be delivered today", "eventDateTime": "2026-04-16T07:03:00+0200"},
        {"code": "INBOUD.NORMAL", "city": "Ansfelden", "postalCode": "4052", "country": "AT",
         "description": "At the parcel center", "eventDateTime": "2026-04-15T22:15:41+0200"},
        {"code": "INTIAL.NORMAL", "city": "Ulm", "postalCode": "89079", "country": "DE",
         "description": "Handed over", "eventDateTime": "2026-04-14T16:30:00+0200"}
      ]}]}""",
    scans="parcels/0/events",
    code=("code",),
    moment=("eventDateTime",),
    description="description",
    place="city",
    errors={
        ProblemKind.NOT_FOUND: b'{"parcels": [{"requested": "1", "errorCode": "E_404_01"}]}',
        ProblemKind.UNAUTHORIZED: b'{"error": "invalid_client", "error_description": "No such client"}',
        ProblemKind.RATE_LIMITED: b'{"errors": [{"errorCode": "E_429_01", "errorMessage": "Slow down"}]}',
    },
)
