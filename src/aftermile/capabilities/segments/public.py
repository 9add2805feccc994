"""The door of this room."""

from __future__ import annotations

from aftermile.capabilities.segments.conditions import (
    ALWAYS,
    Answer,
    Condition,
    ConditionUnreadable,
    Judgement,
    Known,
    judge,
    questions_of,
    read_condition,
    say_condition,
    write_condition,
)
from aftermile.capabilities.segments.events import SegmentChanged
from aftermile.capabilities.segments.facts import Material, Subject, known_of, no_material, read_material
from aftermile.capabilities.segments.fields import FIELDS, About, Field, Kind
from aftermile.capabilities.segments.operations.keep_segment import (
    SegmentUnusable,
    archive_segment,
    keep_segment,
)
from aftermile.capabilities.segments.operations.refresh_profiles import refresh_profiles
from aftermile.capabilities.segments.operators import WAYS, Operator, Wanted, Way, operators_of
from aftermile.capabilities.segments.queries import (
    SegmentNotFound,
    SegmentView,
    check_countable,
    condition_of,
    count_each,
    count_members,
    list_segments,
    members,
    segment,
    segments,
)

__all__ = [
    "ALWAYS",
    "FIELDS",
    "WAYS",
    "About",
    "Answer",
    "Condition",
    "ConditionUnreadable",
    "Field",
    "Judgement",
    "Kind",
    "Known",
    "Material",
    "Operator",
    "SegmentChanged",
    "SegmentNotFound",
    "SegmentUnusable",
    "SegmentView",
    "Subject",
    "Wanted",
    "Way",
    "archive_segment",
    "check_countable",
    "condition_of",
    "count_each",
    "count_members",
    "judge",
    "keep_segment",
    "known_of",
    "list_segments",
    "members",
    "no_material",
    "operators_of",
    "questions_of",
    "read_condition",
    "read_material",
    "refresh_profiles",
    "say_condition",
    "segment",
    "segments",
    "write_condition",
]
