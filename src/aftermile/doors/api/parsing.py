"""Reading bodies: JSON with limits, and an answer that says what is wrong with it."""

from __future__ import annotations

import re
from typing import Any, cast

from django.http import HttpRequest
from ninja.parser import Parser
from pydantic_core import from_json

from aftermile.doors.api.problems import BodyUnreadable

# A NUL written as an escape; an escaped backslash before it would make it six plain letters.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def read_body(body: bytes) -> Any:
    """Read a JSON body.

    :raises BodyUnreadable: not UTF-8, not JSON (`NaN` and half a surrogate pair are not), nested too
        deep, or with a NUL in a text.
    """
    try:
        content = from_json(body, allow_inf_nan=False, cache_strings="keys")
    except ValueError as error:
        raise BodyUnreadable(f"The body is not JSON that can be read: {error}.") from None
    if b"\\u0000" in body and _NUL.search(body):
        raise BodyUnreadable("A text in the body holds a NUL; no text here can hold one.")
    return content


class JsonParser(Parser):
    """Ninja's parser with our limits."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        return cast("dict[str, Any]", read_body(request.body))
