"""The script of the look-up, written for one shop: its colors, its languages, its address."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from aftermile.capabilities.brands.public import BrandView, theme
from aftermile.doors.shopper.phrases import PHRASES

_MARK = '"{settings}"'


@dataclass(frozen=True, slots=True)
class Script:
    content: bytes
    tag: str  # names the content, for ETag


def look_up_script(brand: BrandView, *, path: str) -> Script:
    """Write the script; the same brand gives the same bytes.

    :param path: where the look-up is, from the host the script was loaded from.
    """
    spoken = tuple(code for code in PHRASES.languages if code in brand.languages) or ("en",)
    return _written(theme(brand).css_on(".look-up"), spoken, path)


@lru_cache(maxsize=256)
def _written(colors: str, languages: tuple[str, ...], path: str) -> Script:
    settings = {
        "path": path,
        "sheet": f"{colors}{_sheet()}",
        "words": {code: _words(code) for code in languages},
    }
    text = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    content = _source().replace(_MARK, text).encode()
    return Script(content, f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"')


@cache
def _words(code: str) -> dict[str, str]:
    tongue = PHRASES.tongue([code])
    return {
        "dir": tongue.direction,
        "title": tongue.say("Where is my order?"),
        "number": tongue.say("Order number"),
        "contact": tongue.say("E-mail, phone number or postcode"),
        "show": tongue.say("Show my order"),
    }


@cache
def _source() -> str:
    return _read("look-up.js")


@cache
def _sheet() -> str:
    return "".join(line.strip() for line in _read("look-up.css").splitlines())


def _read(name: str) -> str:
    folder = resources.files("aftermile.doors.widgets").joinpath("templates", "widgets")
    return folder.joinpath(name).read_text("utf-8")
