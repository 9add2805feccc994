"""What became of handing something to somebody else, as far as the one who handed it over can know."""

from __future__ import annotations

from enum import StrEnum


class Result(StrEnum):
    """The four answers there are. Only UNKNOWN leaves open whether the other side has it."""

    TAKEN = "taken"  # the other side says it has it
    LATER = "later"  # it does not have it, and may take it another time
    NEVER = "never"  # it does not have it and will not take it: asking again is useless
    UNKNOWN = "unknown"  # everything was sent and no answer came
