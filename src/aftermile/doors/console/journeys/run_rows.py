"""Runs of journeys as lines of lists: whose, since when, where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.journeys.public import RunState, RunView
from aftermile.capabilities.orders.public import OrderView, orders
from aftermile.capabilities.shoppers.public import ShopperSummary, shopper_summaries
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.journeys.standing import RUNS, left_for
from aftermile.kernel.ids import public_id


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run as it is listed."""

    key: str
    url: str
    name: str
    order: str
    order_url: str
    journey: str
    tone: str
    word: str
    more: str
    step: str
    entered_at: datetime
    wake_at: datetime | None


def run_rows(runs: Sequence[RunView], desk: Desk, journeys: Mapping[UUID, str]) -> list[RunRow]:
    """Write runs as lines: four statements for the orders and two for the shoppers, however many."""
    if not runs:
        return []
    people = shopper_summaries({run.shopper_id for run in runs})
    about = orders({run.order_id for run in runs if run.order_id})
    return [_row(run, desk, journeys, people, about) for run in runs]


def _row(
    run: RunView,
    desk: Desk,
    journeys: Mapping[UUID, str],
    people: Mapping[UUID, ShopperSummary],
    about: Mapping[UUID, OrderView],
) -> RunRow:
    tone, word = RUNS[run.state]
    person = people.get(run.shopper_id)
    order = about.get(run.order_id) if run.order_id else None
    return RunRow(
        key=public_id("jrn", run.id),
        url=desk.url("console-journey-run", public_id("jrn", run.id)),
        name=person.name if person else "",
        order=(order.number or "without a number") if order else "",
        order_url=desk.url("console-order", public_id("ord", order.id)) if order else "",
        journey=journeys.get(run.journey_id, ""),
        tone=tone,
        word=word,
        more=left_for(run.ended_for) if run.state is RunState.LEFT else "",
        step=run.step,
        entered_at=run.entered_at,
        wake_at=run.wake_at if run.state is RunState.WAITING else None,
    )
