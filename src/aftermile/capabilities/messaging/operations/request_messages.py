"""Ask for messages: the first beat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from aftermile.capabilities.messaging.events import MessageWithheld
from aftermile.capabilities.messaging.models import Message
from aftermile.capabilities.messaging.operations.surroundings import Judged, Surroundings, read_surroundings
from aftermile.capabilities.messaging.policy import Decision, written
from aftermile.capabilities.messaging.rendering import Rendered
from aftermile.capabilities.messaging.states import REACHED, Mood, Purpose, Status
from aftermile.capabilities.messaging.views import COLUMNS, MessageView, view_of
from aftermile.capabilities.messaging.waking import wake
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.bounds import check_id
from aftermile.kernel.events import publish
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.rowsets import Row, insert, plain, run, select, text_array, texts_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A message somebody wants sent.

    `once_key`: the same key is the same message, for ever. `cause` says why, in plain values: what happened, and the
    conditions as they were. `content`: what it says, where no template is to write it. `medium` None: the shopper's
    own order decides.
    """

    shopper_id: UUID
    touchpoint: str
    purpose: Purpose
    once_key: str
    mood: Mood = Mood.NEUTRAL
    medium: Medium | None = None
    order_id: UUID | None = None
    parcel_id: UUID | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    content: Rendered | None = None
    cause: Mapping[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None
    expires_at: datetime | None = None


def request_messages(*, wanted: Sequence[Wanted], by: str, at: datetime) -> list[MessageView]:
    """Plan messages, or withhold them; return one view for each, in their order.

    A wish with a known `once_key` gives the message there is, whoever asked first, also when they ask at once. What
    is withheld is written down with its reasons and told. The verdict is taken again when the message goes out.
    Within the batch the earlier wishes are served first where a cap leaves room for few. A constant number of
    statements; those that are due go out as soon as the transaction commits.

    :raises FactOutOfBounds: an endless `once_key` or touchpoint; `details.index` is the given one.
    """
    for index, each in enumerate(wanted):
        check_id(each.once_key, what="A message's once_key", index=index)
        check_id(each.touchpoint, what="A message's touchpoint", index=index)
    keys = text_array(sorted({each.once_key for each in wanted}))
    (found,) = run(select(Message, COLUMNS, texts_in("once_key"), [keys])) if wanted else ([],)
    held = {row["once_key"]: row for row in found}
    fresh = {each.once_key: each for each in reversed(wanted) if each.once_key not in held}
    in_order = [each for each in dict.fromkeys(w.once_key for w in wanted) if each in fresh]
    if in_order:
        held |= _plan([fresh[key] for key in in_order], by=by, at=at)
    return [view_of(held[each.once_key]) for each in wanted]


def _plan(wanted: Sequence[Wanted], *, by: str, at: datetime) -> dict[str, Row]:
    judged = [
        Judged(
            shopper_id=each.shopper_id,
            purpose=each.purpose,
            mood=each.mood,
            medium=each.medium,
            at=max(each.not_before or at, at),
            expires_at=each.expires_at,
        )
        for each in wanted
    ]
    around = read_surroundings(judged, counting=REACHED | {Status.PLANNED})
    ids = uuid7_many(len(wanted))
    rows = {
        each.once_key: _row(row_id, each, one, around, by=by, at=at)
        for row_id, each, one in zip(ids, wanted, judged, strict=True)
    }
    # By key, so that two batches that want the same wait for each other in one order.
    (written_keys,) = run(
        insert(
            Message,
            COLUMNS,
            [rows[key] for key in sorted(rows)],
            on_conflict="ON CONFLICT (merchant_id, once_key) DO NOTHING",
            returning=["once_key"],
        )
    )
    ours = {key for (key,) in written_keys}
    if len(ours) < len(rows):
        theirs = text_array(sorted(rows.keys() - ours))
        (found,) = run(select(Message, COLUMNS, texts_in("once_key"), [theirs]))
        rows |= {row["once_key"]: row for row in found}
    mine = [rows[each.once_key] for each in wanted if each.once_key in ours]
    publish(
        *(
            MessageWithheld(
                message_id=row["id"],
                shopper_id=row["shopper_id"],
                touchpoint=row["touchpoint"],
                reason=row["withheld_for"],
            )
            for row in mine
            if row["status"] == Status.WITHHELD
        ),
        by=by,
        at=at,
    )
    if any(row["status"] == Status.PLANNED and row["due_at"] <= at for row in mine):
        wake()
    return rows


def _row(row_id: UUID, wanted: Wanted, judged: Judged, around: Surroundings, *, by: str, at: datetime) -> Row:
    judgement = around.judge(judged)
    verdict = judgement.verdict
    known = around.reached.get(wanted.shopper_id)
    is_withheld = verdict.decision is Decision.WITHHOLD
    content = wanted.content
    return {
        "id": row_id,
        "shopper_id": known.shopper_id if known else wanted.shopper_id,
        "touchpoint": wanted.touchpoint,
        "purpose": wanted.purpose.value,
        "mood": wanted.mood.value,
        "medium": judgement.medium.value if judgement.medium else "",
        "wanted_medium": wanted.medium.value if wanted.medium else "",
        "order_id": wanted.order_id,
        "parcel_id": wanted.parcel_id,
        "about": plain(wanted.about),
        "values": plain(wanted.values),
        "content": {
            "subject": content.subject,
            "html": content.html,
            "text": content.text,
            "url": content.url,
            "template_name": content.template_name,
            "variables": dict(content.variables),
        }
        if content
        else {},
        "cause": plain(wanted.cause),
        "once_key": wanted.once_key,
        "requested_by": by,
        "created_at": at,
        "status": (Status.WITHHELD if is_withheld else Status.PLANNED).value,
        "withheld_for": verdict.reason.value if verdict.reason else "",
        "checks": written(verdict.checks),
        "checked_at": at,
        "due_at": verdict.at,
        "not_before": judged.at,
        "expires_at": wanted.expires_at,
        "counts_at": verdict.at,
        "tries": 0,
        "lease": None,
        "leased_until": None,
        "channel": "",
        "address": "",
        "external_id": "",
        "taken_at": None,
        "problem": "",
        "detail": "",
        "fate": "",
        "fates": {},
    }
