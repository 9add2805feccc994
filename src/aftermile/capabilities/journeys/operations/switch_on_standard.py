"""Switch on ready-made journeys."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from aftermile.capabilities.journeys.models import Journey
from aftermile.capabilities.journeys.operations.edit import create_journey, move_journey, publish_draft
from aftermile.capabilities.journeys.queries import JourneyView
from aftermile.capabilities.journeys.standard.journeys import STANDARD
from aftermile.capabilities.journeys.states import State
from aftermile.kernel.errors import NotFound


class StandardNotFound(NotFound):
    """There is no ready-made journey of this name."""

    code = "standard_journey_not_found"
    message = "There is no ready-made journey of this name."


def switch_on_standard(*, slugs: Collection[str] | None = None, by: str, at: datetime) -> list[JourneyView]:
    """Make, publish and switch on ready-made journeys; return those that were switched on now.

    One the shop has already stays as the shop has it, also when it was switched off. Again: nothing changes.

    :param slugs: None: the recommended ones.
    :raises StandardNotFound: no such ready-made journey.
    """
    wanted = [each.slug for each in STANDARD.values() if each.recommended] if slugs is None else list(slugs)
    unknown = [slug for slug in wanted if slug not in STANDARD]
    if unknown:
        raise StandardNotFound(f"There is no ready-made journey called {unknown[0][:80]!r}.")
    held = set(Journey.rows().filter(standard__in=wanted).values_list("standard", flat=True))
    return [_switch_on(slug, by=by, at=at) for slug in wanted if slug not in held]


def _switch_on(slug: str, *, by: str, at: datetime) -> JourneyView:
    standard = STANDARD[slug]
    made = create_journey(
        name=standard.name,
        description=standard.description,
        definition=standard.definition,
        standard=slug,
        by=by,
        at=at,
    )
    publish_draft(journey_id=made.id, by=by, at=at)
    return move_journey(journey_id=made.id, to=State.LIVE, by=by, at=at)
