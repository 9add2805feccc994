"""Liquid kept out of the way while MJML and CSS are worked on.

Each piece of Liquid becomes a comment between elements, where it may stand even inside a table, and a plain word inside
an attribute, a style sheet or a title. Both come through MJML and the inlining of CSS as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from aftermile.capabilities.messaging.templates.markup_scan import Place, places

_LIQUID = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# An address that begins with a value of the template's goes through a filter of ours.
_ADDRESS = re.compile(r"""(?:href|src|background-url|background)\s*=\s*["']\s*$""", re.IGNORECASE)


class Marked:
    """A source with markers in place of its Liquid."""

    def __init__(self, source: str) -> None:
        source = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), source)
        self._word = "zL"
        while self._word in source:
            self._word += "q"
        self._pattern = re.compile(rf"<!--{self._word}(\d+)z-->|{self._word}(\d+)z")
        self._pieces: list[str] = []
        self._needed: set[int] = set()
        parts: list[str] = []
        end = 0
        found = list(_LIQUID.finditer(source))
        where = places(source, [each.start() for each in found], [each.end() for each in found])
        for each, place in zip(found, where, strict=True):
            before = source[end : each.start()]
            parts.append(before)
            parts.append(self._marker(each[0], place, opens_address=bool(_ADDRESS.search(before))))
            end = each.end()
        parts.append(source[end:])
        self.text = "".join(parts)

    def _marker(self, piece: str, place: Place, *, opens_address: bool) -> str:
        if opens_address and place is Place.TAG and piece.startswith("{{"):
            piece = f"{piece.rstrip('}').rstrip('-').rstrip()} | web_address }}}}"
        word = f"{self._word}{len(self._pieces)}z"
        # The value of an attribute or style that nothing in the letter uses may go with it; nothing else may.
        if place is Place.CONTENT or piece.startswith("{%"):
            self._needed.add(len(self._pieces))
        self._pieces.append(piece)
        return f"<!--{word}-->" if place is Place.CONTENT else word

    def restored(self, html: str) -> str:
        """Put the Liquid back."""
        pieces: Sequence[str] = self._pieces
        return self._pattern.sub(lambda found: pieces[int(found[1] or found[2])], html)

    def is_kept_by(self, html: str) -> bool:
        """Tell whether every piece is still there."""
        found = {int(one or two) for one, two in self._pattern.findall(html)}
        return self._needed <= found
