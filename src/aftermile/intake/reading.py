"""Read a kept record as it would be read now, and take nothing in: for staff who ask what it says."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import Translation
from aftermile.connectors.contracts.sockets import RawRecord
from aftermile.connectors.registry import connectors
from aftermile.intake.models import Connection
from aftermile.intake.queries import RecordView


def read_as_now(view: RecordView) -> Translation | None:
    """Return what a record says to its connector as it is now; None when that cannot read it.

    :param view: with its body.
    """
    row = Connection.rows().filter(id=view.connection_id).only("connector", "settings").first()
    plug = connectors().get(row.connector) if row else None
    if row is None or plug is None or view.body is None:
        return None
    raw = RawRecord(
        kind=view.kind,
        body=view.body,
        headers=dict(view.headers),
        received_at=view.received_at,
        settings=row.settings,
    )
    try:
        return plug.translate(raw)
    except Exception:  # unreadable, or a connector that trips over it: the record's own reason says which
        return None
