"""Where passkeys can be used: a browser binds each to a host name, and to an address of numbers never."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class PasskeyPlace:
    """Whether passkeys work at the address of a page, and the same page where they do; "" if none is known."""

    works: bool
    instead: str = ""


def passkey_place(request: HttpRequest) -> PasskeyPlace:
    """Tell whether the browser that asks can use passkeys here."""
    asked = urlsplit(request.build_absolute_uri())
    try:
        number = ip_address(asked.hostname or "")
    except ValueError:
        return PasskeyPlace(works=True)
    if not number.is_loopback:
        return PasskeyPlace(works=False)
    port = f":{asked.port}" if asked.port else ""
    return PasskeyPlace(works=False, instead=asked._replace(netloc=f"localhost{port}").geturl())
