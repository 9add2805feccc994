"""Markdown to HTML that may stand in a page: what it cannot be is said, and never passed through.

CommonMark with tables. HTML in the text is shown as text, links lead to the web, to mail or to a phone, headings begin
below the page's own and leave none out. Pictures are not taken: a shopper's browser shall ask nobody but us.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

#: What is sent of one article at most; beyond it a text plays tricks.
MOST_HTML = 100_000
_DEEPEST = 12
_SAFE = re.compile(r"(?:https?://[^/\s]+|mailto:[^\s]+@|tel:\+?[0-9])", re.IGNORECASE)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_TAG = re.compile(r"<[^<>]*>")
_HTML = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:[\s/][^<>]*)?>|<!--")


@dataclass(frozen=True, slots=True)
class Rendered:
    """`html` is safe to stand in a page; `problems` are sentences for who wrote it."""

    html: str
    problems: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """The words alone, one space between them."""
        return " ".join(unescape(_TAG.sub(" ", self.html)).split())


def render(text: str) -> Rendered:
    """Render Markdown; what is not taken is left out or shown as text, and said."""
    problems: dict[str, None] = {}

    def may_link(url: str) -> bool:
        if _SAFE.match(url):
            return True
        problems[f"A link leads to “{url[:80]}”: begin it with https://, mailto: or tel:."] = None
        return False

    reader = MarkdownIt(
        "commonmark", {"html": False, "linkify": False, "typographer": False, "maxNesting": _DEEPEST}
    ).enable("table")
    reader.validateLink = may_link  # type: ignore[method-assign]
    tokens = reader.parse(text)
    _put_headings_in_order(tokens)
    for token in _all(tokens):
        if token.type == "image":
            problems["A picture stands in the text: only the picture of the article is shown."] = None
        elif token.type == "link_open" and str(token.attrGet("href")).lower().startswith("http"):
            token.attrSet("rel", "noopener nofollow")
        elif token.type in {"th_open", "td_open"}:
            token.attrs.pop("style", None)  # pages take no style of a tag
    if _HTML.search("".join(token.content for token in _all(tokens) if token.type == "text")):
        problems["There is HTML in the text: it is shown as it stands. Write Markdown instead."] = None
    _put_words_for_pictures(tokens)
    _drop_empty_links(tokens, problems)
    html = str(reader.renderer.render(tokens, reader.options, {}))
    if len(html) > MOST_HTML:
        return Rendered("", ("The text becomes too large a page; make two articles of it.",))
    return Rendered(html, tuple(problems))


def _put_words_for_pictures(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.children:
            token.children = [
                Token("text", "", 0, content=each.content) if each.type == "image" else each
                for each in token.children
            ]


def _drop_empty_links(tokens: Sequence[Token], problems: dict[str, None]) -> None:
    """Keep the words of a link that leads nowhere: the parser asks about its address only where there is one."""
    for token in tokens:
        is_empty, kept = False, []
        for each in token.children or ():
            if each.type == "link_open":
                is_empty = not _SAFE.match(str(each.attrGet("href") or ""))
            if is_empty:
                problems["A link has no address."] = None
            if not (is_empty and each.type in {"link_open", "link_close"}):
                kept.append(each)
            if each.type == "link_close":
                is_empty = False
        if token.children:
            token.children = kept


def _put_headings_in_order(tokens: Sequence[Token]) -> None:
    """Begin below the page's h1, and go down one step at a time: readers who hear a page rely on it."""
    used = sorted({_HEADINGS[token.tag] for token in tokens if token.type == "heading_open"})
    last = 1
    for token in tokens:
        if token.type == "heading_open":
            last = min(2 + used.index(_HEADINGS[token.tag]), last + 1, 6)
            token.tag = f"h{last}"
        elif token.type == "heading_close":
            token.tag = f"h{last}"


def _all(tokens: Sequence[Token]) -> list[Token]:
    found: list[Token] = []
    for token in tokens:
        found.append(token)
        found.extend(token.children or ())
    return found
