"""What silences cheer: rooms say who is in trouble, and why.

A parcel in trouble is known here. A room that comes later (support: an open complaint) registers its own reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from uuid import UUID

from aftermile.capabilities.exceptions.public import shoppers_in_trouble

#: Given shoppers, those of them in trouble and a word for each trouble: a constant number of statements.
Trouble = Callable[[Collection[UUID]], Mapping[UUID, Sequence[str]]]

_sources: dict[str, Trouble] = {}


def silences(name: str) -> Callable[[Trouble], Trouble]:
    """Register a reason to say nothing cheerful; its words come as `name:word`."""

    def register(source: Trouble) -> Trouble:
        if name in _sources:
            raise ValueError(f"two sources of trouble are called {name!r}")
        _sources[name] = source
        return source

    return register


def trouble_of(shopper_ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Collect what is wrong for these shoppers, from everybody who knows."""
    found: dict[UUID, list[str]] = {}
    for name, source in _sources.items():
        for shopper_id, words in source(shopper_ids).items():
            found.setdefault(shopper_id, []).extend(f"{name}:{word}" for word in words)
    return {shopper_id: tuple(words) for shopper_id, words in found.items()}


@silences("parcel")
def _parcels(shopper_ids: Collection[UUID]) -> Mapping[UUID, Sequence[str]]:
    return {shopper_id: list(kinds) for shopper_id, kinds in shoppers_in_trouble(shopper_ids).items()}
