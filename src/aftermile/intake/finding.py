"""Which records are meant: by connection, status, kind, days and what they tell of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from aftermile.intake.mentions import ids_of
from aftermile.intake.models import InboundRecord, Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """What a list of records is narrowed to; everything left out narrows nothing.

    `keys` are those of mentions.py: records that told of any of them. None: of whatever; empty: of nothing that
    is known, so none.
    """

    connection_id: UUID | None = None
    status: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    keys: frozenset[int] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as a job keeps it."""
        return {
            "connection": str(self.connection_id) if self.connection_id else None,
            "status": self.status,
            "kind": self.kind,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "keys": None if self.keys is None else sorted(self.keys),
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> RecordFilter:
        """Read what `as_json` wrote."""
        return cls(
            connection_id=UUID(kept["connection"]) if kept["connection"] else None,
            status=kept["status"],
            kind=kept["kind"],
            since=datetime.fromisoformat(kept["since"]) if kept["since"] else None,
            until=datetime.fromisoformat(kept["until"]) if kept["until"] else None,
            keys=None if kept["keys"] is None else frozenset(kept["keys"]),
        )

    def with_status(self, status: str) -> RecordFilter:
        return replace(self, status=status)

    def rows(self) -> QuerySet[InboundRecord]:
        """Return the records that fit, in no order."""
        rows = InboundRecord.rows()
        if self.connection_id is not None:
            rows = rows.filter(connection_id=self.connection_id)
        if self.status:
            rows = rows.filter(status=self.status)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        # Ids carry the moment of their making, which is that of arrival: so the days are read from the key.
        if self.since is not None:
            rows = rows.filter(id__gte=first_id_of(self.since))
        if self.until is not None:
            rows = rows.filter(id__lt=first_id_of(self.until))
        if self.keys is not None:
            spans = [Q(id__range=ids_of(key)) for key in sorted(self.keys)]
            told = Mention.rows().filter(reduce(or_, spans)) if spans else Mention.rows().none()
            rows = rows.filter(id__in=told.values("record_id"))
        return rows


def first_id_of(moment: datetime) -> UUID:
    """Return the smallest id that may have been made at a moment."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)
