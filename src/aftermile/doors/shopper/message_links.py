"""What the pages behind a message's own addresses have in common: whose they are, how often they may be sent to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from aftermile.capabilities.brands.public import reading_brand
from aftermile.capabilities.messaging.public import LinkUnreadable, MessageLink, PreferencesLink
from aftermile.doors.shopper import answers
from aftermile.doors.shopper.faces import Face, face_of_shop
from aftermile.doors.shopper.presenters.plain import too_often
from aftermile.kernel.allowance import Allowance, spend
from aftermile.kernel.merchants import reading_merchant
from aftermile.kernel.reads import answered, side_by_side

#: Changes of one shopper's choices. Counted by shopper, never by address: mail programs unsubscribe thousands of
#: people from a few addresses of theirs, and nobody can guess a link.
PER_SHOPPER, MINUTES = 30, 10
#: Longer than all the fields of a page of choices.
LARGEST_BODY_BYTES = 8_192

Link = TypeVar("Link", MessageLink, PreferencesLink)


def opened(request: HttpRequest, token: str, read: Callable[[str], Link]) -> Link:
    """Read the token of an address.

    :raises LinkUnreadable: none of ours, or, on a shop's own host, another shop's.
    """
    link = read(token)
    if request.META.get("AFTERMILE_SHOP", link.merchant_id) != link.merchant_id:
        raise LinkUnreadable
    return link


def check_size(request: HttpRequest) -> None:
    """:raises RequestDataTooBig: more was sent than the page's fields hold."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY_BYTES:
        raise RequestDataTooBig


def count_change(merchant_id: UUID, shopper_id: UUID) -> Allowance:
    """Count a change before any work, in a transaction of its own."""
    return spend(
        "choices", str(merchant_id), str(shopper_id), limit=PER_SHOPPER, per=timedelta(minutes=MINUTES)
    )


def face_for(request: HttpRequest, languages: tuple[str, ...] = (), country: str = "") -> Face:
    """Frame a page of the open shop, in the shopper's language."""
    merchant, look = answered(side_by_side(reading_merchant(), reading_brand()))
    return face_of_shop(request, merchant, look, wishes=languages, country=country)


def wait(request: HttpRequest, face: Face, refused: Allowance) -> HttpResponse:
    """Ask to come again later."""
    values = {"said": too_often(face.tongue, refused.retry_after), "look_up": ""}
    response = answers.page(request, "shopper/plain.html", values, face, status=429)
    response["Retry-After"] = str(refused.retry_after)
    return response
