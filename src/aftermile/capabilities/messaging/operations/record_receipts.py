"""Fold what others tell of messages: delivered, bounced, complained of, opened, answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.messaging.events import MessageFateChanged, MessageReplied
from aftermile.capabilities.messaging.models import Message, ReceiptRow
from aftermile.capabilities.messaging.operations.suppress import Dead, suppress_addresses
from aftermile.capabilities.messaging.operations.unsubscribe import refuse_optional, take_back_refusal
from aftermile.capabilities.messaging.progress import fold
from aftermile.capabilities.messaging.states import SuppressedFor
from aftermile.connectors.contracts.channels import Fate, Medium, Receipt
from aftermile.kernel.events import publish
from aftermile.kernel.ids import BadPublicId, read_public_id, uuid7_many
from aftermile.kernel.rowsets import (
    Row,
    Statement,
    id_array,
    ids_in,
    insert,
    run,
    select,
    text_array,
    texts_in,
    update,
)
from aftermile.kernel.tenancy import current_merchant_id

_MESSAGE = ("id", "shopper_id", "touchpoint", "medium", "address", "external_id", "fate", "fates")
_RECEIPT = (
    *("id", "message_id", "source", "identity", "external_id", "fate", "occurred_at", "code", "detail"),
    *("address_is_dead", "text", "heard_at"),
)


def record_receipts(*, receipts: Sequence[Receipt], source: str, at: datetime) -> int:
    """Keep what was told and fold it into each message's fate; return how much of it is new.

    In any order, each as often as one likes: the same fates come out. What names a message not known (yet) waits for
    it (`adopt_receipts`). A dead address and a complaint are suppressed; unsubscribing at the channel is a refusal
    of all that is not transactional, on that medium. A constant number of statements but for those who unsubscribe.

    :param source: who tells, as `channel:slug`; identities are unique within it.
    """
    if not receipts:
        return 0
    known = _find(receipts)
    rows: dict[str, Row] = {}
    for row_id, receipt in zip(uuid7_many(len(receipts)), receipts, strict=True):
        rows.setdefault(receipt.identity, _row(row_id, receipt, known, source, at))
    (written,) = run(
        insert(
            ReceiptRow,
            _RECEIPT,
            [rows[identity] for identity in sorted(rows)],
            on_conflict="ON CONFLICT (merchant_id, source, identity) DO NOTHING",
            returning=["id"],
        )
    )
    new_ids = {row_id for (row_id,) in written}
    new = [row for row in rows.values() if row["id"] in new_ids]
    _follow(new, at=at)
    by_row = {rows[receipt.identity]["id"]: receipt for receipt in reversed(receipts)}
    # Without a message there may still be an address that is dead.
    orphans = [by_row[row["id"]] for row in new if row["message_id"] is None]
    suppress_addresses(
        dead=[
            dead
            for receipt in orphans
            if (dead := _dead(receipt.fate, receipt.medium, receipt.address, receipt.address_is_dead, None))
        ],
        by="system",
        at=at,
    )
    return len(new)


def adopt_receipts(*, at: datetime, since: datetime) -> int:
    """Give receipts that came before their message was known to it; return how many. One statement when there are none.

    :param since: what came before is waited for no longer.
    """
    (adopted,) = run(
        Statement(
            "UPDATE messaging_receipt r SET message_id = m.id FROM messaging_message m"
            " WHERE r.merchant_id = %s AND r.message_id IS NULL AND r.external_id <> '' AND r.heard_at >= %s"
            " AND m.merchant_id = %s AND m.external_id = r.external_id AND m.external_id <> ''"
            f" RETURNING {', '.join('r.' + name for name in _RECEIPT)}",
            (current_merchant_id(), since, current_merchant_id()),
            lambda found: [dict(zip(_RECEIPT, values, strict=True)) for values in found],
        )
    )
    _follow(adopted, at=at)
    return len(adopted)


def _find(receipts: Sequence[Receipt]) -> dict[str, UUID]:
    """Find messages by any of the names receipts give them."""
    ids: dict[str, UUID] = {}
    for receipt in receipts:
        for name in (receipt.reference, receipt.message_id):
            if name and (message_id := _own_id(name)):
                ids[name] = message_id
    externals = sorted({receipt.external_id for receipt in receipts if receipt.external_id})
    by_id, by_external = run(
        select(Message, ("id",), ids_in("id"), [id_array(sorted(set(ids.values())))]) if ids else None,
        select(
            Message,
            ("id", "external_id"),
            f"external_id <> '' AND {texts_in('external_id')}",
            [text_array(externals)],
        )
        if externals
        else None,
    )
    there = {row["id"] for row in by_id}
    found = {row["external_id"]: row["id"] for row in by_external}
    return found | {name: message_id for name, message_id in ids.items() if message_id in there}


def _own_id(name: str) -> UUID | None:
    """Read our id from what we wrote: a reference, the first half of a Message-ID, or a public id (of a bounce address)."""
    try:
        return read_public_id("mes", name) if name.startswith("mes_") else UUID(name.partition("@")[0])
    except (ValueError, BadPublicId):
        return None


def _row(row_id: UUID, receipt: Receipt, known: dict[str, UUID], source: str, at: datetime) -> Row:
    names = (receipt.reference, receipt.message_id, receipt.external_id)
    return {
        "id": row_id,
        "message_id": next((known[name] for name in names if name in known), None),
        "source": source,
        "identity": receipt.identity,
        "external_id": receipt.external_id,
        "fate": receipt.fate.value if receipt.fate else "",
        "occurred_at": receipt.occurred_at,
        "code": receipt.code,
        "detail": receipt.detail,
        "address_is_dead": receipt.address_is_dead,
        "text": receipt.text,
        "heard_at": at,
    }


def _follow(new: Collection[Row], *, at: datetime) -> None:
    """Fold the messages anew of which something was told, and do what follows from it."""
    ids = sorted({row["message_id"] for row in new if row["message_id"]})
    if not ids:
        return
    array = id_array(ids)
    messages, told = run(
        select(Message, _MESSAGE, ids_in("id"), [array], then="ORDER BY id FOR NO KEY UPDATE"),
        select(
            ReceiptRow,
            ("message_id", "fate", "occurred_at"),
            f"fate <> '' AND {ids_in('message_id')}",
            [array],
        ),
    )
    facts: dict[UUID, list[tuple[Fate, datetime]]] = {}
    for row in told:
        facts.setdefault(row["message_id"], []).append((Fate(row["fate"]), row["occurred_at"]))
    changed, news = [], list[object]()
    for message in messages:
        reading = fold(facts.get(message["id"], ()))
        fate = reading.fate.value if reading.fate else ""
        fates = {each.value: since.isoformat() for each, since in reading.since.items()}
        if fate != message["fate"]:
            news.append(
                MessageFateChanged(
                    message_id=message["id"],
                    shopper_id=message["shopper_id"],
                    touchpoint=message["touchpoint"],
                    medium=message["medium"],
                    fate=fate,
                    before=message["fate"],
                )
            )
        if (fate, fates) != (message["fate"], message["fates"]):
            changed.append(message | {"fate": fate, "fates": fates})
    run(update(Message, ("fate", "fates"), changed))
    by_id = {message["id"]: message for message in messages}
    dead = []
    for row in new:
        message = by_id.get(row["message_id"])
        if message is None or not row["fate"]:
            continue
        fate_told = Fate(row["fate"])
        medium = Medium(message["medium"])
        if fate_told is Fate.REPLIED:
            news.append(
                MessageReplied(
                    message_id=message["id"],
                    shopper_id=message["shopper_id"],
                    medium=medium,
                    receipt_id=row["id"],
                    occurred_at=row["occurred_at"],
                )
            )
        elif fate_told is Fate.UNSUBSCRIBED:
            refuse_optional(
                shopper_id=message["shopper_id"],
                medium=medium,
                message_id=message["id"],
                proof=f"told by {row['source']}",
                by=row["source"],
                at=row["occurred_at"],
            )
        elif fate_told is Fate.RESUBSCRIBED:
            take_back_refusal(
                shopper_id=message["shopper_id"],
                medium=medium,
                proof=f"told by {row['source']}",
                by=row["source"],
                at=row["occurred_at"],
            )
        found = _dead(fate_told, medium, message["address"], row["address_is_dead"], message["id"])
        if found:
            dead.append(found)
    suppress_addresses(dead=dead, by="system", at=at)
    publish(*news, by="system", at=at)


def _dead(
    fate: Fate | None, medium: Medium, address: str, is_dead: bool, message_id: UUID | None
) -> Dead | None:
    if not address:
        return None
    if fate is Fate.COMPLAINED:
        return Dead(medium=medium, address=address, reason=SuppressedFor.COMPLAINED, message_id=message_id)
    if is_dead:
        return Dead(medium=medium, address=address, reason=SuppressedFor.BOUNCED, message_id=message_id)
    return None
