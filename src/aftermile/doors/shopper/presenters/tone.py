"""How a state is shown."""

from __future__ import annotations

from enum import StrEnum


class Tone(StrEnum):
    """How a state is shown. The page says it in words and by shape as well."""

    CALM = "calm"
    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"
