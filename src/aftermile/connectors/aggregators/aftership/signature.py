"""Who sent it: the `aftership-hmac-sha256` header over the raw body."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping

from aftermile.connectors.contracts.reading import read_json, section, text
from aftermile.connectors.contracts.sockets import Accepted, InboundRequest, Refused, Unreadable, Verdict

HEADER = "aftership-hmac-sha256"


def sign(body: bytes, secret: str) -> str:
    """Return base64 of HMAC-SHA256 over the raw body, keyed with the webhook secret."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def verify(request: InboundRequest, credentials: Mapping[str, str]) -> Verdict:
    """Accept what carries the signature of this connection's webhook secret."""
    secret = credentials.get("webhook_secret", "")
    if not secret:
        return Refused(why="the connection has no webhook secret")
    given = request.headers.get(HEADER, "").strip()
    if not given:
        return Refused(why=f"no {HEADER} header")
    if not hmac.compare_digest(given.encode(errors="backslashreplace"), sign(request.body, secret).encode()):
        return Refused(why=f"{HEADER} does not match the body")
    try:
        body = section(read_json(request.body))
    except Unreadable:
        return Accepted()  # theirs, though unreadable: kept, and told when it is translated
    return Accepted(kind=text(body.get("event")), external_id=text(body.get("event_id")))
