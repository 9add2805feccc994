"""A staff member sends a message to themselves: asked for, handed over by the worker, and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.messaging.models import Trial
from aftermile.capabilities.messaging.operations.senders import OpenSender, open_senders
from aftermile.capabilities.messaging.operations.take_due import OUTBOX
from aftermile.capabilities.messaging.packing import pack, unpack
from aftermile.capabilities.messaging.rendering import Rendered
from aftermile.connectors.channels.registry import channel
from aftermile.connectors.contracts.channels import Medium, Outcome, Result
from aftermile.kernel import jobs
from aftermile.kernel.errors import NotFound
from aftermile.kernel.ids import uuid7
from aftermile.kernel.tenancy import current_merchant_id

TRY = "messaging.try"


class TrialNotFound(NotFound):
    """There is no such test message, or it was removed."""

    code = "trial_not_found"
    message = "This test message is not there any more; send another."


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialView:
    """A test message. `result` None: nothing was told yet; `is_under_way`: it was taken up."""

    id: UUID
    medium: Medium
    touchpoint: str
    address: str = field(repr=False)
    asked_by: str
    asked_at: datetime
    is_under_way: bool
    result: Result | None
    channel: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A test message to hand over now. Never logged or stored."""

    id: UUID
    medium: Medium
    address: str = field(repr=False)
    said: Rendered
    sender: OpenSender | None


def ask_for_trial(
    *, touchpoint: str, medium: Medium, language: str, said: Rendered, address: str, by: str, at: datetime
) -> UUID:
    """Have the worker hand a message over to a staff member's own address; return the id to ask for what came of it.

    What it says may be about a real order, so it is kept only until it is handed over.
    """
    trial = Trial(
        id=uuid7(),
        touchpoint=touchpoint,
        medium=medium.value,
        language=language,
        address=address,
        packed=bytes.fromhex(pack(said).removeprefix("\\x")),
        asked_by=by,
        asked_at=at,
    )
    trial.save(force_insert=True)
    jobs.defer(TRY, merchant_id=current_merchant_id(), trial=str(trial.id))
    return trial.id


def begin_trial(*, trial_id: UUID, at: datetime) -> Begun | None:
    """Take a test message up, once for all: None when it was before, whatever came of it."""
    row = Trial.rows().select_for_update().filter(id=trial_id, began_at=None).first()
    if row is None:
        return None
    row.began_at, said = at, unpack(bytes(row.packed))
    row.packed = b""
    medium = Medium(row.medium)
    sender = open_senders().get(medium) or (_outbox() if medium is Medium.EMAIL else None)
    row.channel = sender.channel.slug if sender else ""
    row.save(update_fields=["began_at", "packed", "channel"])
    return Begun(id=row.id, medium=medium, address=row.address, said=said, sender=sender)


def end_trial(*, trial_id: UUID, outcome: Outcome, at: datetime) -> None:
    """Write down what came of a test message."""
    words = " ".join(each for each in (outcome.code, outcome.detail) if each)
    Trial.rows().filter(id=trial_id).update(ended_at=at, result=outcome.result.value, detail=words[:500])


def trial(trial_id: UUID) -> TrialView:
    """Read a test message.

    :raises TrialNotFound: no such test message.
    """
    row = Trial.rows().filter(id=trial_id).first()
    if row is None:
        raise TrialNotFound
    return TrialView(
        id=row.id,
        medium=Medium(row.medium),
        touchpoint=row.touchpoint,
        address=row.address,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        is_under_way=row.began_at is not None,
        result=Result(row.result) if row.result else None,
        channel=row.channel,
        detail=row.detail,
    )


def prune_trials(*, before: datetime) -> int:
    """Remove test messages asked for before a moment; return how many."""
    count, _ = Trial.rows().filter(asked_at__lt=before).delete()
    return count


def _outbox() -> OpenSender:
    held: Mapping[str, str] = {}
    return OpenSender(
        medium=Medium.EMAIL, channel=channel(OUTBOX), address="", name="", reply_to="", credentials=held
    )
