"""The linter: what keeps a template from being published, each with its line and what to do about it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from aftermile.capabilities.messaging.templates.blocks import BLOCKS, unknown_blocks, with_blocks
from aftermile.capabilities.messaging.templates.checked import Findings, check
from aftermile.capabilities.messaging.templates.compiling import TemplateUncompilable, compile_source
from aftermile.capabilities.messaging.templates.contrasts import LEAST, faint_texts
from aftermile.capabilities.messaging.templates.engine import TemplateUnrenderable
from aftermile.capabilities.messaging.templates.markers import Marked
from aftermile.capabilities.messaging.templates.phrases import PHRASES
from aftermile.capabilities.messaging.templates.rendering import render
from aftermile.capabilities.messaging.templates.samples import bare, full
from aftermile.capabilities.messaging.templates.source import LARGEST_HTML, Problem, Source

_PARTS = ("subject", "preheader", "body", "text")
#: Of the processor, for all the renderings of one check: a template may be slow only where a value is missing.
_LONGEST_SECONDS = 3.0
_ODD = re.compile(r"(?:^|[ \t])[,;](?:\s|$)|\(\s*\)", re.MULTILINE)
_PRIVATE_ENDINGS = (".local", ".internal", ".localhost", ".lan", ".home", ".intranet", ".corp")


def problems_of(source: Source, *, language: str, purpose: str, has_order: bool) -> list[Problem]:
    """Return what keeps a template from being published; nothing, when it may.

    :param purpose: transactional, service or marketing: the last needs a way to unsubscribe.
    :param has_order: it is only ever sent about an order, whose number is therefore there.
    """
    found = [*_missing_parts(source), *_unknown_blocks(source)]
    if not found:
        found += _liquid(source, language, has_order=has_order)
    if not found:
        found += [*_links_and_pictures(source), *_compiled(source, language, purpose)]
    return sorted(set(found), key=lambda each: (_PARTS.index(each.part), each.line, each.sentence))


def _missing_parts(source: Source) -> Iterator[Problem]:
    if source.body and not source.subject.strip():
        yield Problem("subject", 1, "There is no subject. Say in a few words what the letter is about.")
    if not source.text.strip():
        yield Problem("text", 1, "There is no text part. Write the same words once more without any mark-up.")


def _unknown_blocks(source: Source) -> Iterator[Problem]:
    for part in ("body", "text"):
        text = getattr(source, part)
        for position, name in unknown_blocks(text):
            yield Problem(
                part, _line(text, position), f"There is no block “{name}”. There are: {', '.join(BLOCKS)}."
            )


def _liquid(source: Source, language: str, *, has_order: bool) -> Iterator[Problem]:
    """Render with everything there, with nothing there, and with each value missing, one at a time."""
    tongue = PHRASES.tongue([language])
    everything = full()
    nothing = bare(everything, has_order=has_order)
    variants = [nothing, *(each for each in _without(everything) if each.order or not has_order)]
    deadline = time.thread_time() + _LONGEST_SECONDS
    for part in _PARTS:
        text = getattr(source, part)
        if part in ("body", "text"):
            text = with_blocks(text, tongue, is_html=part == "body")
        if not text:
            continue
        first = check(text, everything.names())
        if first.cut_off:
            yield Problem(part, _line(text, first.cut_off_at), first.cut_off)
            continue
        for position, what in first.unknown:
            yield Problem(
                part, _line(text, position), f"There is no value “{what}”. Check how it is written."
            )
        empties: list[Problem] = []
        for each in variants:
            found = check(text, each.names())
            empties += _empties(part, text, found, first.unknown)
            if found.cut_off:
                empties.append(Problem(part, _line(text, found.cut_off_at), found.cut_off))
                break
            if time.thread_time() > deadline:
                empties.append(Problem(part, 0, "This takes too long to check; make its loops shorter."))
                break
        yield from empties
        if empties or part == "body":
            continue
        for odd in _ODD.finditer(check(text, nothing.names()).text):
            yield Problem(
                part, 0, f"Without a value it reads “{odd[0].strip()}” alone. Put it under a condition."
            )


def _empties(part: str, text: str, found: Findings, unknown: set[tuple[int, str]]) -> Iterator[Problem]:
    known_bad = {_line(text, position) for position, _ in unknown}
    for position, expression in found.empty:
        line = _line(text, position)
        if line not in known_bad:
            yield Problem(
                part,
                line,
                f"“{expression}” can be missing. Say what stands there then, as in "
                f'{{{{ {expression} | default: "there" }}}}, or put the sentence under {{% if {expression} %}}.',
            )


def _without(whole: Any) -> Iterator[Any]:
    """Yield a dataclass with each of what may be missing in it missing, also deeper down."""
    for each in fields(whole):
        value = getattr(whole, each.name)
        optional = each.default
        if isinstance(value, tuple):
            if value:
                yield replace(whole, **{each.name: ()})
                for deeper in _without(value[0]) if is_dataclass(value[0]) else ():
                    yield replace(whole, **{each.name: (deeper, *value[1:])})
        elif is_dataclass(value) and not isinstance(value, type):
            if optional is None:
                yield replace(whole, **{each.name: None})
            for deeper in _without(value):
                yield replace(whole, **{each.name: deeper})
        elif optional == "" and value:
            yield replace(whole, **{each.name: ""})


def _links_and_pictures(source: Source) -> list[Problem]:
    reader = _Tags()
    # Markers keep the lines, and quotes inside Liquid out of the reader's way.
    reader.feed(Marked(source.body).text)
    return reader.found


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Problem] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        line = self.getpos()[0]
        for name in ("href", "src", "background-url", "background"):
            wrong = _wrong_address(given[name]) if name in given else ""
            if wrong:
                self.found.append(Problem("body", line, wrong))
        if tag in ("img", "mj-image") and not given.get("alt", "").strip():
            self.found.append(
                Problem(
                    "body",
                    line,
                    'This picture has no alt text. Say what it shows, as in alt="A green backpack".',
                )
            )
        if tag in ("a", "mj-button") and not given.get("href", "").strip():
            self.found.append(Problem("body", line, "This link leads nowhere. Give it an address (href)."))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


def _wrong_address(address: str) -> str:
    """Say what is wrong with an address, "" when nothing is; a marker at its beginning is one of the values."""
    address = "".join(address.split())
    if not address or address.startswith("zL"):
        return ""
    scheme = address.partition(":")[0].lower() if ":" in address else ""
    if scheme in ("mailto", "tel"):
        return ""
    if scheme not in ("http", "https"):
        return f"“{address[:60]}” is no whole web address. Begin it with https://."
    try:
        host = (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return f"“{address[:60]}” is no web address."
    if _is_private(host):
        return f"“{host}” can only be reached from inside a private network. Name a public address."
    return ""


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        # Numbers that browsers read as addresses of old: 2130706433, 0x7f000001, 127.1.
        is_number = re.fullmatch(r"(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+)){0,3}", host) is not None
        return is_number or "." not in host or host.endswith(_PRIVATE_ENDINGS)


def _compiled(source: Source, language: str, purpose: str) -> Iterator[Problem]:
    try:
        compiled = compile_source(source, language=language)
        written = render(compiled, full())
    except TemplateUncompilable as problem:
        yield Problem(problem.part, problem.line, problem.sentence)
        return
    except TemplateUnrenderable as problem:
        yield Problem("body" if source.body else "text", 0, str(problem))
        return
    if purpose == "marketing" and full().links.unsubscribe not in (written.html or written.text):
        yield Problem(
            "body", 0, "An offer needs a way to unsubscribe. Put in a link to {{ links.unsubscribe }}."
        )
    if purpose == "marketing" and full().links.unsubscribe not in written.text:
        yield Problem("text", 0, "An offer needs a way to unsubscribe. Put in {{ links.unsubscribe }}.")
    size = len(written.html.encode())
    if size > LARGEST_HTML:
        yield Problem(
            "body",
            0,
            f"The letter has {size // 1000} kB; mail programs cut it off. Keep it under {LARGEST_HTML // 1000} kB.",
        )
    for faint in faint_texts(written.html):
        scheme = "dark" if faint.is_dark else "light"
        yield Problem(
            "body",
            _line_of_words(source.body, faint.words),
            f"“{faint.words}” is hard to read in {scheme} (contrast {faint.ratio}, needed {LEAST}). Change its color.",
        )


def _line(text: str, position: int) -> int:
    return text[: max(position, 0)].count("\n") + 1


def _line_of_words(body: str, words: str) -> int:
    position = body.find(words[:20])
    return _line(body, position) if position >= 0 else 0
