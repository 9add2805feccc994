"""The page on which a shopper chooses what they hear: purpose by purpose, medium by medium, and when.

Its address is the shopper's own and stands in every message. It works for years; who has it is who got the letter.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from aftermile.capabilities.messaging import public as messaging
from aftermile.capabilities.messaging.public import (
    OPTIONAL,
    Choices,
    LinkUnreadable,
    Preferences,
    PreferencesLink,
    Purpose,
)
from aftermile.capabilities.shoppers.public import ShopperNotFound
from aftermile.connectors.contracts.channels import Medium
from aftermile.doors.shopper import answers
from aftermile.doors.shopper.device import Device, device_of
from aftermile.doors.shopper.faces import Face, with_language
from aftermile.doors.shopper.message_links import check_size, count_change, face_for, opened, wait
from aftermile.doors.shopper.presenters.choices import (
    AS_THE_SHOP,
    OWN,
    ChoicesPage,
    choices_page,
    field_of,
)
from aftermile.doors.shopper.presenters.hearing import PURPOSES
from aftermile.doors.shopper.views import kind
from aftermile.kernel.calendars import CalendarUnknown, zone_of
from aftermile.kernel.clock import now
from aftermile.kernel.languages import LANGUAGES
from aftermile.kernel.tenancy import merchant_scope

_BY = "shopper"
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


class _TimesUnreadable(ValueError):
    """The quiet hours are no two times of day."""


# The address itself proves who asks; there is no cookie that a forged form could make use of.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@kind
def preferences(request: HttpRequest, link: str) -> HttpResponse:
    """Show what a shopper hears, and keep what they choose: with a way back on the answer."""
    try:
        named = opened(request, link, messaging.read_preferences_token)
        sent = None
        if request.method == "POST":
            check_size(request)
            sent = request.POST
    except LinkUnreadable:
        return answers.not_found(request)
    except (RequestDataTooBig, SuspiciousOperation):
        return answers.too_long(request)
    refused = count_change(named.merchant_id, named.shopper_id) if sent is not None else None
    try:
        with merchant_scope(named.merchant_id):
            if refused is not None and not refused.is_granted:
                return wait(request, face_for(request), refused)
            return _answer(request, named, sent)
    except (ObjectDoesNotExist, ShopperNotFound):  # gone for good, and nobody writes any more
        return answers.not_found(request)


def _answer(request: HttpRequest, link: PreferencesLink, sent: QueryDict | None) -> HttpResponse:
    at = now()
    before = messaging.choices_of(link.shopper_id, at=at)
    face = face_for(request, before.languages, before.country)
    shown_before = choices_page(before, face.tongue, at=at)
    if sent is None:
        return _page(request, face, shown_before, device=device_of(link))
    only_orders = sent.get("do") == "only"
    try:
        wishes = before.wishes if only_orders else _wishes(sent, before)
    except _TimesUnreadable:
        typed = replace(
            shown_before,
            quiet=OWN,
            quiet_from=sent.get("quiet_from", "")[:8],
            quiet_until=sent.get("quiet_until", "")[:8],
        )
        return _page(request, face, typed, device=device_of(link), problem="times")
    # A browser that was let in after the page was opened was not asked about on it.
    shown = set(sent.getlist("shown")) if "shown" in sent else set(Medium)
    messaging.choose(
        shopper_id=link.shopper_id,
        allows={
            (way.medium, purpose): not only_orders and field_of(way.medium, purpose) in sent
            for way in before.ways
            if only_orders or way.medium in shown
            for purpose in OPTIONAL
        },
        wishes=wishes,
        proofs={purpose: _proof(purpose, face) for purpose in OPTIONAL},
        by=_BY,
        at=at,
    )
    after = messaging.choices_of(link.shopper_id, at=at)
    # What was just chosen decides in which language it is confirmed.
    face = face_for(request, after.languages, after.country)
    return _page(
        request,
        face,
        choices_page(after, face.tongue, at=at),
        device=device_of(link),
        kept="undone" if sent.get("do") == "undo" else "kept",
        undo=() if sent.get("do") == "undo" else _fields(shown_before),
    )


def _page(
    request: HttpRequest,
    face: Face,
    page: ChoicesPage,
    *,
    device: Device | None,
    kept: str = "",
    undo: tuple[tuple[str, str], ...] = (),
    problem: str = "",
) -> HttpResponse:
    values = {
        "page": page,
        "device": device,
        "kept": kept,
        "undo": undo,
        "problem": problem,
        "action": with_language(request.path, face),
    }
    return answers.page(
        request, "shopper/preferences.html", values, face, sends_to="'self'", runs=device is not None
    )


def _wishes(sent: QueryDict, before: Choices) -> Preferences:
    """:raises _TimesUnreadable: own quiet hours that are no times."""
    media, first = before.wishes.media, sent.get("first", "")
    reached = [way.medium for way in before.ways]
    if first in reached and Medium(first) is not reached[0]:
        media = tuple(dict.fromkeys((Medium(first), *reached)))
    quiet_from, quiet_until = _quiet(sent)
    language, zone = sent.get("language", ""), sent.get("zone", "")
    return Preferences(
        media=media,
        language=language if language in LANGUAGES else "",
        time_zone=zone if _is_zone(zone) else "",
        quiet_from=quiet_from,
        quiet_until=quiet_until,
    )


def _quiet(sent: QueryDict) -> tuple[time | None, time | None]:
    match sent.get("quiet", AS_THE_SHOP):
        case "own":
            given = [_TIME.fullmatch(sent.get(name, "").strip()) for name in ("quiet_from", "quiet_until")]
            start, end = (time(int(each[1]), int(each[2])) if each else None for each in given)
            if start is None or end is None:
                raise _TimesUnreadable
            return start, end
        case "none":
            return time(0), time(0)
        case _:
            return None, None


def _is_zone(zone: str) -> bool:
    try:
        zone_of(zone)
    except CalendarUnknown:
        return False
    return True


def _fields(page: ChoicesPage) -> tuple[tuple[str, str], ...]:
    """Write a page's state as the fields its form would send: sent again, they bring it back."""
    ticks = [(tick.name, "on") for each in page.kinds for tick in each.ticks if tick.is_on]
    chosen = [
        (name, option.value)
        for name, options in (("first", page.media), ("language", page.languages), ("zone", page.zones))
        for option in options
        if option.is_chosen
    ]
    quiet = [("quiet", page.quiet), ("quiet_from", page.quiet_from), ("quiet_until", page.quiet_until)]
    return (*(("shown", medium) for medium in page.shown), *ticks, *chosen, *quiet)


def _proof(purpose: Purpose, face: Face) -> str:
    """Say how we know, with the words that were read."""
    return f"chosen on the page of their choices, beside: {face.tongue.say(PURPOSES[purpose][0])}"
