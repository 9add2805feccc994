"""What changed between two versions of an article, as people read it: the words that went and those that came."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from aftermile.capabilities.content.public import About, Manuscript, Placement, Words
from aftermile.kernel.languages import LANGUAGES

_WORDS = re.compile(r"\s+|[\w’'-]+|[^\w\s]")
#: A paragraph longer than this is shown as gone and come: comparing its words would take long and read badly.
_MOST_WORDS = 1_500
_FIELDS = {"title": "Title", "summary": "Summary", "body": "Text"}


class Fate(StrEnum):
    KEPT = "kept"
    GONE = "gone"
    COME = "come"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and what became of them."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field that changed; each line of it as pieces. `language` is a tag, "" for what all languages share."""

    label: str
    language: str
    lines: tuple[tuple[Piece, ...], ...]


def changes_between(
    before: Manuscript | None, after: Manuscript, *, titles: Mapping[tuple[str, str], str]
) -> list[Change]:
    """List what changed, field by field; without a version before, all of it came.

    :param titles: of products, by their source and id there.
    """
    changes = [
        Change(label, "", (_whole(old, new),))
        for label, old, new in _shared(before, after, titles)
        if old != new
    ]
    for language in sorted({*after.texts, *(before.texts if before else ())}):
        old_words = before.texts.get(language, Words()) if before else Words()
        new_words = after.texts.get(language, Words())
        for field, label in _FIELDS.items():
            old, new = getattr(old_words, field), getattr(new_words, field)
            if old != new:
                changes.append(
                    Change(f"{label} · {language_name(language)}", language, tuple(_lines(old, new)))
                )
    return changes


def language_name(tag: str) -> str:
    """Name a language by its tag: "Deutsch", "Deutsch (AT)"."""
    base, _, region = tag.partition("-")
    return f"{LANGUAGES.get(base, base)} ({region})" if region else LANGUAGES.get(base, base)


def _said_of(placements: Sequence[Placement], titles: Mapping[tuple[str, str], str]) -> str:
    """Say what an article is attached to, in a line."""
    return ", ".join(
        "the whole shop"
        if each.about is About.SHOP
        else titles.get((each.source, each.value), f"{each.about} {each.value}")
        for each in placements
    )


def _shared(
    before: Manuscript | None, after: Manuscript, titles: Mapping[tuple[str, str], str]
) -> Iterator[tuple[str, str, str]]:
    def both(label: str, read: str) -> tuple[str, str, str]:
        return label, str(getattr(before, read)) if before else "", str(getattr(after, read))

    yield both("Kind", "kind")
    yield both("Address", "slug")
    yield both("Place in lists", "position")
    yield both("Video", "video_url")
    yield both("Picture", "picture_url")
    yield (
        "Attached to",
        _said_of(before.placements, titles) if before else "",
        _said_of(after.placements, titles),
    )


def _whole(old: str, new: str) -> tuple[Piece, ...]:
    return tuple(Piece(fate, text) for fate, text in ((Fate.GONE, old), (Fate.COME, new)) if text)


def _lines(old: str, new: str) -> Iterator[tuple[Piece, ...]]:
    """Compare line by line, and the words of lines that were changed; lines that stayed are left out."""
    olds, news = old.split("\n"), new.split("\n")
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, olds, news, autojunk=False
    ).get_opcodes():
        if what == "equal":
            continue
        gone, come = "\n".join(olds[old_from:old_to]), "\n".join(news[new_from:new_to])
        pieces = tuple(_words(gone, come)) if gone.strip() and come.strip() else _whole(gone, come)
        if any(piece.text.strip() for piece in pieces):
            yield pieces


def _words(old: str, new: str) -> Iterator[Piece]:
    olds, news = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(olds), len(news)) > _MOST_WORDS:
        yield from _whole(old, new)
        return
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, olds, news, autojunk=False
    ).get_opcodes():
        gone, come = "".join(olds[old_from:old_to]), "".join(news[new_from:new_to])
        if what == "equal":
            yield Piece(Fate.KEPT, come)
            continue
        yield from _whole(gone, come)
