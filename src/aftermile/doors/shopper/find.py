"""The look-up: an order by its number and one thing only its shopper knows, or a parcel by its number.

A wrong guess is answered alike whatever was wrong, after the same work, and guesses are counted by address and
by number, so that neither one order nor many can be tried out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from aftermile.capabilities.brands.public import reading_brand
from aftermile.capabilities.orders.public import find_order_page
from aftermile.capabilities.shipments.public import ParcelView, number_key, parcels_by_number
from aftermile.doors.clients import client_address
from aftermile.doors.shopper import answers
from aftermile.doors.shopper.faces import Face, face_of_shop, with_language
from aftermile.doors.shopper.presenters.found import found_parcel
from aftermile.doors.shopper.presenters.waiting import come_again
from aftermile.doors.shopper.views import kind
from aftermile.kernel.allowance import Allowance, spend
from aftermile.kernel.clock import now
from aftermile.kernel.ids import BadPublicId, read_public_id
from aftermile.kernel.merchants import MerchantView, reading_merchant
from aftermile.kernel.reads import answered, side_by_side
from aftermile.kernel.tenancy import merchant_scope

#: Tries from one address, for orders and parcels together: a family behind one connection, not a list of numbers.
PER_ADDRESS, ADDRESS_MINUTES = 20, 10
#: Tries at one order number from wherever: typing errors, not all postcodes of a town.
PER_NUMBER, NUMBER_MINUTES = 8, 60
#: Longer than what anybody types into three fields.
LARGEST_BODY_BYTES = 8_192
_FIELDS = {"number": 80, "contact": 200, "tracking": 80}


@dataclass(frozen=True, slots=True)
class _Typed:
    number: str = ""
    contact: str = ""
    tracking: str = ""


# Nothing is changed and no cookie is read: a form sent from elsewhere gains nothing by it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@kind
def find(request: HttpRequest, merchant: str = "") -> HttpResponse:
    """Look an order or a parcel up. On a shop's own host `merchant` is not named."""
    try:
        merchant_id = read_public_id("mer", merchant) if merchant else request.META["AFTERMILE_SHOP"]
        typed = _typed(request)
    except (BadPublicId, KeyError):
        return answers.not_found(request)
    except (RequestDataTooBig, SuspiciousOperation):
        return answers.too_long(request)
    refused = None if typed is None else _count(request, merchant_id, typed)
    try:
        with merchant_scope(merchant_id):
            return _answer(request, typed, refused)
    except ObjectDoesNotExist:  # an id that is well-formed and no shop's
        return answers.not_found(request)


def _answer(request: HttpRequest, typed: _Typed | None, refused: Allowance | None) -> HttpResponse:
    merchant, look = answered(side_by_side(reading_merchant(), reading_brand()))
    face = face_of_shop(request, merchant, look)
    if typed is None:
        # A link may bring what the shopper would type (a shop's own mail): it fills the form and asks nothing.
        given = {name: request.GET.get(name, "")[:most] for name, most in _FIELDS.items()}
        return _form(request, face, _Typed(**given))
    if refused is not None:
        return _wait(request, face, typed, refused)
    missing = _missing(typed)
    if missing:
        return _form(request, face, typed, missing=missing)
    if typed.tracking:
        parcel = _parcel(typed.tracking)
        return (
            _form(request, face, typed, problem="no_parcel")
            if parcel is None
            else _found(request, face, parcel, merchant)
        )
    token = find_order_page(number=typed.number, contact=typed.contact, country=merchant.country)
    if token is None:
        return _form(request, face, typed, problem="no_match")
    response = HttpResponseRedirect(with_language(reverse("tracking-page", args=[token]), face))
    response.status_code = 303
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _typed(request: HttpRequest) -> _Typed | None:
    """Read the form; None where nothing was sent."""
    if request.method != "POST":
        return None
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY_BYTES:
        raise RequestDataTooBig
    return _Typed(**{name: request.POST.get(name, "").strip()[:most] for name, most in _FIELDS.items()})


def _missing(typed: _Typed) -> dict[str, bool]:
    if typed.tracking:
        return {}
    if not typed.number and not typed.contact:
        return {"number": True, "contact": True}
    return {name: True for name in ("number", "contact") if not getattr(typed, name)}


def _count(request: HttpRequest, merchant_id: UUID, typed: _Typed) -> Allowance | None:
    """Count a try before any work, in a transaction of its own; the answer is the refusal, if it is one."""
    shop = str(merchant_id)
    tries = [
        spend(
            "find",
            shop,
            "address",
            client_address(request),
            limit=PER_ADDRESS,
            per=timedelta(minutes=ADDRESS_MINUTES),
        )
    ]
    if typed.number and not typed.tracking:
        number = typed.number.removeprefix("#").strip().casefold()
        tries.append(
            spend("find", shop, "number", number, limit=PER_NUMBER, per=timedelta(minutes=NUMBER_MINUTES))
        )
    refusals = [each for each in tries if not each.is_granted]
    return max(refusals, key=lambda each: each.retry_after, default=None)


def _parcel(number: str) -> ParcelView | None:
    if not number_key(number):
        return None
    found = parcels_by_number([number])
    return next((parcel for parcel in found if parcel.withdrawn_at is None), None)


def _form(
    request: HttpRequest,
    face: Face,
    typed: _Typed,
    *,
    problem: str = "",
    missing: dict[str, bool] | None = None,
    status: int = 200,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    values = {
        "typed": typed,
        "problem": problem,
        "missing": missing or {},
        "action": with_language(face.look_up, face),
    }
    return answers.page(
        request, "shopper/find.html", values | (more or {}), face, status=status, sends_to="'self'"
    )


def _wait(request: HttpRequest, face: Face, typed: _Typed, refused: Allowance) -> HttpResponse:
    said = {"wait": come_again(refused.retry_after, face.tongue)}
    response = _form(request, face, typed, problem="too_many", status=429, more=said)
    response["Retry-After"] = str(refused.retry_after)
    return response


def _found(request: HttpRequest, face: Face, parcel: ParcelView, merchant: MerchantView) -> HttpResponse:
    shown = found_parcel(parcel, merchant, face.tongue, now=now(), links_to_carriers=not settings.CONFIG.demo)
    values = {"page": shown, "action": with_language(face.look_up, face)}
    return answers.page(request, "shopper/parcel.html", values, face)
