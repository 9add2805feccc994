"""What a page is made of, before it is written: plain values, a template, and its place in the console."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way to a page; without an address it is only said."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page to show. A view returns it; the shell around it is added by whoever called the view."""

    template: str
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)
    place: str = ""  # the navigation's entry that is current (navigation.py)
    section: str = ""  # among the settings: the section that is current
    crumbs: tuple[Crumb, ...] = ()
    #: For htmx: by the id of the element it replaces, the template of that piece alone.
    parts: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """The way back from an act: a form that is shown in the notice of it."""

    action: str
    fields: tuple[tuple[str, str], ...] = ()
    label: str = "Undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A line for the audit log (`team.public.note`). Never names a shopper: numbers and public ids only."""

    act: str
    summary: str
    subject: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What an act has done: what is said about it, what is noted, where to go on."""

    said: str
    back: str
    notes: tuple[Note, ...]
    undo: Undo | None = None
    #: With htmx: shown in place of going `back`, by the id of the element that asked.
    page: Page | None = None
    tone: str = "ok"  # ok, watch, late or broken (marks.py)
    #: Shown instead of going back, with htmx or without: what is shown only once (a link, a key).
    show: Page | None = None
