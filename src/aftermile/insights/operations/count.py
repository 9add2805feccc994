"""Add what events say to the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import models

from aftermile.capabilities.promises.public import DeliveryMeasured, PromiseBroken, PromiseKept
from aftermile.insights.folding import fold
from aftermile.insights.models import LANE, DeliveryWeek, EstimateWeek, LatenessWeek
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.rowsets import Statement, insert, run


def count(events: Iterable[PromiseKept | PromiseBroken | DeliveryMeasured]) -> None:
    """Add events up: three statements however many there are. The caller sees to it that each is counted once."""
    counted = fold(events)
    run(
        _add(
            DeliveryWeek,
            LANE,
            [{**lane._asdict(), **asdict(numbers)} for lane, numbers in counted.deliveries.items()],
        ),
        _add(
            LatenessWeek,
            (*LANE, "days_off"),
            [
                {**lane._asdict(), "days_off": days, "came": number}
                for (lane, days), number in counted.lateness.items()
            ],
        ),
        _add(
            EstimateWeek,
            (*LANE, "stage", "source", "beside_carrier"),
            [
                {
                    **lane._asdict(),
                    "stage": stage,
                    "source": source,
                    "beside_carrier": both,
                    **asdict(numbers),
                }
                for (lane, stage, source, both), numbers in counted.estimates.items()
            ],
        ),
    )


def _add(
    model: type[models.Model], key: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> Statement | None:
    if not rows:
        return None
    # In one order everywhere: two who count at once never wait for each other in a circle.
    ordered = sorted(rows, key=lambda row: tuple(str(row[name]) for name in key))
    sums = [name for name in rows[0] if name not in key]
    added = ", ".join(f"{name} = stored.{name} + excluded.{name}" for name in sums)
    return insert(
        model,
        ("id", *key, *sums),
        [{"id": made, **row} for made, row in zip(uuid7_many(len(ordered)), ordered, strict=True)],
        on_conflict=f"ON CONFLICT (merchant_id, {', '.join(key)}) DO UPDATE SET {added}",
    )
