"""Every event of the public feed may have to be told to somebody."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from aftermile.doors.webhooks.operations.announce import announce
from aftermile.kernel.clock import now
from aftermile.kernel.events import Published, event_types, outside_events, reacts_to
from aftermile.kernel.tenancy import current_merchant_id


def listen() -> None:
    """Register the reaction to all outside events known by now: called once all rooms are loaded."""
    types = event_types()
    reacts_to(
        *(types[name] for name in sorted(outside_events())),
        name="webhooks.announce",
        only_if=somebody_listens,
    )(tell)


def somebody_listens() -> bool:
    """Tell whether the open merchant has an endpoint at all: most shops have none, and pay one look."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM webhooks_endpoint WHERE merchant_id = %s)", [current_merchant_id()]
        )
        (found,) = cursor.fetchone()
    return bool(found)


def tell(batch: Sequence[Published]) -> None:
    """Write the messages of a batch; one query when nobody listens."""
    announce(batch, at=now())
