"""Every event of the public feed may have to be told to somebody."""

from __future__ import annotations

from collections.abc import Sequence

from aftermile.doors.webhooks.operations.announce import announce
from aftermile.kernel.clock import now
from aftermile.kernel.events import Published, event_types, outside_events, reacts_to


def listen() -> None:
    """Register the reaction to all outside events known by now: called once all rooms are loaded."""
    types = event_types()
    reacts_to(*(types[name] for name in sorted(outside_events())), name="webhooks.announce")(tell)


def tell(batch: Sequence[Published]) -> None:
    """Write the messages of a batch; one query when nobody listens."""
    announce(batch, at=now())
