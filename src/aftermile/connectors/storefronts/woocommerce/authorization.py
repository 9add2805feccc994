"""Who we are, as WooCommerce's REST API wants to be told: Basic over https, OAuth 1.0a over plain http.

Source: `WC_REST_Authentication` of WooCommerce and RFC 5849 (one-legged: no token, so the signing key is
the consumer secret followed by an ampersand), signed with HMAC-SHA256 as WooCommerce's own clients do.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from aftermile.connectors.contracts.sockets import OutboundRequest


def authorized(request: OutboundRequest, credentials: Mapping[str, str]) -> OutboundRequest:
    """Return the request with the consumer's key and proof added.

    Over plain http the secret must not travel: the request is signed instead, for this moment and this
    once. Such a request is refused when sent a second time; build it anew to try again.
    """
    key, secret = credentials.get("consumer_key", ""), credentials.get("consumer_secret", "")
    if request.url.startswith("https://"):
        proof = base64.b64encode(f"{key}:{secret}".encode()).decode()
        return replace(request, headers={**request.headers, "Authorization": f"Basic {proof}"})
    params = {
        **request.params,
        "oauth_consumer_key": key,
        "oauth_nonce": secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(int(time.time())),
    }
    params["oauth_signature"] = oauth_signature(request.method, request.url, params, secret)
    return replace(request, params=params)


def oauth_signature(method: str, url: str, params: Mapping[str, str], consumer_secret: str) -> str:
    """Sign a request's method, address and parameters (RFC 5849, 3.4.1)."""
    pairs = sorted((_escaped(name), _escaped(value)) for name, value in params.items())
    normalized = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join(_escaped(part) for part in (method.upper(), url, normalized))
    digest = hmac.digest(f"{consumer_secret}&".encode(), base.encode(), "sha256")
    return base64.b64encode(digest).decode()


def _escaped(value: str) -> str:
    return quote(value, safe="~")
