"""The address that unsubscribes: it says whose, of what, and cannot be made up.

It must work as long as the letter lies in somebody's mailbox, also when the message is long removed: so all that
is needed stands in it, under a seal, and nothing has to be looked up.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from aftermile.capabilities.messaging.states import Purpose
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.errors import NotFound

#: Behind the public address of the shop's pages.
UNSUBSCRIBE_PATH = "/unsubscribe/"
_SALT = b"messaging.unsubscribe:"
_SEAL_BYTES = 12
_MEDIA = tuple(Medium)
_PURPOSES = tuple(Purpose)


class UnsubscribeLinkUnreadable(NotFound):
    """The address was cut off, mistyped or made up."""

    code = "unsubscribe_link_unreadable"
    message = "This address is not complete. Open it again from the message, or copy all of it."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsubscribeLink:
    """Who does not want what. `purpose` is that of the message in which the address stood."""

    merchant_id: UUID
    shopper_id: UUID
    message_id: UUID
    medium: Medium
    purpose: Purpose


def unsubscribe_token(link: UnsubscribeLink) -> str:
    """Write the token of an address."""
    body = (
        link.merchant_id.bytes
        + link.shopper_id.bytes
        + link.message_id.bytes
        + bytes((_MEDIA.index(link.medium), _PURPOSES.index(link.purpose)))
    )
    return base64.urlsafe_b64encode(body + _seal(body)).decode().rstrip("=")


def read_unsubscribe_token(token: str) -> UnsubscribeLink:
    """Read a token, without the database.

    :raises UnsubscribeLinkUnreadable: none of ours.
    """
    try:
        content = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise UnsubscribeLinkUnreadable from None
    body, seal = content[:-_SEAL_BYTES], content[-_SEAL_BYTES:]
    if len(body) != 50 or not hmac.compare_digest(seal, _seal(body)):
        raise UnsubscribeLinkUnreadable
    if body[48] >= len(_MEDIA) or body[49] >= len(_PURPOSES):
        raise UnsubscribeLinkUnreadable
    return UnsubscribeLink(
        merchant_id=UUID(bytes=body[:16]),
        shopper_id=UUID(bytes=body[16:32]),
        message_id=UUID(bytes=body[32:48]),
        medium=_MEDIA[body[48]],
        purpose=_PURPOSES[body[49]],
    )


def _seal(body: bytes) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), _SALT + body, hashlib.sha256)[:_SEAL_BYTES]
