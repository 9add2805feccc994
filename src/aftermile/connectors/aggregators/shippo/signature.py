"""Who sent it: Shippo's signature header where the account has it, else the token in the address."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from aftermile.connectors.contracts.reading import read_json, section, text
from aftermile.connectors.contracts.sockets import Accepted, InboundRequest, Refused, Unreadable, Verdict

HEADER = "shippo-auth-signature"
TOLERANCE = timedelta(minutes=5)


def sign(body: bytes, secret: str, at: datetime) -> str:
    """Return the header's value: `t=<unix>,v1=<hex>`, HMAC-SHA256 over seconds, dot and raw body."""
    seconds = int(at.timestamp())
    return f"t={seconds},v1={_digest(body, secret, str(seconds))}"


def verify(request: InboundRequest, credentials: Mapping[str, str]) -> Verdict:
    """Accept what proves itself by the strongest credential the connection has.

    With a webhook secret, only the signature counts: a token in an address ends up in access logs.
    """
    if secret := credentials.get("webhook_secret", ""):
        why_not = _signature_flaw(request, secret)
    elif token := credentials.get("webhook_token", ""):
        given = request.query.get("token", "").encode(errors="backslashreplace")
        matches = hmac.compare_digest(given, token.encode())
        why_not = "" if matches else "the token in the address is not the connection's"
    else:
        why_not = "the connection has neither a webhook secret nor a token"
    if why_not:
        return Refused(why=why_not)
    try:
        body = section(read_json(request.body))
    except Unreadable:
        return Accepted()  # theirs, though unreadable: kept, and told when it is translated
    return Accepted(kind=text(body.get("event")))


def _signature_flaw(request: InboundRequest, secret: str) -> str:
    parts = [part.strip().partition("=") for part in request.headers.get(HEADER, "").split(",")]
    seconds = next((value for key, _, value in parts if key == "t"), "")
    given = [value for key, _, value in parts if key == "v1"]
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 11 and given):
        return "no Shippo-Auth-Signature of the form t=...,v1=..."
    expected = _digest(request.body, secret, seconds).encode()
    # Every signature is compared, whatever the ones before it gave: the time taken tells nothing.
    matches = [hmac.compare_digest(value.encode(errors="backslashreplace"), expected) for value in given]
    if not any(matches):
        return "Shippo-Auth-Signature does not match the body"
    if abs(request.received_at - datetime.fromtimestamp(int(seconds), UTC)) > TOLERANCE:
        return f"signed more than {TOLERANCE.seconds // 60} minutes from now"
    return ""


def _digest(body: bytes, secret: str, seconds: str) -> str:
    return hmac.new(secret.encode(), seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
