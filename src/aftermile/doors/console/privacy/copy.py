"""A copy of everything that is held on a shopper: one JSON file for programs, one page for people, in one ZIP file."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string

from aftermile.capabilities.exceptions.public import steps_of
from aftermile.capabilities.journeys.public import export_runs
from aftermile.capabilities.messaging.public import export_messages, export_preferences
from aftermile.capabilities.promises.public import estimates, estimates_of_orders
from aftermile.capabilities.shoppers.public import export_shopper
from aftermile.doors.api.page_urls import page_url
from aftermile.doors.api.shapes.orders import order_given
from aftermile.doors.api.shapes.parcels import shipment_given
from aftermile.doors.console.privacy.holdings import Holdings, holdings
from aftermile.kernel.ids import public_id
from aftermile.kernel.merchants import current_merchant

JSON_NAME, PAGE_NAME = "shopper.json", "shopper.html"


def gather(shopper_id: UUID, *, at: datetime) -> tuple[dict[str, Any], Holdings]:
    """Collect everything as plain JSON values, ids as public ids.

    :raises ShopperNotFound: no such shopper.
    """
    held = holdings(shopper_id, with_scans=True)
    expected = estimates_of_orders([each.id for each in held.orders])
    parcels = estimates([parcel.id for each in held.shipments for parcel in each.parcels])
    steps = steps_of([each.id for each in held.exceptions])
    return {
        "made_at": at.isoformat(),
        "shop": current_merchant().name,
        "shopper_id": public_id("shp", held.shopper.id),
        "shopper": export_shopper(shopper_id=held.shopper.id),
        "orders": [
            order_given(each, page_url=page_url(each), estimates=expected[each.id]).model_dump(mode="json")
            for each in held.orders
        ],
        "shipments": [shipment_given(each, parcels).model_dump(mode="json") for each in held.shipments],
        "messages": export_messages(shopper_id=held.shopper.id),
        "journeys": export_runs(shopper_id=held.shopper.id),
        "preferences": export_preferences(shopper_id=held.shopper.id),
        "exceptions": [
            {
                "id": public_id("exc", each.id),
                "kind": str(each.kind),
                "opened_at": each.opened_at.isoformat(),
                "ended_at": each.ended_at.isoformat() if each.ended_at else None,
                "note": each.note,
                "steps": [
                    {"at": step.at.isoformat(), "act": str(step.act), "note": step.note}
                    for step in steps[each.id]
                ],
            }
            for each in held.exceptions
        ],
    }, held


def packed(content: Mapping[str, Any]) -> bytes:
    """Write both files and pack them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(JSON_NAME, json.dumps(content, indent=2, ensure_ascii=False))
        file.writestr(PAGE_NAME, _page(content))
    return out.getvalue()


def unpacked(content: bytes, name: str) -> bytes:
    """Take one file out again."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read(name)


def _page(content: Mapping[str, Any]) -> str:
    sections = [
        ("Shopper", _told(content["shopper"])),
        *((f"Order {order['number'] or order['external_id']}", _told(order)) for order in content["orders"]),
        *((f"Shipment {index}", _told(each)) for index, each in enumerate(content["shipments"], 1)),
        *((f"Message {index}", _told(each)) for index, each in enumerate(content["messages"], 1)),
        *((f"Journey {index}", _told(each)) for index, each in enumerate(content["journeys"], 1)),
        *([("Choices", _told(content["preferences"]))] if content["preferences"] else []),
        *((f"Trouble {index}", _told(each)) for index, each in enumerate(content["exceptions"], 1)),
    ]
    return render_to_string(
        "console/settings/privacy_file.html",
        {"shop": content["shop"], "made_at": content["made_at"], "sections": sections},
    )


def _told(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Turn values into lines: a label, and either a text, lines below it, or several groups of lines.

    What is empty is left out: it says nothing of the person.
    """
    lines = []
    for name, each in value.items():
        if each in (None, "", [], {}):
            continue
        line: dict[str, Any] = {"label": name.replace("_", " ").capitalize()}
        if isinstance(each, Mapping):
            line["lines"] = _told(each)
        elif isinstance(each, Sequence) and not isinstance(each, str):
            groups = [_told(one) for one in each if isinstance(one, Mapping)]
            if groups:
                line["groups"] = groups
            else:
                line["text"] = ", ".join(str(one) for one in each)
        else:
            line["text"] = {True: "yes", False: "no"}.get(each, each) if isinstance(each, bool) else str(each)
        lines.append(line)
    return lines
