"""What a journey changed: those who were told against those who were held out, with its uncertainty. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

#: The 97.5th percentile of the normal distribution: intervals hold 95 times in a hundred.
Z = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """Shares of 0 to 1. `difference` is told minus held out, with its 95 % interval."""

    told_rate: float
    held_out_rate: float
    difference: float
    lowest: float
    highest: float

    @property
    def is_certain(self) -> bool:
        """Whether the interval leaves out that nothing was changed."""
        return self.lowest > 0 or self.highest < 0


def lift_of(reached: int, told: int, held_out_reached: int, held_out: int) -> Lift:
    """Compare two shares. Both groups have somebody in them.

    The interval is Newcombe's hybrid score interval (method 10 of "Interval estimation for the difference between
    independent proportions", Statistics in Medicine 17, 1998), which holds for small groups and shares near 0, too.
    """
    p1, p2 = reached / told, held_out_reached / held_out
    low1, high1 = _wilson(reached, told)
    low2, high2 = _wilson(held_out_reached, held_out)
    return Lift(
        told_rate=p1,
        held_out_rate=p2,
        difference=p1 - p2,
        lowest=p1 - p2 - sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2),
        highest=p1 - p2 + sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2),
    )


def _wilson(hits: int, count: int) -> tuple[float, float]:
    """Return the score interval of a share (Wilson, Journal of the American Statistical Association 22, 1927)."""
    share = hits / count
    middle = share + Z * Z / (2 * count)
    half = Z * sqrt(share * (1 - share) / count + Z * Z / (4 * count * count))
    scale = 1 + Z * Z / count
    return (middle - half) / scale, (middle + half) / scale
