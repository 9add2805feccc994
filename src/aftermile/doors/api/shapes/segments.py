"""Segments as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from aftermile.capabilities.segments.public import SegmentView, condition_of, say_condition
from aftermile.doors.api.fields import Given, SegmentId, ShopperId, Taken, example


class SegmentTaken(Taken):
    """A condition about shoppers, with a name."""

    model_config = example(
        name="Came back", condition={"field": "shopper.orders_count", "is": "at_least", "value": 2}
    )

    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    condition: dict[str, Any] = Field(
        description="`{field, is, value}`, or `all`, `any`, `none` of several; {} is everybody."
    )


class SegmentGiven(Given):
    """A segment. Who is in it is counted when it is asked for."""

    id: SegmentId
    name: str
    condition: dict[str, Any]
    said: str = Field(description="The condition in words.")
    archived: bool
    changed_by: str
    changed_at: datetime


class SegmentCounted(Given):
    """How many are in a segment now, and how many shoppers there are."""

    count: int
    everybody: int


class MembersGiven(Given):
    """Shoppers in a segment now, by id."""

    data: list[ShopperId]
    next_cursor: str | None = Field(
        description="Send it as `cursor` for the next page; null on the last one."
    )


def segment_given(view: SegmentView) -> SegmentGiven:
    """Write a segment."""
    return SegmentGiven(
        id=view.id,
        name=view.name,
        condition=dict(view.condition),
        said=say_condition(condition_of(view)),
        archived=view.archived,
        changed_by=view.changed_by,
        changed_at=view.changed_at,
    )
