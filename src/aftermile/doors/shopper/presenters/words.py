"""What a page says of each sub-status. `{shop}` and `{carrier}` are filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from aftermile.connectors.contracts.words import SubStatus

S = SubStatus


class Tone(StrEnum):
    """How a state is shown. The page says it in words and by shape as well."""

    CALM = "calm"
    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A state that asks for attention: what it is, what it means, what to do.

    `clause` goes on after "Parcel 2 ..."; `mark` is the word on the progress line.
    """

    tone: Tone
    headline: str
    clause: str
    mark: str
    meaning: str
    next_step: str


_WRITE = "Write to {shop} and name your order number."
_WAIT = "You do not need to do anything: this page changes as soon as the carrier reports something new."
_MAKE_GOOD = (
    "Write to {shop} and ask for a replacement or your money back. You need not search for it yourself."
)

TROUBLES: Mapping[SubStatus, Trouble] = {
    S.EXCEPTION: Trouble(
        Tone.WATCH, "The carrier reports a problem", "has a problem on its way", "Problem",
        "{carrier} has noted a problem without saying which.",
        _WAIT + " If nothing moves for two working days, write to {shop}.",
    ),
    S.DELAYED: Trouble(
        Tone.WATCH, "Your parcel is running late", "is running late", "Delayed", "{carrier} reports a delay.", _WAIT
    ),
    S.PROCESSING_DELAY: Trouble(
        Tone.WATCH, "Your parcel is running late", "is running late", "Delayed",
        "{carrier} needs longer than usual to sort it.", _WAIT,
    ),
    S.WEATHER_DELAY: Trouble(
        Tone.WATCH, "Your parcel is held up by the weather", "is held up by the weather", "Held up",
        "{carrier} cannot drive or fly as planned.", _WAIT,
    ),
    S.LATE_FLIGHT: Trouble(
        Tone.WATCH, "Your parcel is running late", "is running late", "Delayed",
        "The plane or truck it travels on is late.", _WAIT,
    ),
    S.HELD: Trouble(
        Tone.WATCH, "Your parcel is held by the carrier", "is held by the carrier", "Held",
        "{carrier} has stopped it for now.",
        _WAIT + " If it stays there for two working days, write to {shop}.",
    ),
    S.CUSTOMS_DELAY: Trouble(
        Tone.WATCH, "Your parcel is held at customs", "is held at customs", "At customs",
        "Customs wants to see something before the parcel may go on. That takes a few days at times.",
        "If customs or {carrier} writes to you, answer soon. Papers of the sender come from {shop}.",
    ),
    S.DOCUMENTS_MISSING: Trouble(
        Tone.WATCH, "Papers are missing for your parcel", "is waiting for papers", "Papers missing",
        "{carrier} needs papers before the parcel may go on.",
        "They come from {shop}. If you are asked for something yourself, answer soon.",
    ),
    S.HELD_FOR_PAYMENT: Trouble(
        Tone.WATCH, "A charge has to be paid first", "is held until a charge is paid", "Held for payment",
        "{carrier} holds the parcel until a charge such as duty is paid.",
        "{carrier} will ask you for it. Pay only at the door or on the carrier's own page, never by a link in a"
        " text message.",
    ),
    S.ADDRESS_ISSUE: Trouble(
        Tone.WATCH, "The address could not be found", "could not be brought to its address", "Address unclear",
        "{carrier} could not find the address, or a part of it is missing.",
        "Write to {shop} soon with the full address, with floor and name at the door.",
    ),
    S.SHOPPER_MOVED: Trouble(
        Tone.WATCH, "Nobody of your name lives at the address", "could not be brought to its address",
        "Address unclear", "{carrier} has noted that you have moved.",
        "Write to {shop} soon with your present address.",
    ),
    S.REFUSED: Trouble(
        Tone.WATCH, "The delivery was refused", "was refused at the door", "Refused",
        "{carrier} has noted that the parcel was not accepted at the door.",
        "If that was meant, there is nothing to do: it goes back to {shop}. If not, write to {shop} today.",
    ),
    S.PICKUP_MISSED: Trouble(
        Tone.WATCH, "The time to collect it is over", "was not collected in time", "Not collected",
        "The parcel was not collected in time and goes back to {shop}.",
        "Write to {shop} if you still want it.",
    ),
    S.REJECTED_BY_CARRIER: Trouble(
        Tone.WATCH, "The carrier did not take the parcel", "was not taken by the carrier", "Not taken",
        "{carrier} sent it back to {shop} without carrying it.", _WRITE,
    ),
    S.DAMAGED: Trouble(
        Tone.BAD, "Your parcel was damaged on its way", "was damaged on its way", "Damaged",
        "{carrier} has noted damage.", _MAKE_GOOD,
    ),
    S.LOST: Trouble(
        Tone.BAD, "Your parcel is lost", "is lost", "Lost", "{carrier} searched for it and did not find it.", _MAKE_GOOD
    ),
    S.DISPOSED: Trouble(
        Tone.BAD, "Your parcel was disposed of", "was disposed of", "Disposed of",
        "{carrier} could neither deliver it nor send it back.", _MAKE_GOOD,
    ),
    S.ATTEMPT_FAILED: Trouble(
        Tone.WATCH, "The carrier came and could not deliver", "could not be delivered yet", "Not delivered",
        "{carrier} stood at the door and took the parcel along again.",
        "Most carriers come again on the next working day or leave the parcel at a pick-up point. What"
        " {carrier} plans stands in the history below.",
    ),
    S.ADDRESSEE_UNAVAILABLE: Trouble(
        Tone.WATCH, "Nobody was in when the carrier came", "could not be delivered yet", "Nobody in",
        "{carrier} took the parcel along again.",
        "Most carriers come again on the next working day or leave the parcel at a pick-up point. What"
        " {carrier} plans stands in the history below.",
    ),
    S.BUSINESS_CLOSED: Trouble(
        Tone.WATCH, "The address was closed when the carrier came", "could not be delivered yet", "Closed",
        "{carrier} took the parcel along again.",
        "It comes again on a working day. What {carrier} plans stands in the history below.",
    ),
    S.RETURNING: Trouble(
        Tone.WATCH, "Your parcel is on its way back to {shop}", "is on its way back to {shop}", "Going back",
        "{carrier} could not deliver it.",
        "If you still want it, write to {shop} and ask to have it sent again.",
    ),
    S.RETURNED: Trouble(
        Tone.BAD, "Your parcel went back to {shop}", "went back to {shop}", "Back at the shop",
        "It could not be delivered and is with {shop} again.",
        "Write to {shop} to have it sent again or to get your money back.",
    ),
    S.CANCELLED: Trouble(
        Tone.WATCH, "This delivery was called off", "was called off", "Called off",
        "{carrier} was told not to deliver it.", _WRITE,
    ),
    S.EXPIRED: Trouble(
        Tone.WATCH, "There has been no news for a long time", "has not been scanned for a long time", "No news",
        "{carrier} has not scanned the parcel for weeks.",
        "If it is not with you, write to {shop} and ask to have it searched for.",
    ),
}  # fmt: skip

#: A scan in the shopper's words. What is not in here is told by its trouble, or by the carrier alone.
SCANS: Mapping[SubStatus, str] = {
    S.PENDING: "Known to the carrier",
    S.LABEL_CREATED: "Announced to the carrier",
    S.IN_TRANSIT: "On its way",
    S.ACCEPTED: "Handed to the carrier",
    S.ARRIVED_AT_FACILITY: "Arrived at the sorting center",
    S.DEPARTED_FACILITY: "Left the sorting center",
    S.ARRIVED_IN_DESTINATION_COUNTRY: "Arrived in the country of delivery",
    S.CUSTOMS_STARTED: "Presented to customs",
    S.CUSTOMS_CLEARED: "Released by customs",
    S.PROBLEM_RESOLVED: "The journey goes on",
    S.FORWARDED: "Forwarded to another address",
    S.OUT_FOR_DELIVERY: "Out for delivery",
    S.SHOPPER_CONTACTED: "The carrier has written to you about the delivery",
    S.APPOINTMENT_SCHEDULED: "A time for the delivery was agreed",
    S.AVAILABLE_FOR_PICKUP: "Ready to be collected",
    S.ATTEMPT_FAILED: "Delivery was tried",
    S.ADDRESSEE_UNAVAILABLE: "Delivery was tried, nobody was in",
    S.BUSINESS_CLOSED: "Delivery was tried, the address was closed",
    S.DELIVERED: "Delivered",
    S.PICKED_UP_BY_SHOPPER: "Collected",
    S.SIGNED: "Delivered and signed for",
    S.COD_RECEIVED: "Delivered and paid for",
    S.LEFT_WITH_NEIGHBOR: "Left with a neighbor",
    S.EXCEPTION: "A problem was noted",
    S.DELAYED: "Delayed",
    S.PROCESSING_DELAY: "Sorting takes longer",
    S.WEATHER_DELAY: "Held up by the weather",
    S.LATE_FLIGHT: "Delayed on the way",
    S.HELD: "Held by the carrier",
    S.CUSTOMS_DELAY: "Held at customs",
    S.DOCUMENTS_MISSING: "Papers are missing",
    S.HELD_FOR_PAYMENT: "Held until a charge is paid",
    S.ADDRESS_ISSUE: "The address could not be found",
    S.SHOPPER_MOVED: "The address could not be found",
    S.REFUSED: "Refused at the door",
    S.PICKUP_MISSED: "Not collected in time",
    S.REJECTED_BY_CARRIER: "Not taken by the carrier",
    S.DAMAGED: "Damage was noted",
    S.LOST: "Declared lost",
    S.DISPOSED: "Disposed of",
    S.RETURNING: "On its way back",
    S.RETURNED: "Back with the sender",
    S.CANCELLED: "Called off",
    S.EXPIRED: "No news for a long time",
}

#: How a delivery is told: (in the headline, in a clause).
DELIVERIES: Mapping[SubStatus, tuple[str, str]] = {
    S.LEFT_WITH_NEIGHBOR: ("Left with a neighbor", "was left with a neighbor"),
    S.PICKED_UP_BY_SHOPPER: ("Collected", "was collected"),
}
