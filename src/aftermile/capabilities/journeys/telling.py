"""Journeys in words: a plan as a story, and what happened to somebody on the way. English, for staff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aftermile.capabilities.journeys.queries import PassageView
from aftermile.capabilities.journeys.steps import (
    Branch,
    Call,
    Exit,
    Hearing,
    Per,
    Plan,
    Say,
    Split,
    Step,
    Tag,
    Task,
    Trigger,
    TriggerKind,
    Wait,
    WaitUntil,
)
from aftermile.capabilities.journeys.triggers import TRIGGERS
from aftermile.capabilities.messaging.public import Touchpoint, touchpoints
from aftermile.capabilities.segments.public import ALWAYS, FIELDS, say_condition

_PER = {
    Per.EVENT: "each time",
    Per.PARCEL: "once per parcel",
    Per.ORDER: "once per order",
    Per.SHOPPER: "once per shopper",
    Per.YEAR: "once a year per shopper",
    Per.DAY: "once a day per shopper",
}


_WORDS_ALONE = frozenset({"milestone", "kind", "reason", "fate", "touchpoint"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a story. `step` is "" for what comes before the first step; `depth` says how far it is set in."""

    step: str
    words: str
    depth: int = 0


def say_journey(plan: Plan) -> list[Line]:
    """Tell a journey as a story, a line a step; steps that several ways lead to are told once."""
    lines = [Line("", say_trigger(plan.trigger) + ",")]
    if plan.entry != ALWAYS:
        lines.append(Line("", f"if {say_condition(plan.entry)}"))
    again = f", again after {say_span(plan.again_after)}" if plan.again_after is not None else ""
    lines.append(Line("", f"{_PER[plan.per]}{again}:"))
    lines += _Teller(plan, touchpoints()).tell(plan.first, "", 0)
    ends = [f"when {_heard(each)}" for each in plan.exits]
    ends += [f"as soon as {say_condition(plan.leave_if)}"] if plan.leave_if else []
    if ends:
        lines.append(Line("", f"It ends for somebody {', or '.join(ends)}."))
    if plan.goal:
        lines.append(
            Line("", f"It is for this: {_heard(plan.goal.hearing)} within {say_span(plan.goal.within)}.")
        )
    if plan.hold_out_percent:
        lines.append(Line("", f"{plan.hold_out_percent} in 100 are told nothing, for comparison."))
    return lines


def say_trigger(trigger: Trigger) -> str:
    """Say what lets people in."""
    match trigger.kind:
        case TriggerKind.EVENT if trigger.hearing:
            return f"When {_heard(trigger.hearing)}"
        case TriggerKind.DAILY:
            return f"Each day at {trigger.at:%H:%M}, for whoever it is true"
        case TriggerKind.DATE:
            return f"On {trigger.on} at {trigger.at:%H:%M}"
        case _:
            return "When a staff member starts it"


def say_step(step: Step, known_as: Mapping[str, Touchpoint]) -> str:
    """Say what a step does.

    :param known_as: the touchpoints there are.
    """
    match step:
        case Say(touchpoint=slug):
            known = known_as.get(slug)
            by = f" by {step.medium.value}" if step.medium else ""
            late = f", if it can be within {say_span(step.expires_after)}" if step.expires_after else ""
            return f"say \u201c{known.title if known else slug}\u201d{by}{late}"
        case Wait():
            return f"wait {_waits(step)}"
        case WaitUntil(hearing=Hearing() as hearing):
            return f"wait until {_heard(hearing)}, at most {say_span(step.at_most)}"
        case WaitUntil():
            days = step.offset_days
            shift = (
                f"{abs(days)} day{'s' if abs(days) > 1 else ''} {'before' if days < 0 else 'after'} "
                if days
                else ""
            )
            return f"wait until {step.at:%H:%M}, {shift}{FIELDS[step.day_field].words}"
        case Branch():
            return f"if {say_condition(step.condition)}"
        case Split():
            return "part by chance: " + ", ".join(f"{share} in 100 {name}" for name, share, _ in step.arms)
        case Tag():
            return f"put the label \u201c{step.label}\u201d on the order"
        case Task():
            return f"ask the team: {step.title}"
        case Call():
            return f"tell your own program ({step.name})"
        case Exit():
            return "leave"
        case _:
            return step.id


def say_passage(passage: PassageView) -> str:
    """Say what happened at a step."""
    detail = passage.detail
    match passage.what:
        case "waits":
            return f"Waits, at most until {str(detail.get('until', ''))[:16].replace('T', ' ')} UTC"
        case "happened":
            return "What it waited for happened"
        case "did_not_happen":
            return "What it waited for did not happen in time"
        case "no_such_day":
            return "The day is not known, or has passed"
        case "holds" | "does_not_hold":
            return f"{'Yes' if passage.what == 'holds' else 'No'}: {_answers(detail)}"
        case "arm":
            return f"By chance: {detail.get('arm', '')}"
        case "asked" if "message_id" in detail:
            held = detail.get("withheld_for")
            return f"Withheld ({held})" if held else "Asked for a message"
        case "asked" if "label" in detail:
            return f"Put the label \u201c{detail['label']}\u201d on the order"
        case "asked" if "task" in detail:
            return f"Asked the team: {detail['task']}"
        case "done":
            return "Came to the end"
        case "left":
            return f"Left: {str(detail.get('reason', '')).replace('_', ' ')}"
        case other:
            return other.replace("_", " ")


def say_span(span: timedelta) -> str:
    """Say how long something is, in the two largest units."""
    minutes = int(span.total_seconds() // 60)
    parts = ((minutes // 1440, "day"), (minutes % 1440 // 60, "hour"), (minutes % 60, "minute"))
    said = [f"{count} {unit}{'s' if count != 1 else ''}" for count, unit in parts if count]
    return " ".join(said[:2]) or "0 minutes"


class _Teller:
    """Tells steps in their order, each once."""

    def __init__(self, plan: Plan, known_as: Mapping[str, Touchpoint]) -> None:
        self.plan, self.known_as = plan, known_as
        self.told: set[str] = set()

    def tell(self, first: str, until: str, depth: int) -> Iterator[Line]:
        """Tell the steps from one up to another, which is told further out."""
        here = first
        while here and here != until and here not in self.told:
            step = self.plan.steps[here]
            self.told.add(here)
            yield Line(here, say_step(step, self.known_as), depth)
            match step:
                case Branch():
                    yield from self.tell(step.then, step.after, depth + 1)
                    if step.next != step.after:
                        yield Line(here, "otherwise", depth)
                        yield from self.tell(step.next, step.after, depth + 1)
                    here = step.after
                case Split():
                    for name, _, begin in step.arms:
                        yield Line(here, f"{name}:", depth)
                        yield from self.tell(begin, step.next, depth + 1)
                    here = step.next
                case WaitUntil() if step.otherwise != step.next:
                    yield Line(here, "if not", depth)
                    yield from self.tell(step.otherwise, step.next, depth + 1)
                    here = step.next
                case _:
                    here = "" if isinstance(step, Exit) else step.next


def _heard(hearing: Hearing) -> str:
    # Of a milestone or a kind the word alone says enough.
    having = " and ".join(
        f"{value}" if name in _WORDS_ALONE else f"{name} {value}" for name, value in hearing.having.items()
    )
    return TRIGGERS[hearing.type].words + (f" ({having.replace('_', ' ')})" if having else "")


def _waits(step: Wait) -> str:
    parts = [say_span(step.span)] if step.span else []
    if step.business_days:
        parts.append(f"{step.business_days} business day{'s' if step.business_days > 1 else ''}")
    if step.until_time:
        parts.append(f"until {step.until_time:%H:%M}")
    return ", then ".join(parts)


def _answers(detail: Any) -> str:
    return "; ".join(f"{each['words']} ({each['found']})" for each in detail.get("answers", []))
