"""Couriers: the directory, and which of them a number belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aftermile.connectors.contracts.countries import alpha_3
from aftermile.connectors.recognition import Courier, candidates_for, couriers
from aftermile.doors.api.aftership.answers import number_required
from aftermile.doors.api.aftership.call import operation
from aftermile.doors.api.aftership.requests import DetectCourier, read
from aftermile.doors.api.carriers import carrier_at_aftership, courier_of
from aftermile.intake.public import list_connections
from aftermile.kernel.access import Caller


@operation("GET", "shipments:read")
def list_couriers(caller: Caller, query: Mapping[str, str]) -> tuple[Any, int]:  # noqa: ARG001
    """List carriers; with `active=true`, those that are connected."""
    found = list(couriers().values())
    wanted = {
        carrier_at_aftership(slug.strip())[0] for slug in query.get("slug", "").split(",") if slug.strip()
    }
    if "slug" in query:
        found = [courier for courier in found if courier.slug in wanted]
    if query.get("active", "").lower() == "true":
        connected = {view.connector for view in list_connections() if view.disabled_at is None}
        found = [courier for courier in found if courier.slug in connected]
    return _listed(found), 200


@operation("POST", "shipments:read")
def detect_couriers(caller: Caller, query: Mapping[str, str], body: object = None) -> tuple[Any, int]:  # noqa: ARG001
    """List the carriers a tracking number may belong to, the likeliest first."""
    request = read(DetectCourier, body)
    if not request.tracking_number:
        raise number_required()
    likely = candidates_for(
        request.tracking_number, destination_country=request.destination_country_region or ""
    )
    found = [courier_of(candidate.carrier) for candidate in likely]
    if request.slug:
        wanted = {carrier_at_aftership(slug)[0] for slug in request.slug}
        found = [courier for courier in found if courier.slug in wanted]
    return _listed(found), 200


def _listed(found: Sequence[Courier]) -> dict[str, Any]:
    return {"total": len(found), "couriers": [_courier(courier) for courier in found]}


def _courier(courier: Courier) -> dict[str, Any]:
    return {
        "slug": courier.aftership_slug or courier.slug,
        "name": courier.name,
        "phone": courier.phone or None,
        "other_name": None,
        "web_url": courier.website or None,
        "required_fields": [],
        "optional_fields": [],
        "default_language": "en",
        "support_languages": ["en"],
        "service_from_country_regions": [code for code in map(alpha_3, courier.countries) if code],
    }
