"""A parcel's way in the words of a letter: the milestones it has passed, and why it is held up."""

from __future__ import annotations

from types import MappingProxyType

from aftermile.connectors.contracts.words import Cause, SubStatus
from aftermile.kernel.languages import msg

S = SubStatus

#: The way of an order, by what is told of each milestone.
STEPS = (
    ("ordered", msg("Ordered")),
    ("shipped", msg("Handed to the carrier")),
    ("in_transit", msg("On its way")),
    ("out_for_delivery", msg("Out for delivery")),
    ("delivered", msg("Delivered")),
)
WAITING = msg("Ready to collect")
HELD_UP = msg("Held up")

_ADDRESS = msg("The address seems to be wrong or incomplete. Answer this message with the right one.")
#: What holds it up, as far as the carrier says.
REASONS = MappingProxyType(
    {
        S.DAMAGED: msg("The carrier says it was damaged on the way."),
        S.LOST: msg("The carrier cannot find it."),
        S.ADDRESS_ISSUE: _ADDRESS,
        S.WEATHER_DELAY: msg("Bad weather holds it up."),
        S.REFUSED: msg("It was refused at the door."),
    }
)
REASONS_BY_CAUSE = MappingProxyType(
    {
        Cause.CUSTOMS: msg("It is held at customs."),
        Cause.WEATHER: msg("Bad weather holds it up."),
        Cause.CARRIER: msg("The carrier is running late."),
    }
)
