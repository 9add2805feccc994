"""Look up whom the ids and contact points of a batch belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection

from aftermile.capabilities.shoppers.contact_points import contact_digest
from aftermile.capabilities.shoppers.models import ErasedContact
from aftermile.capabilities.shoppers.policy import Key, KeyKind
from aftermile.capabilities.shoppers.reading import Reading
from aftermile.kernel.rowsets import Row, as_json, select_rows, texts_in
from aftermile.kernel.tenancy import current_merchant_id

_AMONG = "= ANY(ARRAY(SELECT json_array_elements_text(%s)))"
_LOOK_UP = f"""
    WITH owners AS MATERIALIZED (
        SELECT shopper_id FROM shoppers_identity
        WHERE merchant_id = %s AND source = %s AND external_id {_AMONG}
        UNION
        SELECT shopper_id FROM shoppers_contact_point
        WHERE merchant_id = %s AND kind = 'email' AND identifies AND value {_AMONG}
        UNION
        SELECT shopper_id FROM shoppers_contact_point
        WHERE merchant_id = %s AND kind = 'phone' AND identifies AND value {_AMONG}
    )
    SELECT 'account', source, external_id, shopper_id, true, '', identity.id,
        (SELECT erased_at FROM shoppers_shopper s WHERE s.merchant_id = identity.merchant_id AND s.id = shopper_id)
    FROM shoppers_identity identity
    WHERE merchant_id = %s AND shopper_id = ANY(ARRAY(SELECT shopper_id FROM owners))
    UNION ALL
    SELECT kind, '', value, shopper_id, identifies, as_given, id, NULL FROM shoppers_contact_point
    WHERE merchant_id = %s AND shopper_id = ANY(ARRAY(SELECT shopper_id FROM owners))
"""


@dataclass(slots=True)
class Known:
    """What is known of a batch's persons."""

    owners: dict[Key, UUID] = field(default_factory=dict)
    contacts: dict[tuple[UUID, str, str], Row] = field(default_factory=dict)
    erased: set[UUID] = field(default_factory=set)
    erased_contacts: dict[Key, tuple[UUID, datetime]] = field(default_factory=dict)

    def erased_by(self, reading: Reading) -> UUID | None:
        """Return the erased shopper whom a fact is about, if it is about one.

        An id of the source stays erased for good. An e-mail address or phone number only for facts of the
        time before: who buys again afterwards is a shopper like any other.
        """
        for key in reading.keys:
            owner = self.owners.get(key)
            if owner in self.erased:
                return owner
            if key in self.erased_contacts:
                shopper_id, erased_at = self.erased_contacts[key]
                if reading.updated_at is None or reading.updated_at <= erased_at:
                    return shopper_id
        return None


def look_up(readings: Sequence[Reading]) -> Known:
    """Read the owners of all keys of a batch with everything else that is theirs: one or two statements."""
    keys = {key for reading in readings for key in reading.keys}
    texts = {kind: sorted(key.value for key in keys if key.kind is kind) for kind in KeyKind}
    source = next((key.source for key in keys if key.kind is KeyKind.ACCOUNT), "")
    merchant_id = current_merchant_id()
    known = Known()
    with connection.cursor() as cursor:
        cursor.execute(
            _LOOK_UP,
            [
                *(merchant_id, source, as_json(texts[KeyKind.ACCOUNT])),
                *(merchant_id, as_json(texts[KeyKind.EMAIL])),
                *(merchant_id, as_json(texts[KeyKind.PHONE])),
                *(merchant_id, merchant_id),
            ],
        )
        for kind, key_source, value, shopper_id, identifies, as_given, row_id, erased_at in cursor.fetchall():
            if identifies:
                known.owners[Key(KeyKind(kind), key_source, value)] = shopper_id
            if kind != KeyKind.ACCOUNT:
                known.contacts[shopper_id, kind, value] = {"id": row_id, "as_given": as_given}
            if erased_at is not None:
                known.erased.add(shopper_id)
    _look_for_erased(
        known, [key for key in keys if key.kind is not KeyKind.ACCOUNT and key not in known.owners]
    )
    return known


def _look_for_erased(known: Known, keys: Sequence[Key]) -> None:
    if not keys:
        return
    merchant_id = current_merchant_id()
    digests = {contact_digest(merchant_id, key.kind, key.value): key for key in keys}
    for row in select_rows(
        ErasedContact, ("digest", "shopper_id", "erased_at"), texts_in("digest"), [as_json(list(digests))]
    ):
        known.erased_contacts[digests[row["digest"]]] = (row["shopper_id"], row["erased_at"])
