"""The boxes on the demo's shelf, and how large what it sells is."""

from __future__ import annotations

from datetime import datetime

from aftermile.capabilities.packing.public import BoxGiven, SizeGiven, keep_box, keep_sizes
from aftermile.project.demo.goods import PRODUCTS

# Name, length, width and height inside in millimeters, grams it holds, grams it weighs, cents it costs.
_BOXES = (
    ("Mailer", 250, 180, 60, 2_000, 60, 32),
    ("Small box", 300, 200, 150, 6_000, 140, 55),
    ("Medium box", 400, 300, 200, 12_000, 260, 85),
    ("Large box", 600, 400, 350, 25_000, 620, 145),
    ("Long box", 1_250, 140, 140, 8_000, 480, 190),
)
_USUAL = "Large box"
# By a product's number: length, width and height as packed, in millimeters. The hammock was never measured.
_SIZES = {
    101: (560, 320, 180), 102: (270, 75, 75), 103: (480, 170, 170), 104: (420, 60, 60), 105: (280, 220, 30),
    106: (320, 250, 60), 107: (180, 120, 60), 108: (140, 140, 100), 109: (110, 80, 60), 110: (360, 210, 210),
    111: (320, 240, 15), 112: (1_180, 70, 70), 113: (420, 280, 120), 114: (260, 120, 60), 115: (330, 140, 120),
    116: (320, 260, 70), 117: (200, 180, 25), 118: (340, 230, 130), 119: (300, 120, 120), 121: (190, 190, 130),
    122: (110, 90, 90), 123: (190, 45, 25), 124: (130, 130, 240), 125: (95, 75, 30),
}  # fmt: skip
_UPRIGHT, _FRAGILE = {124}, {109, 122, 124}


def fill_shelf(*, by: str, at: datetime) -> None:
    """Give the open shop its boxes and sizes."""
    for name, length, width, height, most, empty, cost in _BOXES:
        given = BoxGiven(
            name=name, length_mm=length, width_mm=width, height_mm=height, most_grams=most, empty_grams=empty,
            cost_minor=cost, usual=name == _USUAL,
        )  # fmt: skip
        keep_box(given=given, by=by, at=at)
    sizes = [
        SizeGiven(
            sku=product.sku(variant), length_mm=sides[0], width_mm=sides[1], height_mm=sides[2],
            weight_grams=product.weight_grams, this_way_up=product.number in _UPRIGHT,
            fragile=product.number in _FRAGILE,
        )
        for product in PRODUCTS
        if (sides := _SIZES.get(product.number))
        for variant in product.variants
    ]  # fmt: skip
    keep_sizes(given=sizes, by=by, at=at)
