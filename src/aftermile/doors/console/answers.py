"""How pages are written out, and the pages that say why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.loader import get_template
from django.urls import reverse

from aftermile.capabilities.team.public import Permission, Role, roles_that_may, team
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Page
from aftermile.doors.console.shell import PREFIX, around, face
from aftermile.doors.console.toasts import Toast

__all__ = ["PREFIX"]

R = TypeVar("R", bound=HttpResponseBase)

HEADERS = {
    # Our own files only; htmx talks to ourselves, forms go to ourselves, the brand's preview is a frame of ours.
    # Pictures of goods come from where the shop has them.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def secured(response: R) -> R:
    """Give an answer the headers that every answer of this door carries, but those it says are its own.

    `keeps_headers` names them: the brand's preview is a page of the shoppers', in a frame of ours.
    """
    own = getattr(response, "keeps_headers", ())
    for name, value in HEADERS.items():
        if name not in own:
            response.headers[name] = value
    return response


def written(request: HttpRequest, desk: Desk, page: Page) -> HttpResponse:
    """Write a page out: whole, or for htmx the piece it asks for."""
    part = page.parts.get(request.headers.get("HX-Target", "")) if is_htmx(request) else None
    shell = around(desk, request, page.place, page.section) if part is None else {"desk": desk}
    values = {**page.values, **shell, "title": page.title, "crumbs": page.crumbs}
    html = get_template(part or page.template).render(values, request)
    response = HttpResponse(html, status=page.status)
    response["Vary"] = "HX-Request, HX-Target"
    return response


def toasted(request: HttpRequest, toast: Toast, *, html: str = "", status: int = 200) -> HttpResponse:
    """Answer htmx with a piece of a page (or none) and a notice beside it."""
    notice = get_template("console/_toast.html").render({"toast": toast, "is_sent_along": True}, request)
    response = HttpResponse(html + notice, status=status)
    if not html:
        response["HX-Reswap"] = "none"
    return response


def is_htmx(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a piece: not for a whole page, and not for one it has forgotten."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Boosted") != "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def to(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser on after an act: 303, or for htmx the header that loads the page anew."""
    if is_htmx(request):
        return HttpResponse(status=200, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url, status=303) if request.method == "POST" else HttpResponseRedirect(url)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask who is there, and come back afterwards."""
    if request.method != "GET" or is_htmx(request):
        return to(request, reverse("account_login"))
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


def alone(
    request: HttpRequest, template: str, values: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Write a page that belongs to no shop."""
    return secured(HttpResponse(get_template(template).render(dict(values), request), status=status))


def _plain(template: str, values: Mapping[str, Any], *, status: int) -> HttpResponse:
    """Write a page that asks nothing of anybody: no session, no database, whatever has broken."""
    return secured(HttpResponse(get_template(template).render({**values, "face": face()}), status=status))


def no_such_page(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer for an address that is none, or another shop's: the two are not told apart."""
    return _plain("console/not_found.html", {}, status=404)


def takes_forms_only() -> HttpResponse:
    """Answer for an address that forms are sent to, opened as a page: a copied link, or a page loaded anew."""
    response = _plain("console/forms_only.html", {}, status=405)
    response["Allow"] = "POST"
    return response


def missing(request: HttpRequest, desk: Desk, message: str) -> HttpResponse:
    """Answer for a thing that this shop does not have."""
    page = Page(template="console/missing.html", title="Not found", values={"message": message}, status=404)
    return written(request, desk, page)


def refused(request: HttpRequest, desk: Desk, message: str, *, status: int) -> HttpResponse:
    """Answer for a request that was understood and cannot be met; nothing was changed."""
    page = Page(
        template="console/refused.html",
        title="This cannot be done",
        values={"message": message},
        status=status,
    )
    return written(request, desk, page)


def not_allowed(request: HttpRequest, desk: Desk, permission: Permission) -> HttpResponse:
    """Say that this person's role does not reach that far, which do, and whom to ask. In the shop's scope."""
    owners = [member.person.name for member in team() if member.role is Role.OWNER]
    page = Page(
        template="console/not_allowed.html",
        title="Not for your role",
        values={
            "role": role_name(desk.role),
            "roles": [role_name(role) for role in roles_that_may(permission)],
            "owners": owners,
        },
        status=403,
    )
    return written(request, desk, page)


def role_name(role: Role | None) -> str:
    """Write a role as people say it."""
    return "operator" if role is None else role.value.replace("_", "-")


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer a form that did not come from a page of ours, or from one that is too old (Django's `CSRF_FAILURE_VIEW`)."""
    return _plain("console/forged.html", {}, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer after a mistake of ours."""
    return _plain(
        "console/failed.html", {"request_id": request.META.get("AFTERMILE_REQUEST_ID", "")}, status=500
    )


def away(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer while the database is away."""
    response = _plain("console/away.html", {}, status=503)
    response["Retry-After"] = "10"
    return response


def public_url(path: str) -> str:
    """Write a path as the world reaches it, for links that are copied or sent."""
    return f"{settings.CONFIG.public_url}{path}"
