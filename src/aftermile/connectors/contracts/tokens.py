"""OAuth client credentials and basic authentication, as carriers ask for them (RFC 6749, RFC 7617)."""

from __future__ import annotations

from base64 import b64encode

from aftermile.connectors.contracts.reading import read_json_object, text
from aftermile.connectors.contracts.sockets import Unreadable

DEFAULT_LIFETIME_SECONDS = 600  # where the answer names none
SPARE_SECONDS = 60  # a token is renewed this long before it ends


def basic(user: str, password: str) -> str:
    """Return the value of an `Authorization` header for basic authentication."""
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def access_token(body: bytes) -> tuple[str, int]:
    """Read an OAuth token answer as the token and the seconds it may be used for.

    :raises Unreadable: no JSON object, or one without `access_token` (an error answer, say).
    """
    answer = read_json_object(body)
    token = text(answer.get("access_token"))
    if not token:
        why = text(answer.get("error_description")) or text(answer.get("error")) or "no access_token in it"
        raise Unreadable(f"not a token answer: {why}")
    lives = text(answer.get("expires_in"))
    seconds = int(lives) if lives.isdecimal() and len(lives) < 10 else DEFAULT_LIFETIME_SECONDS
    return token, max(1, seconds - SPARE_SECONDS)
