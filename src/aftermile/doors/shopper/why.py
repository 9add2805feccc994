"""The page behind a message's "Why did I get this?"."""

from __future__ import annotations

from contextlib import suppress

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from aftermile.capabilities.messaging import public as messaging
from aftermile.capabilities.messaging.public import (
    LinkUnreadable,
    MessageLink,
    MessageNotFound,
    PreferencesLink,
    Purpose,
)
from aftermile.capabilities.shoppers.public import ShopperNotFound
from aftermile.doors.shopper import answers
from aftermile.doors.shopper.faces import with_language
from aftermile.doors.shopper.message_links import face_for, opened
from aftermile.doors.shopper.presenters.reasons import reasons_page
from aftermile.doors.shopper.views import kind
from aftermile.kernel.calendars import zone_of
from aftermile.kernel.clock import now
from aftermile.kernel.tenancy import merchant_scope


@require_safe
@kind
def why(request: HttpRequest, link: str) -> HttpResponse:
    """Say why a message came: in a sentence, also when the message itself is no longer kept, and what was checked."""
    try:
        named = opened(request, link, messaging.read_why_token)
        with merchant_scope(named.merchant_id):
            return _answer(request, named)
    except (LinkUnreadable, ObjectDoesNotExist, ShopperNotFound):
        return answers.not_found(request)


def _answer(request: HttpRequest, link: MessageLink) -> HttpResponse:
    choices = messaging.choices_of(link.shopper_id, at=now())
    face = face_for(request, choices.languages, choices.country)
    view, subject = None, ""
    with suppress(MessageNotFound):
        view = messaging.message(link.message_id)
        said = messaging.content(link.message_id)
        subject = said.subject if said else ""
    mine = PreferencesLink(merchant_id=link.merchant_id, shopper_id=link.shopper_id)
    preferences = reverse("preferences", args=[messaging.preferences_token(mine)])
    unsubscribe = reverse("unsubscribe", args=[messaging.unsubscribe_token(link)])
    values = {
        "page": reasons_page(
            face.tongue,
            purpose=link.purpose,
            shop=face.shop,
            view=view,
            subject=subject,
            zone=zone_of(choices.wishes.time_zone or choices.time_zone),
        ),
        "preferences": with_language(preferences, face),
        "unsubscribe": with_language(unsubscribe, face) if link.purpose is not Purpose.TRANSACTIONAL else "",
    }
    return answers.page(request, "shopper/why.html", values, face)
