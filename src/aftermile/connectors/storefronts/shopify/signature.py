"""Tell whether a webhook is from the shop it claims to be from.

Source: header types of Shopify's own client library 13.1 (both families), and its guide on verifying
webhooks: base64 of HMAC-SHA256 over the raw body, keyed with the app's client secret.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping

from aftermile.connectors.contracts.sockets import Accepted, InboundRequest, Refused, Verdict

_HEADER_FAMILIES = ("x-shopify-", "shopify-")  # the second came with the Events of 2026


def verify(request: InboundRequest, credentials: Mapping[str, str]) -> Verdict:
    """Check the signature under the current and the previous secret, and the shop's domain if we know it."""
    family = next((name for name in _HEADER_FAMILIES if request.headers.get(f"{name}hmac-sha256")), None)
    if family is None:
        return Refused(why="there is no signature header")
    secrets = [secret for name in ("secret", "previous_secret") if (secret := credentials.get(name))]
    if not secrets:
        return Refused(why="the connection has no secret to check the signature with")
    given = request.headers[f"{family}hmac-sha256"].strip().encode()
    if not any(hmac.compare_digest(_signature(secret, request.body), given) for secret in secrets):
        return Refused(why="the signature does not match the body")
    ours = plain_domain(credentials.get("shop_domain", ""))
    if ours and plain_domain(request.headers.get(f"{family}shop-domain", "")) != ours:
        return Refused(why="it was sent for another shop than this connection's")
    return Accepted(
        kind=request.headers.get(f"{family}topic", "").strip().lower(),
        external_id=request.headers.get(f"{family}webhook-id", "").strip(),
    )


def plain_domain(written: str) -> str:
    """Return a shop's domain without scheme, path and capitals."""
    return written.strip().lower().removeprefix("https://").removeprefix("http://").split("/")[0]


def _signature(secret: str, body: bytes) -> bytes:
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256"))
