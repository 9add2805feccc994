"""Tell whether a webhook is from the shop it claims to be from.

Source: `WC_Webhook` of WooCommerce: base64 of HMAC-SHA256 over the body, keyed with the secret after
`wp_specialchars_decode`; on creation one unsigned ping, a form body `webhook_id=<n>`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping

from aftermile.connectors.contracts.sockets import Accepted, Acknowledged, InboundRequest, Refused, Verdict

_PING = re.compile(rb"webhook_id=\d{1,20}\s*")
# Source: `wp_specialchars_decode` with ENT_QUOTES. It knows these and no other: decoding all of HTML's
# names would change secrets that merely contain an ampersand.
_ENTITIES = {
    "&quot;": '"', "&#034;": '"', "&#x22;": '"',
    "&#039;": "'", "&#x27;": "'",
    "&lt;": "<", "&#060;": "<",
    "&gt;": ">", "&#062;": ">",
    "&amp;": "&", "&#038;": "&", "&#x26;": "&",
}  # fmt: skip
_ENTITY = re.compile("|".join(map(re.escape, _ENTITIES)))


def verify(request: InboundRequest, credentials: Mapping[str, str]) -> Verdict:
    """Check the signature; the ping, which has none, is answered and not kept."""
    given = request.headers.get("x-wc-webhook-signature", "").strip()
    if not given:
        if _PING.fullmatch(request.body):
            return Acknowledged(why="WooCommerce tries the address out when a webhook is made")
        return Refused(why="there is no signature header")
    secret = credentials.get("secret", "")
    if not secret:
        return Refused(why="the connection has no secret to check the signature with")
    key = decoded_secret(secret).encode()
    wanted = base64.b64encode(hmac.digest(key, request.body, "sha256"))
    if not hmac.compare_digest(wanted, given.encode()):
        return Refused(why="the signature does not match the body")
    return Accepted(
        kind=request.headers.get("x-wc-webhook-topic", "").strip().lower(),
        external_id=_delivery_id(request),
    )


def decoded_secret(secret: str) -> str:
    """Undo the escaping WordPress may have stored a secret with."""
    return _ENTITY.sub(lambda found: _ENTITIES[found.group()], secret)


def _delivery_id(request: InboundRequest) -> str:
    """Name the delivery by its id *and* content.

    WooCommerce hashes the webhook's id with the current second: two orders of the same second come under
    one delivery id, and the id alone would drop the second order as a repeat.
    """
    stated = request.headers.get("x-wc-webhook-delivery-id", "").strip()
    return f"{stated}:{hashlib.sha256(request.body).hexdigest()[:16]}" if stated else ""
