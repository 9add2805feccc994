"""Many equal things as few: bundles of them are put in like single things, and taken apart where they lie.

What is put in one by one takes the square of the time for twice as much. A hundred small things of each of many kinds are
therefore bundled, as a person would take them by the handful.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from aftermile.capabilities.packing.fitting.one_box import fits_alone
from aftermile.capabilities.packing.fitting.words import Box, Item, Packed, Placed, Size

#: A box holds at least so many bundles of a kind: larger ones would leave gaps.
_IN_A_BOX = 30


@dataclass(frozen=True, slots=True)
class Bundle:
    """Things of one kind side by side: `item` is their place in the list, `times` how often along each side."""

    item: int
    times: Size


def bundled(items: Sequence[Item], boxes: Sequence[Box]) -> tuple[list[Item], list[Bundle]]:
    """Bundle what there is many of; return what is to be put in, and of what each consists.

    What is fragile stays single: nothing may lie above it, not even its like.
    """
    made: list[Item] = []
    bundles: list[Bundle] = []
    for number, item in enumerate(items):
        able = [box for box in boxes if fits_alone(box, item)]
        times = (1, 1, 1) if item.fragile or not able else _times(item, max(able, key=lambda box: box.volume))
        size = times[0] * times[1] * times[2]
        whole, single = divmod(item.quantity, size)
        # Were it to jut out, so would the single things at its edge.
        made.append(replace(_of_so_many(item, times, whole), whole_base=size > 1))
        bundles.append(Bundle(number, times))
        if single:
            made.append(replace(item, quantity=single))
            bundles.append(Bundle(number, (1, 1, 1)))
    return made, bundles


def taken_apart(packed: Packed, made: Sequence[Item], bundles: Sequence[Bundle]) -> Packed:
    """Return a box with the things themselves in it."""
    placed = [
        single for each in packed.placed for single in _singles(each, made[each.item], bundles[each.item])
    ]
    return replace(packed, placed=tuple(placed))


def _times(item: Item, box: Box) -> Size:
    """Choose the bundle that leaves the fewest pieces, and of those the one most like a cube."""
    most = min(item.quantity, box.volume // (_IN_A_BOX * item.volume))
    best: tuple[tuple[float, ...], Size] = ((item.quantity, 1.0), (1, 1, 1))
    for i in range(1, most + 1):
        for j in range(1, most // i + 1):
            for k in range(1, most // (i * j) + 1):
                size = i * j * k
                sides = i * item.length, j * item.width, k * item.height
                worth = (item.quantity // size + item.quantity % size, max(sides) / min(sides))
                if worth < best[0] and fits_alone(box, _of_so_many(item, (i, j, k), 1)):
                    best = worth, (i, j, k)
    return best[1]


def _of_so_many(item: Item, times: Size, quantity: int) -> Item:
    return replace(
        item,
        length=item.length * times[0],
        width=item.width * times[1],
        height=item.height * times[2],
        quantity=quantity,
        weight_grams=None
        if item.weight_grams is None
        else item.weight_grams * times[0] * times[1] * times[2],
    )


def _singles(lies: Placed, bundle: Item, made_of: Bundle) -> Iterator[Placed]:
    sides = (bundle.length, bundle.width, bundle.height)
    turned = next(
        (a, b, c)
        for a, b, c in permutations(range(3))
        if (sides[a], sides[b], sides[c]) == (lies.length, lies.width, lies.height) and bundle.stands_on[c]
    )
    along, across, upward = (made_of.times[side] for side in turned)
    length, width, height = lies.length // along, lies.width // across, lies.height // upward
    for k in range(upward):
        for j in range(across):
            for i in range(along):
                yield Placed(
                    made_of.item,
                    lies.x + i * length,
                    lies.y + j * width,
                    lies.z + k * height,
                    length,
                    width,
                    height,
                )
