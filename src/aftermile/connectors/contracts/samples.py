"""Samples: small payloads a connector brings along, so that the conformance suite can try it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aftermile.connectors.contracts.facts import ProblemKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """What the conformance suite needs to know of a carrier's answers. Paths are steps joined by `/`.

    In JSON a step is a key or an index; in XML a tag (namespace left out), an index, or `@attribute`.
    Write the payloads yourself; never paste in captured ones.
    """

    answer: bytes  # one parcel with three scans or more, all with known codes and different moments
    scans: str  # where the list of scans is; in XML the path of the scan elements themselves
    code: tuple[str, ...]  # a scan's fields that decide what it means
    moment: tuple[str, ...]  # a scan's fields that say when it happened
    description: str
    place: str = ""  # the field that holds the place, or ""
    empty: bytes = b""  # the answer for a parcel that has no scans yet, where there is such an answer
    errors: Mapping[ProblemKind, bytes] = field(default_factory=dict)
    kind: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
