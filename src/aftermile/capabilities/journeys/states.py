"""Where a journey and a run of it stand: data."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a journey stands."""

    DRAFT = "draft"  # never switched on
    LIVE = "live"
    PAUSED = "paused"  # nobody enters, nobody moves; the waiting wait on
    DRAINING = "draining"  # nobody enters; those under way finish
    STOPPED = "stopped"  # nobody enters; those under way were taken out
    ARCHIVED = "archived"


#: What may follow what.
MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.LIVE, State.ARCHIVED}),
    State.LIVE: frozenset({State.PAUSED, State.DRAINING, State.STOPPED}),
    State.PAUSED: frozenset({State.LIVE, State.DRAINING, State.STOPPED}),
    State.DRAINING: frozenset({State.LIVE, State.PAUSED, State.STOPPED}),
    State.STOPPED: frozenset({State.LIVE, State.ARCHIVED}),
    State.ARCHIVED: frozenset({State.DRAFT}),
}
#: In which people move on from step to step.
MOVING = (State.LIVE, State.DRAINING)


class RunState(StrEnum):
    """Where one shopper's way through a journey stands."""

    WAITING = "waiting"
    DONE = "done"  # came to the end
    LEFT = "left"  # taken out before it; `ended_for` says why
    HELD_OUT = "held_out"  # was told nothing, for comparison
