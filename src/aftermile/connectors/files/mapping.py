"""Tie our fields to a file's columns: by hand, or guessed from the headers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from aftermile.connectors.contracts.facts import OrderState
from aftermile.connectors.files.fields import FIELDS, REQUIRED, TELLING, Field, FileKind, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """Which column says what. `constants` are values the file does not have, the same for every row."""

    kind: FileKind
    columns: Mapping[str, str]  # our field -> their column, as it stands in the header
    constants: Mapping[str, str] = field(default_factory=dict)  # our field -> value, as a cell would say it
    status_words: Mapping[str, OrderState] = field(default_factory=dict)  # the shop's own, in small letters


def suggest(headers: Sequence[str], kind: FileKind | None = None) -> ColumnMapping | None:
    """Guess the mapping from the headers, and the kind where it is not given.

    Returns None when the headers look like no kind we read.
    """
    by_word: dict[str, str] = {}
    for header in headers:
        by_word.setdefault(plain(header), header)
    guesses = [_guess(by_word, each) for each in ([kind] if kind else FileKind)]
    if kind:
        return guesses[0]
    fitting = [guess for guess in guesses if _has_each(guess.columns, _telling(guess.kind))]
    return max(fitting, key=lambda guess: len(guess.columns), default=None)


def missing_required(mapping: ColumnMapping) -> tuple[str, ...]:
    """Return what a mapping lacks, each as "this or that"."""
    known = {*mapping.columns, *mapping.constants}
    return tuple(" or ".join(group) for group in REQUIRED[mapping.kind] if known.isdisjoint(group))


@cache
def fields_of(kind: FileKind) -> Mapping[str, Field]:
    """Return a kind's fields by name, in their order."""
    return {each.name: each for each in FIELDS[kind]}


def _guess(by_word: Mapping[str, str], kind: FileKind) -> ColumnMapping:
    """Give each field the first of its words that is a header and not taken yet."""
    columns: dict[str, str] = {}
    taken: set[str] = set()
    for each in FIELDS[kind]:
        word = next((word for word in each.words if word in by_word and word not in taken), None)
        if word is not None:
            columns[each.name] = by_word[word]
            taken.add(word)
    return ColumnMapping(kind=kind, columns=columns)


def _telling(kind: FileKind) -> Iterable[tuple[str, ...]]:
    return (*REQUIRED[kind], *TELLING[kind])


def _has_each(known: Iterable[str], groups: Iterable[tuple[str, ...]]) -> bool:
    names = set(known)
    return all(not names.isdisjoint(group) for group in groups)
