"""Small payloads in Shippo's shape, written by hand for tests."""

from __future__ import annotations

from typing import Any


def scan(status: str, substatus: str, at: str, **more: Any) -> dict[str, Any]:
    """Return one entry of a track's history."""
    code = {"code": substatus, "text": substatus, "action_required": False} if substatus else None
    return {"status": status, "substatus": code, "status_details": "", "status_date": at, **more}


def track(*history: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a track of parcel A1 that stands where its last scan says."""
    return {
        "carrier": "ups",
        "tracking_number": "A1",
        "tracking_status": history[-1] if history else None,
        "tracking_history": list(history),
        **more,
    }


def webhook(event: str, data: dict[str, Any]) -> dict[str, Any]:
    """Return a webhook body."""
    return {"event": event, "test": False, "data": data}
