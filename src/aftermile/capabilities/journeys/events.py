"""What happens to journeys and on them, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from aftermile.kernel.events import event


@event("journey.changed", outside="A journey was published, switched on or off, paused, drained or stopped.")
@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyChanged:
    journey_id: UUID
    state: str
    version: int


@event(
    "journey.entered", outside="A shopper entered a journey; `held_out`: to be told nothing, for comparison."
)
@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyEntered:
    journey_id: UUID
    run_id: UUID
    version: int
    shopper_id: UUID
    order_id: UUID | None
    held_out: bool


@event("journey.ended", outside="A shopper came to the end of a journey, or left it, as `reason` says.")
@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyEnded:
    journey_id: UUID
    run_id: UUID
    shopper_id: UUID
    reason: str


@event("journey.goal_reached", outside="A shopper did what a journey is for.")
@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyGoalReached:
    journey_id: UUID
    run_id: UUID
    shopper_id: UUID
    held_out: bool
