"""Fetch a shop's history through the Admin API, and register our webhooks there.

REST, because its products, customers and orders are written exactly as the webhooks write them: what is
fetched goes through the same reader as what is sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from aftermile.connectors.contracts.reading import items, read_json_object, text
from aftermile.connectors.contracts.sockets import Backfill, BackfillPage, OutboundRequest, Unreadable
from aftermile.connectors.storefronts.shopify.reader import SUBSCRIBED
from aftermile.connectors.storefronts.shopify.signature import plain_domain
from aftermile.connectors.storefronts.shopify.values import plain_id

API_VERSION = "2026-07"
PAGE_SIZE = "250"  # the most Shopify gives
#: What is fetched, in this order: an order then finds its products and its shopper.
PHASES: Mapping[str, str] = {
    "products": "products/update",
    "customers": "customers/update",
    "orders": "orders/updated",
}
_FIRST = next(iter(PHASES))


def request(credentials: Mapping[str, str], cursor: str, since: datetime) -> OutboundRequest:
    """Ask for one page. The cursor is `<phase>` or `<phase> <page_info>`; "" begins."""
    phase, _, page_info = (cursor or _FIRST).partition(" ")
    params = {"limit": PAGE_SIZE}
    if page_info:
        params["page_info"] = page_info  # carries the filter of the first page; Shopify refuses any beside it
    else:
        params["updated_at_min"] = since.astimezone(UTC).isoformat(timespec="seconds")
        if phase == "orders":
            params["status"] = "any"
    return OutboundRequest(
        method="GET", url=_url(credentials, f"{phase}.json"), headers=_headers(credentials), params=params
    )


def page(body: bytes, headers: Mapping[str, str], cursor: str) -> BackfillPage:
    """Read one page and where to go on.

    :raises Unreadable: Shopify answered with something else than the list asked for.
    """
    phase = (cursor or _FIRST).partition(" ")[0]
    answer = read_json_object(body)
    if not isinstance(answer.get(phase), list):
        raise Unreadable(f"Shopify sent no {phase}: {text(answer.get('errors')) or 'no reason given'}")
    records = tuple(
        (PHASES[phase], _record_id(phase, entry), json.dumps(entry).encode())
        for entry in items(answer[phase])
    )
    page_info = _next_page_info(headers)
    return BackfillPage(records=records, cursor=f"{phase} {page_info}" if page_info else _phase_after(phase))


def register(credentials: Mapping[str, str], address: str, _: str, __: bytes) -> Sequence[OutboundRequest]:
    """Ask the shop to send every topic we read to `address`; Shopify signs with the app's own secret.

    Registering twice is answered 422 ("address has already been taken"), which is as good as done.
    """
    return [
        OutboundRequest(
            method="POST",
            url=_url(credentials, "webhooks.json"),
            headers={**_headers(credentials), "Content-Type": "application/json"},
            body=json.dumps({"webhook": {"topic": topic, "address": address, "format": "json"}}).encode(),
        )
        for topic in SUBSCRIBED
    ]


backfill = Backfill(request=request, page=page, register=register)


def _url(credentials: Mapping[str, str], path: str) -> str:
    return f"https://{plain_domain(credentials['shop_domain'])}/admin/api/{API_VERSION}/{path}"


def _headers(credentials: Mapping[str, str]) -> dict[str, str]:
    return {"X-Shopify-Access-Token": credentials.get("access_token", ""), "Accept": "application/json"}


def _record_id(phase: str, entry: Mapping[str, object]) -> str:
    """Name a version of a thing, so that fetching it again unchanged is a repeat."""
    return f"backfill:{phase}:{plain_id(entry.get('id'))}:{text(entry.get('updated_at'))}"


def _phase_after(phase: str) -> str:
    phases = list(PHASES)
    following = phases[phases.index(phase) + 1 :]
    return following[0] if following else ""


def _next_page_info(headers: Mapping[str, str]) -> str:
    """Return the `page_info` of the `Link` header's `rel="next"`, or ""."""
    links = next((value for name, value in headers.items() if name.lower() == "link"), "")
    for link in links.split(","):
        target, _, relation = link.partition(";")
        if 'rel="next"' in relation.replace("'", '"'):
            return parse_qs(urlsplit(target.strip(" <>")).query).get("page_info", [""])[0]
    return ""
