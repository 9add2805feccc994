"""What a shop may choose for its brand, checked and written as it is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from aftermile.capabilities.brands.colors import read_hex, write_hex
from aftermile.capabilities.brands.looks import LARGEST_RADIUS_PX, MOST_FOOTER_LINKS, Font, Tone
from aftermile.kernel.errors import Invalid
from aftermile.kernel.languages import LANGUAGES

_LONGEST_URL = 500
#: Most characters of each text.
LONGEST = {
    "logo_alt": 120,
    "support_name": 80,
    "support_hours": 120,
    "support_address": 300,
    "label": 40,
    "intro": 280,
    "help": 1000,
}
MOST_ADDRESS_LINES = 6
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{2,30}")
# Invisible signs, among them those that turn the direction of what follows.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class BrandUnreadable(Invalid):
    """A color, link, language or text that cannot be used; `details` has a sentence for each field."""

    code = "brand_unreadable"
    message = "Something about the brand cannot be used as it is; `details` says what."


def read_choices(given: Mapping[str, Any]) -> dict[str, Any]:
    """Check each field and return the columns to write.

    :raises BrandUnreadable: `details` has, by field, a sentence on what is wrong. A part of a list is named
        by its place: `footer_links.0.url`.
    """
    read, problems = check_choices(given)
    if problems:
        raise BrandUnreadable(" ".join(dict.fromkeys(problems.values())), details=problems)
    return read


def check_choices(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Check each field; return what can be used, and by field what is wrong with the rest."""
    read: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, value in given.items():
        try:
            read[name] = _CHECKS[name](value)
        except _Problems as several:
            problems |= {f"{name}.{place}": sentence for place, sentence in several.by_place.items()}
        except ValueError as problem:
            problems[name] = str(problem)
    return read, problems


class _Problems(ValueError):
    def __init__(self, by_place: dict[str, str]) -> None:
        super().__init__()
        self.by_place = by_place


def _accent(value: str) -> str:
    try:
        return write_hex(read_hex(value))
    except ValueError:
        raise ValueError("Write the color as six digits, such as #1f5f4a.") from None


def _radius(value: int) -> int:
    if not 0 <= value <= LARGEST_RADIUS_PX:
        raise ValueError(f"Corners can be rounded by 0 to {LARGEST_RADIUS_PX} pixels.")
    return value


def _one_of(kind: type[Font] | type[Tone], what: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        try:
            return kind(value).value
        except ValueError:
            raise ValueError(f"Choose one of the {what}: {', '.join(kind)}.") from None

    return check


def _text(name: str) -> Callable[[str], str]:
    longest = LONGEST[name]

    def check(value: str) -> str:
        # Browsers send line ends as the web has them.
        plain = _INVISIBLE.sub("", value.replace("\r\n", "\n")).strip()
        if len(plain) > longest:
            raise ValueError(f"At most {longest} characters; these are {len(plain)}.")
        return plain

    return check


def _address(value: str) -> str:
    """Check a postal address: a few lines, each with something in it."""
    plain = _INVISIBLE.sub("", value.replace("\r\n", "\n"))
    lines = [line for line in (" ".join(each.split()) for each in plain.split("\n")) if line]
    if len(lines) > MOST_ADDRESS_LINES:
        raise ValueError(f"At most {MOST_ADDRESS_LINES} lines; these are {len(lines)}.")
    return _text("support_address")("\n".join(lines))


def _email(value: str) -> str:
    if not value.strip():
        return ""
    try:
        return validate_email(value.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError("This is not an e-mail address. It looks like care@shop.example.") from None


def _phone(value: str) -> str:
    plain = value.strip()
    if plain and not _PHONE.fullmatch(plain):
        raise ValueError("Write the number with digits and spaces, such as +47 22 00 00 00.")
    return plain


def _url(value: str) -> str:
    plain = value.strip()
    try:
        parts = urlsplit(plain)
        is_whole = bool(parts.scheme == "https" and parts.hostname and "@" not in parts.netloc)
    except ValueError:
        is_whole = False
    if not is_whole or len(plain) > _LONGEST_URL or not plain.isprintable() or set(plain) & set(' <>"\\'):
        raise ValueError("Write the whole address, beginning with https://.")
    return plain


def _url_or_none(value: str) -> str:
    return _url(value) if value.strip() else ""


def _footer_links(value: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Check links; one that is empty in both parts is left out, since forms have empty rows."""
    wanted = [
        (place, link) for place, link in enumerate(value) if any(str(part).strip() for part in link.values())
    ]
    if len(wanted) > MOST_FOOTER_LINKS:
        raise ValueError(f"At most {MOST_FOOTER_LINKS} links fit the foot of a page.")
    problems: dict[str, str] = {}
    links = []
    for place, link in wanted:
        kept = {"label": "", "url": ""}
        for part, check in (("label", _text("label")), ("url", _url)):
            try:
                kept[part] = check(link.get(part, ""))
            except ValueError as problem:
                problems[f"{place}.{part}"] = str(problem)
        if not kept["label"] and f"{place}.label" not in problems:
            problems[f"{place}.label"] = "Say what the link leads to."
        links.append(kept)
    if problems:
        raise _Problems(problems)
    return links


def _texts(value: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    problems: dict[str, str] = {}
    texts: dict[str, dict[str, str]] = {}
    for language, said in value.items():
        if language not in LANGUAGES:
            problems[language] = "The pages are not offered in this language."
            continue
        kept = {}
        for part in ("intro", "help"):
            try:
                kept[part] = _text(part)(said.get(part, ""))
            except ValueError as problem:
                problems[f"{language}.{part}"] = str(problem)
        if any(kept.values()):
            texts[language] = kept
    if problems:
        raise _Problems(problems)
    return texts


def _languages(value: Sequence[str]) -> list[str]:
    strange = [language for language in value if language not in LANGUAGES]
    if strange:
        raise ValueError(f"The pages are not offered in {', '.join(strange)[:60]}.")
    chosen = [language for language in LANGUAGES if language in value]
    # All is what holds for a shop that never chose; it then gains languages as we do.
    return [] if len(chosen) == len(LANGUAGES) else chosen


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "accent": _accent,
    "radius_px": _radius,
    "font": _one_of(Font, "fonts"),
    "tone": _one_of(Tone, "tones"),
    "logo_alt": _text("logo_alt"),
    "footer_links": _footer_links,
    "support_name": _text("support_name"),
    "support_email": _email,
    "support_phone": _phone,
    "support_url": _url_or_none,
    "support_hours": _text("support_hours"),
    "support_address": _address,
    "texts": _texts,
    "languages": _languages,
}
