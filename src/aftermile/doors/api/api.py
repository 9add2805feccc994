"""The API put together: routers, errors, and the document that describes them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ninja import NinjaAPI, Router

from aftermile import __version__
from aftermile.doors.api.guard import answer_errors
from aftermile.doors.api.openapi import openapi
from aftermile.doors.api.parsing import JsonParser
from aftermile.doors.api.resources import (
    connections,
    content,
    estimates,
    events,
    inbound_records,
    journeys,
    keys,
    messages,
    orders,
    packing,
    parcels,
    products,
    promises,
    scorecards,
    segments,
    shipments,
    shoppers,
    tracking_events,
)

#: Where the API begins, without the first slash.
ROOT = "api/v1/"
#: Another room of the doors that brings a `router` of its own.
_WEBHOOK_ENDPOINTS = "aftermile.doors.webhooks.api"

DESCRIPTION = """\
Orders and scans in, where every parcel is out.

Send your API key as `Authorization: Bearer am_...`. Every POST takes an `Idempotency-Key`; every PUT may be
repeated as it is. Lists are cut into pages: send `next_cursor` as `cursor`. Ids are texts such as
`ord_01jh8x7v1mf3qav9c2tnyw5zke` and sort by age. Moments have an offset, money is in minor units. Values of
`milestone`, `state` and the like may grow: show those you do not know. Unknown fields and parameters are
refused by their names."""

api = NinjaAPI(
    title="Aftermile",
    version=__version__,
    description=DESCRIPTION,
    parser=JsonParser(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
answer_errors(api)


def _routers() -> list[Router]:
    # The busiest first: Django tries addresses one after the other.
    resources = (
        *(tracking_events, orders, shipments, parcels),
        *(promises, shoppers, products, events),
        *(content, connections, inbound_records, messages, keys),
        *(packing, journeys, segments, scorecards, estimates),
    )
    routers = [each.router for each in resources]
    if find_spec(_WEBHOOK_ENDPOINTS) is not None:
        routers.append(import_module(_WEBHOOK_ENDPOINTS).router)
    return routers


for _router in _routers():
    api.add_router("", _router)


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document, made once."""
    return openapi(api, ROOT)
