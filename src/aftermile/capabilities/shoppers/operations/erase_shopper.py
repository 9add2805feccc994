"""Erase a shopper's personal data on request."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.capabilities.shoppers.contact_points import contact_digest
from aftermile.capabilities.shoppers.events import ShopperErased
from aftermile.capabilities.shoppers.models import Consent, ContactPoint, ErasedContact, Shopper
from aftermile.capabilities.shoppers.queries import ShopperNotFound
from aftermile.kernel.events import publish
from aftermile.kernel.ids import uuid7_many
from aftermile.kernel.rowsets import insert, run, select
from aftermile.kernel.tenancy import current_merchant_id


def erase_shopper(*, shopper_id: UUID, by: str, at: datetime) -> None:
    """Erase name, contact points, tags, the source's own words and the proofs of consents. Again: no effect.

    What was allowed and refused stays without its proof, and the country for counting. The source's id and
    digests of the contact points stay as well, so that a fact that comes late does not bring the person
    back. Other rooms follow on `ShopperErased`.

    :raises ShopperNotFound: no such shopper.
    """
    (found,) = run(
        select(
            Shopper, ("id", "merged_into_id", "erased_at"), "id = %s", [shopper_id], then="FOR NO KEY UPDATE"
        )
    )
    if not found:
        raise ShopperNotFound
    (row,) = found
    if row["merged_into_id"] is not None:
        erase_shopper(shopper_id=row["merged_into_id"], by=by, at=at)
        return
    if row["erased_at"] is not None:
        return
    contacts = ContactPoint.rows().filter(shopper_id=shopper_id)
    identifying = list(
        contacts.filter(identifies=True).order_by("kind", "value").values_list("kind", "value")
    )
    erasures = [
        {
            "id": row_id,
            "shopper_id": shopper_id,
            "digest": contact_digest(current_merchant_id(), kind, value),
            "erased_at": at,
        }
        for row_id, (kind, value) in zip(uuid7_many(len(identifying)), identifying, strict=True)
    ]
    run(
        insert(
            ErasedContact,
            ("id", "shopper_id", "digest", "erased_at"),
            erasures,
            on_conflict="ON CONFLICT (merchant_id, digest)"
            " DO UPDATE SET shopper_id = excluded.shopper_id, erased_at = excluded.erased_at",
        )
    )
    contacts.delete()
    Consent.rows().filter(shopper_id=shopper_id).update(proof="")
    Shopper.rows().filter(id=shopper_id).update(
        name="", email="", phone="", tags=[], attributes={}, version="", older={}, erased_at=at, changed_at=at
    )
    publish(ShopperErased(shopper_id=shopper_id), by=by, at=at)
