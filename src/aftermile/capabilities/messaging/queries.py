"""Reads of messages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from aftermile.capabilities.messaging.addresses import address_digest
from aftermile.capabilities.messaging.models import (
    Content,
    Message,
    Preference,
    PushSubscription,
    ReceiptRecord,
    ReceiptRow,
    Suppression,
)
from aftermile.capabilities.messaging.packing import unpack
from aftermile.capabilities.messaging.quiet import zone_for
from aftermile.capabilities.messaging.rendering import Rendered
from aftermile.capabilities.messaging.states import ReceiptStatus, Scope, Status, SuppressedFor
from aftermile.capabilities.messaging.views import COLUMNS, MessageView, view_of
from aftermile.connectors.contracts.channels import Fate, Medium
from aftermile.kernel.errors import NotFound
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.tenancy import current_merchant_id


class MessageNotFound(NotFound):
    """There is no message to a shopper with this id here."""

    code = "shopper_message_not_found"
    message = "There is no such message here; check the id."


class ReceiptRecordNotFound(NotFound):
    """No record of what channels told has this id."""

    code = "receipt_record_not_found"
    message = "There is no such receipt; perhaps it is older than what is kept."


_RECORD_COLUMNS = ("id", "channel", "kind", "status", "reason", "received_at", "digested_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """One thing told about a message. `fate` None: a word we do not know."""

    id: UUID
    source: str
    fate: Fate | None
    occurred_at: datetime
    code: str
    detail: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRecordView:
    """What a channel told, as it came. `reason`: why it is in quarantine; `body`: only where one is read by itself."""

    id: UUID
    channel: str
    kind: str
    status: ReceiptStatus
    reason: str
    received_at: datetime
    digested_at: datetime | None
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionView:
    id: UUID
    medium: Medium
    reason: SuppressedFor
    scope: Scope
    message_id: UUID | None
    detail: str
    by: str
    created_at: datetime


def message(message_id: UUID) -> MessageView:
    """Read one message.

    :raises MessageNotFound: no such message.
    """
    found = _views(Message.rows().filter(id=message_id))
    if not found:
        raise MessageNotFound
    return found[0]


def messages(ids: Collection[UUID]) -> dict[UUID, MessageView]:
    """Read messages; unknown ids are left out: one statement."""
    return {view.id: view for view in _views(Message.rows().filter(id__in=ids))}


def content(message_id: UUID) -> Rendered | None:
    """Read what a message said when it was handed over; None when it was not, or when that was removed."""
    packed = Content.rows().filter(id=message_id).values_list("packed", flat=True).first()
    return unpack(bytes(packed)) if packed is not None else None


def receipts_of(message_id: UUID) -> list[ReceiptView]:
    """Read all that was told of a message, in the order in which it happened."""
    rows = ReceiptRow.rows().filter(message_id=message_id).order_by("occurred_at", "id")
    return [
        ReceiptView(
            id=row.id,
            source=row.source,
            fate=Fate(row.fate) if row.fate else None,
            occurred_at=row.occurred_at,
            code=row.code,
            detail=row.detail,
            text=row.text,
        )
        for row in rows
    ]


def receipt_records(
    *, status: ReceiptStatus | None = None, after: UUID | None = None, limit: int = 50
) -> list[ReceiptRecordView]:
    """List what channels told, as it came, the newest first, beginning behind the id `after`; without the bodies."""
    rows = ReceiptRecord.rows().order_by("-id")
    if status is not None:
        rows = rows.filter(status=status)
    if after is not None:
        rows = rows.filter(id__lt=after)
    return [
        ReceiptRecordView(**row | {"status": ReceiptStatus(row["status"])})
        for row in rows.values(*_RECORD_COLUMNS)[:limit]
    ]


def receipt_record(record_id: UUID) -> ReceiptRecordView:
    """Read one record of what channels told, with its body.

    :raises ReceiptRecordNotFound: no such record.
    """
    row = ReceiptRecord.rows().filter(id=record_id).values(*_RECORD_COLUMNS, "body").first()
    if row is None:
        raise ReceiptRecordNotFound
    return ReceiptRecordView(**row | {"status": ReceiptStatus(row["status"]), "body": bytes(row["body"])})


def list_messages(
    *,
    shopper_id: UUID | None = None,
    order_ids: Collection[UUID] | None = None,
    statuses: Collection[Status] = (),
    channel: str = "",
    after: UUID | None = None,
    limit: int = 50,
) -> list[MessageView]:
    """List messages, the newest first, beginning behind the id `after`: one statement."""
    rows = Message.rows()
    if shopper_id is not None:
        rows = rows.filter(shopper_id=shopper_id)
    if order_ids is not None:
        rows = rows.filter(order_id__in=order_ids)
    if statuses:
        rows = rows.filter(status__in=statuses)
    if channel:
        rows = rows.filter(channel=channel)
    if after is not None:
        rows = rows.filter(id__lt=after)
    return _views(rows.order_by("-id")[:limit])


def suppressions(
    *,
    reason: SuppressedFor | None = None,
    address: str = "",
    after: UUID | None = None,
    limit: int = 50,
) -> list[SuppressionView]:
    """List suppressed addresses, the newest first. The addresses themselves are not known any more.

    :param address: only this one, on whichever medium, however it is written: it is found by its digest.
    """
    rows = Suppression.rows().order_by("-id")
    if reason is not None:
        rows = rows.filter(reason=reason)
    if address:
        merchant_id = current_merchant_id()
        rows = rows.filter(digest__in={address_digest(merchant_id, medium, address) for medium in Medium})
    if after is not None:
        rows = rows.filter(id__lt=after)
    return [
        SuppressionView(
            id=row.id,
            medium=Medium(row.medium),
            reason=SuppressedFor(row.reason),
            scope=Scope(row.scope),
            message_id=row.message_id,
            detail=row.detail,
            by=row.by,
            created_at=row.created_at,
        )
        for row in rows[:limit]
    ]


def zones_of(countries: Mapping[UUID, str]) -> dict[UUID, ZoneInfo]:
    """Return by whose clock shoppers live: what they chose, else that of their country, else the shop's.

    :param countries: of each shopper; "" where it is not known.
    """
    chosen = Preference.rows().filter(id__in=countries).exclude(time_zone="").values_list("id", "time_zone")
    zones = dict(chosen)
    shop_zone = current_merchant().time_zone
    return {
        shopper_id: zone_for(country, shop_zone=shop_zone, chosen=zones.get(shopper_id, ""))
        for shopper_id, country in countries.items()
    }


def has_due(*, at: datetime) -> bool:
    """Tell whether something is to be sent now: planned and due, or held by a sender whose lease is over."""
    due = Message.rows().filter(status=Status.PLANNED, due_at__lte=at)
    left = Message.rows().filter(status=Status.SENDING, leased_until__lte=at)
    return due.exists() or left.exists()


def export_messages(*, shopper_id: UUID) -> list[dict[str, Any]]:
    """Collect all messages to a shopper as plain values, with what they said and all that was told: three statements."""
    views = _views(Message.rows().filter(shopper_id=shopper_id).order_by("id"))
    ids = [view.id for view in views]
    said = {row.id: unpack(bytes(row.packed)) for row in Content.rows().filter(id__in=ids)}
    told: dict[UUID | None, list[dict[str, str]]] = {}
    for row in ReceiptRow.rows().filter(message_id__in=ids).order_by("occurred_at", "id"):
        told.setdefault(row.message_id, []).append(
            {"fate": row.fate, "occurred_at": row.occurred_at.isoformat(), "text": row.text}
        )
    return [
        {
            "touchpoint": view.touchpoint,
            "purpose": view.purpose.value,
            "medium": view.medium.value if view.medium else "",
            "address": view.address,
            "status": view.status.value,
            "withheld_for": view.withheld_for,
            "requested_at": view.created_at.isoformat(),
            "sent_at": view.taken_at.isoformat() if view.taken_at else None,
            "subject": said[view.id].subject if view.id in said else "",
            "text": said[view.id].text if view.id in said else "",
            "told": told.get(view.id, []),
        }
        for view in views
    ]


def export_preferences(*, shopper_id: UUID) -> dict[str, Any]:
    """Collect how a shopper wants to be written to as plain values, with the browsers that may be shown something."""
    chosen = Preference.rows().filter(id=shopper_id).first()
    browsers = list(PushSubscription.rows().filter(shopper_id=shopper_id).values_list("endpoint", flat=True))
    found: dict[str, Any] = {"browsers": browsers} if browsers else {}
    if chosen is not None:
        found |= {
            "media": chosen.media,
            "language": chosen.language,
            "time_zone": chosen.time_zone,
            "quiet_from": f"{chosen.quiet_from:%H:%M}" if chosen.quiet_from else "",
            "quiet_until": f"{chosen.quiet_until:%H:%M}" if chosen.quiet_until else "",
            "changed_at": chosen.changed_at.isoformat(),
        }
    return found


def _views(rows: QuerySet[Message]) -> list[MessageView]:
    return [view_of(row) for row in rows.values(*COLUMNS)]
