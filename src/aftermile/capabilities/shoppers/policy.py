"""Who is who: decides, from ids and contact points alone, whether two facts are about one person.

A source's own id is the strongest word: two ids of one source are two people, whatever they share. Then an
e-mail address: a mailbox has one owner. Then a phone number, which households share: it joins what nothing
else tells apart, and never two people with an e-mail address each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID


class KeyKind(StrEnum):
    ACCOUNT = "account"
    EMAIL = "email"
    PHONE = "phone"


class Key(NamedTuple):
    """Something that tells a shopper apart. `source` is empty for e-mail addresses and phone numbers."""

    kind: KeyKind
    source: str
    value: str


class Because(StrEnum):
    """Why a fact belongs to the shopper it was given to."""

    SAME_ID = "the source gave the same id"
    SAME_EMAIL = "the e-mail address is the same"
    SAME_PHONE = "the phone number is the same, and nothing else tells them apart"
    FIRST_HEARD = "nobody with this id, e-mail address or phone number was known"


@dataclass(slots=True)
class Persons:
    """The persons that a batch touches: whose key is whose. Changed by `place`."""

    owners: dict[Key, UUID] = field(default_factory=dict)
    keys: dict[UUID, set[Key]] = field(default_factory=dict)
    claimed: dict[Key, UUID] = field(default_factory=dict)  # keys nobody had
    merged: dict[UUID, UUID] = field(default_factory=dict)  # who turned out to be whom
    made: list[UUID] = field(default_factory=list)

    @classmethod
    def known(cls, owners: Mapping[Key, UUID]) -> Persons:
        persons = cls(owners=dict(owners))
        for key, person in owners.items():
            persons.keys.setdefault(person, set()).add(key)
        return persons

    def now(self, person: UUID) -> UUID:
        """Follow merges to who the person is now."""
        while person in self.merged:
            person = self.merged[person]
        return person

    def place(self, keys: Iterable[Key], new_id: Callable[[], UUID]) -> tuple[UUID, Because]:
        """Decide whose a fact with these keys is, joining persons that it shows to be one.

        :param keys: account, e-mail address and phone number, in this order, as far as told.
        """
        told = tuple(keys)
        person: UUID | None = None
        because = Because.FIRST_HEARD
        for key in told:
            owner = self.owners.get(key)
            if owner is None or owner == person:
                continue
            if not self._may_join(key.kind, owner, person, told):
                continue
            if person is None:
                person, because = owner, _BECAUSE[key.kind]
            else:
                person = self._join(person, owner)
        if person is None:
            person = new_id()
            self.keys[person] = set()
            self.made.append(person)
        for key in told:
            if key not in self.owners:
                self.owners[key] = self.claimed[key] = person
                self.keys[person].add(key)
        return person, because

    def _may_join(self, kind: KeyKind, owner: UUID, person: UUID | None, told: tuple[Key, ...]) -> bool:
        """Tell whether the fact (and the person it belongs to so far) may be the owner of one of its keys."""
        if kind is KeyKind.ACCOUNT:
            return True
        ours = {key for key in told if self._is_free(key)} | (self.keys[person] if person else set())
        theirs = self.keys[owner]
        if _contradict(ours, theirs, KeyKind.ACCOUNT):
            return False
        ours |= {key for key in told if key.kind is KeyKind.EMAIL}
        return kind is KeyKind.EMAIL or not _contradict(ours, theirs, KeyKind.EMAIL)

    def _is_free(self, key: Key) -> bool:
        return key not in self.owners

    def _join(self, one: UUID, other: UUID) -> UUID:
        kept, gone = min(one, other), max(one, other)
        for key in self.keys.pop(gone):
            self.keys[kept].add(key)
            self.owners[key] = kept
            if key in self.claimed:
                self.claimed[key] = kept
        self.merged[gone] = kept
        return kept


def holds(answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Choose the answer that holds among all ever given to one question: the newest; of two at once, the no."""
    return max(answers, key=lambda answer: (answer["heard_at"], not answer["granted"], answer["source"]))


def _contradict(ours: Iterable[Key], theirs: Iterable[Key], kind: KeyKind) -> bool:
    """Tell whether two sides have keys of one kind and source, and none in common."""
    of_theirs: dict[str, set[str]] = {}
    for key in theirs:
        if key.kind is kind:
            of_theirs.setdefault(key.source, set()).add(key.value)
    of_ours: dict[str, set[str]] = {}
    for key in ours:
        if key.kind is kind:
            of_ours.setdefault(key.source, set()).add(key.value)
    return any(of_theirs[source].isdisjoint(of_ours[source]) for source in of_theirs.keys() & of_ours.keys())


_BECAUSE = {
    KeyKind.ACCOUNT: Because.SAME_ID,
    KeyKind.EMAIL: Because.SAME_EMAIL,
    KeyKind.PHONE: Because.SAME_PHONE,
}
