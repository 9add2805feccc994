"""Send what is due: the turns an endpoint's sender takes, and the three beats of each message.

The intent is the message row. The call happens between two transactions (`calling.call`). The outcome is
written by `proceed`, which in the same transaction hands out what is next. One sender at a time has an
endpoint, by a lease: a dead endpoint therefore holds up one thread and nobody else's messages, and order is
kept as long as nothing fails. A sender that dies between call and outcome leaves its message pending; when
its lease is over the planned job lets another one send it again, under the same id.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import Min

from aftermile.doors.webhooks.models import Attempt, Endpoint, Message
from aftermile.doors.webhooks.operations.rotate_secret import signing_secrets
from aftermile.doors.webhooks.operations.switch_endpoint import switch_off
from aftermile.doors.webhooks.operations.wake import plan
from aftermile.doors.webhooks.policy import (
    Outcome,
    Record,
    next_attempt_at,
    reason_to_disable,
    rest_until,
)
from aftermile.doors.webhooks.states import EndpointStatus, Format, MessageStatus
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.rowsets import insert, run, update
from aftermile.kernel.secrets import box

#: Longer than one call can take, with its name look-up; renewed after each.
LEASE = timedelta(seconds=45)
#: Messages handed out in one transaction.
PORTION = 20


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to send to an endpoint."""

    merchant_id: UUID
    endpoint_id: UUID
    lease: UUID
    is_proven: bool  # its last attempt went well


@dataclass(frozen=True, slots=True)
class Due:
    """A message to send now."""

    id: UUID
    body: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Portion:
    """What to send next, in order, and how. Never logged or stored."""

    url: str
    format: Format
    secrets: tuple[str, ...] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    messages: tuple[Due, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was called out, and what came of it."""

    message: Due
    outcome: Outcome


def take_turn(*, endpoint_id: UUID, planned: datetime | None, at: datetime) -> Turn | None:
    """Take the right to send to an endpoint; None when there is nothing to do, or another has it.

    :param planned: the moment this job was planned for (`wake.plan`), None for one nobody planned.
    """
    row = Endpoint.rows().select_for_update(no_key=True).filter(id=endpoint_id).first()
    if row is None:
        return None
    if planned is not None and row.wake_at == planned:
        row.wake_at = None
    turn = None
    if row.status == EndpointStatus.ACTIVE:
        if row.leased_until is not None and row.leased_until > at:
            plan(row, row.leased_until, at=at)
        else:
            turn = _lease(row, at)
    row.save(update_fields=["wake_at", "lease", "leased_until"])
    return turn


def proceed(turn: Turn, sent: Sequence[Sent], *, at: datetime, more: bool = True) -> Portion | None:
    """Write down what came of the calls and hand out what is next; None ends the turn.

    :param sent: outcomes of some or all messages of the portion before, in order; what is missing was not
        called and stays due.
    :param more: whether the sender wants another portion. If not, the rest is left to the next one.
    """
    row = Endpoint.rows().select_for_update(no_key=True).filter(id=turn.endpoint_id).first()
    if row is None:
        return None
    _record(row, sent)
    portion = None
    # After its lease a slow sender may find another one in its place: then it writes down and goes.
    if row.lease == turn.lease:
        portion = _next(row, at) if row.status == EndpointStatus.ACTIVE and more else None
        if portion is None:
            row.lease, row.leased_until = None, None
            _plan(row, _soonest(row), at)
        else:
            row.leased_until = at + LEASE
    row.save(update_fields=_TOUCHED)
    return portion


_TOUCHED = (
    *("status", "disabled_reason", "disabled_at"),
    *("failures", "failing_since", "last_attempt_at", "last_success_at", "resting_until"),
    *("lease", "leased_until", "wake_at"),
)


def _lease(row: Endpoint, at: datetime) -> Turn | None:
    soonest = _soonest(row)
    if soonest is None or soonest > at:
        _plan(row, soonest, at)
        return None
    row.lease, row.leased_until = uuid4(), at + LEASE
    plan(row, row.leased_until, at=at)
    is_proven = row.last_success_at is not None and row.failures == 0
    return Turn(row.merchant_id, row.id, row.lease, is_proven)


def _next(row: Endpoint, at: datetime) -> Portion | None:
    if row.resting_until is not None and row.resting_until > at:
        return None
    due = (
        Message.rows()
        .filter(endpoint_id=row.id, status=MessageStatus.PENDING, next_attempt_at__lte=at)
        .order_by("next_attempt_at", "id")
        # One is enough to find out whether a failing endpoint is back.
        .values_list("id", "body", "queued_at")[: 1 if row.failures else PORTION]
    )
    messages = tuple(Due(*values) for values in due)
    if not messages:
        return None
    return Portion(
        row.url,
        Format(row.format),
        signing_secrets(bytes(row.sealed_secrets), row.previous_signs_until, at=at),
        box().open(bytes(row.sealed_headers)),
        messages,
    )


def _plan(row: Endpoint, soonest: datetime | None, at: datetime) -> None:
    if soonest is not None and row.status == EndpointStatus.ACTIVE:
        plan(row, max(soonest, at), at=at)


def _soonest(row: Endpoint) -> datetime | None:
    """Return when something is to be sent to the endpoint next; None when nothing waits."""
    waiting = Message.rows().filter(endpoint_id=row.id, status=MessageStatus.PENDING)
    first: datetime | None = waiting.aggregate(first=Min("next_attempt_at"))["first"]
    if first is None or row.resting_until is None:
        return first
    return max(first, row.resting_until)


def _record(row: Endpoint, sent: Sequence[Sent]) -> None:
    if not sent:
        return
    ids = [each.message.id for each in sent]
    held = {
        message.id: message
        for message in Message.rows()
        .select_for_update(no_key=True)
        .filter(id__in=ids)
        .only("id", "merchant_id", "tries", "queued_at", "status")
    }
    # A message may have been removed by retention while it was on its way.
    known = [each for each in sent if each.message.id in held]
    attempts = insert(
        Attempt,
        _ATTEMPT_COLUMNS,
        [
            {
                "id": attempt_id,
                "message_id": each.message.id,
                "begun_at": each.outcome.begun_at,
                "duration_ms": each.outcome.duration // timedelta(milliseconds=1),
                "status_code": each.outcome.status_code,
                "error": each.outcome.error,
                "detail": each.outcome.detail,
                "response_excerpt": each.outcome.response_excerpt,
            }
            for attempt_id, each in zip(uuid7_many(len(known)), known, strict=True)
        ],
    )
    changed = []
    for each in known:
        message, outcome = held[each.message.id], each.outcome
        row.last_attempt_at = outcome.begun_at
        if outcome.is_success:
            row.failures, row.failing_since, row.resting_until = 0, None, None
            row.last_success_at = outcome.ended_at
            changed.append(_changed(message, MessageStatus.SENT, outcome, None))
            continue
        row.failures += 1
        row.failing_since = row.failing_since or outcome.begun_at
        row.resting_until = rest_until(failures=row.failures, outcome=outcome)
        # Sent again by hand while it was on its way: it begins anew, whatever came of this try. Erased with
        # its shopper: there is nothing left to try with.
        if message.queued_at != each.message.queued_at or message.status == MessageStatus.FAILED:
            continue
        again = (
            None
            if outcome.is_gone
            else next_attempt_at(
                Format(row.format),
                tries=message.tries + 1,
                outcome=outcome,
                chance=random.random(),  # noqa: S311
            )
        )
        status = MessageStatus.FAILED if again is None else MessageStatus.PENDING
        changed.append(_changed(message, status, outcome, again))
        reason = reason_to_disable(
            Record(
                failures=row.failures, failing_since=row.failing_since, last_success_at=row.last_success_at
            ),
            outcome=outcome,
            exhausted=again is None,
            queued_at=message.queued_at,
        )
        if reason is not None and row.status == EndpointStatus.ACTIVE:
            switch_off(row, reason, by="system", at=outcome.ended_at)
    run(attempts, update(Message, ("status", "tries", "next_attempt_at", "sent_at"), changed))


_ATTEMPT_COLUMNS = (
    *("id", "message_id", "begun_at", "duration_ms"),
    *("status_code", "error", "detail", "response_excerpt"),
)


def _changed(
    message: Message, status: MessageStatus, outcome: Outcome, again: datetime | None
) -> dict[str, object]:
    return {
        "id": message.id,
        "status": status.value,
        "tries": message.tries + 1,
        "next_attempt_at": again or outcome.ended_at,
        "sent_at": outcome.ended_at if status is MessageStatus.SENT else None,
    }
