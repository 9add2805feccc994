"""What a captured payload must read as."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.words import Milestone


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One parcel: how many scans, from when to when in true UTC ("2024-11-15T16:32:33"), where it stands."""

    number: str
    milestone: Milestone
    events: int
    first: str = ""
    last: str = ""

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        return (_utc(self.first), _utc(self.last)) if self.events else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One captured answer, its path under the shared data's `carriers/`, and what it says.

    `example` walks into a YAML file to the payload. `why` tells where the parsed form beside the payload
    (another project's reading) is wrong.
    """

    file: str
    slug: str
    parcels: tuple[Parcel, ...] = ()
    problems: tuple[tuple[ProblemKind, str], ...] = ()  # kind and the carrier's own code
    unknown: tuple[str, ...] = ()  # codes no table knows
    example: tuple[str, ...] = ()
    why: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def _utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)
