"""Tracking numbers that plugins keep in an order's meta data.

Source: the extension "Shipment Tracking" and the plugin "Advanced Shipment Tracking", which share the key
`_wc_shipment_tracking_items` (the latter adds `products_list`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from aftermile.connectors.contracts.facts import FulfilmentFact, FulfilmentLineFact, UnknownWord
from aftermile.connectors.contracts.reading import EARLIEST_YEAR, LATEST_YEAR, items, moment, text
from aftermile.connectors.storefronts.fields import carrier_slug, count
from aftermile.connectors.storefronts.woocommerce.values import meta, plain_id

META_KEY = "_wc_shipment_tracking_items"


def fulfilments(
    payload: Mapping[str, Any], order_id: str, unknown: list[UnknownWord]
) -> tuple[FulfilmentFact, ...]:
    """Read one fulfilment per tracking item; a number that stands there twice is one."""
    found: dict[str, FulfilmentFact] = {}
    for entry in _entries(meta(payload, META_KEY)):
        number = text(entry.get("tracking_number"))
        external_id = text(entry.get("tracking_id")) or (f"{order_id}:{number}" if number else "")
        if not external_id:
            continue
        carrier_name = text(entry.get("custom_tracking_provider")) or text(entry.get("tracking_provider"))
        link = text(entry.get("custom_tracking_link"))
        found[external_id] = FulfilmentFact(
            external_id=external_id,
            order_external_id=order_id,
            carrier=carrier_slug(carrier_name, unknown),
            carrier_name=carrier_name,
            tracking_numbers=(number,) if number else (),
            tracking_urls=(link,) if link.startswith(("https://", "http://")) else (),
            lines=tuple(_lines(entry)),
            shipped_at=_shipped_at(text(entry.get("date_shipped"))),
        )
    return tuple(found.values())


def _entries(value: object) -> list[dict[str, Any]]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return []
    if isinstance(value, dict) and "tracking_number" not in value:
        value = list(value.values())  # PHP writes a list with a gap in its numbering as an object
    return items(value)


def _lines(entry: Mapping[str, Any]) -> Iterator[FulfilmentLineFact]:
    for part in items(entry.get("products_list")):
        line_id, quantity = plain_id(part.get("item_id")), count(part.get("qty"))
        if line_id and quantity is not None:
            yield FulfilmentLineFact(line_external_id=line_id, quantity=quantity)


def _shipped_at(written: str) -> datetime | None:
    """Read a Unix time; the extension stores the day's midnight in UTC. A written date is taken as well."""
    if not written.isdecimal():
        return moment(written)
    if len(written) == 8:
        return moment(written)  # 20261121
    try:
        found = datetime.fromtimestamp(int(written), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    if (found.hour, found.minute, found.second) == (0, 0, 0):
        found = found.replace(hour=12)  # a day: noon is that day in every shop's zone
    return found if EARLIEST_YEAR <= found.year <= LATEST_YEAR else None
