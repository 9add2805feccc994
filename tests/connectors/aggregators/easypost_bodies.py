"""Small payloads in EasyPost's shape, written by hand for tests."""

from __future__ import annotations

from typing import Any


def detail(status: str, status_detail: str, at: str, **more: Any) -> dict[str, Any]:
    """Return one tracking detail."""
    return {
        "object": "TrackingDetail",
        "status": status,
        "status_detail": status_detail,
        "datetime": at,
        "message": status_detail,
        **more,
    }


def tracker(*details: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a tracker of parcel A1 that stands where its last detail says."""
    last = details[-1] if details else {"status": "unknown", "status_detail": "unknown"}
    return {
        "id": "trk_a1",
        "object": "Tracker",
        "tracking_code": "A1",
        "carrier": "UPS",
        "status": last["status"],
        "status_detail": last["status_detail"],
        "tracking_details": list(details),
        **more,
    }


def event(description: str, result: dict[str, Any] | None) -> dict[str, Any]:
    """Return a webhook body."""
    return {"id": "evt_1", "object": "Event", "description": description, "result": result}
