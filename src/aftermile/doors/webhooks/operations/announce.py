"""The first beat: write down what is to be sent, in the transaction that heard of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.promises.public import EstimateRevised
from aftermile.capabilities.shipments.public import MilestoneReached, ParcelTracked, parcels
from aftermile.doors.webhooks.models import Endpoint, Message
from aftermile.doors.webhooks.operations.wake import wake
from aftermile.doors.webhooks.payloads import (
    EDD_REVISE,
    TRACKING_UPDATE,
    standard_body,
    tracking_objects,
    tracking_update_body,
)
from aftermile.doors.webhooks.states import EndpointStatus, Format, MessageStatus
from aftermile.kernel.events import Published
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.rowsets import Row, insert, run

#: Rows written, and parcels read, with one statement.
_AT_ONCE = 200
_COLUMNS = (
    *("id", "endpoint_id", "event_id", "type", "body", "status", "tries"),
    *("queued_at", "next_attempt_at", "created_at"),
)


@dataclass(frozen=True, slots=True)
class _Listener:
    id: UUID
    format: Format
    event_types: frozenset[str]

    def wants(self, type_: str) -> bool:
        return not self.event_types or type_ in self.event_types


@dataclass(frozen=True, slots=True)
class _Word:
    """What is said to some listeners about one event."""

    event_id: UUID
    type: str
    body: str
    to: Sequence[_Listener]


def announce(batch: Sequence[Published], *, at: datetime) -> int:
    """Write one message per endpoint and event it listens to; return how many.

    An endpoint of the AfterShip format gets one `tracking_update` per changed parcel, however many events
    told of the change, and one `edd_revise` where its estimate changed. Again with the same events: nothing changes.
    """
    listeners = [
        _Listener(id_, Format(format_), frozenset(event_types))
        for id_, format_, event_types in Endpoint.rows()
        .filter(status=EndpointStatus.ACTIVE)
        .order_by("id")
        .values_list("id", "format", "event_types")
    ]
    standard = [each for each in listeners if each.format is Format.STANDARD]
    of_aftership = [each for each in listeners if each.format is Format.AFTERSHIP]
    aftership = {
        kind: [each for each in of_aftership if each.wants(kind)] for kind in (TRACKING_UPDATE, EDD_REVISE)
    }
    woken: set[UUID] = set()
    count = 0
    if standard:
        for first in range(0, len(batch), _AT_ONCE):
            written = _write(_events(batch[first : first + _AT_ONCE], standard), at)
            woken.update(written)
            count += len(written)
    for kind, changes in ((TRACKING_UPDATE, _changes(batch)), (EDD_REVISE, _revisions(batch))):
        for first in range(0, len(changes) if aftership[kind] else 0, _AT_ONCE):
            some = changes[first : first + _AT_ONCE]
            written = _write(_tracking_updates(some, aftership[kind], at, kind=kind), at)
            woken.update(written)
            count += len(written)
    wake(sorted(woken))
    return count


def write_message(*, endpoint_id: UUID, event_id: UUID, type_: str, body: str, at: datetime) -> UUID:
    """Write one message to one endpoint, due at once, and return its id; the caller wakes the endpoint."""
    (message_id,) = uuid7_many(1)
    run(insert(Message, _COLUMNS, [_row(message_id, endpoint_id, event_id, type_, body, at)]))
    return message_id


def _events(batch: Sequence[Published], listeners: Sequence[_Listener]) -> list[_Word]:
    words = []
    for published in batch:
        to = [each for each in listeners if each.wants(published.type)]
        if to:
            words.append(_Word(published.id, published.type, standard_body(published), to))
    return words


@dataclass(frozen=True, slots=True)
class _Change:
    """A parcel that changed in a batch; `last` is the last event that told of it."""

    parcel_id: UUID
    last: Published
    is_first_tag: bool


def _changes(batch: Sequence[Published]) -> list[_Change]:
    last: dict[UUID, Published] = {}
    first_time: dict[UUID, bool] = {}
    for published in batch:
        match published.event:
            case ParcelTracked(parcel_id=parcel_id):
                last[parcel_id] = published
            case MilestoneReached(parcel_id=parcel_id, first_time=is_first):
                last[parcel_id], first_time[parcel_id] = published, is_first
    return [
        _Change(parcel_id, published, first_time.get(parcel_id, False))
        for parcel_id, published in last.items()
    ]


def _revisions(batch: Sequence[Published]) -> list[_Change]:
    last = {
        published.event.parcel_id: published
        for published in batch
        if isinstance(published.event, EstimateRevised) and published.event.parcel_id is not None
    }
    return [_Change(parcel_id, published, is_first_tag=False) for parcel_id, published in last.items()]


def _tracking_updates(
    changes: Sequence[_Change], listeners: Sequence[_Listener], at: datetime, *, kind: str
) -> list[_Word]:
    views = parcels({change.parcel_id for change in changes})
    objects = tracking_objects(views.values(), at=at)
    return [
        _Word(
            change.last.id,
            kind,
            tracking_update_body(
                objects[change.parcel_id],
                event_id=change.last.id,
                is_first_tag=change.is_first_tag,
                at=change.last.occurred_at,
                kind=kind,
            ),
            listeners,
        )
        for change in changes
        if change.parcel_id in views and views[change.parcel_id].withdrawn_at is None
    ]


def _write(words: Sequence[_Word], at: datetime) -> list[UUID]:
    """Write messages and return the endpoint of each one that is new."""
    addressed = [(word, listener) for word in words for listener in word.to]
    rows = [
        _row(message_id, listener.id, word.event_id, word.type, word.body, at)
        for message_id, (word, listener) in zip(uuid7_many(len(addressed)), addressed, strict=True)
    ]
    (written,) = run(
        insert(
            Message,
            _COLUMNS,
            rows,
            on_conflict="ON CONFLICT (merchant_id, endpoint_id, event_id) DO NOTHING",
            returning=["endpoint_id"],
        )
    )
    return [endpoint_id for (endpoint_id,) in written]


def _row(message_id: UUID, endpoint_id: UUID, event_id: UUID, type_: str, body: str, at: datetime) -> Row:
    return {
        "id": message_id,
        "endpoint_id": endpoint_id,
        "event_id": event_id,
        "type": type_,
        "body": body,
        "status": MessageStatus.PENDING.value,
        "tries": 0,
        "queued_at": at,
        "next_attempt_at": at,
        "created_at": at,
    }
