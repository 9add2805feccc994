"""How long and how much to measure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The size of a run. The defaults are those of `make bench`."""

    #: Rounds of every measurement; limits are measured in turn with ours.
    rounds: int = 3
    #: Of one measurement in one round.
    seconds: float = 5.0
    #: Shipments in the large database of `reads`.
    rows: int = 1_000_000
    #: Raw scans in one round of `digestion`.
    scans: int = 20_000
    #: How long everything idles before its memory is read.
    idle_seconds: float = 20.0
    #: Containers of each file in `packing`; there are a hundred.
    problems: int = 5
    #: Of what a benchmark counts out itself, such as the questions of `search`: one in so many.
    one_in: int = 1

    def of(self, count: int) -> int:
        return max(1, count // self.one_in)
