"""A template being written, as the editor shows it: its parts, what is wrong with each, and where to go from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

from aftermile.capabilities.messaging.public import (
    WRITTEN_MEDIA,
    Preview,
    Source,
    TemplateProblem,
    TemplateView,
    TouchpointNotFound,
    preview_draft,
    starting_source,
    template,
    writing_languages,
)
from aftermile.capabilities.orders.public import list_orders, order
from aftermile.capabilities.search.public import Filters, find_orders
from aftermile.capabilities.shipments.public import shipments_of_orders
from aftermile.connectors.contracts.channels import Medium
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.messages_told import MEDIA
from aftermile.doors.console.page import Crumb

_CONTEXT_LINES = 2
_ORDERS_TRIED = 40


@dataclass(frozen=True, slots=True)
class Part:
    """A field of the editor. `id` is that of its control."""

    name: str
    label: str
    hint: str
    is_long: bool
    height: str = ""

    @property
    def id(self) -> str:
        return f"part-{self.name}"


_LETTER = (
    Part("subject", "Subject", "", False),
    Part("preheader", "Preheader", "What mail programs show beside the subject.", False),
    Part("body", "Letter", "Sections in MJML, words in Liquid. Our layout stands around them.", True, "tall"),
    Part("text", "Text part", "The same words without mark-up, for programs that show no HTML.", True, "low"),
)
_PUSH = (
    Part("subject", "Title", "", False),
    Part("text", "Words", "A sentence or two.", True, "low"),
)
_SHORT = (Part("text", "Words", "As short as can be: 160 letters are one SMS.", True, "low"),)


@dataclass(frozen=True, slots=True)
class Field:
    """A part with what stands in it and what is wrong with it: line, its words, the sentence."""

    part: Part
    value: str
    problems: Sequence[tuple[int, str, str]]


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    name: str
    url: str
    is_current: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What is different in one part of one language; `lines` are kind ("ins", "del", "skipped" or "") and words."""

    language: str
    part: str
    lines: Sequence[tuple[str, str]]


def parts_of(medium: Medium) -> tuple[Part, ...]:
    """Return the parts a medium's templates have."""
    return _LETTER if medium is Medium.EMAIL else _PUSH if medium is Medium.PUSH else _SHORT


def read_template(touchpoint: str, medium: str) -> TemplateView:
    """Read what an address names.

    :raises TouchpointNotFound: no such touchpoint, or no medium that is written for.
    """
    if medium not in set(WRITTEN_MEDIA):
        raise TouchpointNotFound("Nothing is written for this medium.")
    return template(touchpoint, Medium(medium))


def language_asked(request: HttpRequest, desk: Desk) -> str:
    """Return the language to write in: that of the address or form, else the shop's, else English."""
    known = writing_languages()
    for wish in (request.POST.get("language", ""), request.GET.get("language", ""), desk.merchant.language):
        if wish.partition("-")[0] in known:
            return wish if wish in known else wish.partition("-")[0]
    return "en"


def source_sent(request: HttpRequest, view: TemplateView, language: str) -> Source:
    """Read what was typed; parts that the medium does not show stay as they were. Browsers end lines with two signs."""
    held, _ = starting_source(view, language)
    typed = {
        part.name: request.POST[part.name].replace("\r\n", "\n")
        for part in parts_of(view.medium)
        if part.name in request.POST
    }
    return replace(
        held, **{name: text if name in {"body", "text"} else text.strip() for name, text in typed.items()}
    )


def fields_of(medium: Medium, source: Source, problems: Sequence[TemplateProblem]) -> list[Field]:
    """Lay a source out by its parts, each with its problems and the line each stands in."""
    found = []
    for part in parts_of(medium):
        value = getattr(source, part.name)
        lines = value.split("\n")
        told = [
            (
                each.line,
                lines[each.line - 1].strip()[:120] if 0 < each.line <= len(lines) else "",
                each.sentence,
            )
            for each in problems
            if each.part == part.name
        ]
        found.append(Field(part, value, told))
    return found


def languages_of(view: TemplateView, desk: Desk, current: str) -> list[Language]:
    """List the languages with which of them have words of the shop's own."""
    base = desk.url("console-template", view.touchpoint.slug, view.medium)
    own = view.newest
    regions = [code for code in own if code not in writing_languages()]
    return [
        Language(
            code,
            writing_languages().get(code, code),
            f"{base}?{urlencode({'language': code})}",
            code == current,
            code in own,
        )
        for code in (*writing_languages(), *regions)
    ]


def called(view: TemplateView) -> str:
    """Write what a template is called in the audit log."""
    return f"“{view.touchpoint.title}” ({MEDIA[view.medium]})"


def crumbs_of(view: TemplateView, desk: Desk, *more: str) -> tuple[Crumb, ...]:
    """Return the way to a page about a template."""
    here = desk.url("console-template", view.touchpoint.slug, view.medium)
    called = f"{view.touchpoint.title}, {MEDIA[view.medium]}"
    return (
        Crumb("Templates", desk.url("console-templates")),
        Crumb(called, here if more else ""),
        *(Crumb(each) for each in more),
    )


def usual_order() -> str:
    """Return the number of an order to show letters for: the newest that was sent, else the newest."""
    found = [each for each in list_orders(limit=_ORDERS_TRIED) if each.number and each.erased_at is None]
    sent = shipments_of_orders([each.id for each in found], with_events=False) if found else {}
    return next((each.number for each in sorted(found, key=lambda each: not sent[each.id])), "")


def chosen_order(words: str) -> tuple[UUID | None, str, str]:
    """Find the order a preview is for: its id, its shopper's name, and what is said about the choice."""
    words = words.strip()[:80]
    if not words:
        return None, "", "A made-up order with everything in it."
    found = find_orders(Filters(words=words), limit=1)
    if not found.entries:
        return None, "", f"No order is found by “{words}”, so a made-up one is shown."
    view = order(found.entries[0].id)
    name = view.shopper.name if view.shopper else ""
    return view.id, name, f"Order {view.number or 'without a number'}{f', {name}' if name else ''}."


def seen(view: TemplateView, source: Source, language: str, words: str, desk: Desk) -> tuple[Preview, str]:
    """Write a source as a shopper would get it; return it with what it is shown for."""
    order_id, name, told = chosen_order(words)
    shown = preview_draft(
        source,
        touchpoint=view.touchpoint,
        language=language,
        order_id=order_id,
        shopper_name=name,
        at=desk.at,
    )
    return shown, told


def changes_between(
    before: Mapping[str, Source], after: Mapping[str, Source], *, view: TemplateView
) -> list[Change]:
    """Tell what is different between two sets of sources; a language that is missing is as it begins."""
    begun = _beginnings(view)
    names = writing_languages()
    changes = []
    for code in sorted(before.keys() | after.keys()):
        old, new = before.get(code) or begun(code), after.get(code) or begun(code)
        for part in parts_of(view.medium):
            was, is_ = getattr(old, part.name), getattr(new, part.name)
            if was != is_:
                changes.append(Change(names.get(code, code), part.label, _lines(was, is_)))
    return changes


def _beginnings(view: TemplateView) -> Callable[[str], Source]:
    bare = replace(view, sources={}, draft=None)
    return lambda code: Source(text="") if view.is_own else starting_source(bare, code)[0]


def _lines(was: str, is_: str) -> list[tuple[str, str]]:
    kinds = {"+": "ins", "-": "del", " ": ""}
    lines: list[tuple[str, str]] = []
    for line in unified_diff(was.splitlines(), is_.splitlines(), lineterm="", n=_CONTEXT_LINES):
        if line.startswith(("---", "+++")):
            continue
        if line.startswith("@@"):
            if lines:
                lines.append(("skipped", "⋯"))
            continue
        lines.append((kinds[line[0]], line[1:] or " "))
    return lines
