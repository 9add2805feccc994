"""The script of the promise, written for one shop: its colors, its languages, its address."""

from __future__ import annotations

import hashlib
import json
from functools import cache, lru_cache
from importlib import resources

from aftermile.capabilities.brands.public import BrandView, theme
from aftermile.connectors.contracts.countries import country_codes
from aftermile.doors.widgets.promise.phrases import PHRASES
from aftermile.doors.widgets.script import Script

_MARK = '"{settings}"'


def promise_script(brand: BrandView, *, path: str, country: str) -> Script:
    """Write the script; the same brand gives the same bytes.

    :param path: where it asks, from the host it was loaded from.
    :param country: where a shopper is thought to be until they say so: it is shown, and can be changed.
    """
    spoken = tuple(code for code in PHRASES.languages if code in brand.languages) or ("en",)
    return _written(theme(brand).css_on(".promise"), spoken, path, country)


@lru_cache(maxsize=256)
def _written(colors: str, languages: tuple[str, ...], path: str, country: str) -> Script:
    settings = {
        "path": path,
        "country": country,
        "countries": " ".join(country_codes()),
        "sheet": f"{colors}{_sheet()}",
        "words": {code: _words(code) for code in languages},
    }
    text = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    content = _read("promise.js").replace(_MARK, text).encode()
    return Script(content, f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"')


@cache
def _words(code: str) -> dict[str, str]:
    tongue = PHRASES.tongue([code])
    return {
        "country": tongue.say("Country"),
        "postcode": tongue.say("Postcode"),
        "methods": tongue.say("Shipping method"),
        "show": tongue.say("Show delivery dates"),
    }


@cache
def _sheet() -> str:
    return "".join(line.strip() for line in _read("promise.css").splitlines())


@cache
def _read(name: str) -> str:
    folder = resources.files("aftermile.doors.widgets").joinpath("templates", "widgets")
    return folder.joinpath(name).read_text("utf-8")
