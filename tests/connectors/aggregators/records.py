"""Short ways to hand a body to a connector."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from aftermile.connectors.contracts.facts import TrackingReport, Translation
from aftermile.connectors.contracts.sockets import InboundRequest, RawRecord

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def record(body: object) -> RawRecord:
    """Return a stored record of a JSON value, or of bytes as they are."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return RawRecord(kind="", body=raw, received_at=NOW)


def request(
    body: bytes, headers: Mapping[str, str] | None = None, query: Mapping[str, str] | None = None
) -> InboundRequest:
    return InboundRequest(method="POST", headers=headers or {}, query=query or {}, body=body, received_at=NOW)


def only_report(translation: Translation) -> TrackingReport:
    """Return the one report of a translation that says nothing else."""
    assert translation.problems == ()
    (report,) = translation.facts
    assert isinstance(report, TrackingReport)
    return report
