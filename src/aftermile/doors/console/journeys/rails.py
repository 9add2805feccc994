"""The lines that join the steps of a story: beside each line of it, which ways run on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rail:
    """`joins` and `goes_on`: whether the way comes from above and leads on below; `outer`: ways further out that run
    past, by how many levels further out they are."""

    joins: bool
    goes_on: bool
    outer: tuple[int, ...] = ()


NO_RAIL = Rail(joins=False, goes_on=False)


def rails(depths: Sequence[int]) -> list[Rail]:
    """Work out the lines beside each line of a story from how far each is set in."""
    return [
        Rail(
            joins=_runs(depths[:at][::-1], depth),
            goes_on=_runs(depths[at + 1 :], depth),
            outer=tuple(depth - level for level in range(depth) if _runs(depths[at + 1 :], level)),
        )
        for at, depth in enumerate(depths)
    ]


def _runs(depths: Sequence[int], level: int) -> bool:
    """Tell whether a way of a level goes on before one further out is reached."""
    return next((depth for depth in depths if depth <= level), -1) == level
