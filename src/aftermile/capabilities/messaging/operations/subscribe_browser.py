"""Let a browser show messages."""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from aftermile.capabilities.messaging.addresses import address_digest
from aftermile.capabilities.messaging.models import PushSubscription
from aftermile.capabilities.messaging.operations.senders import open_senders
from aftermile.capabilities.shoppers.public import ShopperNotFound, reach
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.errors import Invalid
from aftermile.kernel.outbound_addresses import AddressPolicy
from aftermile.kernel.tenancy import current_merchant_id

#: Browsers of one shopper that are remembered; the newest is the one that is written to.
MOST_BROWSERS = 10
LONGEST_ENDPOINT = 2_048
# RFC 8291, 3.1 and 3.2: a point of P-256, uncompressed, and a secret of 16 bytes.
_POINT_BYTES, _SECRET_BYTES = 65, 16


class BrowserUnusable(Invalid):
    """What a browser gave to be reached by cannot be used; `details` says what."""

    code = "browser_unusable"
    message = "Messages cannot be sent to this browser."


def browser_key() -> str:
    """Return the key with which browsers subscribe to the shop; "" where it sends them nothing."""
    sender = open_senders().get(Medium.PUSH)
    if sender is None or sender.channel.browser_key is None:
        return ""
    return sender.channel.browser_key(sender.credentials)


def browsers_of(shopper_id: UUID) -> list[str]:
    """Name a shopper's browsers by the SHA-256 of their endpoints (hex), by which a browser knows itself."""
    known = reach([shopper_id]).get(shopper_id)
    if known is None:
        return []
    rows = PushSubscription.rows().filter(shopper_id=known.shopper_id).order_by("created_at", "id")
    endpoints = rows.values_list("endpoint", flat=True)
    return [hashlib.sha256(endpoint.encode()).hexdigest() for endpoint in endpoints]


def subscribe_browser(*, shopper_id: UUID, endpoint: str, p256dh: str, auth: str, at: datetime) -> None:
    """Keep a browser's subscription and its keys; again, or with new keys: the newest holds, for whoever gave it last.

    What is pushed there follows the consents of the shopper, which this does not change.

    :raises ShopperNotFound: no such shopper, or an erased one.
    :raises BrowserUnusable: no endpoint we would call, or keys that are none.
    """
    _check(endpoint, p256dh, auth)
    known = reach([shopper_id]).get(shopper_id)
    if known is None or known.erased:
        raise ShopperNotFound
    PushSubscription.rows().update_or_create(
        digest=address_digest(current_merchant_id(), Medium.PUSH, endpoint),
        defaults={
            "shopper_id": known.shopper_id,
            "endpoint": endpoint,
            "p256dh": p256dh,
            "auth": auth,
            "created_at": at,
        },
    )
    theirs = PushSubscription.rows().filter(shopper_id=known.shopper_id)
    kept = theirs.order_by("-created_at", "-id").values("id")[:MOST_BROWSERS]
    theirs.exclude(id__in=kept).delete()


def unsubscribe_browser(*, endpoint: str) -> bool:
    """Forget a browser; return whether it was known."""
    digest = address_digest(current_merchant_id(), Medium.PUSH, endpoint)
    return bool(PushSubscription.rows().filter(digest=digest).delete()[0])


def _check(endpoint: str, p256dh: str, auth: str) -> None:
    problems = {}
    if not _is_callable(endpoint):
        problems["endpoint"] = "Give an https address on the internet."
    point = _decoded(p256dh)
    if len(point) != _POINT_BYTES or point[0] != 4:
        problems["p256dh"] = "This is no public key of a browser."
    if len(_decoded(auth)) != _SECRET_BYTES:
        problems["auth"] = "This is no secret of a browser."
    if problems:
        raise BrowserUnusable(details=problems)


def _is_callable(endpoint: str) -> bool:
    """Tell what is plainly no push service; where a name leads to is judged when it is called (`kernel.http`)."""
    if len(endpoint) > LONGEST_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable():
        return False
    try:
        address = urlsplit(endpoint)
        host, port = address.hostname or "", address.port
    except ValueError:
        return False
    if address.scheme != "https" or "@" in address.netloc or port not in {None, 443} or " " in endpoint:
        return False
    try:
        return AddressPolicy(settings.OUTBOUND_ALLOW_PRIVATE).allows(host, str(ip_address(host)))
    except ValueError:
        last = host.rstrip(".").rpartition(".")
        # Browsers read a name that ends in a number as an address.
        return bool(last[0]) and last[2][:1].isalpha() and last[2] not in {"localhost", "local", "internal"}


def _decoded(written: str) -> bytes:
    text = written.strip().rstrip("=")
    if len(text) > 2 * _POINT_BYTES:
        return b""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
