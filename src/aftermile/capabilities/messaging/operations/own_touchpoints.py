"""Moments of contact that a shop thinks of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from aftermile.capabilities.messaging.events import MessagingChanged
from aftermile.capabilities.messaging.models import OwnTouchpoint, Template
from aftermile.capabilities.messaging.states import Mood, Purpose
from aftermile.capabilities.messaging.templates.letters import LETTERS
from aftermile.kernel.errors import Invalid, NotFound
from aftermile.kernel.events import publish

MOST_OWN = 200
_LONGEST_TITLE, _LONGEST_SLUG = 80, 40
_SLUG = re.compile(r"[a-z][a-z0-9_]{1,39}")


class OwnTouchpointUnusable(Invalid):
    """A touchpoint of the shop's own cannot be made like this; `details` says by part what is wrong."""

    code = "own_touchpoint_unusable"
    message = "This cannot be made; see what is said beside each part."


class OwnTouchpointNotFound(NotFound):
    """The shop has no touchpoint of its own under this name."""

    code = "own_touchpoint_not_found"
    message = "There is no message of your own under this name."


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTouchpointView:
    """A touchpoint of the shop's own. `is_published`: there is something to send, on some medium."""

    slug: str
    title: str
    purpose: Purpose
    mood: Mood
    needs_order: bool
    is_published: bool


def own_touchpoints() -> list[OwnTouchpointView]:
    """List the shop's own touchpoints, the oldest first: two statements, one while there is none."""
    rows = list(OwnTouchpoint.rows().filter(archived_at=None).order_by("id"))
    if not rows:
        return []
    said = set(
        Template.rows()
        .filter(touchpoint__in=[row.slug for row in rows])
        .exclude(published_id=None)
        .values_list("touchpoint", flat=True)
    )
    return [
        OwnTouchpointView(
            slug=row.slug,
            title=row.title,
            purpose=Purpose(row.purpose),
            mood=Mood(row.mood),
            needs_order=row.needs_order,
            is_published=row.slug in said,
        )
        for row in rows
    ]


def add_own_touchpoint(
    *, title: str, purpose: Purpose, mood: Mood, needs_order: bool, slug: str = "", by: str, at: datetime
) -> str:
    """Make a touchpoint of the shop's own; return its slug, by which journeys name it.

    What it is for and how it sounds stays as it is: shoppers' consents rest on it. Under the slug of one that was put
    away, that one comes back with its words.

    :param slug: made from the title when empty.
    :raises OwnTouchpointUnusable: `details` says by part what is wrong.
    """
    title = " ".join(title.split())
    slug = slug.strip() or slug_of(title)
    problems = {}
    if not title or len(title) > _LONGEST_TITLE:
        problems["title"] = f"Give it a name of up to {_LONGEST_TITLE} letters."
    elif not _SLUG.fullmatch(slug):
        problems["slug"] = "Use two to 40 small letters, digits and underscores, a letter first."
    held = OwnTouchpoint.rows().filter(slug=slug).first()
    if slug in LETTERS or (held and held.archived_at is None):
        problems["title"] = "There is a message of this name already; choose another."
    if OwnTouchpoint.rows().filter(archived_at=None).count() >= MOST_OWN:
        problems["title"] = f"There are {MOST_OWN} already; put one away first."
    if problems:
        raise OwnTouchpointUnusable(details=problems)
    row = held or OwnTouchpoint(slug=slug, created_by=by, created_at=at)
    row.title, row.purpose, row.mood, row.needs_order = title, purpose.value, mood.value, needs_order
    row.archived_at = None
    row.save()
    publish(MessagingChanged(what="touchpoints"), by=by, at=at)
    return slug


def put_touchpoint_away(*, slug: str, by: str, at: datetime) -> None:
    """Offer a touchpoint of the shop's own no longer; what is planned already still goes out.

    :raises OwnTouchpointNotFound: no such touchpoint.
    """
    if not OwnTouchpoint.rows().filter(slug=slug, archived_at=None).update(archived_at=at):
        raise OwnTouchpointNotFound
    publish(MessagingChanged(what="touchpoints"), by=by, at=at)


def slug_of(title: str) -> str:
    """Make a slug from a title: "A gift card" is "a_gift_card"."""
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:_LONGEST_SLUG].strip("_")
