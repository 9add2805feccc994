"""An article as it is written: everything a version keeps. Bounds are checked here, completeness at publishing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from aftermile.capabilities.content.states import About, Kind
from aftermile.kernel.errors import Invalid
from aftermile.kernel.languages import LANGUAGES

LONGEST_TITLE = 160
LONGEST_SUMMARY = 400
LONGEST_BODY = 20_000
LONGEST_SLUG = 80
LONGEST_URL = 2_000
LONGEST_NAME = 200  # of a type, a tag, a product's id
MOST_LANGUAGES = 30
MOST_PLACEMENTS = 200
LARGEST_POSITION = 9_999

_LANGUAGE = re.compile(r"([a-z]{2,3})(-[A-Z]{2})?")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NO_LETTER = re.compile(r"[^a-z0-9]+")


class ArticleUnreadable(Invalid):
    """An article is beyond its bounds, or holds what is none of ours; `details` tells by field what is wrong."""

    code = "article_unreadable"
    message = "This is no article; `details` tells by field what is wrong."


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """An article in one language. `body` is Markdown."""

    title: str = ""
    summary: str = ""
    body: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.title or self.summary or self.body)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Placement:
    """What an article is attached to: a product by its source and id there, a type or tag by its name, or the shop."""

    about: About
    source: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """`texts` by language tag ("de", "de-AT"). `picture_url`: the shop's own address of a picture, copied by us."""

    kind: Kind
    slug: str = ""
    position: int = 0
    video_url: str = ""
    picture_url: str = ""
    placements: tuple[Placement, ...] = (Placement(about=About.SHOP),)
    texts: Mapping[str, Words] = field(default_factory=dict)


def read_manuscript(given: Mapping[str, Any]) -> Manuscript:
    """Read an article from plain JSON, as forms, programs and versions give it.

    Spaces at the ends are cut, languages without a word are left out, placements are sorted and each is kept once.
    What is missing has its default; without placements an article is the whole shop's.

    :raises ArticleUnreadable: beyond the bounds above; all of what is wrong at once.
    """
    wrong: dict[str, object] = {}
    kind = _kind(given.get("kind"), wrong)
    read = Manuscript(
        kind=kind,
        slug=_slug(given.get("slug", ""), wrong),
        position=_position(given.get("position", 0), wrong),
        video_url=_url(given, "video_url", ("https",), wrong),
        # Asked by us alone, and what comes back is checked: a shop's old address may do.
        picture_url=_url(given, "picture_url", ("https", "http"), wrong),
        placements=_placements(given.get("placements", ()), wrong),
        texts=_texts(given.get("texts", {}), wrong),
    )
    if wrong:
        raise ArticleUnreadable(details=wrong)
    return read


def write_manuscript(manuscript: Manuscript) -> dict[str, Any]:
    """Write an article as plain JSON that `read_manuscript` reads."""
    return {
        "kind": manuscript.kind.value,
        "slug": manuscript.slug,
        "position": manuscript.position,
        "video_url": manuscript.video_url,
        "picture_url": manuscript.picture_url,
        "placements": [
            {"about": each.about.value, "source": each.source, "value": each.value}
            for each in manuscript.placements
        ],
        "texts": {
            language: {"title": words.title, "summary": words.summary, "body": words.body}
            for language, words in manuscript.texts.items()
        },
    }


def title_of(manuscript: Manuscript) -> str:
    """Return what staff call an article: its first title, English before others; "" while it has none."""
    texts = manuscript.texts
    return next((texts[each].title for each in sorted(texts, key=_first) if texts[each].title), "")


def slug_of(title: str) -> str:
    """Make the end of an address from a title: "" where it has no letter of the Latin alphabet."""
    plain = unicodedata.normalize("NFKD", title.replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
    letters = plain.encode("ascii", "ignore").decode().lower()
    return _NO_LETTER.sub("-", letters).strip("-")[:LONGEST_SLUG].strip("-")


def named(value: str) -> str:
    """Write a type or tag as it is compared: case and spaces at the ends do not matter."""
    return value.strip().casefold()


def _first(language: str) -> tuple[bool, str]:
    return language != "en", language


def _kind(given: Any, wrong: dict[str, object]) -> Kind:
    if given not in list(Kind):
        wrong["kind"] = f"choose one of {', '.join(Kind)}"
        return Kind.GUIDE
    return Kind(given)


def _slug(given: Any, wrong: dict[str, object]) -> str:
    slug = _line(given, "slug", LONGEST_SLUG, wrong)
    if slug and not _SLUG.fullmatch(slug):
        wrong["slug"] = "small letters, digits and hyphens between them only"
    return slug


def _position(given: Any, wrong: dict[str, object]) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= LARGEST_POSITION:
        wrong["position"] = f"a whole number from 0 to {LARGEST_POSITION}"
        return 0
    return given


def _url(given: Mapping[str, Any], name: str, schemes: tuple[str, ...], wrong: dict[str, object]) -> str:
    url = _line(given.get(name, ""), name, LONGEST_URL, wrong)
    if url and not _is_web_address(url, schemes):
        wrong[name] = "a whole address that begins with https://"
    return url


def _is_web_address(url: str, schemes: tuple[str, ...]) -> bool:
    """Tell whether a text is a whole address with a host, and nothing that only looks like one."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return (
        parts.scheme in schemes
        and host != ""
        and "@" not in parts.netloc
        and url.isprintable()
        and " " not in url
    )


def _placements(given: Any, wrong: dict[str, object]) -> tuple[Placement, ...]:
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) > MOST_PLACEMENTS:
        wrong["placements"] = f"a list of at most {MOST_PLACEMENTS} things"
        return ()
    read = {placed for each in given if (placed := _placement(each, wrong))}
    return tuple(sorted(read)) or (Placement(about=About.SHOP),)


def _placement(given: Any, wrong: dict[str, object]) -> Placement | None:
    about = given.get("about") if isinstance(given, Mapping) else None
    if about not in list(About):
        wrong["placements"] = f"each is about one of {', '.join(About)}"
        return None
    if about == About.SHOP:
        return Placement(about=About.SHOP)
    source = _line(given.get("source", ""), "placements", LONGEST_NAME, wrong)
    value = _line(given.get("value", ""), "placements", LONGEST_NAME, wrong)
    if not value or (about == About.PRODUCT) != bool(source):
        wrong.setdefault("placements", "a product has a source and an id there, a type or tag its name alone")
        return None
    return Placement(about=About(about), source=source, value=value if source else named(value))


def _texts(given: Any, wrong: dict[str, object]) -> dict[str, Words]:
    if not isinstance(given, Mapping) or len(given) > MOST_LANGUAGES:
        wrong["texts"] = f"texts by language, at most {MOST_LANGUAGES}"
        return {}
    read: dict[str, Words] = {}
    for language, words in given.items():
        tag = _LANGUAGE.fullmatch(language) if isinstance(language, str) else None
        if tag is None or tag[1] not in LANGUAGES:
            wrong["texts"] = f"{str(language)[:20]!r} is no language of the pages, such as de or de-AT"
        elif not isinstance(words, Mapping):
            wrong[f"texts.{language}"] = "has a title, a summary and a body"
        else:
            read[language] = Words(
                title=_line(words.get("title", ""), f"texts.{language}.title", LONGEST_TITLE, wrong),
                summary=_line(words.get("summary", ""), f"texts.{language}.summary", LONGEST_SUMMARY, wrong),
                body=_text(words.get("body", ""), f"texts.{language}.body", LONGEST_BODY, wrong),
            )
    return {language: read[language] for language in sorted(read, key=_first) if not read[language].is_empty}


def _line(given: Any, field_name: str, longest: int, wrong: dict[str, object]) -> str:
    """Read a text of one line."""
    return " ".join(_text(given, field_name, longest, wrong).split())


def _text(given: Any, field_name: str, longest: int, wrong: dict[str, object]) -> str:
    if not isinstance(given, str):
        wrong[field_name] = "a text"
        return ""
    text = given.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > longest:
        wrong[field_name] = f"at most {longest:,} characters; it has {len(text):,}"
    return text
