"""Empty space, as the largest cuboids that fit into it; they overlap each other.

The representation is that of Lai and Chan, "Developing a simulated annealing algorithm for the cutting stock problem"
(1997), commonly called maximal spaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

#: x1, y1, z1, x2, y2, z2
Space = tuple[int, int, int, int, int, int]


def carve(
    spaces: Iterable[Space], taken: Space, least: tuple[int, int, int], *, on_top_only: bool = False
) -> tuple[list[Space], list[Space]]:
    """Take a cuboid out of the empty space: return the spaces it leaves alone, and those that are new.

    :param least: a new space with a shorter edge is of no use.
    :param on_top_only: the space above ends where the cuboid does, so that what stands there stands on it.
    """
    bx1, by1, bz1, bx2, by2, bz2 = taken
    least_x, least_y, least_z = least
    kept: list[Space] = []
    new: set[Space] = set()
    for space in spaces:
        x1, y1, z1, x2, y2, z2 = space
        if bx1 >= x2 or bx2 <= x1 or by1 >= y2 or by2 <= y1 or bz1 >= z2 or bz2 <= z1:
            kept.append(space)
            continue
        if bx1 - x1 >= least_x:
            new.add((x1, y1, z1, bx1, y2, z2))
        if x2 - bx2 >= least_x:
            new.add((bx2, y1, z1, x2, y2, z2))
        if by1 - y1 >= least_y:
            new.add((x1, y1, z1, x2, by1, z2))
        if y2 - by2 >= least_y:
            new.add((x1, by2, z1, x2, y2, z2))
        if bz1 - z1 >= least_z:
            new.add((x1, y1, z1, x2, y2, bz1))
        if z2 - bz2 >= least_z:
            if on_top_only:
                x1, y1, x2, y2 = max(x1, bx1), max(y1, by1), min(x2, bx2), min(y2, by2)
            if x2 - x1 >= least_x and y2 - y1 >= least_y:
                new.add((x1, y1, bz2, x2, y2, z2))
    return kept, _largest(new, kept) if new else []


def _largest(new: Iterable[Space], kept: Sequence[Space]) -> list[Space]:
    """Leave out what lies within another."""
    by_volume = sorted(
        new, key=lambda s: ((s[3] - s[0]) * (s[4] - s[1]) * (s[5] - s[2]), s), reverse=True
    )  # the space itself decides between equals: a set has no order
    found: list[Space] = []
    for space in by_volume:
        x1, y1, z1, x2, y2, z2 = space
        for others in (found, kept):
            # Not `any`: this is the innermost loop of every search, and a generator doubles its cost.
            for o in others:
                if o[0] <= x1 and o[1] <= y1 and o[2] <= z1 and o[3] >= x2 and o[4] >= y2 and o[5] >= z2:
                    break
            else:
                continue
            break
        else:
            found.append(space)
    return found
