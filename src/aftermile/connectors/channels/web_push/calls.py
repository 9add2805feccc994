"""A notification, encrypted for one browser and vouched for by our key.

Sources: RFC 8030 (the call and its answers), RFC 8188 and RFC 8291 (aes128gcm), RFC 8292 (VAPID).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import http_ece
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02, VapidException

from aftermile.connectors.channels.answers import outcome_of_status, retry_after_seconds
from aftermile.connectors.contracts.channels import Attempt, Outcome, Push, Unsendable
from aftermile.connectors.contracts.sockets import OutboundRequest
from aftermile.kernel.handover import Result

#: RFC 8291, 4: a push service takes 4096 bytes; 103 of them are the encryption's.
LARGEST_PAYLOAD_BYTES = 3993
#: RFC 8292, 2: no more than 24 hours. Half of it leaves room for clocks that are wrong.
_TOKEN_SECONDS = 43_200


def new_vapid_key() -> tuple[str, str]:
    """Make a key pair: the private key as PEM, and the public key as browsers want it (base64url)."""
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), _written(key.public_key())


def browser_key(credentials: Mapping[str, str]) -> str:
    """Return the public half of a sender's key as browsers want it (base64url); "" where the key cannot be read."""
    return _public(credentials["private_key"])


def request(attempt: Attempt) -> OutboundRequest:
    """Describe the call of the browser's push service.

    :raises Unsendable: too much text, keys of a subscription that are none, or an endpoint without https.
    """
    push = attempt.outgoing
    if not isinstance(push, Push):
        raise Unsendable("web push carries notifications only")
    address = urlsplit(push.endpoint)
    if address.scheme != "https" or not address.netloc:
        raise Unsendable("the subscription's endpoint is no https address")
    origin = f"{address.scheme}://{address.netloc}"
    subject = attempt.credentials["subject"].strip()
    # One token serves for hours: signing is a third of the work.
    hours = int(attempt.at.timestamp()) // 3600 * 3600
    headers = {
        "authorization": _token(attempt.credentials["private_key"], origin, subject, hours + _TOKEN_SECONDS),
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "ttl": str(max(0, push.ttl_seconds)),
        "urgency": "high" if push.urgent else "normal",
        # A repeated try, or a newer word on the same thing, takes the place of what is not shown yet.
        "topic": _topic(push.topic or attempt.idempotency_key),
    }
    return OutboundRequest(method="POST", url=push.endpoint, headers=headers, body=_encrypted(push))


def outcome(status: int, headers: Mapping[str, str], body: bytes) -> Outcome:  # noqa: ARG001
    """Read a push service's answer. RFC 8030, 7.3: 404 and 410 end a subscription; 413 is too large."""
    if status in {404, 410}:
        return Outcome(
            result=Result.NEVER, code=str(status), detail="the subscription has ended", address_is_dead=True
        )
    external_id = headers.get("location", "").rpartition("/")[2]
    return outcome_of_status(
        status,
        external_id=external_id,
        repeats_harmlessly=True,
        retry_after_seconds=retry_after_seconds(headers),
    )


def _encrypted(push: Push) -> bytes:
    shown = {"title": push.title, "body": push.body, "url": push.url, "tag": push.topic}
    content = json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    if len(content) > LARGEST_PAYLOAD_BYTES:
        raise Unsendable(f"the notification has more than {LARGEST_PAYLOAD_BYTES} bytes")
    try:
        encrypted: bytes = http_ece.encrypt(
            content,
            salt=os.urandom(16),
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=_unpadded(push.p256dh),
            auth_secret=_unpadded(push.auth),
            version="aes128gcm",
        )
    except (ValueError, TypeError, http_ece.ECEException):
        raise Unsendable("the subscription's keys cannot be read") from None
    return encrypted


def _unpadded(written: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(
            written.strip().rstrip("=") + "=" * (-len(written.strip().rstrip("=")) % 4)
        )
    except (binascii.Error, ValueError):
        raise Unsendable("the subscription's keys cannot be read") from None


def _topic(word: str) -> str:
    """RFC 8030, 5.4: at most 32 signs of base64url."""
    return base64.urlsafe_b64encode(hashlib.sha256(word.encode()).digest()[:24]).decode()


@lru_cache(maxsize=1024)
def _public(private_pem: str) -> str:
    try:
        key = serialization.load_pem_private_key(private_pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return ""
    return _written(key.public_key()) if isinstance(key, ec.EllipticCurvePrivateKey) else ""


def _written(key: ec.EllipticCurvePublicKey) -> str:
    point = key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


@lru_cache(maxsize=1024)
def _token(private_pem: str, origin: str, subject: str, expires: int) -> str:
    try:
        key: Any = Vapid02.from_pem(private_pem.encode())
        signed = key.sign({"aud": origin, "sub": subject, "exp": expires})
    except (VapidException, ValueError, TypeError):
        raise Unsendable("the connection's key or contact address cannot be used for web push") from None
    return str(signed["Authorization"])
