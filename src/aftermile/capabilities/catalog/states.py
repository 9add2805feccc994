"""What became of a picture."""

from __future__ import annotations

from enum import StrEnum


class PictureState(StrEnum):
    """To be fetched; kept as a copy; not to be had."""

    WAITING = "waiting"
    KEPT = "kept"
    FAILED = "failed"
