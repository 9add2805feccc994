"""The few files the pages need, at addresses that change with their content, so that they may be kept for good."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

_TYPES = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    name: str  # with its digest: "shopper.1a2b3c4d.css"
    content: bytes
    compressed: bytes
    content_type: str


@cache
def assets() -> dict[str, Asset]:
    """Return every file by its own name, read once."""
    folder = resources.files("aftermile.doors.shopper").joinpath("static", "shopper")
    return {file.name: _read(file.name, file.read_bytes()) for file in folder.iterdir() if file.is_file()}


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


def _read(name: str, content: bytes) -> Asset:
    stem, _, ending = name.rpartition(".")
    digest = hashlib.blake2b(content, digest_size=5).hexdigest()
    compressed = gzip.compress(content, 9, mtime=0)
    return Asset(f"{stem}.{digest}.{ending}", content, compressed, _TYPES[ending])
