"""What is heavy is brought in when it is used: processes that idle do not hold it."""

from __future__ import annotations

import subprocess
import sys

QUESTION = """
import sys
from aftermile.capabilities.packing.fitting import choosing
from aftermile.capabilities.packing.fitting.words import Box, Item
box = Box(key="a", length=9, width=9, height=9)
choosing.choose([Item(key="b", length=1, width=2, height=3, quantity=4)], [box])
assert not {"numpy", "typst"} & set(sys.modules), "idle processes would hold it"
"""


def test_a_usual_order_is_planned_without_numpy() -> None:
    subprocess.run([sys.executable, "-c", QUESTION], check=True)
