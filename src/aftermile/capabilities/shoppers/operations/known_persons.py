"""Look up whom the ids and contact points of a batch belong to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.shoppers.contact_points import contact_digest
from aftermile.capabilities.shoppers.models import ContactPoint, ErasedContact, Identity, Shopper
from aftermile.capabilities.shoppers.policy import Key, KeyKind
from aftermile.capabilities.shoppers.reading import Reading
from aftermile.kernel.rowsets import Row, id_array, ids_in, run, select, text_array, texts_in
from aftermile.kernel.tenancy import current_merchant_id

_IDENTITY = ("source", "external_id", "shopper_id")
_CONTACT = ("kind", "value", "shopper_id", "as_given", "id")


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
    """Read the owners of all keys of a batch; of those who may gain a key or be joined, all keys."""
    keys = {key for reading in readings for key in reading.keys}
    accounts = [key for key in keys if key.kind is KeyKind.ACCOUNT]
    contacts = [key for key in keys if key.kind is not KeyKind.ACCOUNT]
    merchant_id = current_merchant_id()
    digests = {contact_digest(merchant_id, key.kind, key.value): key for key in contacts}
    # Each as simple as can be: planning one clever statement takes longer than running these.
    identities, mailboxes, phones, erased = run(
        select(
            Identity,
            _IDENTITY,
            f"source = %s AND {texts_in('external_id')}",
            [accounts[0].source, text_array(key.value for key in accounts)],
        )
        if accounts
        else None,
        *(
            select(
                ContactPoint,
                _CONTACT,
                f"kind = %s AND identifies AND {texts_in('value')}",
                [kind.value, text_array(key.value for key in contacts if key.kind is kind)],
            )
            if any(key.kind is kind for key in contacts)
            else None
            for kind in (KeyKind.EMAIL, KeyKind.PHONE)
        ),
        select(
            ErasedContact, ("digest", "shopper_id", "erased_at"), texts_in("digest"), [text_array(digests)]
        )
        if digests
        else None,
    )
    known = Known()
    _note(known, identities, [*mailboxes, *phones])
    for row in erased:
        key = digests[row["digest"]]
        if key not in known.owners:
            known.erased_contacts[key] = (row["shopper_id"], row["erased_at"])
    unsettled = _unsettled(readings, known)
    if unsettled:
        _read_all_of(known, unsettled)
    return known


def _note(known: Known, identities: Iterable[Row], contacts: Iterable[Row]) -> None:
    for row in identities:
        known.owners[Key(KeyKind.ACCOUNT, row["source"], row["external_id"])] = row["shopper_id"]
    for row in contacts:
        known.owners[Key(KeyKind(row["kind"]), "", row["value"])] = row["shopper_id"]
        known.contacts[row["shopper_id"], row["kind"], row["value"]] = row


def _unsettled(readings: Sequence[Reading], known: Known) -> set[UUID]:
    unsettled: set[UUID] = set()
    for reading in readings:
        owners = {known.owners.get(key) for key in reading.keys}
        if len(owners) > 1:
            unsettled.update(owner for owner in owners if owner is not None)
    return unsettled


def _read_all_of(known: Known, shopper_ids: Collection[UUID]) -> None:
    wanted = id_array(sorted(shopper_ids))
    identities, contacts, erased = run(
        select(Identity, _IDENTITY, ids_in("shopper_id"), [wanted]),
        select(ContactPoint, _CONTACT, f"identifies AND {ids_in('shopper_id')}", [wanted]),
        select(Shopper, ("id",), f"erased_at IS NOT NULL AND {ids_in('id')}", [wanted]),
    )
    _note(known, identities, contacts)
    known.erased.update(row["id"] for row in erased)
