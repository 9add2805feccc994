"""Take in what sources say about shoppers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.shoppers.events import ShopperChanged, ShopperRecorded, ShoppersMerged
from aftermile.capabilities.shoppers.models import ContactPoint, Identity, Shopper
from aftermile.capabilities.shoppers.operations.known_persons import Known, look_up
from aftermile.capabilities.shoppers.operations.merge_shoppers import move_rows
from aftermile.capabilities.shoppers.operations.record_consents import record_consents
from aftermile.capabilities.shoppers.policy import KeyKind, Persons
from aftermile.capabilities.shoppers.reading import FIELDS, Reading, ShopperUnidentified, read_shopper
from aftermile.connectors.contracts.facts import ShopperFact
from aftermile.kernel.events import publish
from aftermile.kernel.ids import uuid7, uuid7_many
from aftermile.kernel.rowsets import Row, Statement, id_array, ids_in, insert, run, select, update
from aftermile.kernel.versions import has_version, merge

_FOLDED = (*FIELDS, "version", "older")
#: Each round begins anew because another transaction was faster; it then finds what that one wrote.
_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class RecordedShopper:
    """Where a fact went. `erased`: the person was erased, and nothing personal was kept."""

    shopper_id: UUID
    erased: bool


@dataclass(slots=True)
class _Round:
    """One attempt to place a batch."""

    placed: list[RecordedShopper]
    persons: Persons
    made: dict[UUID, Row] = field(default_factory=dict)
    known: list[Row] = field(default_factory=list)  # who was there before, locked
    changes: dict[UUID, list[str]] = field(default_factory=dict)

    @property
    def gone(self) -> set[UUID]:
        """Shoppers with rows who turned out to be others."""
        return self.persons.merged.keys() - set(self.persons.made)


def record_shoppers(
    *, facts: Sequence[ShopperFact], source: str, by: str, at: datetime, countries: Sequence[str] = ()
) -> list[UUID]:
    """Take in a batch of facts; return whose each is, in order. See `record_each_shopper`."""
    recorded = record_each_shopper(facts=facts, source=source, by=by, at=at, countries=countries)
    return [each.shopper_id for each in recorded]


def record_each_shopper(
    *, facts: Sequence[ShopperFact], source: str, by: str, at: datetime, countries: Sequence[str] = ()
) -> list[RecordedShopper]:
    """Take in a batch of facts, in any order and as often as they come: the same again changes nothing.

    A fact that shows two shoppers to be one joins them under the older id. A fact about an erased shopper
    keeps nothing.

    :param source: whose external ids these are ("shop", or a connection's public id).
    :param countries: per fact, where its phone number is dialed when the fact has no country.
    :raises ShopperUnidentified: a fact with nothing to tell the person apart; `details.index` says which.
    :raises FactOutOfBounds: an endless id.
    """
    readings = [
        read_shopper(
            fact,
            source=source,
            country=countries[index] if countries else "",
            at=at,
            index=index,
            place=index,
        )
        for index, fact in enumerate(facts)
    ]
    for index, reading in enumerate(readings):
        if not reading.keys:
            raise ShopperUnidentified(details={"index": index})
    if not readings:
        return []
    orphans: set[UUID] = set()
    recorded: set[UUID] = set()
    erased: set[UUID] = set()
    for _ in range(_ROUNDS):
        known = look_up(readings)
        known.erased |= erased
        this = _place(readings, known)
        _fold_new(this, readings, at)
        recorded |= this.made.keys()
        if _write_new(this, readings, known) and _fold_known(this, readings, at):
            break
        orphans |= this.made.keys()
        erased |= _drop_erased(this.known)
    else:
        raise RuntimeError("shoppers of one batch were changed by others in every round")
    orphans -= {each.shopper_id for each in this.placed}
    if orphans:
        Shopper.rows().filter(id__in=orphans).delete()
    consents = [
        (each.shopper_id, reading)
        for each, reading in zip(this.placed, readings, strict=True)
        if reading.consents and not each.erased
    ]
    for shopper_id in record_consents(consents, source=source, at=at, new=this.made.keys()):
        this.changes.setdefault(shopper_id, []).append("consents")
    recorded -= orphans
    publish(
        *(ShopperRecorded(shopper_id=shopper_id) for shopper_id in sorted(recorded)),
        *(
            ShoppersMerged(shopper_id=this.persons.now(gone), merged_id=gone)
            for gone in sorted(this.persons.merged)
            if gone not in this.persons.made
        ),
        *(
            ShopperChanged(shopper_id=shopper_id, changed=tuple(dict.fromkeys(changed)))
            for shopper_id, changed in sorted(this.changes.items())
            if changed and shopper_id not in recorded
        ),
        by=by,
        at=at,
    )
    return this.placed


def _place(readings: Sequence[Reading], known: Known) -> _Round:
    persons = Persons.known(known.owners)
    placed: list[tuple[UUID, bool]] = []
    for reading in readings:
        erased = known.erased_by(reading)
        placed.append((erased, True) if erased else (persons.place(reading.keys, uuid7)[0], False))
    return _Round([RecordedShopper(persons.now(person), erased) for person, erased in placed], persons)


def _fold_new(this: _Round, readings: Sequence[Reading], at: datetime) -> None:
    made = set(this.persons.made) - this.persons.merged.keys()
    for each, reading in zip(this.placed, readings, strict=True):
        if each.shopper_id in made:
            row = this.made.get(each.shopper_id)
            if row is None:
                row = this.made[each.shopper_id] = _blank(each.shopper_id, at)
            merge(row, reading.said, reading.version, fields=FIELDS)


def _blank(shopper_id: UUID, at: datetime) -> Row:
    return {
        "id": shopper_id,
        "name": "",
        "email": "",
        "phone": "",
        "language": "",
        "country": "",
        "tags": [],
        "attributes": {},
        "version": "",
        "older": {},
        "created_at": at,
        "changed_at": at,
    }


def _write_new(this: _Round, readings: Sequence[Reading], known: Known) -> bool:
    """Write who and what is new and lock who is not; False when another transaction took a key first."""
    accounts, contacts = [], 0
    for key, person in sorted(this.persons.claimed.items()):
        if key.kind is KeyKind.ACCOUNT:
            accounts.append({"shopper_id": person, "source": key.source, "external_id": key.value})
        else:
            contacts += 1
    for row, row_id in zip(accounts, uuid7_many(len(accounts)), strict=True):
        row["id"] = row_id
    new, respelled = _contacts(this, readings, known)
    # In this order in every transaction, and sorted: whoever waits for another waits in line.
    _, _, won, kept, this.known = run(
        update(ContactPoint, ("as_given",), respelled),
        insert(Shopper, ("id", *_FOLDED, "created_at", "changed_at"), list(this.made.values())),
        insert(
            Identity,
            ("id", "shopper_id", "source", "external_id"),
            accounts,
            on_conflict="ON CONFLICT DO NOTHING",
            returning=("id",),
        ),
        insert(
            ContactPoint,
            ("id", "shopper_id", "kind", "value", "as_given", "identifies"),
            new,
            on_conflict="ON CONFLICT DO NOTHING",
            returning=("identifies", "shopper_id"),
        ),
        _lock_known(this),
    )
    for _, shopper_id in kept:
        this.changes.setdefault(shopper_id, []).append("contact_points")
    return len(won) == len(accounts) and sum(identifies for identifies, _ in kept) >= contacts


def _lock_known(this: _Round) -> Statement | None:
    wanted = {each.shopper_id for each in this.placed if not each.erased} | this.gone
    wanted |= {this.persons.now(person) for person in this.gone}
    wanted -= this.made.keys()
    if not wanted:
        return None
    return select(
        Shopper,
        ("id", *_FOLDED, "erased_at", "merged_into_id"),
        ids_in("id"),
        [id_array(sorted(wanted))],
        then="ORDER BY id FOR NO KEY UPDATE",
    )


def _contacts(this: _Round, readings: Sequence[Reading], known: Known) -> tuple[list[Row], list[Row]]:
    """Return the contact points that are new, and the known ones whose spelling changes."""
    new: dict[tuple[str, str, UUID], Row] = {}
    respelled: dict[UUID, Row] = {}
    for each, reading in zip(this.placed, readings, strict=True):
        if each.erased:
            continue
        for contact in reading.contacts:
            place = (contact.kind, contact.value, each.shopper_id)
            held = known.contacts.get((each.shopper_id, contact.kind, contact.value))
            if held is not None:
                # Of several spellings the least is kept, so that it does not matter which came first.
                if contact.as_given < held["as_given"]:
                    held["as_given"] = contact.as_given
                    respelled[held["id"]] = {"id": held["id"], "as_given": contact.as_given}
            elif place in new:
                new[place]["as_given"] = min(new[place]["as_given"], contact.as_given)
            else:
                new[place] = {
                    "shopper_id": each.shopper_id,
                    "kind": contact.kind,
                    "value": contact.value,
                    "as_given": contact.as_given,
                    "identifies": contact.key is not None
                    and this.persons.claimed.get(contact.key) == each.shopper_id,
                }
    rows = [new[place] for place in sorted(new)]
    for row, row_id in zip(rows, uuid7_many(len(rows)), strict=True):
        row["id"] = row_id
    return rows, [respelled[row_id] for row_id in sorted(respelled)]


def _fold_known(this: _Round, readings: Sequence[Reading], at: datetime) -> bool:
    """Fold the facts into rows that were there before; False when one was merged or is erased."""
    if any(row["erased_at"] or row["merged_into_id"] for row in this.known):
        return False
    gone = this.gone
    rows = {row["id"]: row for row in this.known}
    before = {shopper_id: (row["version"], row["older"]) for shopper_id, row in rows.items()}
    touched = {this.persons.now(person) for person in gone}
    for person in sorted(gone):
        _absorb(rows | this.made, person, this.persons.now(person), this.changes)
    for each, reading in zip(this.placed, readings, strict=True):
        row = rows.get(each.shopper_id)
        if row is None or each.erased:
            continue
        changed = merge(row, reading.said, reading.version, fields=FIELDS)
        this.changes.setdefault(each.shopper_id, []).extend(changed)
        if changed or (
            has_version(reading.version) and before[each.shopper_id] != (row["version"], row["older"])
        ):
            touched.add(each.shopper_id)
    _write([rows[shopper_id] for shopper_id in sorted(touched & rows.keys())], gone, this, at)
    return True


def _drop_erased(rows: Iterable[Row]) -> set[UUID]:
    """Return who was erased, without the contact points that this round gave them."""
    erased = {row["id"] for row in rows if row["erased_at"] is not None}
    if erased:
        ContactPoint.rows().filter(shopper_id__in=erased).delete()
    return erased


def _absorb(rows: Mapping[UUID, Row], gone: UUID, kept: UUID, changes: dict[UUID, list[str]]) -> None:
    from_row, into_row = rows[gone], rows[kept]
    for name in FIELDS:
        if from_row[name] not in ("", [], {}):
            version = from_row["older"].get(name, from_row["version"])
            changes.setdefault(kept, []).extend(
                merge(into_row, {name: from_row[name]}, version, fields=FIELDS)
            )


def _write(rows: Sequence[Row], gone: set[UUID], this: _Round, at: datetime) -> None:
    made = {this.persons.now(person) for person in gone} & this.made.keys()
    written = [{**row, "changed_at": at} for row in (*rows, *(this.made[person] for person in sorted(made)))]
    run(update(Shopper, (*_FOLDED, "changed_at"), written))
    for person in sorted(gone):
        move_rows(person, this.persons.now(person), blank=_blank(person, at), at=at)
