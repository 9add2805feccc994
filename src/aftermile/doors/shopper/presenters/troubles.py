"""What a page says when something is wrong: one entry per trouble of the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.shopper.presenters.tone import Tone
from aftermile.kernel.languages import msg

S = SubStatus


@dataclass(frozen=True, slots=True)
class Trouble:
    """A state that asks for attention: what it is, what it means, what to do.

    `{shop}` and `{carrier}` are filled in; `mark` is the word on the progress line, `next_steps` are whole sentences.
    """

    tone: Tone
    headline: str
    mark: str
    meaning: str
    next_steps: tuple[str, ...]


_WRITE = msg("Write to {shop} and name your order number.")
_WAIT = msg("You do not need to do anything: this page changes as soon as the carrier reports something new.")
_IF_STUCK = msg("If nothing moves for two working days, write to {shop}.")
_MAKE_GOOD = msg("Write to {shop} and ask for a replacement or your money back.")
_NOT_YOURS_TO_SEARCH = msg("You need not search for it yourself.")
_AGAIN = msg("Most carriers come again on the next working day or leave the parcel at a pick-up point.")
_SEE_HISTORY = msg("What the carrier plans stands in the journey below.")
_TAKEN_ALONG = msg("The driver took the parcel along again.")
_LATE = msg("Your parcel is running late")

TROUBLES: Mapping[SubStatus, Trouble] = {
    S.EXCEPTION: Trouble(
        Tone.WATCH,
        msg("The carrier reports a problem"),
        msg("Problem"),
        msg("{carrier} has noted a problem without saying which."),
        (_WAIT, _IF_STUCK),
    ),
    S.DELAYED: Trouble(Tone.WATCH, _LATE, msg("Delayed"), msg("{carrier} reports a delay."), (_WAIT,)),
    S.PROCESSING_DELAY: Trouble(
        Tone.WATCH, _LATE, msg("Delayed"), msg("{carrier} needs longer than usual to sort it."), (_WAIT,)
    ),
    S.WEATHER_DELAY: Trouble(
        Tone.WATCH,
        msg("Your parcel is held up by the weather"),
        msg("Held up"),
        msg("{carrier} cannot drive or fly as planned."),
        (_WAIT,),
    ),
    S.LATE_FLIGHT: Trouble(
        Tone.WATCH, _LATE, msg("Delayed"), msg("The plane or truck it travels on is late."), (_WAIT,)
    ),
    S.HELD: Trouble(
        Tone.WATCH,
        msg("Your parcel is held by the carrier"),
        msg("Held"),
        msg("{carrier} has stopped it for now."),
        (_WAIT, _IF_STUCK),
    ),
    S.CUSTOMS_DELAY: Trouble(
        Tone.WATCH,
        msg("Your parcel is held at customs"),
        msg("At customs"),
        msg("Customs wants to see something before the parcel may go on. That takes a few days at times."),
        (
            msg("If customs or the carrier writes to you, answer soon."),
            msg("Papers of the sender come from {shop}."),
        ),
    ),
    S.DOCUMENTS_MISSING: Trouble(
        Tone.WATCH,
        msg("Papers are missing for your parcel"),
        msg("Papers missing"),
        msg("{carrier} needs papers before the parcel may go on."),
        (msg("They come from {shop}. If you are asked for something yourself, answer soon."),),
    ),
    S.HELD_FOR_PAYMENT: Trouble(
        Tone.WATCH,
        msg("A charge has to be paid first"),
        msg("Held for payment"),
        msg("{carrier} holds the parcel until a charge such as duty is paid."),
        (
            msg("The carrier will ask you for it."),
            msg("Pay only at the door or on the carrier's own page, never by a link in a text message."),
        ),
    ),
    S.ADDRESS_ISSUE: Trouble(
        Tone.WATCH,
        msg("The address could not be found"),
        msg("Address unclear"),
        msg("{carrier} could not find the address, or a part of it is missing."),
        (msg("Write to {shop} soon with the full address, with floor and name at the door."),),
    ),
    S.SHOPPER_MOVED: Trouble(
        Tone.WATCH,
        msg("Nobody of your name lives at the address"),
        msg("Address unclear"),
        msg("{carrier} has noted that you have moved."),
        (msg("Write to {shop} soon with your present address."),),
    ),
    S.REFUSED: Trouble(
        Tone.WATCH,
        msg("The delivery was refused"),
        msg("Refused"),
        msg("{carrier} has noted that the parcel was not accepted at the door."),
        (
            msg("If that was meant, there is nothing to do: it goes back to {shop}."),
            msg("If not, write to {shop} today."),
        ),
    ),
    S.PICKUP_MISSED: Trouble(
        Tone.WATCH,
        msg("The time to collect it is over"),
        msg("Not collected"),
        msg("The parcel was not collected in time and goes back to {shop}."),
        (msg("Write to {shop} if you still want it."),),
    ),
    S.REJECTED_BY_CARRIER: Trouble(
        Tone.WATCH,
        msg("The carrier did not take the parcel"),
        msg("Not taken"),
        msg("{carrier} sent it back to {shop} without carrying it."),
        (_WRITE,),
    ),
    S.DAMAGED: Trouble(
        Tone.BAD,
        msg("Your parcel was damaged on its way"),
        msg("Damaged"),
        msg("{carrier} has noted damage."),
        (_MAKE_GOOD,),
    ),
    S.LOST: Trouble(
        Tone.BAD,
        msg("Your parcel is lost"),
        msg("Lost"),
        msg("{carrier} searched for it and did not find it."),
        (_MAKE_GOOD, _NOT_YOURS_TO_SEARCH),
    ),
    S.DISPOSED: Trouble(
        Tone.BAD,
        msg("Your parcel was disposed of"),
        msg("Disposed of"),
        msg("{carrier} could neither deliver it nor send it back."),
        (_MAKE_GOOD,),
    ),
    S.ATTEMPT_FAILED: Trouble(
        Tone.WATCH,
        msg("The carrier came and could not deliver"),
        msg("Not delivered"),
        _TAKEN_ALONG,
        (_AGAIN, _SEE_HISTORY),
    ),
    S.ADDRESSEE_UNAVAILABLE: Trouble(
        Tone.WATCH,
        msg("Nobody was in when the carrier came"),
        msg("Nobody in"),
        _TAKEN_ALONG,
        (_AGAIN, _SEE_HISTORY),
    ),
    S.BUSINESS_CLOSED: Trouble(
        Tone.WATCH,
        msg("The address was closed when the carrier came"),
        msg("Closed"),
        _TAKEN_ALONG,
        (msg("It comes again on a working day."), _SEE_HISTORY),
    ),
    S.RETURNING: Trouble(
        Tone.WATCH,
        msg("Your parcel is on its way back to {shop}"),
        msg("Going back"),
        msg("{carrier} could not deliver it."),
        (msg("If you still want it, write to {shop} and ask to have it sent again."),),
    ),
    S.RETURNED: Trouble(
        Tone.BAD,
        msg("Your parcel went back to {shop}"),
        msg("Back at the shop"),
        msg("It could not be delivered and is with {shop} again."),
        (msg("Write to {shop} to have it sent again or to get your money back."),),
    ),
    S.CANCELLED: Trouble(
        Tone.WATCH,
        msg("This delivery was called off"),
        msg("Called off"),
        msg("{carrier} was told not to deliver it."),
        (_WRITE,),
    ),
    S.EXPIRED: Trouble(
        Tone.WATCH,
        msg("There has been no news for a long time"),
        msg("No news"),
        msg("{carrier} has not scanned the parcel for weeks."),
        (msg("If it is not with you, write to {shop} and ask to have it searched for."),),
    ),
}
