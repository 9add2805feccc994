"""Payloads of our own in MyDHL's and XML-PI's shapes."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer=b"""{"shipments": [{
      "shipmentTrackingNumber": "4455667788", "status": "Success", "productCode": "P",
      "shipmentTimestamp": "2026-03-02T09:15:00", "totalWeight": 1.25, "unitOfMeasurements": "metric",
      "estimatedDeliveryDate": "2026-03-05",
      "shipperDetails": {"postalAddress": {"cityName": "LYON", "postalCode": "69003", "countryCode": "FR"}},
      "receiverDetails": {"postalAddress": {"cityName": "TOKYO", "countryCode": "JP"}},
      "pieces": [{"number": 1, "trackingNumber": "JD014600000000000001"}],
      "events": [
        {"date": "2026-03-02", "time": "17:05:00", "typeCode": "PU", "description": "Shipment picked up",
         "serviceArea": [{"code": "LYS", "description": "Lyon-France"}]},
        {"date": "2026-03-03", "time": "02:40:00", "typeCode": "DF", "description": "Departed from facility",
         "serviceArea": [{"code": "LEJ", "description": "Leipzig-Germany"}]},
        {"date": "2026-03-05", "time": "08:10:00", "typeCode": "WC", "description": "With courier",
         "serviceArea": [{"code": "TYO", "description": "Tokyo-Japan"}]},
        {"date": "2026-03-05", "time": "11:31:00", "typeCode": "OK", "description": "Delivered",
         "signedBy": "M SATO", "serviceArea": [{"code": "TYO", "description": "Tokyo-Japan"}]}
      ]}]}""",
    scans="shipments/0/events",
    code=("typeCode",),
    moment=("date", "time"),
    description="description",
    place="serviceArea",
    errors={
        ProblemKind.NOT_FOUND: b'{"status": 404, "title": "Not Found", "detail": "No data found"}',
        ProblemKind.UNAUTHORIZED: b'{"reasons": [{"msg": "Invalid Credentials"}]}',
        ProblemKind.RATE_LIMITED: b'{"status": 429, "title": "Too Many Requests", "detail": "Slow down"}',
        ProblemKind.UNAVAILABLE: b'{"status": 503, "title": "Service Unavailable"}',
    },
)

XML_ANSWER = b"""<?xml version="1.0" encoding="UTF-8"?>
<req:TrackingResponse xmlns:req="http://www.dhl.com"><AWBInfo>
  <AWBNumber>1122334455</AWBNumber><Status><ActionStatus>success</ActionStatus></Status>
  <ShipmentInfo>
    <DestinationServiceArea><Description>DENVER,CO-USA</Description></DestinationServiceArea>
    <Weight>2.5</Weight><WeightUnit>L</WeightUnit>
    <EstDlvyDate>2026-06-03 12:00:00 GMT-06:00</EstDlvyDate>
    <GlobalProductCode>Y</GlobalProductCode>
    <Consignee><City>Boulder</City><DivisionCode>CO</DivisionCode><CountryCode>US</CountryCode></Consignee>
    <ShipmentEvent><Date>2026-06-01</Date><Time>10:00 AM</Time>
      <ServiceEvent><EventCode>PU</EventCode><Description>Picked up</Description></ServiceEvent>
      <Signatory>998877665</Signatory>
      <ServiceArea><Description>Oslo - Norway</Description></ServiceArea></ShipmentEvent>
    <ShipmentEvent><Date>2026-06-03</Date><Time>10:00</Time>
      <ServiceEvent><EventCode>OK</EventCode><Description>Delivered</Description></ServiceEvent>
      <Signatory>R VALE</Signatory>
      <ServiceArea><Description>DENVER,CO-USA</Description></ServiceArea></ShipmentEvent>
  </ShipmentInfo>
</AWBInfo></req:TrackingResponse>"""
