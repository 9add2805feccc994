"""Let a browser show messages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.capabilities.messaging.addresses import address_digest
from aftermile.capabilities.messaging.models import PushSubscription
from aftermile.capabilities.shoppers.public import ShopperNotFound, reach
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.tenancy import current_merchant_id


def subscribe_browser(*, shopper_id: UUID, endpoint: str, p256dh: str, auth: str, at: datetime) -> None:
    """Keep a browser's subscription and its keys; again, or with new keys: the newest holds, for whoever gave it last.

    What is pushed there follows the consents of the shopper, which this does not change.

    :raises ShopperNotFound: no such shopper, or an erased one.
    """
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


def unsubscribe_browser(*, endpoint: str) -> bool:
    """Forget a browser; return whether it was known."""
    digest = address_digest(current_merchant_id(), Medium.PUSH, endpoint)
    return bool(PushSubscription.rows().filter(digest=digest).delete()[0])
