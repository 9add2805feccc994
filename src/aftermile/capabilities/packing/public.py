"""The door of this room."""

from __future__ import annotations

from aftermile.capabilities.packing.events import OrderPacked, PackingBoxChanged
from aftermile.capabilities.packing.fitting.choosing import Reason
from aftermile.capabilities.packing.fitting.words import Box, Placed
from aftermile.capabilities.packing.measures import (
    HEAVIEST_GRAMS,
    LARGEST_COST_MINOR,
    LONGEST_MM,
    LONGEST_NAME,
    LONGEST_SKU,
    BoxGiven,
    BoxUnusable,
    SizeGiven,
    SizeUnusable,
)
from aftermile.capabilities.packing.operations.keep_box import TooManyBoxes, archive_box, keep_box
from aftermile.capabilities.packing.operations.keep_sizes import SizeNotFound, keep_sizes, remove_size
from aftermile.capabilities.packing.operations.record_packing import (
    BoxesUnusable,
    forget_packing,
    record_packing,
)
from aftermile.capabilities.packing.planning import (
    MOST_PIECES,
    NoBoxes,
    OfferedBox,
    Plan,
    PlannedBox,
    SizesUnknown,
    Thing,
    TooManyPieces,
    offered,
    plan,
    things_of,
)
from aftermile.capabilities.packing.queries import (
    BoxNotFound,
    BoxView,
    Packing,
    Saving,
    SizeView,
    box,
    boxes,
    count_sizes,
    list_sizes,
    packing_of,
    saving,
    sizes,
)
from aftermile.capabilities.packing.size_file import SizeFile, SizeFileUnreadable, read_size_file
from aftermile.capabilities.packing.slip import write_slip
from aftermile.capabilities.packing.steps import Layer, Way

__all__ = [
    "HEAVIEST_GRAMS",
    "LARGEST_COST_MINOR",
    "LONGEST_MM",
    "LONGEST_NAME",
    "LONGEST_SKU",
    "MOST_PIECES",
    "Box",
    "BoxGiven",
    "BoxNotFound",
    "BoxUnusable",
    "BoxView",
    "BoxesUnusable",
    "Layer",
    "NoBoxes",
    "OfferedBox",
    "OrderPacked",
    "Packing",
    "PackingBoxChanged",
    "Placed",
    "Plan",
    "PlannedBox",
    "Reason",
    "Saving",
    "SizeFile",
    "SizeFileUnreadable",
    "SizeGiven",
    "SizeNotFound",
    "SizeUnusable",
    "SizeView",
    "SizesUnknown",
    "Thing",
    "TooManyBoxes",
    "TooManyPieces",
    "Way",
    "archive_box",
    "box",
    "boxes",
    "count_sizes",
    "forget_packing",
    "keep_box",
    "keep_sizes",
    "list_sizes",
    "offered",
    "packing_of",
    "plan",
    "read_size_file",
    "record_packing",
    "remove_size",
    "saving",
    "sizes",
    "things_of",
    "write_slip",
]
