"""An article being written: the form, what was typed, and what the page shows of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from aftermile.capabilities.catalog.public import find_products, products_by_external
from aftermile.capabilities.content.public import (
    About,
    ArticleUnreadable,
    Kind,
    Manuscript,
    Problem,
    read_manuscript,
    write_manuscript,
)
from aftermile.doors.console.content.differences import language_name
from aftermile.kernel.languages import LANGUAGES

KINDS: Mapping[Kind, str] = {
    Kind.GUIDE: "Guide",
    Kind.CARE_TIPS: "Care tips",
    Kind.VIDEO: "Video",
    Kind.FAQ: "Question and answer",
}
_SHARED = ("kind", "slug", "video_url", "picture_url")
_WORDS = ("title", "summary", "body")
_SEPARATOR = "\x1f"
_MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class Attached:
    """A thing an article is attached to; `key` says it in a form."""

    label: str
    what: str
    key: str


@dataclass(frozen=True, slots=True)
class Language:
    """A language to write in. `is_written`: there are words in it."""

    code: str
    name: str
    url: str
    is_current: bool
    is_written: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form sent: the article it makes, or by field what is wrong with it. `raw` is all of it as plain JSON."""

    manuscript: Manuscript | None
    raw: Mapping[str, Any]
    wrong: Mapping[str, str]


def read_typed(sent: QueryDict, before: Manuscript, language: str) -> Typed:
    """Read a form: the fields all languages share, and the words of one language; the rest stays as it was.

    `attach` and `detach` are buttons: pressed, they change what the article is attached to.
    """
    raw = write_manuscript(before)
    for name in _SHARED:
        if name in sent:
            raw[name] = sent.get(name, "")
    if "position" in sent:
        given = str(sent.get("position", "")).strip()
        raw["position"] = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else -1
    raw["texts"] = {**raw["texts"], language: {name: sent.get(name, "") for name in _WORDS}}
    raw["placements"] = _placements(sent, raw["placements"])
    try:
        return Typed(read_manuscript(raw), raw, {})
    except ArticleUnreadable as refusal:
        prefix = f"texts.{language}."
        wrong = {
            name.removeprefix(prefix): f"{str(said)[:1].upper()}{str(said)[1:]}."
            for name, said in refusal.details.items()
        }
        return Typed(None, raw, wrong)


def languages_of(written: Sequence[str], current: str, offered: Sequence[str], here: str) -> list[Language]:
    """List the languages of the shop's pages, and any other the article is written in."""
    codes = list(dict.fromkeys((*offered, *written, current)))
    return [
        Language(code, language_name(code), f"{here}?language={code}", code == current, code in written)
        for code in codes
    ]


def is_language(code: str) -> bool:
    """Tell whether a tag is one of the languages shoppers are spoken to in, with or without a region."""
    base, dash, region = code.partition("-")
    return base in LANGUAGES and (not dash or (len(region) == 2 and region.isascii() and region.isupper()))


def attached_to(placements: Sequence[Mapping[str, str]]) -> list[Attached]:
    """Name what an article is attached to, products by their titles; one look at the catalog for each source."""
    titles = titles_of([(each["source"], each["value"]) for each in placements])
    return [
        Attached(
            label="The whole shop"
            if each["about"] == About.SHOP
            else titles.get((each["source"], each["value"])) or each["value"],
            what="" if each["about"] == About.SHOP else str(each["about"]),
            key=key_of(each["about"], each["source"], each["value"]),
        )
        for each in placements
    ]


def titles_of(products: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return the titles of products by source and id there, as far as the catalog has them."""
    by_source: dict[str, set[str]] = {}
    for source, external_id in products:
        if source:
            by_source.setdefault(source, set()).add(external_id)
    return {
        (source, external_id): view.title
        for source, ids in by_source.items()
        for external_id, view in products_by_external(source, ids).items()
        if view.title
    }


def found_products(words: str) -> list[Attached]:
    """Find products to attach an article to."""
    return [
        Attached(
            view.title or view.external_id, view.category, key_of("product", view.source, view.external_id)
        )
        for view in find_products(words[:100], limit=_MOST_FOUND)
    ]


def key_of(about: str, source: str, value: str) -> str:
    """Write a placement in one text, for the button that takes it or takes it away."""
    return _SEPARATOR.join((about, source, value))


def by_field(problems: Sequence[Problem], language: str) -> dict[str, list[str]]:
    """Sort what keeps an article from being published by the field it stands beside; `elsewhere`: other languages."""
    found: dict[str, list[str]] = {}
    for each in problems:
        if each.language in ("", language):
            found.setdefault(each.field, []).append(each.sentence)
        else:
            found.setdefault("elsewhere", []).append(f"{language_name(each.language)}: {each.sentence}")
    return found


def _placements(sent: QueryDict, placed: list[dict[str, str]]) -> list[dict[str, str]]:
    attach, detach = _read_key(sent.get("attach", "")), _read_key(sent.get("detach", ""))
    about = sent.get("about", "")
    value = sent.get("value", "").strip()
    if "attach_named" in sent and about in (About.TYPE, About.TAG) and value:
        attach = {"about": about, "source": "", "value": value}
    kept = [each for each in placed if each != detach]
    if attach is None:
        return kept
    # "The whole shop" is what an article without anything else is attached to: naming a thing takes its place.
    if attach["about"] != About.SHOP:
        kept = [each for each in kept if each["about"] != About.SHOP]
    return [*kept, attach]


def _read_key(key: str) -> dict[str, str] | None:
    parts = key.split(_SEPARATOR)
    return dict(zip(("about", "source", "value"), parts, strict=True)) if len(parts) == 3 else None
