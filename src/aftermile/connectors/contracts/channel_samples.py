"""Samples: what a channel brings along, so that the conformance suite can try it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aftermile.connectors.contracts.channels import Fate, Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer of the service. Header names are lower case."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSamples:
    """What the conformance suite needs to know of a channel. Write the payloads yourself.

    `receipts` are call-backs by what they tell; under None, one with a word that no table knows.
    """

    outgoing: tuple[Outgoing, ...]
    credentials: Mapping[str, str] = field(default_factory=dict)
    taken: Answer | None = None
    external_id: str = ""  # what `taken` calls the message
    address_is_dead: Answer | None = None
    receipts: Mapping[Fate | None, bytes] = field(default_factory=dict)
    dead_receipts: tuple[bytes, ...] = ()  # call-backs that say the address is dead
