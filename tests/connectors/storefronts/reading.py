"""Read payloads through a connector, as the worker does."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from aftermile.connectors.contracts.facts import Translation
from aftermile.connectors.contracts.sockets import Connector, InboundRequest, RawRecord

RECEIVED_AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def read(connector: Connector, kind: str, payload: object, **settings: str) -> Translation:
    return connector.translate(
        RawRecord(kind=kind, body=json.dumps(payload).encode(), received_at=RECEIVED_AT, settings=settings)
    )


def only(translation: Translation) -> Any:
    """The one fact of a translation that leaves nothing unknown."""
    (fact,) = translation.facts
    assert translation.unknown == ()
    return fact


def post(headers: dict[str, str], body: bytes) -> InboundRequest:
    return InboundRequest(method="POST", headers=headers, query={}, body=body, received_at=RECEIVED_AT)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]
