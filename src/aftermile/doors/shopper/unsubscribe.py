"""The page behind a message's "unsubscribe": a GET asks and changes nothing, a POST does it.

Link scanners open every address of a letter; so nothing happens before somebody presses the button, or their mail
program does it for them (RFC 8058: a POST without cookies, whose body says `List-Unsubscribe=One-Click`).
"""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from aftermile.capabilities.messaging import public as messaging
from aftermile.capabilities.messaging.public import LinkUnreadable, MessageLink, PreferencesLink, Purpose
from aftermile.capabilities.shoppers.public import ShopperNotFound
from aftermile.doors.shopper import answers
from aftermile.doors.shopper.faces import with_language
from aftermile.doors.shopper.message_links import check_size, count_change, face_for, opened, wait
from aftermile.doors.shopper.presenters.hearing import leaving
from aftermile.doors.shopper.views import kind
from aftermile.kernel.clock import now
from aftermile.kernel.tenancy import merchant_scope

_BY = "shopper"


# The address itself proves who asks; there is no cookie that a forged form could make use of.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@kind
def unsubscribe(request: HttpRequest, link: str) -> HttpResponse:
    """Ask whether to unsubscribe (GET), unsubscribe (any POST), or take it back (a POST that says `do=undo`)."""
    try:
        named = opened(request, link, messaging.read_unsubscribe_token)
        is_sent = request.method == "POST"
        if is_sent:
            check_size(request)
        # Whatever else is sent, who posts here wants out.
        back = request.POST.getlist("back") if is_sent and request.POST.get("do") == "undo" else None
    except LinkUnreadable:
        return answers.not_found(request)
    except (RequestDataTooBig, SuspiciousOperation):
        return answers.too_long(request)
    refused = count_change(named.merchant_id, named.shopper_id) if is_sent else None
    try:
        with merchant_scope(named.merchant_id):
            if refused is not None and not refused.is_granted:
                return wait(request, face_for(request), refused)
            return _answer(request, named, is_sent=is_sent, back=back)
    except (ObjectDoesNotExist, ShopperNotFound):  # gone for good, and nobody writes any more
        return answers.not_found(request)


def _answer(
    request: HttpRequest, link: MessageLink, *, is_sent: bool, back: Collection[str] | None
) -> HttpResponse:
    at = now()
    allowed = messaging.allowed_still(link=link)
    if back is not None:
        # At least what the message was: its reader may have unsubscribed by their mail program's own button.
        purposes = {link.purpose, *(Purpose(each) for each in back if each in set(Purpose))}
        messaging.resubscribe(link=link, purposes=purposes, by=_BY, at=at)
    elif is_sent:
        messaging.unsubscribe(link=link, by=_BY, at=at)
    choices = messaging.choices_of(link.shopper_id, at=at)
    face = face_for(request, choices.languages, choices.country)
    address = next((way.address for way in choices.ways if way.medium is link.medium), "")
    state = "back" if back is not None else "done" if is_sent or not allowed else "ask"
    mine = PreferencesLink(merchant_id=link.merchant_id, shopper_id=link.shopper_id)
    values = {
        "page": leaving(face.tongue, state=state, link=link, address=address, shop=face.shop),
        "state": state,
        "back": [purpose.value for purpose in allowed] if is_sent else [],
        "action": with_language(request.path, face),
        "preferences": with_language(reverse("preferences", args=[messaging.preferences_token(mine)]), face),
    }
    return answers.page(request, "shopper/unsubscribe.html", values, face, sends_to="'self'")
