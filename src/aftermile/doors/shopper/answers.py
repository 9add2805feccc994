"""How every page of this door is answered: what it may load, who may keep it, what it tells other sites."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache, lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import get_template

from aftermile.doors.assets import address, assets
from aftermile.doors.shopper.compression import packed
from aftermile.doors.shopper.faces import Face, face_of_nobody
from aftermile.doors.shopper.presenters import plain

_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Vary": "Accept-Encoding, Accept-Language",
}
#: A page that holds nothing of an order: anybody may keep it for a minute, and search engines may find it.
_PUBLIC = {"Cache-Control": "public, max-age=60", "X-Robots-Tag": "all"}
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_INDENT = re.compile(r"\n\s*")


def page(
    request: HttpRequest,
    template: str,
    values: dict[str, Any],
    face: Face,
    *,
    status: int = 200,
    version: str = "",
    sends_to: str = "",
    runs: bool = False,
    is_public: bool = False,
) -> HttpResponse:
    """Render a page from plain values, with the headers every page carries.

    :param version: names all that the page shows (`version_of`); a reader who has it is told so, and the page refreshes
        itself.
    :param sends_to: what its forms may send to ('self'); else it has none.
    :param runs: it has a script of its own.
    :param is_public: there is nothing of an order on it.
    """
    tag = f'"{version}"' if version else ""
    if _has_it(request, tag):
        return HttpResponseNotModified(headers=_HEADERS | {"ETag": tag})
    headers = (
        _HEADERS
        | (_PUBLIC if is_public else {})
        | {
            "Content-Security-Policy": _policy(face.theme, runs=runs or bool(version), sends_to=sends_to),
            "Content-Language": face.tongue.code,
        }
    )
    if tag:
        headers["ETag"] = tag
    html = _html(template, values, face, tag)
    if not may_be_packed(request):
        return HttpResponse(html, status=status, headers=headers)
    return HttpResponse(packed(html), status=status, headers=headers | {"Content-Encoding": "gzip"})


def again(request: HttpRequest, content: bytes, headers: dict[str, str]) -> HttpResponse | None:
    """Answer with a page as it was answered before; None where it is wanted and was not sent then."""
    if _has_it(request, headers["ETag"]):
        return HttpResponseNotModified(headers=_HEADERS | {"ETag": headers["ETag"]})
    return HttpResponse(content, headers=headers) if content else None


def may_be_packed(request: HttpRequest) -> bool:
    """Tell whether whoever asks can unpack."""
    return "gzip" in request.headers.get("Accept-Encoding", "")


def _has_it(request: HttpRequest, tag: str) -> bool:
    return bool(tag) and request.headers.get("If-None-Match", "").removeprefix("W/") == tag


def _html(template: str, values: dict[str, Any], face: Face, tag: str) -> str:
    return get_template(template).render(
        {
            **values,
            "face": face,
            "tongue": face.tongue,
            "shop": face.shop,
            "contact": face.contact,
            "sheet": sheet(),
            "icon": address("shopper/icon.svg"),
            "version": tag,
            "refresh": address("shopper/refresh.js") if tag else "",
        }
    )


def version_of(*shown: object) -> str:
    """Name what a page shows, from its plain values, so that the same again has the same name."""
    digest = hashlib.blake2b(digest_size=12)
    for each in (sheet(), *shown):
        digest.update(repr(each).encode())
    return digest.hexdigest()


@cache
def sheet() -> str:
    """Return the style sheet as it stands in the pages, without comments and indents."""
    content = assets()["shopper/shopper.css"].content.decode()
    return _INDENT.sub("\n", _COMMENT.sub("", content)).strip()


@lru_cache(maxsize=4096)
def _policy(theme: str, *, runs: bool, sends_to: str) -> str:
    """Write what a page may load: its own two sheets, pictures from here, and its script; nothing of anybody else."""
    styles = " ".join(f"'sha256-{_digest(text)}'" for text in (sheet(), theme) if text)
    script = "script-src 'self'; connect-src 'self'; " if runs else ""
    return (
        f"default-src 'none'; style-src {styles}; img-src 'self'; {script}base-uri 'none';"
        f" form-action {sends_to or chr(39) + 'none' + chr(39)}; frame-ancestors 'none'"
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def not_found(request: HttpRequest, face: Face | None = None) -> HttpResponse:
    """Answer for an address that is none; says the same whatever the reason."""
    return _plain(request, plain.not_found, face, status=404)


def erased(request: HttpRequest, face: Face) -> HttpResponse:
    """Answer for the page of an order that was erased."""
    said = plain.erased(face.tongue, face.shop)
    return page(request, "shopper/plain.html", {"said": said, "look_up": ""}, face, status=410)


def no_such_page(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer for a path that no door has (Django's `handler404`)."""
    return not_found(request)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer after a mistake of ours (Django's `handler500`)."""
    return _plain(request, plain.failed, None, status=500)


def too_long(request: HttpRequest) -> HttpResponse:
    """Answer a request that is longer than anybody types."""
    return _plain(request, plain.too_long, None, status=413)


def away(request: HttpRequest) -> HttpResponse:
    """Answer while the database is away."""
    response = _plain(request, plain.away, None, status=503)
    response["Retry-After"] = "10"
    return response


def _plain(request: HttpRequest, say: plain.Saying, face: Face | None, *, status: int) -> HttpResponse:
    face = face or face_of_nobody(request)
    values = {"said": say(face.tongue), "look_up": face.look_up}
    return page(request, "shopper/plain.html", values, face, status=status)
