"""Signatures of what we send."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

from standardwebhooks import Webhook

from aftermile.doors.webhooks.states import Format
from aftermile.kernel.errors import Invalid

_PREFIX = "whsec_"
#: Bytes of a secret. Source: Standard Webhooks, "Signature scheme".
SHORTEST_SECRET, LONGEST_SECRET = 24, 64
_AFTERSHIP_LENGTHS = range(16, 201)


class WebhookSecretUnusable(Invalid):
    """The secret is too short, too long or not written as its format wants it."""

    code = "webhook_secret_unusable"


def new_secret(format_: Format) -> str:
    """Make a secret as receivers of this format expect it."""
    if format_ is Format.AFTERSHIP:
        return secrets.token_hex(16)
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def check_secret(format_: Format, secret: str) -> None:
    """Check a secret the merchant brings along, as when receivers already hold one.

    :raises WebhookSecretUnusable: receivers could not verify with it, or it is too easily guessed.
    """
    if format_ is Format.AFTERSHIP:
        if len(secret) not in _AFTERSHIP_LENGTHS or not secret.isascii() or not secret.isprintable():
            raise WebhookSecretUnusable("The secret must have 16 to 200 letters, digits and signs of ASCII.")
        return
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(_PREFIX) or not SHORTEST_SECRET <= len(key) <= LONGEST_SECRET:
        raise WebhookSecretUnusable(
            f"The secret must be {_PREFIX} and the base64 of {SHORTEST_SECRET} to {LONGEST_SECRET} random bytes."
        )


def standard_signature(secrets_: Sequence[str], *, message_id: str, at: datetime, body: str) -> str:
    """Write the header `webhook-signature`: one `v1` signature per secret, the newest first. `at` is in UTC."""
    return " ".join(Webhook(secret).sign(message_id, at, body) for secret in secrets_)


def aftership_signature(secret: str, body: bytes) -> str:
    """Write the header `aftership-hmac-sha256`."""
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()
