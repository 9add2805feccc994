"""The static files of every face, at addresses that change with their content, so that they may be kept for good.

What comes from a package (htmx, the passkey scripts) is read from that package where it is installed.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import reverse

_TYPES = {
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
    "js": "text/javascript; charset=utf-8",
}
#: Doors with files of their own, which go by the door's name: `shopper/shopper.css`.
_DOORS = ("shopper", "console", "widgets")
#: Single files of packages, by the name they go by here.
_FROM_PACKAGES = {
    "htmx.js": ("django_htmx", "static/django_htmx/htmx-2.min.js"),
    "webauthn/json.js": ("allauth.mfa", "static/mfa/js/webauthn-json.js"),
    "webauthn/forms.js": ("allauth.mfa", "static/mfa/js/webauthn.js"),
    "webauthn/onload.js": ("allauth.account", "static/account/js/onload.js"),
}


@dataclass(frozen=True, slots=True)
class Asset:
    name: str  # in its address, with its digest: "console.1a2b3c4d5e.css"
    content: bytes
    compressed: bytes
    content_type: str


@cache
def assets() -> dict[str, Asset]:
    """Return every file by the name it goes by (`console/console.css`), read once."""
    return {name: _read(name, content) for name, content in _files()}


def address(name: str) -> str:
    """Return the address of a file by the name it goes by, such as `console/console.css`."""
    return reverse("asset", args=[assets()[name].name])


def serve(request: HttpRequest, name: str) -> HttpResponse:
    """Send one file; a browser that has it never asks again."""
    asset = _by_address().get(name)
    if asset is None:
        return HttpResponseNotFound(b"", content_type="text/plain")
    is_compressed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        asset.compressed if is_compressed else asset.content, content_type=asset.content_type
    )
    if is_compressed:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@cache
def _by_address() -> dict[str, Asset]:
    return {asset.name: asset for asset in assets().values()}


def _files() -> Iterator[tuple[str, bytes]]:
    for door in _DOORS:
        folder = resources.files("aftermile.doors").joinpath(door, "static", door)
        if folder.is_dir():
            yield from (
                (f"{door}/{file.name}", file.read_bytes()) for file in folder.iterdir() if file.is_file()
            )
    for name, (package, path) in _FROM_PACKAGES.items():
        yield name, resources.files(package).joinpath(path).read_bytes()


def _read(name: str, content: bytes) -> Asset:
    stem, _, ending = name.replace("/", "-").rpartition(".")
    digest = hashlib.blake2b(content, digest_size=5).hexdigest()
    return Asset(f"{stem}.{digest}.{ending}", content, gzip.compress(content, 9, mtime=0), _TYPES[ending])
