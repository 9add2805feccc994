"""What can be read: the contrast of each text in a rendered letter with its ground, in light and in dark.

Reads what our letters are made of: inline styles, and the rules of the dark scheme that are kept in the head, by
classes and elements. The last color named around a text is its ground.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import NamedTuple

from aftermile.capabilities.brands.public import contrast, read_hex

LEAST = 4.5
_DARK = re.compile(r"@media[^{]*prefers-color-scheme:\s*dark[^{]*{((?:[^{}]*{[^{}]*})*)")
_RULE = re.compile(r"([^{}]+){([^{}]*)}")
_COLOR = re.compile(
    r"(?:^|[;\s\"])(color|background(?:-color)?)\s*:\s*(#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3}))\b"
)
_VOID = frozenset({"br", "img", "hr", "meta", "link", "input", "wbr", "col"})


class Faint(NamedTuple):
    """A text that cannot be read well: its first words, the scheme, and the ratio."""

    words: str
    is_dark: bool
    ratio: float


class _Part(NamedTuple):
    tag: str
    classes: frozenset[str]
    is_child: bool


class _Rule(NamedTuple):
    parts: tuple[_Part, ...]
    color: str
    ground: str
    weight: tuple[int, int]


@dataclass(slots=True)
class _Element:
    tag: str
    classes: frozenset[str]
    light: tuple[str, str]
    dark: tuple[str, str]


def faint_texts(html: str) -> list[Faint]:
    """Return the texts whose contrast is below what reading needs, each once."""
    reader = _Reader(_dark_rules(html))
    reader.feed(html)
    return sorted(set(reader.found))


def _dark_rules(html: str) -> list[_Rule]:
    rules: list[_Rule] = []
    for block in _DARK.findall(html):
        for selectors, declared in _RULE.findall(block):
            named = dict(_COLOR.findall(declared))
            color, ground = (
                named.get("color", ""),
                named.get("background") or named.get("background-color", ""),
            )
            if color or ground:
                for selector in selectors.split(","):
                    parts = _parts(selector)
                    weight = (sum(len(part.classes) for part in parts), sum(bool(part.tag) for part in parts))
                    rules.append(_Rule(parts, color, ground, weight))
    return sorted(rules, key=lambda rule: rule.weight)


def _parts(selector: str) -> tuple[_Part, ...]:
    parts: list[_Part] = []
    is_child = False
    for word in selector.replace(">", " > ").split():
        if word == ">":
            is_child = True
            continue
        tag, *classes = word.split(".")
        parts.append(_Part(tag.lower(), frozenset(classes), is_child))
        is_child = False
    return tuple(parts)


class _Reader(HTMLParser):
    def __init__(self, rules: list[_Rule]) -> None:
        super().__init__()
        self._rules = rules
        self._open = [_Element("", frozenset(), ("#000000", "#ffffff"), ("#000000", "#ffffff"))]
        self.found: list[Faint] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        given = {name: value or "" for name, value in attrs}
        style = given.get("style", "")
        above = self._open[-1]
        named = dict(_COLOR.findall(style))
        ground = named.get("background") or named.get("background-color", "")
        element = _Element(tag, frozenset(given.get("class", "").split()), above.light, above.dark)
        self._open.append(element)
        if "display:none" in style.replace(" ", ""):
            element.tag = "style"  # nobody reads it
        color = named.get("color", "")
        element.light = (color or above.light[0], ground or above.light[1])
        dark_color, dark_ground = color, ground
        for rule in self._rules:
            if _matches(rule.parts, self._open):
                dark_color, dark_ground = rule.color or dark_color, rule.ground or dark_ground
        element.dark = (dark_color or above.dark[0], dark_ground or above.dark[1])

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if not words or any(each.tag in ("style", "title", "head", "script") for each in self._open):
            return
        for is_dark in (False, True):
            color, ground = self._open[-1].dark if is_dark else self._open[-1].light
            ratio = contrast(read_hex(color), read_hex(ground))
            if ratio < LEAST:
                self.found.append(Faint(words[:40], is_dark, round(ratio, 1)))


def _matches(parts: tuple[_Part, ...], opened: list[_Element]) -> bool:
    """Tell whether the innermost element is one a selector names."""
    at = len(opened) - 1
    must = True
    for part in reversed(parts):
        while at > 0 and not (
            (not part.tag or part.tag == opened[at].tag) and part.classes <= opened[at].classes
        ):
            if must:
                return False
            at -= 1
        if at <= 0:
            return False
        at, must = at - 1, part.is_child
    return True
