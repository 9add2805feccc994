"""What channels tell: kept as it came before anybody is answered, then read and folded, many at a time."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import InterfaceError, OperationalError

from aftermile.capabilities.messaging.models import ReceiptRecord
from aftermile.capabilities.messaging.operations.record_receipts import record_receipts
from aftermile.capabilities.messaging.states import ReceiptStatus
from aftermile.capabilities.messaging.waking import ask_once
from aftermile.connectors.channels.registry import UnknownChannel, channel
from aftermile.connectors.contracts.channels import Receipt
from aftermile.connectors.contracts.sockets import OutboundRequest, RawRecord, Unreadable
from aftermile.kernel import jobs
from aftermile.kernel.bounds import LONGEST_ID
from aftermile.kernel.ids import uuid7
from aftermile.kernel.tenancy import current_merchant_id, run_in_scope

log = logging.getLogger(__name__)

DIGEST, CONFIRM = "messaging.digest_receipts", "messaging.confirm_receipts"
#: Records read in one transaction.
BATCH = 200
_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a channel told, as it came. `external_id`: its own id for it ("": the content decides)."""

    channel: str
    body: bytes
    kind: str = ""
    external_id: str = ""
    reference: str = ""

    @property
    def repeat_key(self) -> str:
        if self.external_id.isprintable() and 0 < len(self.external_id) <= LONGEST_ID:
            return f"id:{self.external_id}"
        content = f"{self.kind}\x00{self.reference}\x00".encode("utf-8", "replace") + self.body
        return "sha256:" + hashlib.sha256(content).hexdigest()


def keep_receipts(told: Told, *, at: datetime) -> bool:
    """Keep what a channel told, to be read at once; return whether it is new. Is it kept, it is never lost."""
    _, is_new = ReceiptRecord.rows().get_or_create(
        merchant_id=current_merchant_id(),
        channel=told.channel,
        repeat_key=told.repeat_key,
        defaults={
            "id": uuid7(),
            "kind": told.kind[:LONGEST_ID],
            "reference": told.reference[:LONGEST_ID],
            "body": told.body,
            "received_at": at,
        },
    )
    # A job for a repeat does no harm.
    ask_once(DIGEST)
    return is_new


def digest_receipts(merchant_id: UUID, *, at: datetime, limit: int = BATCH) -> int:
    """Read up to `limit` waiting records of a merchant; return how many were read or put aside.

    All of a batch is folded by one transaction. Where that fails its records are tried one by one, so that a bad one
    costs only itself.
    """
    try:
        return run_in_scope(merchant_id, lambda: _digest(limit, at))
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing is wrong with the records
    except Exception:
        log.exception("a batch of receipts could not be taken in; they are tried one by one")
    waiting = run_in_scope(merchant_id, lambda: [row.id for row in _claim(limit)])
    for record_id in waiting:
        try:
            run_in_scope(merchant_id, lambda chosen=record_id: _digest(1, at, only=chosen))  # type: ignore[misc]
        except (OperationalError, InterfaceError):
            raise
        except Exception as failure:
            log.exception("receipts could not be taken in and wait in quarantine")
            why = f"Taking it in failed: {type(failure).__name__}. It can be replayed after a fix."
            run_in_scope(merchant_id, lambda chosen=record_id, reason=why: _put_aside(chosen, reason, at))  # type: ignore[misc]
    return len(waiting)


def replay_receipts(*, record_ids: Collection[UUID] = ()) -> int:
    """Have kept records read again: these, or all that are in quarantine; return how many. What was told once counts once."""
    rows = ReceiptRecord.rows().exclude(status=ReceiptStatus.ERASED)
    rows = rows.filter(id__in=record_ids) if record_ids else rows.filter(status=ReceiptStatus.QUARANTINED)
    count = rows.update(status=ReceiptStatus.PENDING, reason="")
    if count:
        ask_once(DIGEST)
    return count


def confirmation_asked(record_id: UUID) -> OutboundRequest | None:
    """Return the call that a record asks for before its channel tells more; None when it asks for none."""
    row = ReceiptRecord.rows().filter(id=record_id).first()
    plug = channel(row.channel) if row else None
    return plug.confirms(_raw(row)) if row and plug and plug.confirms else None


def _digest(limit: int, at: datetime, *, only: UUID | None = None) -> int:
    rows = _claim(limit, only=only)
    told: dict[str, list[Receipt]] = {}
    for row in rows:
        row.digested_at, row.status, row.reason = at, ReceiptStatus.DIGESTED.value, ""
        try:
            plug = channel(row.channel)
            raw = _raw(row)
            told.setdefault(row.channel, []).extend(plug.receipts(raw) if plug.receipts else ())
            if plug.confirms is not None and plug.confirms(raw) is not None:
                jobs.defer(CONFIRM, merchant_id=current_merchant_id(), record=str(row.id))
        except Unreadable as unreadable:
            row.status, row.reason = ReceiptStatus.QUARANTINED.value, f"It cannot be read: {unreadable}."
        except UnknownChannel:
            row.status, row.reason = ReceiptStatus.QUARANTINED.value, "Its channel is no longer installed."
        except Exception as bug:
            # A channel may be somebody else's: what it trips over must cost no more than this record.
            log.exception("channel %s failed on what it told", row.channel)
            row.status = ReceiptStatus.QUARANTINED.value
            row.reason = f"The channel failed on it ({type(bug).__name__}). It can be replayed after a fix."
        row.reason = row.reason[:_LONGEST_REASON]
    for slug, receipts in sorted(told.items()):
        record_receipts(receipts=receipts, source=f"channel:{slug}", at=at)
    ReceiptRecord.objects.bulk_update(rows, ["status", "reason", "digested_at"])
    return len(rows)


def _claim(limit: int, *, only: UUID | None = None) -> list[ReceiptRecord]:
    rows = ReceiptRecord.rows().filter(status=ReceiptStatus.PENDING).order_by("id")
    if only is not None:
        rows = rows.filter(id=only)
    return list(rows.select_for_update(skip_locked=True)[:limit])


def _put_aside(record_id: UUID, reason: str, at: datetime) -> None:
    ReceiptRecord.rows().filter(id=record_id).update(
        status=ReceiptStatus.QUARANTINED, reason=reason[:_LONGEST_REASON], digested_at=at
    )


def _raw(row: ReceiptRecord) -> RawRecord:
    return RawRecord(
        kind=row.kind,
        body=bytes(row.body),
        received_at=row.received_at,
        settings={"reference": row.reference} if row.reference else {},
    )
