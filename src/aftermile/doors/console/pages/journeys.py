"""Journeys: the list of them, each as a story that shows where people are, and what can be done about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import path

from aftermile.capabilities.journeys.public import (
    MOVES,
    STANDARD,
    Figures,
    JourneyBusy,
    JourneyNotFound,
    JourneyView,
    State,
    VersionView,
    figures,
    journey,
    list_journeys,
    list_runs,
    move_journey,
    publish_draft,
    start_backfill,
    start_for_segment,
    switch_on_standard,
    versions,
)
from aftermile.capabilities.messaging.public import touchpoints
from aftermile.capabilities.segments.public import list_segments
from aftermile.capabilities.team.public import Permission, names_of
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.journeys.lift_chart import LiftChart, lift_chart
from aftermile.doors.console.journeys.run_rows import run_rows
from aftermile.doors.console.journeys.standing import (
    REVERSIBLE,
    STATES,
    begins,
    lift_in_words,
    move_to,
    moves_from,
)
from aftermile.doors.console.journeys.story_map import differences, tell, walk
from aftermile.doors.console.page import Crumb, Done, Note, Page, Undo
from aftermile.doors.console.postal_address import address_values, said_by
from aftermile.doors.console.staff_only import act, console_page
from aftermile.kernel.errors import Invalid
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id

_READ, _WRITE = Permission.ORDERS_READ, Permission.MESSAGES_MANAGE
#: What a program calls what is needed stands in the text for those who write definitions by hand.
_NAMED = re.compile(r"\s*\(`[^`]*`\)")
#: How far back people may be let in afterwards.
BACKFILL_DAYS = (1, 7, 30, 90)


class BackfillUnreadable(Invalid):
    """Nobody goes back that far."""

    code = "backfill_unreadable"
    message = "Choose how many days to go back."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A journey as it is listed."""

    key: str
    name: str
    url: str
    tone: str
    word: str
    begins: str
    entered: int
    waiting: int
    ended: int
    lift_tone: str
    lift: str
    has_draft: bool


@console_page(_READ)
def all_of_them(request: HttpRequest, desk: Desk) -> Page:
    """List journeys, and what ready-made ones there are."""
    archived = request.GET.get("state") == "archived"
    views = list_journeys(archived=archived)
    counted = figures([view.id for view in views])
    held = {view.standard for view in views} | {
        view.standard for view in ([] if archived else list_journeys(archived=True))
    }
    offered = [each for each in STANDARD.values() if each.slug not in held]
    recommended = [each for each in offered if each.recommended]
    in_use = [view.definition for view in views if view.state is State.LIVE]
    says = said_by([*in_use, *(each.definition for each in recommended)], touchpoints())
    return Page(
        template="console/journeys/list.html",
        title="Journeys",
        place="journeys",
        values={
            "rows": [_row(view, counted[view.id], desk) for view in views],
            "archived": archived,
            "here": desk.url("console-journeys"),
            "recommended": recommended,
            "others": [(each, _NAMED.sub("", each.needs)) for each in offered if not each.recommended],
            "may_write": desk.may(_WRITE),
            **address_values(desk, says),
        },
        parts={"list": "console/journeys/_rows.html"},
    )


@console_page(_READ)
def one(request: HttpRequest, desk: Desk, key: str) -> Page:  # noqa: ARG001
    """Show one journey: its story, where people are, what it changed."""
    view = read(key)
    count = figures([view.id])[view.id]
    shown = view.definition or view.draft or {}
    story = tell(shown, count.at_step)
    draft = tell(view.draft) if view.draft is not None and view.version else None
    kept = versions(view.id)
    published = kept[0] if kept else None
    may_see_people = desk.may(Permission.SHOPPERS_READ)
    runs = list_runs(journey_id=view.id, limit=8) if may_see_people else []
    people = names_of({view.changed_by, *(each.by for each in kept[:1])})
    tone, word = STATES[view.state]
    trigger = shown.get("trigger")
    is_by_event = isinstance(trigger, Mapping) and trigger.get("event") is not None
    at_steps = {str(step.get("id")) for step in walk((view.draft or {}).get("steps"))}
    tone_of_lift, lift = lift_in_words(count.lift, count, has_goal=bool(shown.get("goal")))
    key_ = public_id("jny", view.id)
    here = desk.url("console-journey", key_)
    return Page(
        template="console/journeys/one.html",
        title=view.name,
        place="journeys",
        crumbs=(Crumb("Journeys", desk.url("console-journeys")), Crumb(view.name)),
        values={
            "key": key_,
            "view": view,
            "here": here,
            "tone": tone,
            "word": word,
            "story": story,
            "figures": count,
            "who": _who(count, desk.url("console-journey-runs", key_) if may_see_people else ""),
            "is_moving": view.state in {State.LIVE, State.DRAINING},
            "runs_url": desk.url("console-journey-runs", key_) if may_see_people else "",
            "runs": run_rows(runs, desk, {view.id: view.name}),
            "lift_tone": tone_of_lift,
            "lift": lift,
            "chart": _chart(count),
            "holds_out": bool(shown.get("hold_out_percent")),
            "goal_words": next((line.words for line in story.lines if line.kind == "Goal"), ""),
            "published": published,
            "changed_by": people.get(view.changed_by, view.changed_by),
            "published_by": people.get(published.by, published.by) if published else "",
            "versions_url": desk.url("console-journey-versions", key_) if kept else "",
            "moves": moves_from(view) if desk.may(_WRITE) else [],
            "may_write": desk.may(_WRITE),
            "has_draft": view.draft is not None,
            "changes": differences(story.sentences, draft.sentences) if draft else [],
            "draft_problem": draft.problem if draft else story.problem,
            "under_way": count.waiting,
            "would_move": sum(n for step, n in count.at_step.items() if step in at_steps),
            "may_play": may_see_people and not story.problem,
            "may_backfill": view.state is State.LIVE and is_by_event and desk.may(_WRITE),
            "backfill_days": BACKFILL_DAYS,
            "may_start": view.state is State.LIVE and not is_by_event and desk.may(_WRITE),
            "segments": [(public_id("seg", each.id), each.name) for each in list_segments()]
            if view.state is State.LIVE and not is_by_event and desk.may(_WRITE)
            else [],
            **address_values(desk, said_by([view.definition, view.draft or {}], touchpoints())),
        },
        parts={"map": "console/journeys/_map.html"},
    )


@console_page(_READ)
def history(request: HttpRequest, desk: Desk, key: str) -> Page:
    """List a journey's versions, with what changed from one to the next."""
    view = read(key)
    kept = versions(view.id)
    people = names_of({each.by for each in kept})
    number = request.GET.get("version", "")
    chosen = next((each for each in kept if str(each.number) == number), kept[0] if kept else None)
    return Page(
        template="console/journeys/versions.html",
        title="Versions",
        place="journeys",
        crumbs=(
            Crumb("Journeys", desk.url("console-journeys")),
            Crumb(view.name, desk.url("console-journey", public_id("jny", view.id))),
            Crumb("Versions"),
        ),
        values={
            "versions": [(each, people.get(each.by, each.by), each == chosen) for each in kept],
            "chosen": chosen,
            "changes": _changes(chosen, kept),
            "is_first": chosen is not None and chosen.number == 1,
            "here": desk.url("console-journey-versions", public_id("jny", view.id)),
        },
        parts={"changes": "console/journeys/_changes.html"},
    )


@act(_WRITE)
def move(request: HttpRequest, desk: Desk, key: str) -> Done:
    """Switch a journey on, pause it, let it run out, stop or archive it."""
    view = read(key)
    to = _state(request.POST.get("to", ""))
    said = move_to(to)
    moved = move_journey(journey_id=view.id, to=to, by=desk.by, at=desk.at)
    undo = None
    if moved.state is not view.state and (view.state, to) in REVERSIBLE and view.state in MOVES[to]:
        undo = Undo(action=desk.url("console-journey-move", key), fields=(("to", view.state.value),))
    gone = to in {State.ARCHIVED}
    return Done(
        said=f"{view.name}: {said.said}",
        back=desk.url("console-journeys") if gone else desk.url("console-journey", key),
        notes=(
            Note(
                act="journey.move",
                subject=key,
                summary=f"Journey “{view.name}”: {STATES[to][1].lower()}, was {STATES[view.state][1].lower()}",
                details={"from": view.state.value, "to": to.value},
            ),
        )
        if moved.state is not view.state
        else (),
        undo=undo,
    )


@act(_WRITE)
def publish(request: HttpRequest, desk: Desk, key: str) -> Done:
    """Make the draft the version by which people enter from now on."""
    view = read(key)
    moves = request.POST.get("under_way") == "move"
    made = publish_draft(
        journey_id=view.id,
        note=request.POST.get("note", ""),
        move_under_way=moves,
        by=desk.by,
        at=desk.at,
    )
    changed = made.version != view.version
    if changed and request.POST.get("switch_on") and made.state is State.DRAFT:
        made = move_journey(journey_id=view.id, to=State.LIVE, by=desk.by, at=desk.at)
    how = "Those under way go on by it where their step is still there." if moves else ""
    on = " and switched on" if made.state is State.LIVE and view.state is not State.LIVE else ""
    return Done(
        said=f"Version {made.version} of {made.name} is published{on}. {how}".strip()
        if changed
        else "Nothing had changed, so nothing was published.",
        back=desk.url("console-journey", key),
        notes=(
            Note(
                act="journey.publish",
                subject=key,
                summary=f"Published version {made.version} of the journey “{made.name}”{on}",
                details={"version": made.version, "moved_under_way": moves},
            ),
        )
        if changed
        else (),
        tone="ok" if changed else "calm",
    )


@act(_WRITE)
def backfill(request: HttpRequest, desk: Desk, key: str) -> Done:
    """Let in, too, whom a journey would have let in before it was switched on."""
    view = read(key)
    given = request.POST.get("days", "")
    if not given.isdecimal() or int(given) not in BACKFILL_DAYS:
        raise BackfillUnreadable
    since = desk.at - timedelta(days=int(given))
    count = start_backfill(journey_id=view.id, since=since)
    return Done(
        said=f"{count:,} events of the last {int(given)} days are being looked at; whom they let in is let in once."
        if count
        else "Nothing happened in that time.",
        back=desk.url("console-journey", key),
        notes=(
            Note(
                act="journey.backfill",
                subject=key,
                summary=f"Let into “{view.name}” whoever it would have let in since {since:%Y-%m-%d}",
                details={"events": count},
            ),
        )
        if count
        else (),
        tone="ok" if count else "calm",
    )


@act(_WRITE)
def start(request: HttpRequest, desk: Desk, key: str) -> Done:
    """Let in, now, a segment, or whom the journey's own conditions find."""
    view = read(key)
    segment_id = _maybe("seg", request.POST.get("segment", ""))
    start_for_segment(journey_id=view.id, segment_id=segment_id)
    whom = "the segment" if segment_id else "whom its conditions find"
    return Done(
        said=f"{view.name} is being started for {whom}. Whoever is in it already stays in once.",
        back=desk.url("console-journey", key),
        notes=(
            Note(
                act="journey.start",
                subject=key,
                summary=f"Started the journey “{view.name}” for {whom}",
                details={"segment": request.POST.get("segment", "")} if segment_id else {},
            ),
        ),
    )


@act(_WRITE)
def standard(request: HttpRequest, desk: Desk) -> Done:
    """Switch on ready-made journeys: the recommended ones, or those named."""
    named = request.POST.getlist("slug")
    made = switch_on_standard(slugs=named or None, by=desk.by, at=desk.at)
    names = ", ".join(view.name for view in made)
    return Done(
        said=f"{len(made)} journey{'s' if len(made) != 1 else ''} switched on: {names}."
        if made
        else "All of them are here already; each stays as it is.",
        back=desk.url("console-journeys"),
        notes=tuple(
            Note(
                act="journey.standard",
                subject=public_id("jny", view.id),
                summary=f"Switched on the ready-made journey “{view.name}”",
            )
            for view in made
        ),
        tone="ok" if made else "calm",
    )


def read(key: str) -> JourneyView:
    """Read the journey of an address.

    :raises JourneyNotFound: no such journey of this shop.
    """
    found = _maybe("jny", key)
    if found is None:
        raise JourneyNotFound
    return journey(found)


def _row(view: JourneyView, count: Figures, desk: Desk) -> Row:
    tone, word = STATES[view.state]
    shown = view.definition or view.draft or {}
    lift_tone, lift = lift_in_words(count.lift, count, has_goal=bool(shown.get("goal")))
    key = public_id("jny", view.id)
    return Row(
        key=key,
        name=view.name,
        url=desk.url("console-journey", key),
        tone=tone,
        word=word,
        begins=begins(shown),
        entered=count.entered,
        waiting=count.waiting,
        ended=count.done + count.left,
        lift_tone=lift_tone,
        lift=lift,
        has_draft=view.draft is not None and view.version > 0,
    )


def _who(count: Figures, runs_url: str) -> list[tuple[str, int, str]]:
    """Return who is where, each number with the list behind it."""

    def of(state: str) -> str:
        return f"{runs_url}?state={state}" if runs_url else ""

    parts = [
        ("Entered", count.entered, runs_url),
        ("Under way", count.waiting, of("waiting")),
        ("Came to the end", count.done, of("done")),
        ("Left before", count.left, of("left")),
    ]
    return [*parts, ("Held out", count.held_out, of("held_out"))] if count.held_out else parts


def _chart(count: Figures) -> LiftChart | None:
    return lift_chart(count.lift) if count.lift else None


def _changes(chosen: VersionView | None, kept: list[VersionView]) -> list[tuple[str, str]]:
    if chosen is None:
        return []
    before = next((each for each in kept if each.number == chosen.number - 1), None)
    now = tell(chosen.definition)
    former: Any = tell(before.definition).sentences if before else []
    return differences(former, now.sentences) if before else [("kept", line) for line in now.sentences]


def _state(given: str) -> State:
    try:
        return State(given)
    except ValueError:
        raise JourneyBusy("There is no such state of a journey.") from None


def _maybe(prefix: str, key: str) -> UUID | None:
    try:
        return read_public_id(prefix, key) if key else None
    except BadPublicId:
        return None


urls = [
    path("journeys/", all_of_them, name="console-journeys"),
    path("journeys/standard/", standard, name="console-journeys-standard"),
    path("journeys/<str:key>/", one, name="console-journey"),
    path("journeys/<str:key>/move/", move, name="console-journey-move"),
    path("journeys/<str:key>/publish/", publish, name="console-journey-publish"),
    path("journeys/<str:key>/backfill/", backfill, name="console-journey-backfill"),
    path("journeys/<str:key>/start/", start, name="console-journey-start"),
    path("journeys/<str:key>/versions/", history, name="console-journey-versions"),
]
