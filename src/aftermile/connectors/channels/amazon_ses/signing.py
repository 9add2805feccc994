"""AWS Signature Version 4, for calls with a body and no query.

Source: AWS, "Create a signed AWS API request".
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime


def signed_headers(
    *, host: str, path: str, body: bytes, key_id: str, secret: str, region: str, service: str, at: datetime
) -> dict[str, str]:
    """Return the headers that vouch for a POST of JSON."""
    moment = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    day = moment[:8]
    digest = hashlib.sha256(body).hexdigest()
    headers = {"content-type": "application/json", "host": host, "x-amz-date": moment}
    names = ";".join(headers)  # already in the order of the alphabet
    canonical = "\n".join(
        (
            *("POST", path, ""),
            *(f"{name}:{value}" for name, value in headers.items()),
            *("", names, digest),
        )
    )
    scope = f"{day}/{region}/{service}/aws4_request"
    to_sign = "\n".join(("AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    key = signing_key(secret, day, region, service)
    signature = hmac.digest(key, to_sign.encode(), hashlib.sha256).hex()
    del headers["host"]  # the client writes it from the address
    return headers | {
        "authorization": f"AWS4-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={names},"
        f" Signature={signature}"
    }


def signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    """Derive the key of one day (YYYYMMDD), region and service."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    return key
