"""Reads of segments: who is in them, and how many."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from aftermile.capabilities.segments.conditions import Condition, read_condition
from aftermile.capabilities.segments.counting import PROFILES, in_sql
from aftermile.capabilities.segments.models import Segment
from aftermile.kernel.errors import NotFound
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.rowsets import Statement, run
from aftermile.kernel.tenancy import current_merchant_id


class SegmentNotFound(NotFound):
    """There is no segment with this id here."""

    code = "segment_not_found"
    message = "There is no such segment here; check the id."


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentView:
    id: UUID
    name: str
    condition: Mapping[str, Any]
    archived: bool
    changed_by: str
    changed_at: datetime


def segment(segment_id: UUID) -> SegmentView:
    """Read one segment.

    :raises SegmentNotFound: no such segment.
    """
    row = Segment.rows().filter(id=segment_id).first()
    if row is None:
        raise SegmentNotFound
    return view_of(row)


def segments(ids: Collection[UUID]) -> dict[UUID, SegmentView]:
    """Read segments; unknown ids are left out: one statement."""
    return {row.id: view_of(row) for row in Segment.rows().filter(id__in=ids)}


def list_segments(
    *, archived: bool = False, after: UUID | None = None, limit: int = 100
) -> list[SegmentView]:
    """List segments, the newest first, beginning behind the id `after`: one statement."""
    rows = Segment.rows().filter(archived_at__isnull=not archived).order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    return [view_of(row) for row in rows[:limit]]


def count_members(condition: Condition, *, at: datetime) -> tuple[int, int]:
    """Count the shoppers for whom a condition holds now, and all there are: one statement, one look.

    :raises ConditionUnreadable: it asks what is not known of a shopper alone.
    """
    sql, parameters = in_sql(condition, today=_today(at))
    (rows,) = run(
        Statement(
            f"SELECT count(*) FILTER (WHERE {sql}), count(*)"
            f" FROM {PROFILES}, (SELECT %s::timestamptz AS now_) AS moment WHERE merchant_id = %s",
            (*parameters, at, current_merchant_id()),
            list,
        )
    )
    matched, everybody = rows[0]
    return matched, everybody


def count_each(conditions: Sequence[Condition], *, at: datetime) -> tuple[list[int], int]:
    """Count for each of several conditions the shoppers for whom it holds now, and all there are: one look for all.

    :raises ConditionUnreadable: one asks what is not known of a shopper alone.
    """
    today = _today(at)
    written = [in_sql(condition, today=today) for condition in conditions]
    counts = "".join(f"count(*) FILTER (WHERE {sql}), " for sql, _ in written)
    (rows,) = run(
        Statement(
            f"SELECT {counts}count(*)"
            f" FROM {PROFILES}, (SELECT %s::timestamptz AS now_) AS moment WHERE merchant_id = %s",
            (*(value for _, parameters in written for value in parameters), at, current_merchant_id()),
            list,
        )
    )
    *matched, everybody = rows[0]
    return matched, everybody


def members(
    condition: Condition, *, at: datetime, after: UUID | None = None, limit: int = 1000
) -> list[UUID]:
    """List the shoppers for whom a condition holds now, by id, from behind `after`: one statement.

    :raises ConditionUnreadable: it asks what is not known of a shopper alone.
    """
    sql, parameters = in_sql(condition, today=_today(at))
    onward = "AND id > %s" if after else ""
    (rows,) = run(
        Statement(
            f"SELECT id FROM {PROFILES}, (SELECT %s::timestamptz AS now_) AS moment WHERE merchant_id = %s"
            f" AND {sql} {onward} ORDER BY id LIMIT %s",
            (at, current_merchant_id(), *parameters, *([after] if after else []), limit),
            list,
        )
    )
    return [row[0] for row in rows]


def check_countable(condition: Condition) -> None:
    """Make sure that shoppers can be found by a condition.

    :raises ConditionUnreadable: it asks what is not known of a shopper alone, or is an expression.
    """
    in_sql(condition, today=date(2000, 1, 1))


def condition_of(view: SegmentView) -> Condition:
    """Return a segment's condition, read."""
    return read_condition(view.condition)


def view_of(row: Segment) -> SegmentView:
    return SegmentView(
        id=row.id,
        name=row.name,
        condition=row.condition,
        archived=row.archived_at is not None,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )


def _today(at: datetime) -> date:
    return at.astimezone(ZoneInfo(current_merchant().time_zone)).date()
