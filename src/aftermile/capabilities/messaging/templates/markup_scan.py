"""Where in a mark-up a position lies: between elements, inside a tag, or in an element that holds text only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto

# Elements whose content is no mark-up: a comment in there would be text.
_TEXT_ONLY = ("mj-style", "style", "mj-title", "title", "mj-preview")
_NAME = re.compile(r"</?([a-zA-Z][\w-]*)")


class Place(Enum):
    CONTENT = auto()
    TAG = auto()
    TEXT_ONLY = auto()


def places(source: str, starts: Sequence[int], ends: Sequence[int]) -> list[Place]:
    """Tell where each piece of Liquid (from a start to an end) lies. What the pieces hold is passed over."""
    found: list[Place] = []
    is_tag, quote, text_only = False, "", ""
    position = 0
    for start, end in zip([*starts, len(source)], [*ends, len(source)], strict=True):
        while position < start:
            letter = source[position]
            if is_tag:
                if quote:
                    quote = "" if letter == quote else quote
                elif letter in "\"'":
                    quote = letter
                elif letter == ">":
                    is_tag = False
            elif letter == "<" and (name := _NAME.match(source, position)):
                is_closing = source.startswith("</", position)
                if text_only:
                    if is_closing and name[1] == text_only:
                        text_only, is_tag = "", True
                else:
                    is_tag = True
                    text_only = name[1] if name[1] in _TEXT_ONLY and not is_closing else ""
            position += 1
        found.append(Place.TAG if is_tag else Place.TEXT_ONLY if text_only else Place.CONTENT)
        position = end
    return found[:-1]


def depth_of(source: str) -> int:
    """Count how deep elements lie inside each other, at most; elements that need no end count as ended."""
    depth = deepest = 0
    for found in re.finditer(r"<(/?)([a-zA-Z][\w-]*)(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*?(/?)>", source):
        if found[1]:
            depth -= 1
        elif not found[3] and found[2].lower() not in ("br", "img", "hr", "input", "meta"):
            depth += 1
            deepest = max(deepest, depth)
    return max(deepest, source.count("<") - source.count(">"))
