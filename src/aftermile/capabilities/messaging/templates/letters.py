"""The letters we ship: what each touchpoint says. A line with a gap that may be missing names what it needs.

Bad news comes first and plainly, with what happens next and a way to reach a person; it is sorry once. Nothing
cheerful stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from aftermile.kernel.languages import msg


@dataclass(frozen=True, slots=True)
class Say:
    """A paragraph. With `needs` (a name of the values) it stands only where that is there, else `otherwise`."""

    sentence: str
    needs: str = ""
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Put:
    """A block."""

    name: str


@dataclass(frozen=True, slots=True)
class Go:
    """A button; it stands where its address is there."""

    label: str
    address: str = "links.tracking_page"


@dataclass(frozen=True, slots=True)
class Several:
    """What a letter says instead at its head when it is about several orders."""

    subject: str
    preheader: str
    headline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one touchpoint says. `is_trouble`: the first paragraph stands in a notice.

    `needs`: it says nothing without this value, or one of these ("parcels or orders").
    """

    touchpoint: str
    subject: str
    preheader: str
    headline: str
    parts: tuple[Say | Put | Go, ...]
    purpose: str = "transactional"
    is_trouble: bool = False
    names_order: bool = True
    needs: str = ""
    several: Several | None = None


_SEE = Go(msg("See where it is"))
_SEE_ORDER = Go(msg("See your order"))
_ITEMS, _PROGRESS, _CONTACT = Put("items"), Put("progress"), Put("contact")
_EXPECTED = Say(
    msg("Now expected: {window}"),
    "parcel.window",
    msg("The carrier has not named a new day yet. We will write as soon as it does."),
)
_TOO_LATE = Say(msg("If that is too late for you, answer this message and we will find another way."))
_OFFER = Say(msg("{worth} off your next order."), "offer")
_OFFER_CODE = Say(msg("Your code: {code}"), "offer.code")
_OFFER_UNTIL = Say(msg("Valid until: {until}"), "offer.until")
_TO_SHOP = Go(msg("Have a look"), "shop.home")

_LETTERS = (
    Letter(
        touchpoint="confirmation",
        subject=msg("We have your order {number}"),
        preheader=msg("What you ordered, and what happens next."),
        headline=msg("Thank you. We have your order."),
        parts=(
            Say(msg("We are getting it ready and will write again when it leaves us.")),
            Say(msg("Promised: {promised}"), "order.window"),
            _SEE_ORDER,
            _ITEMS,
            Put("totals"),
            Put("content"),
            Put("points"),
            _CONTACT,
        ),
    ),
    Letter(
        touchpoint="founders_note",
        subject=msg("A note from {shop}"),
        preheader=msg("Thank you for your first order."),
        headline=msg("Thank you for your first order"),
        parts=(
            Say(msg("There are many shops, and you chose ours. That matters to us.")),
            Say(msg("If anything is not as you hoped, answer this message. A person reads it.")),
            Put("content"),
            _CONTACT,
        ),
        purpose="service",
        names_order=False,
    ),
    Letter(
        touchpoint="dispatched",
        subject=msg("Your order {number} has left us"),
        preheader=msg("It is with the carrier now."),
        headline=msg("Your order has left us"),
        parts=(
            Say(
                msg("Expected: {window}"),
                "parcel.window",
                msg("We will tell you once the carrier names a day."),
            ),
            _SEE,
            _PROGRESS,
            _ITEMS,
            _CONTACT,
        ),
    ),
    Letter(
        touchpoint="in_transit",
        subject=msg("Your order {number} is on its way"),
        preheader=msg("The carrier has it, and it is moving."),
        headline=msg("It is on its way to you"),
        parts=(
            Say(msg("Expected: {window}"), "parcel.window", msg("The carrier has not named a day yet.")),
            _SEE,
            _PROGRESS,
            _ITEMS,
            _CONTACT,
        ),
    ),
    Letter(
        touchpoint="arriving_soon",
        subject=msg("Your order {number} arrives soon"),
        preheader=msg("A good moment to make sure somebody is in."),
        headline=msg("It arrives soon"),
        parts=(
            Say(msg("Expected: {window}"), "parcel.window", msg("The carrier says it is close.")),
            Say(msg("If nobody is in, the carrier may leave it with a neighbor or at a pick-up point.")),
            _SEE,
            _PROGRESS,
            _ITEMS,
            _CONTACT,
        ),
    ),
    Letter(
        touchpoint="out_for_delivery",
        subject=msg("Your order {number} arrives today"),
        preheader=msg("It is on the van."),
        headline=msg("Arriving today"),
        parts=(
            Say(msg("The carrier names these hours: {hours}"), "parcel.hours", msg("It is on the van.")),
            Say(msg("If nobody is in, the carrier may leave it with a neighbor or at a pick-up point.")),
            _SEE,
            _PROGRESS,
            _ITEMS,
            _CONTACT,
        ),
    ),
    Letter(
        touchpoint="delivered",
        subject=msg("Your order {number} was delivered"),
        preheader=msg("If something is not right, write to us."),
        headline=msg("It was delivered"),
        parts=(
            Say(msg("Delivered: {day}"), "parcel.delivered_on"),
            Say(msg("Left here: {place}"), "parcel.place"),
            Say(
                msg("Not there? Look at the door, with neighbors and in the mailbox first. Then write to us.")
            ),
            _SEE_ORDER,
            _ITEMS,
            Put("content"),
            _CONTACT,
        ),
    ),
    Letter(
        touchpoint="available_for_pickup",
        subject=msg("Your order {number} is ready to collect"),
        preheader=msg("It is kept for a few days only."),
        headline=msg("Ready for you to collect"),
        parts=(
            Say(
                msg("It waits here: {place}"),
                "parcel.place",
                msg("It waits at a pick-up point of the carrier."),
            ),
            Say(msg("Take a photo ID and the tracking number with you.")),
            Say(msg("Tracking number: {tracking}"), "parcel.number"),
            Say(msg("It is kept for a few days only. After that it comes back to us.")),
            Go(msg("See where it waits")),
            _ITEMS,
            _CONTACT,
        ),
    ),
    Letter(
        touchpoint="attempt_failed",
        subject=msg("Your order {number} could not be handed over"),
        preheader=msg("What happens next, and what you can do."),
        headline=msg("The carrier came and could not deliver"),
        parts=(
            Say(msg("The parcel is safe: the carrier has taken it along.")),
            Say(
                msg(
                    "It usually comes again on the next working day, or waits at a pick-up point. Look for a note."
                )
            ),
            Go(msg("See what happens next")),
            _PROGRESS,
            _ITEMS,
            _CONTACT,
        ),
        is_trouble=True,
    ),
    Letter(
        touchpoint="delayed",
        subject=msg("Your order {number} will be late"),
        preheader=msg("What we know, and what you can do."),
        headline=msg("Your order will be later than promised"),
        parts=(
            _EXPECTED,
            Say("{reason}", "parcel.reason"),
            Say(msg("We are sorry. We are watching it, and you need not do anything.")),
            _TOO_LATE,
            _SEE,
            _PROGRESS,
            _ITEMS,
            _CONTACT,
        ),
        is_trouble=True,
    ),
    Letter(
        touchpoint="problem",
        subject=msg("There is a problem with your order {number}"),
        preheader=msg("What happened, and how we put it right."),
        headline=msg("There is a problem with your parcel"),
        parts=(
            Say("{reason}", "parcel.reason", msg("The carrier reports a problem and no details yet.")),
            Say(msg("We are sorry. We are looking into it and will put it right.")),
            _TOO_LATE,
            Go(msg("See what happened")),
            _PROGRESS,
            _ITEMS,
            _CONTACT,
        ),
        is_trouble=True,
    ),
    Letter(
        touchpoint="returning",
        subject=msg("Your order {number} is coming back to us"),
        preheader=msg("Tell us whether you still want it."),
        headline=msg("Your parcel is on its way back to us"),
        parts=(
            Say(msg("The carrier could not deliver it and is sending it back.")),
            Say(
                msg(
                    "We are sorry. Answer this message and tell us what suits you: sent again, or money back."
                )
            ),
            Go(msg("See what happened")),
            _ITEMS,
            _CONTACT,
        ),
        is_trouble=True,
    ),
    Letter(
        touchpoint="split_digest",
        needs="parcels or orders",
        subject=msg("Your order {number} comes in several parcels"),
        preheader=msg("They may arrive on different days."),
        headline=msg("Your order comes in several parcels"),
        several=Several(
            msg("News about your orders"),
            msg("All of it in one message."),
            msg("News about your orders"),
        ),
        parts=(
            Say(
                msg("Several of your orders have moved. Here is all of it in one message."),
                "orders",
                msg("They travel apart and may arrive on different days. Here is all of it in one message."),
            ),
            Put("orders"),
            Put("parcels"),
            _SEE_ORDER,
            _ITEMS,
            _CONTACT,
        ),
    ),
    Letter(
        touchpoint="care_tips",
        needs="content",
        subject=msg("How to make it last"),
        preheader=msg("A few tips for what you bought."),
        headline=msg("How to make it last"),
        parts=(
            Say(msg("A little care goes a long way. This is what we have learned.")),
            Put("content"),
            _CONTACT,
        ),
        purpose="service",
        names_order=False,
    ),
    Letter(
        touchpoint="set_up_guide",
        needs="content",
        subject=msg("How to get started"),
        preheader=msg("So that it works from the first day."),
        headline=msg("How to get started"),
        parts=(
            Say(msg("The first steps, in the order in which they help most.")),
            Put("content"),
            Say(msg("Stuck? Answer this message and tell us where.")),
            _CONTACT,
        ),
        purpose="service",
        names_order=False,
    ),
    Letter(
        touchpoint="check_in",
        subject=msg("Is everything as it should be?"),
        preheader=msg("If not, we want to know."),
        headline=msg("Is everything as it should be?"),
        parts=(
            Say(
                msg(
                    "You have had your order for a while. If something does not fit or does not work, tell us."
                )
            ),
            Say(msg("Answer this message. A person reads it.")),
            Put("survey"),
            Put("content"),
            _CONTACT,
        ),
        purpose="service",
    ),
    Letter(
        touchpoint="review_request",
        needs="extra.review_address",
        subject=msg("How do you like it?"),
        preheader=msg("Two sentences help others choose."),
        headline=msg("How do you like it?"),
        parts=(
            Say(
                msg("An honest opinion helps others choose and helps us do better. Two sentences are enough.")
            ),
            Go(msg("Write a review"), "extra.review_address"),
            _ITEMS,
            _CONTACT,
        ),
        purpose="marketing",
    ),
    Letter(
        touchpoint="survey",
        needs="survey",
        subject=msg("One question about your order"),
        preheader=msg("It takes ten seconds."),
        headline=msg("One question for you"),
        parts=(Say(msg("Choose what fits. That is all; we read every answer.")), Put("survey"), _CONTACT),
        purpose="service",
    ),
    Letter(
        touchpoint="birthday",
        subject=msg("Happy birthday from {shop}"),
        preheader=msg("All the best for your new year."),
        headline=msg("Happy birthday"),
        parts=(
            Say(msg("All of us wish you a good day and a good year.")),
            _OFFER,
            _OFFER_CODE,
            _OFFER_UNTIL,
            Go(msg("Have a look"), "offer.address"),
            Put("points"),
        ),
        purpose="marketing",
        names_order=False,
    ),
    Letter(
        touchpoint="anniversary",
        subject=msg("A year with {shop}"),
        preheader=msg("Thank you for staying with us."),
        headline=msg("It has been a year"),
        parts=(
            Say(msg("A year ago you ordered from us for the first time. Thank you for staying with us.")),
            _OFFER,
            _OFFER_CODE,
            _OFFER_UNTIL,
            Go(msg("Have a look"), "offer.address"),
            Put("points"),
        ),
        purpose="marketing",
        names_order=False,
    ),
    Letter(
        touchpoint="seasonal",
        subject=msg("New for the season at {shop}"),
        preheader=msg("A small choice that goes with what you have."),
        headline=msg("New for the season"),
        parts=(
            Say(msg("We have picked a few things that go with what you already have.")),
            Put("recommendation"),
            _OFFER,
            _OFFER_CODE,
            _OFFER_UNTIL,
            _TO_SHOP,
        ),
        purpose="marketing",
        names_order=False,
    ),
    Letter(
        touchpoint="early_access",
        subject=msg("You can see it first"),
        preheader=msg("Before everybody else."),
        headline=msg("You can see it first"),
        parts=(
            Say(msg("Something new is ready. Those who know us can see it before everybody else.")),
            Put("recommendation"),
            _TO_SHOP,
        ),
        purpose="marketing",
        names_order=False,
    ),
    Letter(
        touchpoint="win_back",
        subject=msg("It has been a while"),
        preheader=msg("What is new since your last order."),
        headline=msg("It has been a while"),
        parts=(
            Say(msg("A few things are new since you were here last. Perhaps one of them is for you.")),
            Put("recommendation"),
            _OFFER,
            _OFFER_CODE,
            _OFFER_UNTIL,
            _TO_SHOP,
            Say(msg("If we did something wrong last time, answer this message. We want to know.")),
        ),
        purpose="marketing",
        names_order=False,
    ),
    Letter(
        touchpoint="replenishment",
        subject=msg("Running low?"),
        preheader=msg("In time, before it is used up."),
        headline=msg("Running low?"),
        parts=(
            Say(
                msg("{product} should be used up soon."),
                "product",
                msg("What you ordered should be used up soon."),
            ),
            Go(msg("Order it again"), "product.address"),
            _ITEMS,
        ),
        purpose="marketing",
    ),
)

LETTERS = {letter.touchpoint: letter for letter in _LETTERS}
