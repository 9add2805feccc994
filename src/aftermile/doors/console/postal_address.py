"""Whether marketing would go out without the sender's postal address, as pages tell it before something is published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from aftermile.capabilities.messaging.public import Touchpoint, lacks_postal_address
from aftermile.capabilities.team.public import Permission
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.journeys.story_map import walk


def address_values(desk: Desk, said: Iterable[Touchpoint]) -> dict[str, object]:
    """Return what `console/_postal_address.html` takes, for what is said."""
    return {
        "lacks_address": lacks_postal_address(said),
        "brand_url": desk.url("console-brand") if desk.may(Permission.BRAND_MANAGE) else "",
    }


def said_by(definitions: Iterable[Mapping[str, Any]], known: Mapping[str, Touchpoint]) -> list[Touchpoint]:
    """List what journeys say; a definition that cannot be read is read as far as can be."""
    named = {
        str(step.get("touchpoint"))
        for definition in definitions
        for step in walk(definition.get("steps"))
        if step.get("do") == "message"
    }
    return [known[name] for name in sorted(named & known.keys())]
