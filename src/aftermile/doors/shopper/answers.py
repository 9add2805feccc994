"""How every page of this door is answered: what it may load, who may keep it, what it tells other sites."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import reverse

from aftermile.doors.shopper.assets import assets

_HEADERS = {
    # Nothing but our own sheet and icon: no script, no form, no frame, no request to anybody else.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def page(template: str, values: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page from plain values, with the headers every page carries."""
    style, icon = (
        reverse("shopper-asset", args=[assets()[name].name]) for name in ("shopper.css", "icon.svg")
    )
    html = get_template(template).render({**values, "style": style, "icon": icon})
    return HttpResponse(html, status=status, headers=_HEADERS)


def not_found() -> HttpResponse:
    """Answer for an address that is none; says the same whatever the reason."""
    return page("shopper/not_found.html", {}, status=404)


def no_such_page(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer for a path that no door has (Django's `handler404`)."""
    return not_found()


def failed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer after a mistake of ours (Django's `handler500`)."""
    return page("shopper/failed.html", {}, status=500)


def away() -> HttpResponse:
    """Answer while the database is away."""
    response = page("shopper/away.html", {}, status=503)
    response["Retry-After"] = "10"
    return response
