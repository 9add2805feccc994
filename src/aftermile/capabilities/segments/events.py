"""What happens to segments, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from aftermile.kernel.events import event


@event("segment.changed", outside="A segment was made, changed or archived.")
@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentChanged:
    segment_id: UUID
    archived: bool
