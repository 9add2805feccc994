"""Every event of the public feed may have to be told to somebody."""

from __future__ import annotations

from collections.abc import Sequence

from aftermile.doors.webhooks.models import Endpoint
from aftermile.doors.webhooks.operations.announce import announce
from aftermile.kernel.clock import now
from aftermile.kernel.events import Published, event_types, outside_events, reacts_to
from aftermile.kernel.rowsets import Statement, select


def listen() -> None:
    """Register the reaction to all outside events known by now: called once all rooms are loaded."""
    types = event_types()
    reacts_to(
        *(types[name] for name in sorted(outside_events())),
        name="webhooks.announce",
        only_if=somebody_listens,
    )(tell)


def somebody_listens() -> Statement:
    """Ask whether the open merchant has an endpoint at all: most shops have none."""
    return select(Endpoint, ("id",), "true", then="LIMIT 1")


def tell(batch: Sequence[Published]) -> None:
    """Write the messages of a batch; one query when nobody listens."""
    announce(batch, at=now())
