"""What a record told of, as keys: how the records of one order or parcel are found among millions.

A key is 56 bits of a digest: of an order's id at its source (together with the source, for two shops may count
alike), of an order's number, or of a tracking number. Two things that share one would show each other's records
to staff who may see both; among a million keys of a shop the odds are one in a hundred thousand.

A mention's id is the key, the record's millisecond (48 bits) and the last 24 bits of the record's id: a key's
mentions lie together in the order in which their records came, and the same mention twice is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from uuid import UUID

from aftermile.capabilities.shipments.public import number_key
from aftermile.connectors.contracts.facts import (
    Deletion,
    Fact,
    FulfilmentFact,
    OrderFact,
    RefundFact,
    TrackingReport,
)

#: Of one record; a file of thousands of orders tells of none in particular.
MOST_PER_RECORD = 200


def of_order(source: str, external_id: str) -> int:
    """Return the key of an order by its id at its source (`con_...`)."""
    return _key(f"o{source}\x1f{external_id}")


def of_order_number(number: str) -> int:
    """Return the key of an order by its number as the shop writes it; `#` and blanks do not count."""
    return _key(f"n{number.replace('#', '').strip().casefold()}")


def of_tracking_number(number: str) -> int:
    """Return the key of a parcel by its tracking number, however it is spaced."""
    return _key(f"t{number_key(number)}")


def of_fulfilment(source: str, external_id: str) -> int:
    """Return the key of a hand-over by its id at its source, for scans that name nothing else."""
    return _key(f"f{source}\x1f{external_id}")


def mentioned(facts: Iterable[Fact], *, source: str) -> set[int]:
    """Return the keys of the orders and parcels that facts tell of, at most `MOST_PER_RECORD`."""
    keys: set[int] = set()
    for fact in facts:
        match fact:
            case TrackingReport():
                if fact.tracking_number:
                    keys.add(of_tracking_number(fact.tracking_number))
                if fact.order_external_id:
                    keys.add(of_order(source, fact.order_external_id))
                elif fact.fulfilment_external_id:
                    keys.add(of_fulfilment(source, fact.fulfilment_external_id))
            case OrderFact():
                keys.add(of_order(source, fact.external_id))
                if fact.number:
                    keys.add(of_order_number(fact.number))
                for fulfilment in fact.fulfilments:
                    keys.update(of_tracking_number(number) for number in fulfilment.tracking_numbers)
            case FulfilmentFact():
                if fact.order_external_id:
                    keys.add(of_order(source, fact.order_external_id))
                keys.update(of_tracking_number(number) for number in fact.tracking_numbers)
            case RefundFact():
                keys.add(of_order(source, fact.order_external_id))
            case Deletion(what="order"):
                keys.add(of_order(source, fact.external_id))
            case _:
                pass
        if len(keys) >= MOST_PER_RECORD:
            return set(sorted(keys)[:MOST_PER_RECORD])
    return keys


def mention_id(key: int, record_id: UUID) -> int:
    """Return the id of the mention of a key by a record, as the number that a UUID is."""
    record = record_id.int
    return key << 72 | (record >> 80) << 24 | record & 0xFF_FFFF


def ids_of(key: int) -> tuple[UUID, UUID]:
    """Return the first and the last id that the mentions of a key may have."""
    return UUID(int=key << 72), UUID(int=key << 72 | (1 << 72) - 1)


def _key(said: str) -> int:
    return int.from_bytes(blake2b(said.encode(errors="backslashreplace"), digest_size=7).digest(), "big")
