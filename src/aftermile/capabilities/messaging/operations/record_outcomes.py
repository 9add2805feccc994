"""Write down what came of the calls: the third beat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.messaging.events import MessageFailed, MessageSent, MessageWithheld
from aftermile.capabilities.messaging.models import Content, Message
from aftermile.capabilities.messaging.operations.suppress import Dead, suppress_addresses
from aftermile.capabilities.messaging.packing import pack
from aftermile.capabilities.messaging.policy import CheckName
from aftermile.capabilities.messaging.rendering import Rendered, Unrenderable
from aftermile.capabilities.messaging.retrying import pause_after
from aftermile.capabilities.messaging.states import MOVES, Problem, Purpose, Status, SuppressedFor
from aftermile.connectors.contracts.channels import Medium, Outcome, Result
from aftermile.kernel.events import publish
from aftermile.kernel.rowsets import Row, id_array, ids_in, insert, run, select, update

_LONGEST_DETAIL = 500


@dataclass(frozen=True, slots=True)
class NotBegun:
    """A message that was taken and then left, because its sender had to go: as good as never taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What came of one message. `said`: what was handed over, to be kept."""

    message_id: UUID
    outcome: Outcome | Unrenderable | NotBegun
    said: Rendered | None = None


def record_outcomes(*, lease: UUID, sent: Sequence[Sent], at: datetime) -> None:
    """Write down what came of messages taken under a lease: sent, failed, tried again later, or unknown.

    No answer: what belongs to a purchase is tried again under the same Message-ID; marketing becomes `unknown`, for
    it may have arrived. A sender whose lease is over is believed one thing only: that a message was taken. An address
    that is dead is suppressed. Repeating changes nothing; a constant number of statements.
    """
    if not sent:
        return
    by_id = {each.message_id: each for each in sent}
    (rows,) = run(
        select(Message, _READ, ids_in("id"), [id_array(sorted(by_id))], then="ORDER BY id FOR NO KEY UPDATE")
    )
    changed = [row for row in rows if _record(row, by_id[row["id"]], lease, at)]
    kept = [
        {"id": row["id"], "packed": pack(said), "created_at": at}
        for row in changed
        # Without an address it was erased with its shopper while it was on its way.
        if row["status"] in _SAID and row["address"] and (said := by_id[row["id"]].said) is not None
    ]
    run(
        update(Message, _CHANGED, changed),
        insert(
            Content,
            ("id", "packed", "created_at"),
            kept,
            on_conflict="ON CONFLICT (merchant_id, id) DO NOTHING",
        ),
    )
    dead = [
        Dead(
            medium=Medium(row["medium"]),
            address=row["address"],
            reason=SuppressedFor.BOUNCED,
            message_id=row["id"],
            detail=row["detail"],
        )
        for row in changed
        if isinstance(outcome := by_id[row["id"]].outcome, Outcome) and outcome.address_is_dead
    ]
    suppress_addresses(dead=dead, by="system", at=at)
    publish(*(news for row in changed if (news := _news(row)) is not None), by="system", at=at)


_READ = (
    *("id", "shopper_id", "touchpoint", "purpose", "medium", "order_id", "parcel_id", "status", "lease"),
    *("tries", "address", "channel", "due_at", "counts_at"),
)
_CHANGED = (
    *("status", "lease", "leased_until", "tries", "due_at", "counts_at", "taken_at", "external_id"),
    *("problem", "detail", "withheld_for"),
)
#: In these the shopper may have it, and what it said is kept.
_SAID = frozenset({Status.TAKEN, Status.UNKNOWN})


def _record(row: Row, sent: Sent, lease: UUID, at: datetime) -> bool:
    """Change a row by what came of it; False when nothing is to be changed."""
    outcome = sent.outcome
    is_ours = row["status"] == Status.SENDING and row["lease"] == lease
    was_taken = isinstance(outcome, Outcome) and outcome.result is Result.TAKEN
    if not is_ours and not (was_taken and Status.TAKEN in MOVES[Status(row["status"])]):
        return False
    row |= {
        "lease": None,
        "leased_until": None,
        "taken_at": None,
        "external_id": "",
        "problem": "",
        "detail": "",
        "withheld_for": "",
    }
    match outcome:
        case NotBegun():
            row |= {"status": Status.PLANNED.value, "tries": row["tries"] - 1}
        case Unrenderable(why=why, is_empty=True):
            row |= {
                "status": Status.WITHHELD.value,
                "withheld_for": CheckName.CONTENT.value,
                "detail": why[:_LONGEST_DETAIL],
            }
        case Unrenderable(why=why):
            row |= _failed(Problem.UNRENDERABLE, why)
        case Outcome(result=Result.TAKEN):
            row |= {
                "status": Status.TAKEN.value,
                "taken_at": at,
                "counts_at": at,
                "external_id": outcome.external_id,
            }
        case Outcome(result=Result.NEVER):
            row |= _failed(Problem.REFUSED, _words(outcome))
        case Outcome(result=Result.UNKNOWN) if row["purpose"] == Purpose.MARKETING:
            row |= {
                "status": Status.UNKNOWN.value,
                "problem": Problem.NO_ANSWER.value,
                "detail": _words(outcome)[:_LONGEST_DETAIL],
            }
        case Outcome():
            pause = pause_after(row["tries"], asked_seconds=outcome.retry_after_seconds)
            if pause is None:
                row |= _failed(Problem.GIVEN_UP, _words(outcome))
            else:
                row |= {
                    "status": Status.PLANNED.value,
                    "due_at": at + pause,
                    "counts_at": at + pause,
                    "detail": _words(outcome)[:_LONGEST_DETAIL],
                }
    return True


def _failed(problem: Problem, detail: str) -> Row:
    return {
        "status": Status.FAILED.value,
        "problem": problem.value,
        "detail": detail[:_LONGEST_DETAIL],
    }


def _words(outcome: Outcome) -> str:
    return " ".join(each for each in (outcome.code, outcome.detail) if each)


def _news(row: Row) -> object | None:
    match row["status"]:
        case Status.TAKEN:
            return MessageSent(
                message_id=row["id"],
                shopper_id=row["shopper_id"],
                touchpoint=row["touchpoint"],
                purpose=row["purpose"],
                medium=row["medium"],
                channel=row["channel"],
                order_id=row["order_id"],
                parcel_id=row["parcel_id"],
            )
        case Status.WITHHELD:
            return MessageWithheld(
                message_id=row["id"],
                shopper_id=row["shopper_id"],
                touchpoint=row["touchpoint"],
                reason=row["withheld_for"],
            )
        case Status.FAILED | Status.UNKNOWN:
            return MessageFailed(
                message_id=row["id"],
                shopper_id=row["shopper_id"],
                touchpoint=row["touchpoint"],
                medium=row["medium"],
                status=row["status"],
                problem=row["problem"],
            )
    return None
