"""Write what verdicts mean: open, change, wake and resolve exceptions, many at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from aftermile.capabilities.exceptions.events import (
    ExceptionOpened,
    ExceptionReopened,
    ExceptionResolved,
)
from aftermile.capabilities.exceptions.kinds import Kind
from aftermile.capabilities.exceptions.models import ShippingException
from aftermile.capabilities.exceptions.policy import Ended, Held, Step, Verdict, next_step
from aftermile.capabilities.exceptions.states import BY_A_PERSON, Ending, State
from aftermile.kernel.events import publish
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.rowsets import Row, id_array, ids_in, insert, run, select, text_array, texts_in, update

#: Who acts when time or a carrier does.
BY_ITSELF = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict on a subject, and how its exception ends if there is none."""

    subject_id: UUID
    parcel_id: UUID | None
    order_id: UUID | None
    carrier: str
    sub_status: str
    verdict: Verdict | None
    ending: Ending


def settle(judged: Sequence[Judged], *, held: Mapping[UUID, Row], at: datetime) -> None:
    """Bring the exceptions of subjects in line with their verdicts; the same again changes nothing.

    :param held: as `take_held` gave them.
    """
    ended = _ended_by_people(
        [one.subject_id for one in judged if one.verdict and _differs(one.verdict, held.get(one.subject_id))]
    )
    opened, changed, resolved = list[Row](), list[Row](), list[Row]()
    for one in judged:
        row = held.get(one.subject_id)
        step = next_step(one.verdict, _held(row), ended.get(one.subject_id, ()))
        if row is not None and step in (Step.RESOLVE, Step.REPLACE):
            ending = one.ending if one.verdict is None else Ending.BECAME
            resolved.append({**row, **_ended(row, ending, at)})
        if one.verdict is not None and step in (Step.OPEN, Step.REPLACE):
            opened.append(_opened(one, one.verdict, row, at))
        if row is not None and one.verdict is not None and step in (Step.KEEP, Step.WAKE):
            now = _changed(row, one, one.verdict, woken=step is Step.WAKE, at=at)
            if any(now[name] != row[name] for name in _CHANGING):
                changed.append(now)
    _write(opened, changed, resolved, at=at)


def take_held(subject_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Lock the exceptions of subjects that are not done, in the order of their ids: one statement."""
    if not subject_ids:
        return {}
    rows = run(
        select(
            ShippingException,
            (
                "id",
                "subject_id",
                *_FACTS,
                "state",
                "snoozed_until",
                "handled_days",
                "assigned_to",
                "changed_at",
                "revision",
            ),
            f"{ids_in('subject_id')} AND state <> 'done'",
            [id_array(subject_ids)],
            then="ORDER BY id FOR UPDATE",
        )
    )[0]
    # The last made stands if there were ever two kinds of one subject.
    return {row["subject_id"]: row for row in rows}


#: What a verdict says, as it is stored.
_SAID = (
    "kind", "reason", "cause", "severity", "episode", "days", "since_at", "last_seen_at", "unusual_from", "days_late",
    "promised_earliest", "promised_latest", "estimate_earliest", "estimate_latest",
)  # fmt: skip
_FACTS = (*_SAID, "parcel_id", "order_id", "carrier", "sub_status")
_CHANGING = (*_FACTS, "state", "snoozed_until", "changed_at", "revision")
_ENDED = ("state", "snoozed_until", "ended_at", "ending", "changed_at", "revision")
#: What nobody did yet.
_BLANK = dict.fromkeys(("snooze_reason", "contacted_how", "ending", "ended_by", "note", "acted_by"), "")
_NEW = ("id", "subject_id", *_FACTS, *_BLANK, "assigned_to", "state", "opened_at", "changed_at", "revision")
#: What grows with each day of waiting and is no change of the facts.
_GROWING = frozenset({"days", "days_late"})


def _ended_by_people(subject_ids: Sequence[UUID]) -> dict[UUID, list[Ended]]:
    """Return how people last ended each kind of exception of subjects."""
    found: dict[UUID, list[Ended]] = defaultdict(list)
    if subject_ids:
        rows = run(
            select(
                ShippingException,
                ("subject_id", "kind", "episode", "ending", "days", "ended_at"),
                f"{ids_in('subject_id')} AND state = 'done' AND {texts_in('ending')}",
                [id_array(subject_ids), text_array(sorted(BY_A_PERSON))],
                then="ORDER BY ended_at DESC",
            )
        )[0]
        for row in rows:
            if row["kind"] not in {one.kind for one in found[row["subject_id"]]}:
                found[row["subject_id"]].append(
                    Ended(
                        kind=Kind(row["kind"]),
                        episode=row["episode"],
                        ending=Ending(row["ending"]),
                        days=row["days"],
                        ended_at=row["ended_at"],
                    )
                )
    return found


def _differs(verdict: Verdict, row: Row | None) -> bool:
    return row is None or row["kind"] != verdict.kind


def _held(row: Row | None) -> Held | None:
    if row is None:
        return None
    return Held(
        id=row["id"],
        kind=Kind(row["kind"]),
        episode=row["episode"],
        state=State(row["state"]),
        handled_days=row["handled_days"],
    )


def _said(one: Judged, verdict: Verdict) -> Row:
    return {
        **{name: getattr(verdict, name) for name in _SAID},
        "kind": verdict.kind.value,
        "reason": verdict.reason.value,
        "cause": verdict.cause.value,
        "severity": int(verdict.severity),
        "parcel_id": one.parcel_id,
        "order_id": one.order_id,
        "carrier": one.carrier,
        "sub_status": one.sub_status,
    }


def _opened(one: Judged, verdict: Verdict, former: Row | None, at: datetime) -> Row:
    return {
        **_BLANK,
        **_said(one, verdict),
        "subject_id": one.subject_id,
        # Who had the parcel in hand keeps it when its trouble becomes another.
        "assigned_to": former["assigned_to"] if former else None,
        "state": State.OPEN.value,
        "opened_at": at,
        "changed_at": at,
        "revision": 1,
    }


def _changed(row: Row, one: Judged, verdict: Verdict, *, woken: bool, at: datetime) -> Row:
    said = _said(one, verdict)
    is_news = woken or any(said[name] != row[name] for name in _SAID if name not in _GROWING)
    return {
        **row,
        **said,
        "state": State.OPEN.value if woken else row["state"],
        "snoozed_until": None if woken else row["snoozed_until"],
        "changed_at": at if is_news else row["changed_at"],
        "revision": row["revision"] + woken,
        "woken": woken,
    }


def _ended(row: Row, ending: Ending, at: datetime) -> Row:
    return {
        "state": State.DONE.value,
        "snoozed_until": None,
        "ended_at": at,
        "ending": ending.value,
        "changed_at": at,
        "revision": row["revision"] + 1,
    }


def _write(opened: list[Row], changed: list[Row], resolved: list[Row], *, at: datetime) -> None:
    for row, row_id in zip(opened, uuid7_many(len(opened)), strict=True):
        row["id"] = row_id
    written = run(
        update(ShippingException, _ENDED, [_only(row, ("id", *_ENDED)) for row in resolved]),
        update(ShippingException, _CHANGING, [_only(row, ("id", *_CHANGING)) for row in changed]),
        insert(
            ShippingException,
            _NEW,
            [_only(row, _NEW) for row in opened],
            on_conflict="ON CONFLICT (merchant_id, subject_id, kind) WHERE NOT (state = 'done') DO NOTHING",
            returning=("id",),
        ),
    )[2]
    new = {row_id for (row_id,) in written}
    publish(
        *(
            ExceptionResolved(
                exception_id=row["id"], kind=row["kind"], ending=row["ending"], by_a_person=False,
                parcel_id=row["parcel_id"], order_id=row["order_id"],
            )
            for row in resolved
        ),
        *(ExceptionReopened(exception_id=row["id"]) for row in changed if row["woken"]),
        *(
            ExceptionOpened(
                exception_id=row["id"], kind=row["kind"], reason=row["reason"], cause=row["cause"],
                parcel_id=row["parcel_id"], order_id=row["order_id"],
            )
            for row in opened
            if row["id"] in new
        ),
        by=BY_ITSELF,
        at=at,
    )  # fmt: skip


def _only(row: Row, columns: Sequence[str]) -> dict[str, Any]:
    return {name: row.get(name) for name in columns}
