"""How often Python looks for garbage that refers to itself."""

from __future__ import annotations

import gc

#: New objects between two looks; Python's own 700 are those of two dozen scans.
BETWEEN_LOOKS = 20_000


def look_rarely() -> None:
    """Look for garbage rarely, and never among what is there now; for a process that has loaded its code.

    Measured: a fifth of the CPU time of digestion, imports and scans sent in batches went into looking at facts that
    were all needed.
    """
    gc.freeze()
    gc.set_threshold(BETWEEN_LOOKS, 10, 10)
