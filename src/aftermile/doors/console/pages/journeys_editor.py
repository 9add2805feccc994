"""The editor of a journey: it reads like the story, and each line opens into a form in words.

Everything that is being written travels in the form itself, so that nothing typed is lost and nothing needs a script:
each button posts the whole form and gets it back changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import path
from django.utils.html import format_html

from aftermile.capabilities.journeys.public import (
    STANDARD,
    DefinitionUnreadable,
    JourneyUnusable,
    create_journey,
    journey,
    play,
    save_draft,
)
from aftermile.capabilities.messaging.public import Touchpoint, touchpoints
from aftermile.capabilities.segments.public import About, SegmentNotFound, segment
from aftermile.capabilities.team.public import Permission
from aftermile.doors.console import condition_form
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.journeys import inputs
from aftermile.doors.console.journeys.draft import (
    Judged,
    Problem,
    Spot,
    add,
    finished,
    judged,
    list_at,
    move,
    outline,
    read_draft,
    remove,
    step_of,
    tidied,
    write_draft,
)
from aftermile.doors.console.journeys.played import summary
from aftermile.doors.console.journeys.rails import NO_RAIL, Rail, rails
from aftermile.doors.console.journeys.story_map import KINDS, sentence
from aftermile.doors.console.page import Crumb, Done, Note, Page
from aftermile.doors.console.pages.journeys import read
from aftermile.doors.console.staff_only import act, console_page, either
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id

_WRITE = Permission.MESSAGES_MANAGE
_EMPTY: Mapping[str, Any] = {"trigger": {"event": "order.placed"}, "per": "order", "steps": []}
_ALL = frozenset(About)
_CONDITIONS = frozenset({"entry", "leave_if", "if"})
_LONGEST_NAME, _LONGEST_DESCRIPTION = 100, 1000


@dataclass(slots=True, kw_only=True)
class Editing:
    """What is being written, and which line of it is open."""

    draft: dict[str, Any]
    name: str
    description: str = ""
    standard: str = ""
    open: str = ""  # begin, ends, goal, step:<id>, add:<list>:<index>
    before: dict[str, Any] | None = None  # as it was before the last removal
    is_fresh: bool = False  # the open step was only just added: what it lacks is not held against it
    focus: str = ""  # the id of what is to have the keyboard
    name_problem: str = ""
    trial: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the editor, ready to be drawn."""

    what: str  # step, arm, end
    key: str  # of a step its id, of the end of a list that list's key
    index: int
    depth: int
    kind: str = ""
    icon: str = ""
    words: str = ""
    note: str = ""
    problems: tuple[str, ...] = ()
    is_open: bool = False
    is_message: bool = False
    is_cut: bool = False
    rail: Rail = NO_RAIL


@console_page(_WRITE)
def edit(request: HttpRequest, desk: Desk, key: str) -> Page:  # noqa: ARG001
    """Open a journey for writing: its draft, else what is published."""
    view = read(key)
    shown = view.draft if view.draft is not None else view.definition
    editing = Editing(draft=tidied(shown), name=view.name, description=view.description)
    return _page(desk, editing, key)


@act(_WRITE)
def edited(request: HttpRequest, desk: Desk, key: str) -> Done | Page:
    """Take the editor's form and do what its button asks."""
    view = read(key)
    editing = _taken(request.POST)
    if request.POST.get("do") in {"save", "save_and_show"}:
        return _saved(desk, editing, view.id, shows=request.POST.get("do") == "save_and_show")
    _do(editing, request.POST, desk, view.id)
    return _page(desk, editing, key)


@console_page(_WRITE)
def new(request: HttpRequest, desk: Desk) -> Page:
    """Begin a journey: from nothing, a ready-made one, another journey, or for a segment."""
    return _page(desk, _begun(request.GET), "")


@act(_WRITE)
def newly(request: HttpRequest, desk: Desk) -> Done | Page:
    """Take the form of a journey that is not kept yet."""
    editing = _taken(request.POST)
    if request.POST.get("do") in {"save", "save_and_show"}:
        return _saved(desk, editing, None, shows=request.POST.get("do") == "save_and_show")
    _do(editing, request.POST, desk, None)
    return _page(desk, editing, "")


def _begun(given: QueryDict) -> Editing:
    standard = STANDARD.get(given.get("from", ""))
    if standard is not None:
        return Editing(
            draft=tidied(standard.definition),
            name=standard.name,
            description=standard.description,
            standard=standard.slug,
        )
    if given.get("copy"):
        view = read(given.get("copy", ""))
        shown = view.draft if view.draft is not None else view.definition
        return Editing(
            draft=tidied(shown), name=f"{view.name} (copy)"[:_LONGEST_NAME], description=view.description
        )
    if given.get("segment"):
        try:
            chosen = segment(read_public_id("seg", given.get("segment", "")))
        except BadPublicId:
            raise SegmentNotFound from None
        draft = {
            "trigger": {"by_hand": True},
            "entry": dict(chosen.condition),
            "per": "shopper",
            "steps": [],
        }
        return Editing(draft=tidied(draft), name=chosen.name)
    return Editing(draft=tidied(_EMPTY), name="", open="begin")


def _taken(data: QueryDict) -> Editing:
    """Take what the form brought, with what was typed into the line that is open."""
    editing = Editing(
        draft=read_draft(data.get("draft", "")),
        name=data.get("name", "")[:1000],
        description=data.get("description", "")[: _LONGEST_DESCRIPTION * 2],
        standard=data.get("standard", "") if data.get("standard", "") in STANDARD else "",
        open=data.get("open", "")[:200],
        before=read_draft(data.get("before", "")) if data.get("before") else None,
    )
    draft, opened = editing.draft, editing.open
    if opened == "begin":
        inputs.take_trigger(data, draft)
        draft["entry"] = _condition(data, draft.get("entry"))
    elif opened == "ends":
        inputs.take_ends(data, draft)
        draft["leave_if"] = _condition(data, draft.get("leave_if"))
    elif opened == "goal":
        inputs.take_goal(data, draft)
    elif opened.startswith("step:"):
        step = step_of(draft, opened[5:])
        if step is not None:
            inputs.take_step(data, step)
            if step.get("do") == "branch":
                step["if"] = _condition(data, step.get("if"))
    return editing


def _condition(data: QueryDict, former: object) -> Any:
    return condition_form.take(data, "c") if "c.kind" in data else former


def _do(editing: Editing, data: QueryDict, desk: Desk, journey_id: UUID | None) -> None:
    """Do what a button asks. A button nobody knows changes nothing."""
    what, _, rest = data.get("do", "").partition(":")
    draft = editing.draft
    match what:
        case "open":
            editing.open, editing.focus = rest, "opened"
        case "close":
            editing.focus = f"open-{editing.open.removeprefix('step:')}"
            editing.open = ""
        case "add":
            editing.open, editing.focus = f"add:{rest}", "opened"
        case "pick":
            list_key, _, picked = rest.partition(":")
            index, _, do = picked.partition(":")
            made = add(draft, list_key, int(index) if index.isdecimal() else 0, do)
            editing.open, editing.focus = (f"step:{made}", "opened") if made else ("", "")
            editing.is_fresh = True
        case "up" | "down":
            move(draft, rest, -1 if what == "up" else 1)
            editing.focus = f"{what}-{rest}"
        case "remove":
            before = deepcopy(draft)
            if remove(draft, rest):
                editing.before, editing.open, editing.focus = before, "", "put-back"
        case "back":
            if editing.before is not None:
                editing.draft, editing.before = editing.before, None
        case "arm":
            _arms(draft, rest)
        case "exit":
            given = draft.get("exits")
            exits: list[Any] = given if isinstance(given, list) else []
            if rest == "add":
                exits.append({"event": "order.cancelled"})
            elif rest.isdecimal() and int(rest) < len(exits):
                del exits[int(rest)]
            draft["exits"] = exits
        case "c":
            _change_condition(editing, rest)
        case "try":
            editing.trial = _tried(draft, desk, journey_id)
            editing.focus = "trial"


def _arms(draft: dict[str, Any], wanted: str) -> None:
    what, _, rest = wanted.partition(":")
    step_id, _, index = rest.partition(":")
    step = step_of(draft, step_id)
    if step is None or step.get("do") != "split":
        return
    arms = step["arms"]
    if what == "add" and len(arms) < 10:
        arms.append({"name": chr(65 + len(arms)), "share": 0, "steps": []})
        even = 100 // len(arms)
        for n, arm in enumerate(arms):
            arm["share"] = even + (100 - even * len(arms) if n == 0 else 0)
    elif what == "remove" and index.isdecimal() and int(index) < len(arms) > 2:
        del arms[int(index)]


def _change_condition(editing: Editing, wanted: str) -> None:
    draft, opened = editing.draft, editing.open
    holder: dict[str, Any] | None = draft
    name = {"begin": "entry", "ends": "leave_if"}.get(opened, "")
    if opened.startswith("step:"):
        holder, name = step_of(draft, opened[5:]), "if"
    if holder is None or not name:
        return
    changed = condition_form.change(holder.get(name) or {}, wanted, "c")
    holder[name] = changed
    what, _, where = wanted.partition(":")
    if what in {"add", "express"}:
        count = _count_at(changed, where)
        editing.focus = f"{where}.{count - 1}.{'field' if what == 'add' else 'text'}".replace(".", "-")


def _count_at(plain: Mapping[str, Any], where: str) -> int:
    here: Any = plain
    for step in [each for each in where.split(".")[1:] if each.isdecimal()]:
        parts = next(iter(here.values()))
        here = parts[int(step)] if int(step) < len(parts) else {}
    parts = next(iter(here.values()), []) if isinstance(here, Mapping) else []
    return len(parts) if isinstance(parts, list) else 0


def _tried(draft: Mapping[str, Any], desk: Desk, journey_id: UUID | None) -> Mapping[str, Any]:
    """Play what is being written over the last week."""
    try:
        found = play(
            definition=finished(draft),
            since=desk.at - timedelta(days=7),
            until=desk.at,
            journey_id=journey_id,
        )
    except DefinitionUnreadable as refusal:
        return {"problem": refusal.message}
    return {"summary": summary(found)}


def _saved(desk: Desk, editing: Editing, journey_id: UUID | None, *, shows: bool) -> Done | Page:
    kept = finished(editing.draft)
    key = public_id("jny", journey_id) if journey_id else ""
    try:
        if journey_id is None:
            view = create_journey(
                name=editing.name,
                description=editing.description,
                definition=kept,
                standard=editing.standard,
                by=desk.by,
                at=desk.at,
            )
        else:
            view = save_draft(
                journey_id=journey_id,
                definition=kept,
                name=editing.name,
                description=editing.description,
                by=desk.by,
                at=desk.at,
            )
    except JourneyUnusable as refusal:
        editing.name_problem, editing.focus = refusal.message, "name"
        return _page(desk, editing, key, status=422)
    except DefinitionUnreadable:
        editing.focus = "problems"
        return _page(desk, editing, key, status=422, insists=True)
    made = public_id("jny", view.id)
    return Done(
        said="Draft kept. What is published goes on as it is." if view.version else "Draft kept.",
        back=desk.url("console-journey" if shows else "console-journey-edit", made),
        notes=(
            Note(act="journey.draft", subject=made, summary=f"Wrote a draft of the journey “{view.name}”"),
        ),
    )


def _page(desk: Desk, editing: Editing, key: str, *, status: int = 200, insists: bool = False) -> Page:
    draft = editing.draft
    known = touchpoints()
    found = judged(draft)
    here = desk.url("console-journey-edit", key) if key else desk.url("console-journey-new")
    refreshes = format_html(' hx-post="{}" hx-trigger="change"', here)
    says = format_html(
        ' hx-post="{}" hx-trigger="input changed delay:400ms" hx-target="#said" hx-swap="outerHTML"', here
    )
    trigger = draft.get("trigger")
    is_by_event = inputs.trigger_kind(trigger if isinstance(trigger, Mapping) else {}) == "event"
    about = _ALL if is_by_event else frozenset({About.SHOPPER})
    name = journey(read_public_id("jny", key)).name if key else ""
    return Page(
        template="console/journeys/edit.html",
        title=f"Edit “{name}”" if key else "New journey",
        place="journeys",
        crumbs=(
            Crumb("Journeys", desk.url("console-journeys")),
            *([Crumb(name, desk.url("console-journey", key))] if key else []),
            Crumb("Edit" if key else "New"),
        ),
        values={
            "key": key,
            "here": here,
            "editing": editing,
            "draft_text": write_draft(draft),
            "before_text": write_draft(editing.before) if editing.before is not None else "",
            "refreshes": refreshes,
            "says": says,
            "hows": condition_form.HOW,
            "begin": _begin_words(found),
            "begin_problems": _said(found.of("begin")),
            "ends_words": [sentence(line) for line in found.ends if line.startswith("It ends")],
            "ends_problems": _said(found.of("ends")),
            "goal_words": [sentence(line) for line in found.ends if not line.startswith("It ends")],
            "goal_problems": _said(found.of("goal")),
            "whole_problems": _said(found.of("")),
            "problem_count": len(found.problems),
            "insists": insists,
            "is_ready": found.is_ready,
            "lines": _lines(draft, editing, found),
            "kinds": [(do, kind, icon, _ABOUT_KINDS[do]) for do, (kind, icon) in KINDS.items()],
            "is_empty": not draft["steps"],
            "longest_name": _LONGEST_NAME,
            "longest_description": _LONGEST_DESCRIPTION,
            "back_url": desk.url("console-journey", key) if key else desk.url("console-journeys"),
            **_opened(editing, found, known, about, is_by_event=is_by_event),
        },
        parts={
            "editor": "console/journeys/_editor.html",
            "said": "console/conditions/_said_beside.html",
        },
        status=status,
    )


def _opened(
    editing: Editing,
    found: Judged,
    known: Mapping[str, Touchpoint],
    about: frozenset[About],
    *,
    is_by_event: bool,
) -> dict[str, Any]:
    """Return the form of the line that is open."""
    draft, opened = editing.draft, editing.open
    place = opened.removeprefix("step:")
    told = inputs.Told([] if editing.is_fresh else found.of(place))
    given: dict[str, Any] = {}
    if opened == "begin":
        given = {
            "fields": inputs.trigger_fields(draft, told, known),
            "builder": condition_form.builder(
                draft.get("entry"), "c", about=about, countable=not is_by_event
            ),
        }
    elif opened == "ends":
        given = {
            "exits": inputs.ends_fields(draft, told, known),
            "builder": condition_form.builder(draft.get("leave_if"), "c", about=about - {About.EVENT}),
        }
    elif opened == "goal":
        given = {"fields": inputs.goal_fields(draft, told, known)}
    elif opened.startswith("step:") and (step := step_of(draft, place)) is not None:
        given = {"step": step, "step_id": place, "fields": inputs.step_fields(step, told, known, about)}
        if step.get("do") == "branch":
            given["builder"] = condition_form.builder(step.get("if"), "c", about=about)
    if given:
        # What a condition lacks is told within it.
        left = [each for each in told.left if each.field.split(".")[0] not in _CONDITIONS]
        return given | {"left_problems": _said(left)}
    if opened.startswith("add:"):
        list_key, _, index = opened[4:].rpartition(":")
        if list_at(draft, list_key) is not None and index.isdecimal():
            return {"adding": list_key, "adding_at": int(index)}
    return {}


def _lines(draft: Mapping[str, Any], editing: Editing, found: Judged) -> list[Line]:
    lines = [_line(spot, editing, found) for spot in outline(draft)]
    joined = rails([0, *(line.depth for line in lines), 0])[
        1:-1
    ]  # how it begins stands before them, how it ends behind
    return [replace(line, rail=rail) for line, rail in zip(lines, joined, strict=True)]


def _line(spot: Spot, editing: Editing, found: Judged) -> Line:
    if spot.what == "end":
        return Line(
            what="end",
            key=spot.list_key,
            index=spot.index,
            depth=spot.depth,
            is_open=editing.open == f"add:{spot.list_key}:{spot.index}",
        )
    do = str(spot.step.get("do"))
    kind, icon = KINDS.get(do, ("Something unknown", "x"))
    if spot.what == "arm":
        return Line(what="arm", key=spot.step["id"], index=spot.index, depth=spot.depth, words=spot.words)
    return Line(
        what="step",
        key=spot.step["id"],
        index=spot.index,
        depth=spot.depth,
        kind=kind,
        icon=icon,
        words=found.words.get(spot.step["id"], ""),
        note=str(spot.step.get("note", "")),
        problems=tuple(_said(found.of(spot.step["id"]))),
        is_open=editing.open == f"step:{spot.step['id']}",
        is_message=do == "message",
        is_cut=do in {"branch", "split"},
    )


def _begin_words(found: Judged) -> list[str]:
    if not found.begin:
        return []
    first, *more = found.begin
    return [sentence(first.rstrip(",")), *(sentence(line.rstrip(":")) for line in more)]


def _said(problems: Sequence[Problem]) -> list[str]:
    return list(dict.fromkeys(each.said for each in problems))


_ABOUT_KINDS: Mapping[str, str] = {
    "message": "Say something to the shopper",
    "wait": "Some time, business days, or a time of day",
    "wait_until": "Until something happens, or a day",
    "branch": "Go one way or the other",
    "split": "Compare two ways or more",
    "tag": "Put a label on the order",
    "task": "Ask a person to do something",
    "webhook": "Call your own system",
    "exit": "End it here",
}

urls = [
    path("journeys/new/", either(new, newly), name="console-journey-new"),
    path("journeys/<str:key>/edit/", either(edit, edited), name="console-journey-edit"),
]
