"""The promise for anybody: its script, its answers to a shop's own pages, and a page for where no script runs."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse, QueryDict
from django.template.loader import get_template
from django.urls import reverse
from django.views.decorators.http import require_safe

from aftermile.capabilities.brands.public import BrandView, reading_brand
from aftermile.capabilities.promises.public import Asked, Item, Place, QuoteUnreadable, SkuUnknown, quote
from aftermile.connectors.contracts.countries import country_codes
from aftermile.doors.assets import address
from aftermile.doors.clients import client_address
from aftermile.doors.shopper import answers
from aftermile.doors.shopper.brand_files import no_such_file
from aftermile.doors.shopper.faces import face_of_shop
from aftermile.doors.widgets.promise.phrases import PHRASES
from aftermile.doors.widgets.promise.script import promise_script
from aftermile.doors.widgets.promise.snippets import promise_snippets
from aftermile.doors.widgets.promise.wording import Told, told
from aftermile.doors.widgets.views import DEMONSTRATION_HEADERS, SCRIPT_HEADERS
from aftermile.kernel.allowance import spend
from aftermile.kernel.clock import now
from aftermile.kernel.ids import BadPublicId, read_public_id
from aftermile.kernel.languages import LANGUAGES, Tongue
from aftermile.kernel.merchants import MerchantView, reading_merchant
from aftermile.kernel.money import Money, MoneyUnreadable
from aftermile.kernel.reads import answered, side_by_side
from aftermile.kernel.tenancy import merchant_scope

#: Questions from one address: a shopper who walks through a whole shop, not a list of all its prices.
PER_ADDRESS, PER = 240, timedelta(minutes=2)
MOST_ARTICLES = 50
_ANSWER_HEADERS = {
    # No cookie is read, nothing of anybody's is in it: any site may ask.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@require_safe
def script(request: HttpRequest, merchant: str) -> HttpResponse:
    """Send the script a shop has on its site."""
    opened = _opened(merchant, lambda shop, look: (shop, look))
    if opened is None:
        return no_such_file()
    shop, look = opened
    written = promise_script(look, path=reverse("promise-answer", args=[merchant]), country=shop.country)
    headers = SCRIPT_HEADERS | {"ETag": written.tag}
    if request.headers.get("If-None-Match", "").removeprefix("W/") == written.tag:
        return HttpResponseNotModified(headers=headers)
    content = written.content
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        content, headers = _packed(content), headers | {"Content-Encoding": "gzip"}
    return HttpResponse(content, content_type="text/javascript; charset=utf-8", headers=headers)


@require_safe
def answer(request: HttpRequest, merchant: str) -> HttpResponse:
    """Answer the script: a quote in words. Counted by address; 422 with `problem` where there is no answer."""
    wait = _wait(request, merchant)
    tongue = PHRASES.tongue([request.GET.get("lang", "")])
    if wait:
        said = tongue.say("That was asked too often. Try again in a minute.")
        return _json({"problem": said}, status=429, **{"Retry-After": str(wait)})
    try:
        found = _opened(merchant, lambda shop, _: _told(request.GET, shop))
    except (QuoteUnreadable, SkuUnknown) as refusal:
        said = tongue.say("This cannot be answered. Check country and postcode.")
        return _json({"problem": said, "code": refusal.code, "details": dict(refusal.details)}, status=422)
    if found is None:
        return _json({"problem": "", "code": "no_such_shop"}, status=404)
    return _json(found.as_json())


@require_safe
def page(request: HttpRequest, merchant: str) -> HttpResponse:
    """Show the dates and prices of articles on a page of ours: where a shop's page links to without script."""
    wait = _wait(request, merchant)

    def shown(shop: MerchantView, look: BrandView) -> HttpResponse:
        face = face_of_shop(request, shop, look)
        tongue = PHRASES.tongue([face.tongue.code], country=shop.country)
        problem, said = "", None
        try:
            said = None if wait else _told(request.GET, shop, tongue)
        except (QuoteUnreadable, SkuUnknown):
            problem = tongue.say("This cannot be answered. Check country and postcode.")
        if wait:
            problem = tongue.say("That was asked too often. Try again in a minute.")
        kept = [
            (name, value) for name, value in request.GET.items() if name not in ("country", "postal_code")
        ]
        names = sorted((tongue.country(code), code) for code in country_codes())
        values = {
            "told": said,
            "problem": problem,
            "title": tongue.say("Delivery dates and prices"),
            "kept": kept,
            "countries": names,
            "country": request.GET.get("country", shop.country),
            "postal_code": request.GET.get("postal_code", "")[:20],
            "words": {
                "country": tongue.say("Country"),
                "postcode": tongue.say("Postcode"),
                "show": tongue.say("Show delivery dates"),
            },
        }
        status = 429 if wait else 422 if problem else 200
        response = answers.page(
            request, "widgets/promise.html", values, face, status=status, sends_to="'self'"
        )
        if wait:
            response["Retry-After"] = str(wait)
        return response

    return _opened(merchant, shown) or answers.not_found(request)


@require_safe
def demonstration(request: HttpRequest, merchant: str) -> HttpResponse:
    """Show the three shapes on a page as a shop might have it; `?lang=` chooses the language, `?items=` the articles."""

    def shown(shop: MerchantView, look: BrandView) -> HttpResponse:
        chosen = request.GET.get("lang", "")
        language = chosen if chosen in look.languages else shop.language.split("-")[0]
        items = request.GET.get("items", "")[:200]
        goods = f'items="{items}"' if items else 'weight-grams="800" value="49.00"'
        asked = {"items": items} if items else {"weight_grams": "800", "value": "49.00"}
        html = get_template("widgets/promise-demonstration.html").render(
            {
                "shop": shop.name,
                "language": language,
                "direction": "rtl" if language == "ar" else "ltr",
                "languages": [(code, LANGUAGES[code]) for code in look.languages],
                "style": address("widgets/demonstration.css"),
                "icon": address("shopper/icon.svg"),
                "script": reverse("promise-script", args=[merchant]),
                "page": f"{reverse('promise-page', args=[merchant])}?{urlencode(asked)}",
                "items": items,
                "link_text": PHRASES.tongue([language]).say("Delivery dates and prices"),
                "snippets": promise_snippets(look, shop.id, language, goods),
            }
        )
        return HttpResponse(
            html,
            headers=DEMONSTRATION_HEADERS
            | {
                "Content-Security-Policy": DEMONSTRATION_HEADERS["Content-Security-Policy"]
                + "; connect-src 'self'"
            },
        )

    return _opened(merchant, shown) or answers.not_found(request)


def _opened(merchant: str, then: Callable[[MerchantView, BrandView], Any]) -> Any:
    """Do something in a shop's scope; None where there is no such shop."""
    try:
        with merchant_scope(read_public_id("mer", merchant)):
            return then(*answered(side_by_side(reading_merchant(), reading_brand())))
    except (BadPublicId, ObjectDoesNotExist):
        return None


def _told(given: QueryDict, shop: MerchantView, tongue: Tongue | None = None) -> Told:
    """Read the question and answer it in words.

    :raises QuoteUnreadable: it makes no sense.
    :raises SkuUnknown: an article the catalog does not have.
    """
    tongue = tongue or PHRASES.tongue([given.get("lang", "")], country=shop.country)
    at = now()
    asked = Asked(
        destination=Place(
            country=(given.get("country") or shop.country)[:3], postal_code=given.get("postal_code", "")
        ),
        items=_items(given),
        at=at,
        value_minor=_value(given.get("value", ""), shop.currency),
        language=tongue.code,
    )
    return told(quote(asked, now=at), tongue)


def _items(given: QueryDict) -> Sequence[Item]:
    """Read `items=SKU:2,SKU2`, or several `item=SKU:2`, or `weight_grams=800`."""
    written = [each.strip() for each in given.get("items", "").split(",")] + given.getlist("item")
    parts = [each for each in written if each]
    if len(parts) > MOST_ARTICLES:
        raise QuoteUnreadable(details={"items": f"At most {MOST_ARTICLES} articles."})
    items = []
    for part in parts:
        sku, sign, count = part.rpartition(":")
        is_counted = bool(sign) and count.isascii() and count.isdigit() and len(count) < 7
        items.append(Item(sku=sku, quantity=int(count)) if is_counted else Item(sku=part))
    weight = given.get("weight_grams", "")
    if not items and weight:
        if not (weight.isascii() and weight.isdigit() and len(weight) < 10):
            raise QuoteUnreadable(details={"weight_grams": f"{weight[:20]!r} is no whole number."})
        items.append(Item(weight_grams=int(weight)))
    return items


def _value(written: str, currency: str) -> int | None:
    if not written:
        return None
    try:
        return Money.read(written, currency).amount_minor
    except MoneyUnreadable as problem:
        raise QuoteUnreadable(details={"value": str(problem)}) from None


def _wait(request: HttpRequest, merchant: str) -> int:
    """Count a question before any work; return for how many seconds its asker has to wait, 0 for none."""
    left = spend("promise", merchant[:40], client_address(request), limit=PER_ADDRESS, per=PER)
    return 0 if left.is_granted else left.retry_after


def _json(values: dict[str, Any], *, status: int = 200, **headers: str) -> JsonResponse:
    return JsonResponse(
        values, status=status, headers=_ANSWER_HEADERS | headers, json_dumps_params={"ensure_ascii": False}
    )


@lru_cache(maxsize=256)
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
