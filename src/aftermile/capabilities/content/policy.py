"""Decisions about articles: which language a reader gets, what keeps one from being published, which fit best."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aftermile.capabilities.content.manuscript import Manuscript, Words
from aftermile.capabilities.content.markdown import render
from aftermile.capabilities.content.states import About, Kind

_FIRST = "en"
#: How near an attachment is to a purchase: a type and a tag alike.
NEARNESS: Mapping[About, int] = {About.PRODUCT: 0, About.TYPE: 1, About.TAG: 1, About.SHOP: 2}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with an article. `language` "": with all of it."""

    field: str
    sentence: str
    language: str = ""


def best_language(wishes: Iterable[str], offered: Collection[str]) -> str:
    """Choose among the languages of an article: "de-AT" is content with "de", and "de" with "de-CH".

    After all wishes English, then the first there is; "" where none is offered.
    """
    by_base: dict[str, str] = {}
    for each in sorted(offered):
        by_base.setdefault(_base(each), each)
    for wish in (*wishes, _FIRST):
        found = wish if wish in offered else by_base.get(_base(wish), "")
        plain = _base(wish)
        if found != wish and plain in offered:
            found = plain
        if found:
            return found
    return min(offered, default="")


def problems_of(manuscript: Manuscript) -> list[Problem]:
    """Tell what keeps an article from being published; none: it may be."""
    found: list[Problem] = []
    if not manuscript.texts:
        found.append(Problem("texts", "It has no text yet, in no language."))
    if manuscript.kind is Kind.VIDEO and not manuscript.video_url:
        found.append(Problem("video_url", "A video needs the address where it is shown."))
    for language, words in manuscript.texts.items():
        found += [
            Problem(field, sentence, language)
            for field, sentence in _problems_of_words(words, manuscript.kind)
        ]
    return found


def _problems_of_words(words: Words, kind: Kind) -> list[tuple[str, str]]:
    found = []
    if not words.title:
        what = "the question" if kind is Kind.FAQ else "a title"
        found.append(("title", f"It needs {what}."))
    if not words.body and kind is not Kind.VIDEO:
        found.append(("body", "It needs a text."))
    return [*found, *(("body", problem) for problem in render(words.body).problems)]


def by_fitness(kinds: Sequence[Kind], kind: Kind, about: About) -> tuple[int, int]:
    """Order articles for a purchase: what is about the very thing first, then the dearest kind.

    :param kinds: the dearest first.
    """
    return NEARNESS[about], kinds.index(kind)


def _base(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
