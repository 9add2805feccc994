"""A parcel from Berlin to Hamburg, as AfterShip would tell it."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer=b"""{"ts": 1767600000, "event": "tracking_update", "event_id": "0b7c1f0a", "msg": {
      "id": "trk-1", "tracking_number": "1Z5R89390357567127", "slug": "ups",
      "tag": "OutForDelivery", "subtag": "OutForDelivery_001",
      "origin_country_region": "DEU", "destination_country_region": "DEU", "destination_city": "Hamburg",
      "courier_estimated_delivery_date": {"estimated_delivery_date": "2026-01-05"},
      "checkpoints": [
        {"slug": "ups", "checkpoint_time": "2026-01-03T18:10:00+01:00", "message": "Picked up",
         "tag": "InTransit", "subtag": "InTransit_002", "hash": "c1", "source": "carrier",
         "location": "Berlin, Germany", "city": "Berlin", "state": "BE", "postal_code": "10115",
         "country_region": "DEU", "coordinate": {"latitude": 52.53, "longitude": 13.38},
         "events": [{"code": "picked_up", "reason": {"code": null}}]},
        {"slug": "ups", "checkpoint_time": "2026-01-04T23:40:00+01:00", "message": "Arrived",
         "tag": "InTransit", "subtag": "InTransit_003", "hash": "c2", "source": "carrier",
         "location": "Hamburg, Germany", "country_region": "DEU"},
        {"slug": "ups", "checkpoint_time": "2026-01-05T07:05:00+01:00", "message": "On the van",
         "tag": "OutForDelivery", "subtag": "OutForDelivery_001", "hash": "c3", "source": "carrier",
         "location": "Hamburg, Germany", "country_region": "DEU"}]
    }}""",
    scans="msg/checkpoints",
    code=("tag", "subtag"),
    moment=("checkpoint_time",),
    description="message",
    place="country_region",
    empty=b"""{"meta": {"code": 200}, "data": {"tracking_number": "1Z5R89390357567127", "slug": "ups",
        "tag": "Pending", "subtag": "Pending_001", "checkpoints": []}}""",
    errors={
        ProblemKind.NOT_FOUND: b'{"meta": {"code": 4004, "message": "No such tracking"}, "data": {}}',
        ProblemKind.INVALID_NUMBER: b'{"meta": {"code": 4005, "message": "Not a number"}, "data": {}}',
        ProblemKind.UNAUTHORIZED: b'{"meta": {"code": 401, "message": "Not this key"}, "data": {}}',
        ProblemKind.RATE_LIMITED: b'{"meta": {"code": 429, "message": "Too many"}, "data": {}}',
        ProblemKind.UNAVAILABLE: b'{"meta": {"code": 503, "message": "Try later"}, "data": {}}',
    },
    kind="tracking_update",
)
