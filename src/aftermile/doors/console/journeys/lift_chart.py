"""What a journey changed, drawn: a pale bar that holds the true difference 95 times in 100, a dot, and no change."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from aftermile.capabilities.journeys.public import Lift

_WIDTH = 280
_STEPS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftChart:
    """Places in the drawing's own units; shares in points of 100."""

    reach: int  # points on either side of no change
    bar_x: float
    bar_width: float
    dot: float
    tone: str
    told: str
    held_out: str
    said: str


def lift_chart(lift: Lift) -> LiftChart:
    """Lay out the drawing of a lift."""
    widest = max(abs(lift.lowest), abs(lift.highest))
    reach = next((step for step in _STEPS if widest <= step), ceil(widest))

    def x(share: float) -> float:
        return round((share / reach + 1) / 2 * _WIDTH, 1)

    tone = "calm" if not lift.is_certain else "ok" if lift.difference > 0 else "late"
    return LiftChart(
        reach=round(reach * 100),
        bar_x=x(lift.lowest),
        bar_width=round(x(lift.highest) - x(lift.lowest), 1),
        dot=x(lift.difference),
        tone=tone,
        told=f"{lift.told_rate * 100:.1f}",
        held_out=f"{lift.held_out_rate * 100:.1f}",
        said=f"{lift.difference * 100:+.1f} of 100, between {lift.lowest * 100:+.1f} and {lift.highest * 100:+.1f}".replace(
            "-", "\N{MINUS SIGN}"
        ),
    )
