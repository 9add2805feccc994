"""The look-up's script, and a page that shows it on a site that is not ours."""

from __future__ import annotations

import gzip
from functools import lru_cache
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import get_template
from django.urls import reverse
from django.views.decorators.http import require_safe

from aftermile.capabilities.brands.public import BrandView, brand
from aftermile.doors.assets import address
from aftermile.doors.shopper import answers
from aftermile.doors.shopper.brand_files import no_such_file
from aftermile.doors.widgets import script
from aftermile.doors.widgets.snippets import snippets
from aftermile.kernel.ids import BadPublicId, read_public_id
from aftermile.kernel.languages import LANGUAGES
from aftermile.kernel.merchants import MerchantView, current_merchant
from aftermile.kernel.tenancy import merchant_scope

SCRIPT_HEADERS = {
    # A new brand shows within minutes, and nobody waits for it.
    "Cache-Control": "public, max-age=600, stale-while-revalidate=86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}
DEMONSTRATION_HEADERS = {
    # As strict as a shop's page can be, form-action aside, which has to name where the form goes.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def look_up_script(request: HttpRequest, merchant: str) -> HttpResponse:
    """Send the script a shop has on its site."""
    try:
        look, _ = _read(merchant)
    except (BadPublicId, ObjectDoesNotExist):
        return no_such_file()
    written = script.look_up_script(look, path=reverse("find", args=[merchant]))
    headers = SCRIPT_HEADERS | {"ETag": written.tag}
    if request.headers.get("If-None-Match", "").removeprefix("W/") == written.tag:
        return HttpResponseNotModified(headers=headers)
    content = written.content
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        content, headers = _packed(content), headers | {"Content-Encoding": "gzip"}
    return HttpResponse(content, content_type="text/javascript; charset=utf-8", headers=headers)


@require_safe
def demonstration(request: HttpRequest, merchant: str) -> HttpResponse:
    """Show the look-up on a page as a shop might have it; `?lang=` chooses the page's language."""
    try:
        look, shop = _read(merchant)
    except (BadPublicId, ObjectDoesNotExist):
        return answers.not_found(request)
    chosen = request.GET.get("lang", "")
    language = chosen if chosen in look.languages else shop.language.split("-")[0]
    html = get_template("widgets/demonstration.html").render(
        {
            "shop": shop.name,
            "language": language,
            "direction": "rtl" if language == "ar" else "ltr",
            "languages": [(code, LANGUAGES[code]) for code in look.languages],
            "style": address("widgets/demonstration.css"),
            "icon": address("shopper/icon.svg"),
            "script": reverse("look-up-script", args=[merchant]),
            "look_up": reverse("find", args=[merchant]),
            "snippets": snippets(look, shop.id, language),
        }
    )
    return HttpResponse(html, headers=DEMONSTRATION_HEADERS)


def _read(merchant: str) -> tuple[BrandView, MerchantView]:
    merchant_id: UUID = read_public_id("mer", merchant)
    with merchant_scope(merchant_id):
        return brand(), current_merchant()


@lru_cache(maxsize=256)
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
