"""Olist: real orders of a Brazilian marketplace, with promise, hand-over and arrival (CC BY-NC-SA 4.0).

What of an order a shop knows at its purchase, and nothing else, becomes a `Delivery` or a `Question`. The moment of
payment is not used where the purchase is known; where it is not (a third of the rows), it is the moment of asking.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

from aftermile.capabilities.promises.learning.forecasting import Delivery, Goods, Lane, Place, Question

#: Training stops here; orders placed from here on are asked about.
AS_OF = datetime(2018, 3, 1, tzinfo=timezone(timedelta(hours=-3)))
TRAINING = "orders_until_2018-02.parquet"
ASKED = "test_orders_features_mar-aug2018.parquet"
_BRASILIA = timezone(timedelta(hours=-3))
#: The shop knows of these that they will not arrive.
_CALLED_OFF = ("canceled", "unavailable")

_ITEMS = """
SELECT order_id, count(*) AS items, sum(product_weight_g) AS grams,
  sum(product_length_cm * product_height_cm * product_width_cm) AS cm3, sum(freight_value) AS freight,
  arg_min(i.seller_id, order_item_id) AS seller, arg_min(seller_state, order_item_id) AS seller_state,
  arg_min(seller_zip_code_prefix, order_item_id) AS seller_zip,
  arg_min(product_category_name, order_item_id) AS category,
  arg_min(geolocation_lat, order_item_id) AS seller_lat, arg_min(geolocation_lng, order_item_id) AS seller_lng
FROM read_parquet('{folder}/items.parquet') i
LEFT JOIN read_csv('{folder}/olist_products_dataset.csv') p USING (product_id)
LEFT JOIN read_csv('{folder}/olist_sellers_dataset.csv') s ON s.seller_id = i.seller_id
LEFT JOIN read_csv('{folder}/olist_geolocation_by_zip.csv') g ON g.geolocation_zip_code_prefix = s.seller_zip_code_prefix
GROUP BY order_id
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """An order to be forecast."""

    order_id: str
    question: Question


def deliveries(folder: Path) -> list[Delivery]:
    """Return the orders to train on, with all that is known of them."""
    return [
        Delivery(
            lane=_lane(row),
            goods=_goods(row),
            ordered_at=_ordered_at(row),
            handed_over_at=_moment(row["order_delivered_carrier_date"]),
            delivered_at=_moment(row["order_delivered_customer_date"]),
            promised_by=_promised_by(row),
        )
        for row in _rows(folder, TRAINING)
        if row["order_status"] not in _CALLED_OFF and _ordered_at(row, None) is not None
    ]


def asked(folder: Path) -> list[Asked]:
    """Return the orders to be forecast, each asked about at its purchase."""
    return [
        Asked(
            row["order_id"],
            Question(
                lane=_lane(row), goods=_goods(row), ordered_at=_ordered_at(row), stage_at=_ordered_at(row),
                asked_at=_ordered_at(row), promised_by=_promised_by(row),
            ),
        )
        for row in _rows(folder, ASKED)
    ]  # fmt: skip


def _rows(folder: Path, name: str) -> Iterator[Mapping[str, Any]]:
    import duckdb

    with duckdb.connect() as connection:
        answer = connection.execute(
            f"SELECT o.*, i.* EXCLUDE (order_id) FROM read_parquet('{folder / name}') o"
            f" LEFT JOIN ({_ITEMS.format(folder=folder)}) i USING (order_id) ORDER BY order_id"
        )
        names = [column[0] for column in answer.description or ()]
        for row in answer.fetchall():
            yield dict(zip(names, row, strict=True))


def _moment(value: datetime | None) -> datetime | None:
    return None if value is None else value.replace(tzinfo=_BRASILIA)


def _ordered_at(row: Mapping[str, Any], default: datetime | None = AS_OF) -> Any:
    return _moment(row["order_purchase_timestamp"] or row["order_approved_at"]) or default


def _promised_by(row: Mapping[str, Any]) -> datetime:
    """Return the end of the promised day: the set names the day."""
    return row["order_estimated_delivery_date"].replace(tzinfo=_BRASILIA) + timedelta(days=1)  # type: ignore[no-any-return]


def _lane(row: Mapping[str, Any]) -> Lane:
    return Lane(
        origin=Place(country="BR", region=row["seller_state"] or ""),
        destination=Place(
            country="BR",
            region=row["customer_state"] or "",
            postal_code=row["customer_zip_code_prefix"] or "",
        ),
    )


def _goods(row: Mapping[str, Any]) -> Goods:
    extra: dict[str, float | str] = {
        "payment": row["pay_type"] or "",
        "instalments": float(row["installments"] or 0),
        "moment_of_payment": float(row["order_purchase_timestamp"] is None),
        "category": row["category"] or "",
    }
    for name in ("customer_lat", "customer_lng", "seller_lat", "seller_lng", "freight"):
        if row[name] is not None:
            extra[name] = float(row[name])
    return Goods(
        item_count=row["items"] or 1,
        weight_grams=None if row["grams"] is None else round(row["grams"]),
        volume_cm3=None if row["cm3"] is None else round(row["cm3"]),
        value_minor=None if row["payment_value"] is None else round(row["payment_value"] * 100),
        distance_km=_distance_km(row),
        seller=row["seller"] or "",
        extra=extra,
    )


def _distance_km(row: Mapping[str, Any]) -> float | None:
    """Return the great-circle distance."""
    ends = [row[name] for name in ("customer_lat", "customer_lng", "seller_lat", "seller_lng")]
    if any(each is None for each in ends):
        return None
    lat, lng, other_lat, other_lng = (radians(each) for each in ends)
    half = sin((lat - other_lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((lng - other_lng) / 2) ** 2
    return 2 * 6371 * asin(sqrt(half))
