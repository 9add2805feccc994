"""Who sent it: the `X-Hmac-Signature` header over the raw body."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping

from aftermile.connectors.contracts.reading import read_json, section, text
from aftermile.connectors.contracts.sockets import Accepted, InboundRequest, Refused, Unreadable, Verdict

HEADER = "x-hmac-signature"


def sign(body: bytes, secret: str) -> str:
    """Return the header's value: HMAC-SHA256 in hexadecimal, keyed with the secret in Unicode form NFKD."""
    key = unicodedata.normalize("NFKD", secret).encode()
    return f"hmac-sha256-hex={hmac.new(key, body, hashlib.sha256).hexdigest()}"


def verify(request: InboundRequest, credentials: Mapping[str, str]) -> Verdict:
    """Accept what carries the signature of this connection's webhook secret."""
    secret = credentials.get("webhook_secret", "")
    if not secret:
        return Refused(why="the connection has no webhook secret")
    given = request.headers.get(HEADER, "").strip()
    if not given:
        return Refused(why="no X-Hmac-Signature header")
    if not hmac.compare_digest(given.encode(errors="backslashreplace"), sign(request.body, secret).encode()):
        return Refused(why="X-Hmac-Signature does not match the body")
    try:
        body = section(read_json(request.body))
    except Unreadable:
        return Accepted()  # theirs, though unreadable: kept, and told when it is translated
    return Accepted(kind=text(body.get("description")), external_id=text(body.get("id")))
