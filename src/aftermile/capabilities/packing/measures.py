"""What a box and a thing may measure: given values read, or refused with what is wrong with each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aftermile.kernel.errors import Invalid

#: 20 meters and 30 tonnes: more is a mistyped number.
LONGEST_MM = 20_000
HEAVIEST_GRAMS = 30_000_000
LARGEST_COST_MINOR = 10_000_000
LONGEST_NAME = 80
LONGEST_SKU = 200


class BoxUnusable(Invalid):
    """A box has no name, one that another has, or sides, weights or costs that cannot be; `details` says which."""

    code = "packing_box_unusable"
    message = (
        "A box needs a name of its own and inner sides in whole millimeters; `details` says what is wrong."
    )


class SizeUnusable(Invalid):
    """The size of a thing has no SKU, or sides or a weight that cannot be; `details` says which."""

    code = "item_size_unusable"
    message = "A size needs a SKU and three sides in whole millimeters; `details` says what is wrong."


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxGiven:
    """A box as somebody describes it, measured inside; `cost_minor` in the shop's currency."""

    name: str
    length_mm: int
    width_mm: int
    height_mm: int
    most_grams: int | None = None
    empty_grams: int = 0
    cost_minor: int | None = None
    usual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeGiven:
    """How large one of something is; without a weight, the catalog's counts."""

    sku: str
    length_mm: int
    width_mm: int
    height_mm: int
    weight_grams: int | None = None
    this_way_up: bool = False
    fragile: bool = False


def read_box(given: BoxGiven) -> BoxGiven:
    """Return a box with its name in order.

    :raises BoxUnusable: something about it cannot be.
    """
    name = " ".join(given.name.split())
    wrong = _wrong_sides(given.length_mm, given.width_mm, given.height_mm)
    if not 0 < len(name) <= LONGEST_NAME:
        wrong["name"] = f"1 to {LONGEST_NAME} characters"
    if given.most_grams is not None and not 0 < given.most_grams <= HEAVIEST_GRAMS:
        wrong["most_grams"] = f"1 to {HEAVIEST_GRAMS} grams, or nothing for no limit"
    if not 0 <= given.empty_grams <= HEAVIEST_GRAMS:
        wrong["empty_grams"] = f"0 to {HEAVIEST_GRAMS} grams"
    if given.cost_minor is not None and not 0 <= given.cost_minor <= LARGEST_COST_MINOR:
        wrong["cost_minor"] = f"0 to {LARGEST_COST_MINOR}, or nothing"
    if wrong:
        raise BoxUnusable(_said("box", wrong), details=wrong)
    return BoxGiven(
        name=name, length_mm=given.length_mm, width_mm=given.width_mm, height_mm=given.height_mm,
        most_grams=given.most_grams, empty_grams=given.empty_grams, cost_minor=given.cost_minor,
        usual=given.usual,
    )  # fmt: skip


def read_size(given: SizeGiven) -> SizeGiven:
    """Return a size with its SKU in order.

    :raises SizeUnusable: something about it cannot be.
    """
    sku = given.sku.strip()
    wrong = _wrong_sides(given.length_mm, given.width_mm, given.height_mm)
    if not 0 < len(sku) <= LONGEST_SKU or "\x00" in sku:
        wrong["sku"] = f"1 to {LONGEST_SKU} characters"
    if given.weight_grams is not None and not 0 <= given.weight_grams <= HEAVIEST_GRAMS:
        wrong["weight_grams"] = f"0 to {HEAVIEST_GRAMS} grams, or nothing"
    if wrong:
        raise SizeUnusable(_said(sku[:40] or "size", wrong), details=wrong)
    return SizeGiven(
        sku=sku, length_mm=given.length_mm, width_mm=given.width_mm, height_mm=given.height_mm,
        weight_grams=given.weight_grams, this_way_up=given.this_way_up, fragile=given.fragile,
    )  # fmt: skip


def _wrong_sides(*sides: int) -> dict[str, str]:
    names = ("length_mm", "width_mm", "height_mm")
    return {
        name: f"1 to {LONGEST_MM} millimeters"
        for name, side in zip(names, sides, strict=True)
        if not 0 < side <= LONGEST_MM
    }


def _said(what: str, wrong: Mapping[str, str]) -> str:
    return f"{what}: " + "; ".join(f"{name} must be {rule}" for name, rule in wrong.items()) + "."
