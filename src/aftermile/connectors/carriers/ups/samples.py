"""A parcel from Lyon to New Jersey, as UPS would tell it."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer=b"""{"trackResponse": {"shipment": [{"inquiryNumber": "1Z5R89390357567127", "package": [{
      "trackingNumber": "1Z5R89390357567127",
      "service": {"code": "065", "description": "UPS Worldwide Saver"},
      "weight": {"unitOfMeasurement": "KGS", "weight": "1.20"},
      "packageAddress": [
        {"type": "ORIGIN", "address": {"city": "LYON", "countryCode": "FR"}},
        {"type": "DESTINATION", "address": {"city": "NEWARK", "stateProvince": "NJ", "countryCode": "US"}}],
      "deliveryDate": [{"type": "SDD", "date": "20260306"}],
      "currentStatus": {"code": "OT", "statusCode": "021", "type": "I"},
      "activity": [
        {"date": "20260306", "time": "081500", "gmtDate": "20260306", "gmtTime": "131500",
         "gmtOffset": "-05:00",
         "location": {"address": {"city": "NEWARK", "stateProvince": "NJ", "countryCode": "US"}},
         "status": {"type": "I", "code": "OT", "statusCode": "021", "description": "Out for delivery"}},
        {"date": "20260305", "time": "220010", "gmtDate": "", "gmtTime": "", "gmtOffset": "",
         "location": {"address": {"city": "NEWARK", "stateProvince": "NJ", "countryCode": "US"}},
         "status": {"type": "I", "code": "SR", "statusCode": "014", "description": "Released by customs"}},
        {"date": "20260304", "time": "183000", "gmtDate": "", "gmtTime": "", "gmtOffset": "",
         "location": {"address": {"city": "LYON", "countryCode": "FR"}},
         "status": {"type": "I", "code": "OR", "statusCode": "005", "description": "Origin scan"}}]
    }]}]}}""",
    scans="trackResponse/shipment/0/package/0/activity",
    code=("status/code", "status/statusCode", "status/type"),
    moment=("date", "time", "gmtDate", "gmtTime", "gmtOffset"),
    description="status/description",
    place="location",
    errors={
        ProblemKind.NOT_FOUND: b"""{"trackResponse": {"shipment": [{"inquiryNumber": "1Z5R89390357567127",
            "warnings": [{"code": "TW0001", "message": "Tracking information not found"}]}]}}""",
        ProblemKind.INVALID_NUMBER: b'{"response": {"errors": [{"code": "TV1002", "message": "Invalid"}]}}',
        ProblemKind.UNAUTHORIZED: b'{"response": {"errors": [{"code": "250002", "message": "Credentials"}]}}',
        ProblemKind.RATE_LIMITED: b'{"response": {"errors": [{"code": "10429", "message": "Too many"}]}}',
        ProblemKind.UNAVAILABLE: b'{"response": {"errors": [{"code": "10004", "message": "Try later"}]}}',
    },
)
