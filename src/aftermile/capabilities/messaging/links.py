"""The addresses that stand in a message: each says whose it is, and cannot be made up.

They must work as long as the letter lies in somebody's mailbox, also when the message is long removed: so all that
is needed stands in them, under a seal, and nothing has to be looked up.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from aftermile.capabilities.brands.public import DomainState, domain
from aftermile.capabilities.messaging.states import Purpose
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.errors import NotFound

#: Behind the address of the shop's pages (`pages_url`).
UNSUBSCRIBE_PATH, PREFERENCES_PATH, WHY_PATH = "/unsubscribe/", "/preferences/", "/why/"
_SEAL_BYTES = 12
_MEDIA = tuple(Medium)
_PURPOSES = tuple(Purpose)


class LinkUnreadable(NotFound):
    """The address was cut off, mistyped or made up."""

    code = "message_link_unreadable"
    message = "This address is not complete. Open it again from the message, or copy all of it."


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLink:
    """A message in somebody's hands: to whom it went, by which medium, and for what purpose."""

    merchant_id: UUID
    shopper_id: UUID
    message_id: UUID
    medium: Medium
    purpose: Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesLink:
    """Whose choices."""

    merchant_id: UUID
    shopper_id: UUID


def pages_url() -> str:
    """Return where the open shop's pages for shoppers stand: at its own verified domain, else at this installation.

    All links and pictures of a message stand there.
    """
    own = domain()
    if own is not None and own.state is DomainState.VERIFIED:
        return f"https://{own.host}"
    return str(settings.CONFIG.public_url).rstrip("/")


def unsubscribe_token(link: MessageLink) -> str:
    """Write the token of the address that unsubscribes."""
    return _sealed("unsubscribe", _written(link))


def read_unsubscribe_token(token: str) -> MessageLink:
    """Read a token, without the database.

    :raises LinkUnreadable: none of ours.
    """
    return _read(_opened("unsubscribe", token, size=50))


def why_token(link: MessageLink) -> str:
    """Write the token of the address that tells why a message was sent."""
    return _sealed("why", _written(link))


def read_why_token(token: str) -> MessageLink:
    """Read a token, without the database.

    :raises LinkUnreadable: none of ours.
    """
    return _read(_opened("why", token, size=50))


def preferences_token(link: PreferencesLink) -> str:
    """Write the token of the address at which a shopper chooses what they hear."""
    return _sealed("preferences", link.merchant_id.bytes + link.shopper_id.bytes)


def read_preferences_token(token: str) -> PreferencesLink:
    """Read a token, without the database.

    :raises LinkUnreadable: none of ours.
    """
    body = _opened("preferences", token, size=32)
    return PreferencesLink(merchant_id=UUID(bytes=body[:16]), shopper_id=UUID(bytes=body[16:]))


def _written(link: MessageLink) -> bytes:
    return (
        link.merchant_id.bytes
        + link.shopper_id.bytes
        + link.message_id.bytes
        + bytes((_MEDIA.index(link.medium), _PURPOSES.index(link.purpose)))
    )


def _read(body: bytes) -> MessageLink:
    if body[48] >= len(_MEDIA) or body[49] >= len(_PURPOSES):
        raise LinkUnreadable
    return MessageLink(
        merchant_id=UUID(bytes=body[:16]),
        shopper_id=UUID(bytes=body[16:32]),
        message_id=UUID(bytes=body[32:48]),
        medium=_MEDIA[body[48]],
        purpose=_PURPOSES[body[49]],
    )


def _sealed(kind: str, body: bytes) -> str:
    return base64.urlsafe_b64encode(body + _seal(kind, body)).decode().rstrip("=")


def _opened(kind: str, token: str, *, size: int) -> bytes:
    try:
        content = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise LinkUnreadable from None
    body, seal = content[:-_SEAL_BYTES], content[-_SEAL_BYTES:]
    if len(body) != size or not hmac.compare_digest(seal, _seal(kind, body)):
        raise LinkUnreadable
    return body


def _seal(kind: str, body: bytes) -> bytes:
    # With the kind in it, the address that tells why cannot pass as one that unsubscribes.
    salted = f"messaging.{kind}:".encode() + body
    return hmac.digest(settings.SECRET_KEY.encode(), salted, hashlib.sha256)[:_SEAL_BYTES]
