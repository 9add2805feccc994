"""Take in what sources say about orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.orders.folding import FoldedOrder, Row
from aftermile.capabilities.orders.operations.announcements import publish_changes
from aftermile.capabilities.orders.operations.stored_orders import (
    find_orders,
    id_supply,
    insert_orders,
    lock_orders,
    make_orders,
    write_orders,
)
from aftermile.capabilities.orders.reading import OrderReading, read_order
from aftermile.capabilities.shoppers.public import RecordedShopper, record_each_shopper
from aftermile.connectors.contracts.facts import OrderFact

_Shoppers = Mapping[int, RecordedShopper]  # by the identity of the reading they were told in


@dataclass(frozen=True, slots=True)
class RecordedOrder:
    """Where a fact went. `created`: told for the first time; `changed`: something that can be seen changed."""

    order_id: UUID
    created: bool
    changed: bool
    page_token: str = field(default="", compare=False, repr=False)


def record_orders(*, facts: Sequence[OrderFact], source: str, by: str, at: datetime) -> list[RecordedOrder]:
    """Take in a batch of orders with their shoppers, lines and refunds; answer in the order given.

    Facts may come in any order, twice, or before and after what refers to them. What changes nothing writes
    nothing and publishes nothing. Fulfilments within the facts are not this room's: see `shipments`. One
    call is at most 20 statements. The promised window is written by the first fact that has one, for good.

    :param source: whose external ids these are ("shop", or a connection's public id).
    :raises FactOutOfBounds: an id or a count that no column can hold; `details.index` says whose.
    """
    readings = _read(facts, at)
    groups: dict[str, list[OrderReading]] = {}
    for reading in readings:
        groups.setdefault(reading.external_id, []).append(reading)
    known = find_orders(source, groups)
    recorded: dict[int, RecordedOrder] = {}
    news: dict[str, list[OrderReading]] = {}
    for external_id, group in groups.items():
        row = known.get(external_id)
        if row is not None and all(reading.digest == row["digest"] for reading in group):
            same = RecordedOrder(row["id"], False, False, row["page_token"])
            recorded.update((id(reading), same) for reading in group)
        else:
            # The oldest first, so that the first promise is the first.
            news[external_id] = sorted(group, key=lambda reading: reading.version)
    shoppers = _record_shoppers(news, known, source=source, by=by, at=at)

    new_id = id_supply(sum(len(reading.lines) + len(reading.refunds) for reading in readings))
    new = make_orders(
        source, [external_id for external_id in news if external_id not in known], new_id=new_id, at=at
    )
    for order in new:
        _fold(order, news[order.row["external_id"]], shoppers, at)
    won = insert_orders(new) if new else set()
    orders = [order for order in new if order.row["external_id"] in won]
    if len(won) < len(new):
        lost = {order.row["external_id"] for order in new} - won
        known.update(find_orders(source, lost))
    locked = lock_orders(
        (row["id"] for external_id, row in known.items() if external_id in news and external_id not in won),
        new_id=new_id,
    )
    for order in locked:
        _fold(order, news[order.row["external_id"]], shoppers, at)
    write_orders(locked, at=at)
    orders += locked
    by_external_id = {order.row["external_id"]: order for order in orders}
    publish_changes((by_external_id[external_id] for external_id in news), by=by, at=at)

    for order in orders:
        created = "heard_at" in order.changed
        for reading in news[order.row["external_id"]]:
            recorded[id(reading)] = RecordedOrder(
                order.row["id"], created, bool(order.changed), order.row["page_token"]
            )
    return [recorded[id(reading)] for reading in readings]


def _read(facts: Sequence[OrderFact], at: datetime) -> list[OrderReading]:
    seen: Counter[str] = Counter()
    readings = []
    for index, fact in enumerate(facts):
        readings.append(read_order(fact, at=at, index=index, place=seen[fact.external_id]))
        seen[fact.external_id] += 1
    return readings


def _record_shoppers(
    news: Mapping[str, Sequence[OrderReading]],
    known: Mapping[str, Row],
    *,
    source: str,
    by: str,
    at: datetime,
) -> _Shoppers:
    told = []
    for external_id, group in news.items():
        row = known.get(external_id)
        if row is not None and row["erased_at"] is not None:
            continue  # its facts would bring the person back
        for reading in group:
            shopper = reading.shopper
            if shopper is None:
                continue
            if shopper.updated_at is None:
                # What an order says of its shopper is as old as the order, however often it is told.
                placed_at = reading.said.get("placed_at") or (row["placed_at"] if row else None)
                shopper = replace(shopper, updated_at=placed_at or reading.updated_at)
            told.append((reading, shopper))
    recorded = record_each_shopper(
        facts=[shopper for _, shopper in told],
        countries=[reading.country for reading, _ in told],
        source=source,
        by=by,
        at=at,
    )
    return {id(reading): each for (reading, _), each in zip(told, recorded, strict=True)}


def _fold(order: FoldedOrder, readings: Sequence[OrderReading], shoppers: _Shoppers, at: datetime) -> None:
    for reading in readings:
        shopper = shoppers.get(id(reading))
        if shopper is not None and shopper.erased and order.row["erased_at"] is None:
            order.erase(at)
        order.take(reading, shopper_id=shopper.shopper_id if shopper else None, at=at)
