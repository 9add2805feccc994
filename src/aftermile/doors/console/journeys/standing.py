"""Where a journey and a run stand, and what can be done about it: tables of words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aftermile.capabilities.journeys.public import (
    MOVES,
    TRIGGERS,
    Figures,
    JourneyView,
    Lift,
    RunState,
    State,
)

STATES: Mapping[State, tuple[str, str]] = {
    State.DRAFT: ("calm", "Draft"),
    State.LIVE: ("ok", "On"),
    State.PAUSED: ("watch", "Paused"),
    State.DRAINING: ("watch", "Running out"),
    State.STOPPED: ("broken", "Stopped"),
    State.ARCHIVED: ("calm", "Archived"),
}
RUNS: Mapping[RunState, tuple[str, str]] = {
    RunState.WAITING: ("calm", "Under way"),
    RunState.DONE: ("ok", "Came to the end"),
    RunState.LEFT: ("watch", "Left before"),
    RunState.HELD_OUT: ("calm", "Held out"),
}
_LEFT_FOR = {
    "exit_event": "what ends it happened",
    "leave_if": "the condition to leave came true",
    "stopped": "the journey was stopped",
    "exit": "its way ended here",
}


@dataclass(frozen=True, slots=True)
class Move:
    """A way from one state to another. `question` is asked before; `said` afterwards."""

    to: State
    label: str
    icon: str
    said: str
    question: str = ""
    about: str = ""
    is_main: bool = False
    is_danger: bool = False


_MOVES = (
    Move(
        State.LIVE,
        "Switch on",
        "bolt",
        "Switched on. What happened before today lets nobody in.",
        is_main=True,
    ),
    Move(State.PAUSED, "Pause", "pause", "Paused. Nobody enters and nobody moves on; those under way wait."),
    Move(
        State.DRAINING,
        "Let it run out",
        "end",
        "Nobody enters any more. Those under way come to the end.",
    ),
    Move(
        State.STOPPED,
        "Stop",
        "x",
        "Stopped. Everybody was taken out.",
        question="Stop this journey at once?",
        about="Everybody who is under way is taken out of it, and that cannot be undone. What was asked for already"
        " and is not sent yet stays planned; take it back among the messages. To let people finish, let it run"
        " out instead.",
        is_danger=True,
    ),
    Move(State.ARCHIVED, "Archive", "inbox", "Archived. It is kept, and can be brought back."),
    Move(State.DRAFT, "Bring back", "back", "Brought back as a draft."),
)
#: Moves that can be taken back as if they had not been.
REVERSIBLE = frozenset(
    {
        (State.LIVE, State.PAUSED),
        (State.LIVE, State.DRAINING),
        (State.PAUSED, State.DRAINING),
        (State.PAUSED, State.LIVE),
        (State.DRAINING, State.LIVE),
        (State.DRAINING, State.PAUSED),
        (State.ARCHIVED, State.DRAFT),
        (State.DRAFT, State.ARCHIVED),
    }
)


def moves_from(view: JourneyView) -> list[Move]:
    """Return what can be done about a journey now; one without a published version cannot be switched on."""
    return [
        move
        for move in _MOVES
        if move.to in MOVES[view.state] and not (move.to is State.LIVE and not view.version)
    ]


def move_to(state: State) -> Move:
    """Return the words of a move."""
    return next(move for move in _MOVES if move.to is state)


def begins(definition: Mapping[str, Any]) -> str:
    """Say what a journey begins with, without asking the database: for lists."""
    trigger = definition.get("trigger")
    if not isinstance(trigger, Mapping):
        return "Not said yet"
    known = TRIGGERS.get(str(trigger.get("event")))
    if known is not None:
        having = trigger.get("having")
        asked = (
            ", ".join(
                f"{_spoken(name)}: {_spoken(value)}" if isinstance(value, bool) else _spoken(value)
                for name, value in having.items()
            )
            if isinstance(having, Mapping)
            else ""
        )
        return f"When {known.words}" + (f" ({asked})" if asked else "")
    if trigger.get("daily_at") is not None:
        return f"Each day at {trigger['daily_at']}"
    if trigger.get("on") is not None:
        return f"On {trigger['on']}"
    return "When somebody starts it"


def lift_in_words(lift: Lift | None, figures: Figures, *, has_goal: bool) -> tuple[str, str]:
    """Say what a journey changed, with its uncertainty: a tone and a sentence; both "" where nothing is measured."""
    if lift is None:
        if has_goal and figures.held_out == 0 and figures.entered:
            return "calm", "Nobody was held out yet"
        return "", ""
    between = f"{_points(lift.lowest)} to {_points(lift.highest)}"
    if not lift.is_certain:
        return "calm", f"Too early to say: {between} of 100"
    more = "more" if lift.difference > 0 else "fewer"
    tone = "ok" if lift.difference > 0 else "late"
    return tone, f"{abs(lift.difference) * 100:.1f} {more} of 100 ({between})"


def left_for(reason: str) -> str:
    """Say why somebody left."""
    return _LEFT_FOR.get(reason, _spoken(reason))


def _points(share: float) -> str:
    return f"{share * 100:+.1f}".replace("-", "\N{MINUS SIGN}")


def _spoken(value: object) -> str:
    said = "yes" if value is True else "no" if value is False else str(value)
    return said.replace("_", " ")
