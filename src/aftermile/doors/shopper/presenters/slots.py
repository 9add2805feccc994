"""Rooms on the tracking page that other parts of the house fill: nothing is shown where nobody does.

A provider is a function from an order and a tongue to a slot, registered for one of the named places:

    @fills("returns")
    def return_link(order: OrderView, tongue: Tongue) -> Slot | None: ...
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aftermile.capabilities.orders.public import OrderView
from aftermile.kernel.languages import Tongue

#: The places of the page, in the order in which they stand on it.
PLACES = ("notifications", "returns", "content", "recommendations")


@dataclass(frozen=True, slots=True)
class Slot:
    """What a provider shows: a template of its own and the plain values it needs."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


Provider = Callable[[OrderView, Tongue], Slot | None]
_providers: dict[str, list[Provider]] = {place: [] for place in PLACES}


def fills(place: str) -> Callable[[Provider], Provider]:
    """Register a provider for one of the `PLACES`."""

    def register(provider: Provider) -> Provider:
        _providers[place].append(provider)
        return provider

    return register


def filled(order: OrderView, tongue: Tongue) -> dict[str, Sequence[Slot]]:
    """Ask every provider what it shows for an order; places with nothing are left out."""
    found: dict[str, Sequence[Slot]] = {}
    for place, providers in _providers.items():
        slots = [slot for slot in (provider(order, tongue) for provider in providers) if slot is not None]
        if slots:
            found[place] = slots
    return found
