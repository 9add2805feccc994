"""Fetch a shop's history through the REST API, and register our webhooks there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from aftermile.connectors.contracts.reading import items, read_json, section, text
from aftermile.connectors.contracts.sockets import Backfill, BackfillPage, OutboundRequest, Unreadable
from aftermile.connectors.storefronts.woocommerce.authorization import authorized
from aftermile.connectors.storefronts.woocommerce.reader import SUBSCRIBED
from aftermile.connectors.storefronts.woocommerce.values import plain_id

API = "wp-json/wc/v3"
PAGE_SIZE = 100  # the most WooCommerce gives
#: What is fetched, in this order: an order then finds its products and its shopper.
PHASES: Mapping[str, str] = {
    "products": "product.updated",
    "customers": "customer.updated",
    "orders": "order.updated",
}
_FIRST = next(iter(PHASES))
_MAKER = "Aftermile"


def request(credentials: Mapping[str, str], cursor: str, since: datetime) -> OutboundRequest:
    """Ask for one page. The cursor is `<phase> <page>`; "" begins.

    Sorted by id: sorted by change, a thing that changes meanwhile would move to the end and pull another
    one over the edge of the page, where it would be missed.
    """
    phase, number = _place(cursor)
    params = {"per_page": str(PAGE_SIZE), "page": str(number), "orderby": "id", "order": "asc"}
    if phase != "customers":  # which cannot be asked for by change
        params["modified_after"] = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        params["dates_are_gmt"] = "true"
    return authorized(
        OutboundRequest(
            method="GET",
            url=_url(credentials, phase),
            headers={"Accept": "application/json"},
            params=params,
        ),
        credentials,
    )


def page(body: bytes, headers: Mapping[str, str], cursor: str) -> BackfillPage:
    """Read one page and where to go on.

    :raises Unreadable: WooCommerce answered with something else than the list asked for.
    """
    phase, number = _place(cursor)
    answer = read_json(body)
    if not isinstance(answer, list):
        raise Unreadable(
            f"WooCommerce sent no {phase}: {text(section(answer).get('message')) or 'no reason given'}"
        )
    records = tuple(
        (PHASES[phase], _record_id(phase, entry), json.dumps(entry).encode()) for entry in items(answer)
    )
    return BackfillPage(records=records, cursor=_next(phase, number, len(answer), headers))


def registered(credentials: Mapping[str, str]) -> OutboundRequest:
    """Ask for the webhooks of our making that are there: WooCommerce would make the same ones again."""
    return authorized(
        OutboundRequest(
            method="GET",
            url=_url(credentials, "webhooks"),
            headers={"Accept": "application/json"},
            params={"search": _MAKER, "per_page": str(PAGE_SIZE)},
        ),
        credentials,
    )


def register(
    credentials: Mapping[str, str], address: str, secret: str, known: bytes
) -> Sequence[OutboundRequest]:
    """Make one webhook per topic we read, or bring the one that sends it to `address` up to date.

    WooCommerce switches a webhook off after five failures: ours are switched on again.

    :param known: the answer to `registered`.
    :raises Unreadable: it is no list of webhooks.
    """
    answer = read_json(known)
    if not isinstance(answer, list):
        raise Unreadable(f"WooCommerce sent no webhooks: {text(section(answer).get('message'))}")
    ours = {
        text(webhook.get("topic")): plain_id(webhook.get("id"))
        for webhook in items(answer)
        if text(webhook.get("delivery_url")) == address
    }
    return [
        authorized(
            OutboundRequest(
                method="PUT" if topic in ours else "POST",
                url=_url(credentials, f"webhooks/{ours[topic]}" if topic in ours else "webhooks"),
                headers={"Accept": "application/json", "Content-Type": "application/json"},
                body=json.dumps(
                    {
                        "name": f"{_MAKER} {topic}",
                        "topic": topic,
                        "delivery_url": address,
                        "secret": secret,
                        "status": "active",
                    }
                ).encode(),
            ),
            credentials,
        )
        for topic in SUBSCRIBED
    ]


backfill = Backfill(request=request, page=page, registered=registered, register=register)


def _url(credentials: Mapping[str, str], path: str) -> str:
    shop = credentials["shop_url"].strip().rstrip("/")
    if not shop.startswith(("https://", "http://")):
        shop = f"https://{shop}"
    return f"{shop}/{API}/{path}"


def _place(cursor: str) -> tuple[str, int]:
    phase, _, number = (cursor or _FIRST).partition(" ")
    return phase, int(number or 1)


def _next(phase: str, number: int, found: int, headers: Mapping[str, str]) -> str:
    pages = next((value for name, value in headers.items() if name.lower() == "x-wp-totalpages"), "")
    more = number < int(pages) if pages.isdecimal() else found >= PAGE_SIZE
    if more:
        return f"{phase} {number + 1}"
    phases = list(PHASES)
    following = phases[phases.index(phase) + 1 :]
    return following[0] if following else ""


def _record_id(phase: str, entry: Mapping[str, object]) -> str:
    """Name a version of a thing, so that fetching it again unchanged is a repeat."""
    return f"backfill:{phase}:{plain_id(entry.get('id'))}:{text(entry.get('date_modified_gmt'))}"
