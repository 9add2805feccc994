"""Read a body with a connector, for tests of one carrier."""

from __future__ import annotations

from datetime import UTC, datetime

from aftermile.connectors.contracts.facts import TrackingReport, Translation
from aftermile.connectors.contracts.sockets import Connector, RawRecord


def read(connector: Connector, body: str | bytes, headers: dict[str, str] | None = None) -> Translation:
    return connector.translate(
        RawRecord(
            kind="",
            body=body.encode() if isinstance(body, str) else body,
            headers=headers or {},
            received_at=datetime(2026, 11, 21, 12, tzinfo=UTC),
        )
    )


def only_report(translation: Translation) -> TrackingReport:
    (report,) = translation.facts
    assert isinstance(report, TrackingReport)
    return report


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)
