"""Pages that only say something: a wrong address, an erased order, a mistake of ours. Each says whether anything was lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aftermile.doors.shopper.presenters.waiting import come_again
from aftermile.kernel.languages import Tongue, msg


@dataclass(frozen=True, slots=True)
class PlainPage:
    title: str
    sentences: tuple[str, ...]


Saying = Callable[[Tongue], PlainPage]

_NOT_FOUND = (
    msg("There is no page at this address"),
    msg(
        "Perhaps a part of the link was cut off. Open it once more from the message you were sent, or copy it in full."
    ),
    msg("Nothing is lost: your order and your parcel are where they were."),
)
_ERASED = (
    msg("This order was erased"),
    msg("What was personal in it was deleted for good, because its owner asked for it or its time had come."),
    msg("Nothing else is lost. If you have questions about it, write to {shop}."),
)
_FAILED = (
    msg("Something went wrong on our side"),
    msg("It is not your doing, and nothing is lost. It was noted and will be looked at."),
    msg("Please try again in a minute."),
)
_AWAY = (
    msg("We cannot look right now"),
    msg("This page is away for a moment. Nothing is lost, and your parcel travels on."),
    msg("Please try again in a minute."),
)
_TOO_LONG = (
    msg("What was sent is too long to be read"),
    msg("Perhaps the link was mixed up with other text. Open it once more from the message you were sent."),
    msg("Nothing is lost and nothing was changed."),
)


def not_found(tongue: Tongue) -> PlainPage:
    """Say that an address is none."""
    return _page(_NOT_FOUND, tongue)


def erased(tongue: Tongue, shop: str) -> PlainPage:
    """Say that an order was erased."""
    return _page(_ERASED, tongue, shop=shop)


def failed(tongue: Tongue) -> PlainPage:
    """Say that we made a mistake."""
    return _page(_FAILED, tongue)


def away(tongue: Tongue) -> PlainPage:
    """Say that the database is away."""
    return _page(_AWAY, tongue)


def too_long(tongue: Tongue) -> PlainPage:
    """Say that a request was too long."""
    return _page(_TOO_LONG, tongue)


def too_often(tongue: Tongue, seconds: int) -> PlainPage:
    """Say that somebody has to wait."""
    return PlainPage(
        tongue.say("Too many tries for now"),
        (come_again(seconds, tongue), tongue.say("Nothing is lost and nothing was changed.")),
    )


def _page(sentences: tuple[str, ...], tongue: Tongue, **names: object) -> PlainPage:
    title, *rest = (tongue.say(each, **names) for each in sentences)
    return PlainPage(title, tuple(rest))
