"""A shopper's own device: letting it show messages, and no longer; and what it runs to show them.

The browser makes a subscription with the shop's public key and gives it to us under the address of the shopper's
choices. On an installation with several shops each has a worker of its own, so that a browser can listen to all.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from aftermile.capabilities.messaging import public as messaging
from aftermile.capabilities.messaging.public import BrowserUnusable, LinkUnreadable, PreferencesLink
from aftermile.capabilities.shoppers.public import ShopperNotFound
from aftermile.doors.assets import address, assets
from aftermile.doors.shopper import answers
from aftermile.doors.shopper.brand_files import no_such_file
from aftermile.doors.shopper.message_links import check_size, count_change, face_for, opened, wait
from aftermile.doors.shopper.views import kind
from aftermile.kernel.clock import now
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id
from aftermile.kernel.tenancy import merchant_scope

_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


@dataclass(frozen=True, slots=True)
class Device:
    """What the script of the page needs. `known`: the shopper's devices, as digests of their endpoints."""

    script: str
    worker: str
    key: str
    known: str
    action: str


def device_of(link: PreferencesLink) -> Device | None:
    """Offer to show messages; None where the shop sends none to browsers."""
    key = messaging.browser_key()
    if not key:
        return None
    return Device(
        script=address("shopper/device.js"),
        worker=reverse("device-worker", args=[public_id("mer", link.merchant_id)]),
        key=key,
        known=" ".join(messaging.browsers_of(link.shopper_id)),
        action=reverse("device", args=[messaging.preferences_token(link)]),
    )


# The address itself proves who asks; there is no cookie that a forged form could make use of.
@csrf_exempt
@require_POST
@kind
def device(request: HttpRequest, link: str) -> HttpResponse:
    """Let a device show messages (`do=on`), or no longer (`do=off`): 204, or 422 where it cannot be reached."""
    try:
        named = opened(request, link, messaging.read_preferences_token)
        check_size(request)
        sent = request.POST
    except LinkUnreadable:
        return answers.not_found(request)
    except (RequestDataTooBig, SuspiciousOperation):
        return answers.too_long(request)
    refused = count_change(named.merchant_id, named.shopper_id)
    try:
        with merchant_scope(named.merchant_id):
            if not refused.is_granted:
                return wait(request, face_for(request), refused)
            return _answer(named, sent)
    except (ObjectDoesNotExist, ShopperNotFound):
        return answers.not_found(request)


@require_safe
def worker(request: HttpRequest, merchant: str) -> HttpResponse:  # noqa: ARG001
    """Send what a browser runs when a message arrives. Its address is for good and is where its power ends."""
    try:
        read_public_id("mer", merchant)
    except BadPublicId:
        return no_such_file()
    file = assets()["shopper/worker.js"]
    headers = _HEADERS | {"Cache-Control": "no-cache"}
    return HttpResponse(file.content, content_type=file.content_type, headers=headers)


def _answer(link: PreferencesLink, sent: QueryDict) -> HttpResponse:
    endpoint = sent.get("endpoint", "")
    if sent.get("do") == "off":
        messaging.unsubscribe_browser(endpoint=endpoint)
        return HttpResponse(status=204, headers=_HEADERS)
    try:
        if sent.get("do") != "on" or not messaging.browser_key():
            raise BrowserUnusable
        messaging.subscribe_browser(
            shopper_id=link.shopper_id,
            endpoint=endpoint,
            p256dh=sent.get("p256dh", ""),
            auth=sent.get("auth", ""),
            at=now(),
        )
    except BrowserUnusable as unusable:
        return HttpResponse(unusable.message, status=422, content_type="text/plain", headers=_HEADERS)
    return HttpResponse(status=204, headers=_HEADERS)
