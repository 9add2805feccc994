"""What there is to say: each touchpoint with what its message is for and how it sounds."""

from __future__ import annotations

from dataclasses import dataclass

from aftermile.capabilities.messaging.operations.own_touchpoints import own_touchpoints
from aftermile.capabilities.messaging.states import Mood, Purpose
from aftermile.capabilities.messaging.templates.letters import LETTERS
from aftermile.kernel.errors import NotFound

#: Light-hearted, though not all of them sell: none is for somebody whose parcel is in trouble.
_CHEERFUL = frozenset(
    {
        *("founders_note", "care_tips", "check_in", "review_request", "survey", "birthday", "anniversary"),
        *("seasonal", "early_access", "win_back", "replenishment"),
    }
)


class TouchpointNotFound(NotFound):
    """There is nothing to say under this name."""

    code = "touchpoint_not_found"
    message = "There is no template for this touchpoint; choose one of those there are, or write one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Touchpoint:
    """`needs_order`: its message is only ever sent about an order."""

    slug: str
    title: str
    purpose: Purpose
    mood: Mood
    needs_order: bool


def touchpoints() -> dict[str, Touchpoint]:
    """Return the touchpoints that can be used: ours in the order in which a shopper meets them, then the shop's own.

    Of the shop's own those of which something is published: one statement, two where it has any. In its open scope.
    """
    return shipped_touchpoints() | {
        own.slug: Touchpoint(
            slug=own.slug, title=own.title, purpose=own.purpose, mood=own.mood, needs_order=own.needs_order
        )
        for own in own_touchpoints()
        if own.is_published
    }


def shipped_touchpoints() -> dict[str, Touchpoint]:
    """Return the touchpoints we ship letters for, without asking the database."""
    return {
        slug: Touchpoint(
            slug=slug,
            title=letter.headline,
            purpose=Purpose(letter.purpose),
            mood=Mood.BAD_NEWS if letter.is_trouble else Mood.CHEERFUL if slug in _CHEERFUL else Mood.NEUTRAL,
            needs_order=letter.names_order,
        )
        for slug, letter in LETTERS.items()
    }


def touchpoint(slug: str) -> Touchpoint:
    """Return one touchpoint.

    :raises TouchpointNotFound: no such touchpoint.
    """
    found = touchpoints().get(slug)
    if found is None:
        raise TouchpointNotFound(f"There is no template for {slug[:80]!r}; choose one of those there are.")
    return found
