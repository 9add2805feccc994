"""Payloads of our own in the German parcel tracking's shape."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer=b"""<?xml version="1.0" encoding="UTF-8"?>
<data name="piece-shipment-list" code="0" request-id="a1">
  <data name="piece-shipment" error-status="0" piece-code="00340434188877766655" product-name="DHL PAKET"
        dest-country="DE" origin-country="DE" recipient-city="24103 Kiel" shipment-weight="3.2"
        standard-event-code="ZU" ice="DLVRD" ric="OTHER" delivery-event-flag="1"
        recipient-id-text="recipient" ruecksendung="false">
    <data name="piece-event-list">
      <data name="piece-event" event-timestamp="04.05.2026 17:12" event-status="Announced" ice="" ric=""
            event-location="" event-country="Deutschland" standard-event-code="VA" ruecksendung="false"/>
      <data name="piece-event" event-timestamp="05.05.2026 03:40" event-status="At the center" ice="ULFMV"
            ric="UNLDD" event-location="Neum\xc3\xbcnster" event-country="Germany" standard-event-code="EE"
            ruecksendung="false"/>
      <data name="piece-event" event-timestamp="05.05.2026 08:15" event-status="Loaded" ice="SRTED"
            ric="NRQRD" event-location="" event-country="" standard-event-code="PO" ruecksendung="false"/>
      <data name="piece-event" event-timestamp="05.05.2026 13:02" event-status="Delivered" ice="DLVRD"
            ric="OTHER" event-location="Kiel" event-country="Germany" standard-event-code="ZU"
            ruecksendung="false"/>
    </data>
  </data>
</data>""",
    scans="0/0/data",
    code=("@standard-event-code", "@ice"),
    moment=("@event-timestamp",),
    description="@event-status",
    place="@event-location",
    errors={
        ProblemKind.NOT_FOUND: b'<data name="piece-shipment-list" code="100" error="No data found"/>',
        ProblemKind.UNAUTHORIZED: b'<data name="piece-shipment-list" code="5" error="Login failed"/>',
        ProblemKind.RATE_LIMITED: b'{"status": 429, "title": "Too Many Requests"}',
    },
)
