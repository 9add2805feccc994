"""Small payloads in AfterShip's shape, written by hand for tests."""

from __future__ import annotations

from typing import Any


def checkpoint(tag: str, subtag: str, at: str, **more: Any) -> dict[str, Any]:
    """Return one checkpoint in the shape of API 2026-07."""
    return {"slug": "ups", "checkpoint_time": at, "tag": tag, "subtag": subtag, "message": subtag, **more}


def tracking(*checkpoints: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a tracking of parcel A1 that stands where its last checkpoint says."""
    last = checkpoints[-1] if checkpoints else {"tag": "Pending", "subtag": "Pending_001"}
    return {
        "id": "trk-a1",
        "tracking_number": "A1",
        "slug": "ups",
        "tag": last["tag"],
        "subtag": last["subtag"],
        "checkpoints": list(checkpoints),
        **more,
    }


def webhook(event: str, message: dict[str, Any]) -> dict[str, Any]:
    """Return a webhook body around a tracking."""
    return {"ts": 1767225600, "event": event, "event_id": "0b7c1f0a", "msg": message}


def answer(data: dict[str, Any], code: int = 200, **meta: Any) -> dict[str, Any]:
    """Return an API answer."""
    return {"meta": {"code": code, **meta}, "data": data}
