"""Many orders with shipments, parcels and scans, made by SQL from one that the application recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from aftermile.kernel.ids import public_id
from aftermile.kernel.tokens import mint_token
from bench.load import closed_loop
from bench.payloads import api_order, api_request, api_scan, tracking_number
from bench.tree import Shop, Tree

#: Rows written by one statement and transaction.
_AT_ONCE = 50_000
_SCANS = 2

# What differs from the pattern, by table: SQL over the row of `fill` that is being written.
_DIFFERS: Mapping[str, Mapping[str, str]] = {
    "shoppers_shopper": {"id": "f.shopper_id", "email": "'shopper.' || f.n || '@example.com'"},
    "orders_order": {
        "id": "f.order_id", "external_id": "'fill-' || f.n", "number": "'#' || f.n", "page_token": "'fill-' || f.n",
        "shopper_id": "f.shopper_id",
    },
    "orders_line": {"id": "uuidv7()", "order_id": "f.order_id"},
    "shipments_shipment": {"id": "f.shipment_id", "external_id": "'fill-' || f.n", "order_id": "f.order_id"},
    "shipments_parcel": {"id": "f.parcel_id", "number_key": "'FILL' || f.n", "tracking_number": "'FILL' || f.n"},
    "shipments_shipment_parcel": {
        "id": "uuidv7()", "shipment_id": "f.shipment_id", "parcel_id": "f.parcel_id",
    },
    "shipments_tracking_event": {"id": "uuidv7()", "parcel_id": "f.parcel_id"},
}  # fmt: skip
# Where the pattern's rows are found.
_PATTERN = {
    "shoppers_shopper": "id = (SELECT shopper_id FROM orders_order WHERE external_id = '1')",
    "orders_order": "external_id = '1'",
    "orders_line": "order_id = (SELECT id FROM orders_order WHERE external_id = '1')",
    "shipments_shipment": "external_id = '1'",
    "shipments_parcel": "number_key = 'BENCH000000000001'",
    "shipments_shipment_parcel": "shipment_id = (SELECT id FROM shipments_shipment WHERE external_id = '1')",
    "shipments_tracking_event": "parcel_id = (SELECT id FROM shipments_parcel WHERE number_key = 'BENCH000000000001')",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """An order that is asked for: the paths of its page and of its read by the API."""

    page: str
    order: str


def fill(tree: Tree, shop: Shop, *, shipments: int, samples: int) -> list[Sample]:
    """Fill the merchant's tables and return orders spread over all of them."""
    _record_pattern(tree, shop)
    with tree.superuser() as connection:
        connection.execute(
            "CREATE UNLOGGED TABLE fill (n int PRIMARY KEY, shopper_id uuid, order_id uuid, shipment_id uuid, parcel_id uuid)"
        )
        # The pattern is one of them.
        for first in range(2, shipments + 1, _AT_ONCE):
            last = min(first + _AT_ONCE - 1, shipments)
            connection.execute(
                "INSERT INTO fill SELECT n, uuidv7(), uuidv7(), uuidv7(), uuidv7() FROM generate_series(%s::int, %s::int) AS n",
                [first, last],
            )
            for table, differs in _DIFFERS.items():
                _copy(connection, table, differs, first, last)
        chosen = _choose(connection, shop.merchant_id, shipments, samples)
        connection.execute("DROP TABLE fill")
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    return chosen


def _record_pattern(tree: Tree, shop: Shop) -> None:
    shipment = {
        "order_external_id": "1",
        "tracking_numbers": [tracking_number(1)],
        "carrier": "dhl-parcel-de",
        "lines": [{"line_external_id": "1-0", "quantity": 1}],
    }
    events = [api_scan(1, place) for place in range(_SCANS)]
    for method, path, body in (
        ("PUT", "orders/by-external-id/1", api_order(1, lines=1)),
        ("PUT", "shipments/by-external-id/1", shipment),
        ("POST", "tracking-events", {"events": events}),
    ):
        request = api_request(method, f"/api/v1/{path}", shop.api_key, body)
        closed_loop(tree.address, lambda _, request=request: request, clients=1, count=1).expect(200)  # type: ignore[misc]
    # Nobody works here: what would follow from the pattern is not what is measured.
    with tree.superuser() as connection:
        connection.execute("DELETE FROM pgqueuer")


def _copy(
    connection: psycopg.Connection[Any], table: str, differs: Mapping[str, str], first: int, last: int
) -> None:
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
        [table],
    ).fetchall()
    names = [name for (name,) in rows]
    values = ", ".join(differs.get(name, f"pattern.{name}") for name in names)
    connection.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {values}"
        f" FROM fill f, (SELECT * FROM {table} WHERE {_PATTERN[table]}) pattern WHERE f.n BETWEEN {first} AND {last}"
    )


def _choose(
    connection: psycopg.Connection[Any], merchant_id: UUID, shipments: int, samples: int
) -> list[Sample]:
    """Give some orders a page of their own; the others' addresses only fill the index."""
    step = max(1, (shipments - 1) // samples)
    rows = connection.execute(
        "SELECT order_id FROM fill WHERE n %% %s = 0 ORDER BY n LIMIT %s", [step, samples]
    ).fetchall()
    chosen = []
    for (order_id,) in rows:
        token = mint_token("t", merchant_id).text
        connection.execute(
            "UPDATE orders_order SET page_token = %s WHERE merchant_id = %s AND id = %s",
            [token, merchant_id, order_id],
        )
        chosen.append(Sample(f"/t/{token}", f"/api/v1/orders/{public_id('ord', order_id)}"))
    return chosen
