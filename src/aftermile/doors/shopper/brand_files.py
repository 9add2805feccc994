"""What a brand needs served: its logo, and the proof that its domain leads here.

Addresses name the content, so browsers may keep it for good, and a changed logo has a new address.
"""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import reverse
from django.views.decorators.http import require_safe

from aftermile.capabilities.brands.public import BrandView, LogoNotFound, challenge, logo_content, normal_host
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id
from aftermile.kernel.tenancy import merchant_scope

#: How large a logo is shown at most, in CSS pixels.
LOGO_WIDTH, LOGO_HEIGHT = 200, 44
_ENDINGS = {"image/webp": "webp", "image/svg+xml": "svg"}
FILE_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    # Opened by itself, a drawing may color itself and nothing else. Shown in a page it never runs.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def logo_address(brand: BrandView, merchant_id: UUID) -> str:
    """Return where a brand's logo is served, "" when it has none."""
    if brand.logo is None:
        return ""
    name = f"{brand.logo.digest}.{_ENDINGS[brand.logo.content_type]}"
    return reverse("brand-logo", args=[public_id("mer", merchant_id), name])


def logo_size(brand: BrandView) -> tuple[int, int]:
    """Return the width and height at which a logo is shown, in CSS pixels; (0, 0) when there is none."""
    if brand.logo is None:
        return 0, 0
    scale = min(LOGO_WIDTH / brand.logo.width, LOGO_HEIGHT / brand.logo.height)
    # A raster picture looks worse when made larger; a drawing does not.
    if brand.logo.content_type != "image/svg+xml":
        scale = min(scale, 1.0)
    return max(1, round(brand.logo.width * scale)), max(1, round(brand.logo.height * scale))


@require_safe
def logo(request: HttpRequest, merchant: str, name: str) -> HttpResponse:  # noqa: ARG001
    """Send a logo; a browser that has it never asks again."""
    digest, _, ending = name.partition(".")
    try:
        content, content_type = _logo(read_public_id("mer", merchant), digest)
    except (BadPublicId, LogoNotFound):
        return no_such_file()
    if _ENDINGS[content_type] != ending:
        return no_such_file()
    return HttpResponse(content, content_type=content_type, headers=FILE_HEADERS)


@require_safe
def domain_proof(request: HttpRequest) -> HttpResponse:
    """Answer under whatever host we are asked: `brands` asks a claimed domain whether it leads here."""
    nonce = request.GET.get("nonce", "")
    host = normal_host(request.META.get("HTTP_HOST", ""))
    try:
        merchant_id = read_public_id("mer", request.GET.get("shop", ""))
    except BadPublicId:
        return no_such_file()
    if not challenge.is_nonce(nonce) or not host:
        return no_such_file()
    return HttpResponse(
        challenge.answer(host=host, merchant_id=merchant_id, nonce=nonce),
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def no_such_file() -> HttpResponse:
    """Answer for a file that is none."""
    return HttpResponseNotFound(b"There is no such file here.\n", content_type="text/plain")


# Content never changes under its digest, so it may be remembered.
@lru_cache(maxsize=64)
def _logo(merchant_id: UUID, digest: str) -> tuple[bytes, str]:
    with merchant_scope(merchant_id):
        return logo_content(digest)
