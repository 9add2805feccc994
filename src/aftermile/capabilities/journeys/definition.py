"""Definitions: plain JSON as the editor and the API keep it, read into a plan. Whatever comes in may be hostile.

| part | plain JSON |
|---|---|
| `trigger` | `{"event": ..., "having": {field: value}}`, `{"daily_at": "10:00"}`, `{"on": "2026-12-01"}`, `{"by_hand": true}` |
| `entry` | a condition (`segments`) |
| `per` | event, parcel, order, shopper, year, day; with `again_after_days` also after that time |
| `steps` | `{"id": ..., "do": ..., ...}` with message, wait, wait_until, branch, split, tag, task, webhook, exit; they nest |
| `exits`, `leave_if` | events and a condition that end it for somebody |
| `goal` | `{"event": ..., "having": ..., "within_days": 30}` |
| `hold_out_percent` | how many are let in and told nothing, for comparison |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from typing import Any

from aftermile.capabilities.journeys.steps import (
    LONGEST_WAIT,
    Branch,
    Call,
    Exit,
    Goal,
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
from aftermile.capabilities.messaging.public import Mood, Purpose, touchpoints
from aftermile.capabilities.segments.public import (
    FIELDS,
    About,
    Condition,
    ConditionUnreadable,
    Kind,
    check_countable,
    questions_of,
    read_condition,
)
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.bounds import LONGEST_ID
from aftermile.kernel.errors import Invalid
from aftermile.kernel.rowsets import as_json

MOST_STEPS, DEEPEST, MOST_HOLD_OUT, LARGEST = 100, 6, 50, 60_000
_ID = re.compile(r"[a-z0-9_-]{1,40}")


class DefinitionUnreadable(Invalid):
    """A journey cannot be read; `details.where` says at which place, the message what to do."""

    code = "journey_unreadable"
    message = "This journey cannot be read."

    def __init__(self, where: str, sentence: str) -> None:
        super().__init__(f"{where}: {sentence}", details={"where": where})


def read_definition(plain: object) -> Plan:
    """Read a definition.

    :raises DefinitionUnreadable: the place and what to do.
    """
    whole = _object(plain, "journey")
    _known(
        whole,
        {
            "trigger",
            "entry",
            "per",
            "again_after_days",
            "steps",
            "exits",
            "leave_if",
            "goal",
            "hold_out_percent",
        },
        "journey",
    )
    trigger = _trigger(_object(whole.get("trigger"), "trigger"))
    per = _choice(Per, whole.get("per", "order" if trigger.kind is TriggerKind.EVENT else "shopper"), "per")
    if trigger.kind is not TriggerKind.EVENT and per in (Per.EVENT, Per.PARCEL, Per.ORDER):
        raise DefinitionUnreadable("per", "Without an event it is entered once per shopper, year or day.")
    heard = trigger.hearing
    if heard and heard.type.startswith("message.") and per in (Per.EVENT, Per.PARCEL, Per.ORDER):
        raise DefinitionUnreadable(
            "per", "What begins with a message is entered once per shopper, year or day."
        )
    again = whole.get("again_after_days")
    about = set(About) if trigger.kind is TriggerKind.EVENT else {About.SHOPPER}
    reader = _Reader(about)
    first = reader.read(whole.get("steps", []), "", "steps", 1)
    _check_size(whole)
    return Plan(
        trigger=trigger,
        entry=_entry(whole.get("entry"), trigger, about),
        per=per,
        again_after=None if again is None else timedelta(days=_whole(again, "again_after_days", 0, 3650)),
        steps=reader.steps,
        first=first,
        exits=tuple(
            _hearing(_object(each, f"exits[{n}]"), f"exits[{n}]")
            for n, each in enumerate(_list(whole.get("exits"), "exits"))
        ),
        leave_if=_asked(whole["leave_if"], about - {About.EVENT}, "leave_if")
        if whole.get("leave_if")
        else None,
        goal=_goal(whole.get("goal")),
        hold_out_percent=_whole(whole.get("hold_out_percent", 0), "hold_out_percent", 0, MOST_HOLD_OUT),
    )


def _check_size(whole: Mapping[str, Any]) -> None:
    try:
        size = len(as_json([whole]))
    except (ValueError, RecursionError):  # what a message brings along nests without end
        size = LARGEST + 1
    if size > LARGEST:
        raise DefinitionUnreadable("journey", f"It is larger than {LARGEST:,} characters; make two of it.")


class _Reader:
    """Reads nested steps into a flat plan: each knows the one after it, also behind the end of a branch."""

    def __init__(self, about: set[About]) -> None:
        self.steps: dict[str, Step] = {}
        self.about = about
        self.touchpoints = touchpoints()
        self._taken: set[str] = set()

    def read(self, plain: object, after: str, where: str, depth: int) -> str:
        """Read a list of steps that is followed by the step `after`; return the first of them."""
        if depth > DEEPEST:
            raise DefinitionUnreadable(where, f"Steps part at most {DEEPEST - 1} times within each other.")
        each = [_object(one, f"{where}[{n}]") for n, one in enumerate(_list(plain, where))]
        ids = [self._id(one, f"{where}[{n}]") for n, one in enumerate(each)]
        if len(self._taken) > MOST_STEPS:
            raise DefinitionUnreadable(where, f"A journey has at most {MOST_STEPS} steps; make two of it.")
        for n in reversed(range(len(each))):
            following = ids[n + 1] if n + 1 < len(ids) else after
            self.steps[ids[n]] = self._step(each[n], ids[n], following, f"{where}[{n}]", depth)
        return ids[0] if ids else after

    def _id(self, plain: Mapping[str, Any], where: str) -> str:
        given = plain.get("id")
        if not isinstance(given, str) or not _ID.fullmatch(given):
            raise DefinitionUnreadable(where, "Give each step an id of small letters, digits, _ and -.")
        if given in self._taken:
            raise DefinitionUnreadable(where, f"There are two steps with the id {given!r}.")
        self._taken.add(given)
        return given

    def _step(self, plain: Mapping[str, Any], id_: str, after: str, where: str, depth: int) -> Step:
        do = plain.get("do")
        if not isinstance(do, str) or do not in _STEPS:
            raise DefinitionUnreadable(where, f"`do` must be one of {', '.join(_STEPS)}.")
        allowed, read = _STEPS[do]
        _known(plain, {"id", "do", "note", *allowed}, where)
        return read(self, plain, id_, after, where, depth)

    def message(self, plain: Mapping[str, Any], id_: str, after: str, where: str, _: int) -> Step:
        slug = _text(plain.get("touchpoint"), f"{where}.touchpoint")
        known = self.touchpoints.get(slug)
        if known is None:
            raise DefinitionUnreadable(
                f"{where}.touchpoint",
                f"There is no template for {slug!r}; choose one there is, or write one.",
            )
        if known.needs_order and About.ORDER not in self.about:
            raise DefinitionUnreadable(
                f"{where}.touchpoint", f"{slug} is about an order, and this journey does not begin with one."
            )
        values = plain.get("values", {})
        purpose = _choice(Purpose, plain.get("purpose", known.purpose.value), f"{where}.purpose")
        if _STRICTNESS[purpose] < _STRICTNESS[known.purpose]:
            raise DefinitionUnreadable(f"{where}.purpose", f"{slug} is {known.purpose.value} and stays it.")
        return Say(
            id=id_,
            next=after,
            touchpoint=slug,
            purpose=purpose,
            mood=_choice(Mood, plain.get("mood", known.mood.value), f"{where}.mood"),
            medium=_choice(Medium, plain["medium"], f"{where}.medium") if plain.get("medium") else None,
            values=_object(values, f"{where}.values"),
            expires_after=_span(plain, "expires", where) or None,
            gather=_span(plain, "gather", where) or None,
        )

    def wait(self, plain: Mapping[str, Any], id_: str, after: str, where: str, _: int) -> Step:
        until = plain.get("until_time")
        made = Wait(
            id=id_,
            next=after,
            span=_span(plain, "", where),
            business_days=_whole(plain.get("business_days", 0), f"{where}.business_days", 0, 365),
            until_time=_time(until, f"{where}.until_time") if until is not None else None,
        )
        if not (made.span or made.business_days or made.until_time):
            raise DefinitionUnreadable(
                where, "Say how long to wait: days, hours, business_days or until_time."
            )
        return made

    def wait_until(self, plain: Mapping[str, Any], id_: str, after: str, where: str, depth: int) -> Step:
        by_event, day = plain.get("event") is not None, plain.get("day")
        if by_event is (day is not None):
            raise DefinitionUnreadable(where, "Name either an `event` or a `day` to wait for.")
        if day is not None and (
            not isinstance(day, str) or day not in _DAYS or FIELDS[day].about not in self.about
        ):
            raise DefinitionUnreadable(f"{where}.day", f"Name one of {', '.join(sorted(_DAYS))}.")
        return WaitUntil(
            id=id_,
            next=after,
            hearing=_hearing(plain, where) if by_event else None,
            day_field=str(day or ""),
            offset_days=_whole(plain.get("offset_days", 0), f"{where}.offset_days", -365, 365),
            at=_time(plain.get("at", "10:00"), f"{where}.at"),
            at_most=_span(plain, "at_most", where) or timedelta(days=30),
            otherwise=self.read(plain["otherwise"], after, f"{where}.otherwise", depth + 1)
            if plain.get("otherwise")
            else after,
        )

    def branch(self, plain: Mapping[str, Any], id_: str, after: str, where: str, depth: int) -> Step:
        return Branch(
            id=id_,
            condition=_asked(plain.get("if"), self.about, f"{where}.if"),
            then=self.read(plain.get("then", []), after, f"{where}.then", depth + 1),
            next=self.read(plain.get("else", []), after, f"{where}.else", depth + 1),
            after=after,
        )

    def split(self, plain: Mapping[str, Any], id_: str, after: str, where: str, depth: int) -> Step:
        arms = []
        for n, each in enumerate(_list(plain.get("arms"), f"{where}.arms")):
            place = f"{where}.arms[{n}]"
            arm = _object(each, place)
            _known(arm, {"name", "share", "steps"}, place)
            arms.append(
                (
                    _text(arm.get("name"), f"{place}.name"),
                    _whole(arm.get("share"), f"{place}.share", 1, 99),
                    self.read(arm.get("steps", []), after, f"{place}.steps", depth + 1),
                )
            )
        if len(arms) < 2 or sum(share for _, share, _ in arms) != 100:
            raise DefinitionUnreadable(f"{where}.arms", "Name at least two arms whose shares add up to 100.")
        if len({name for name, _, _ in arms}) < len(arms):
            raise DefinitionUnreadable(f"{where}.arms", "Give each arm a name of its own.")
        return Split(id=id_, next=after, arms=tuple(arms))

    def tag(self, plain: Mapping[str, Any], id_: str, after: str, where: str, _: int) -> Step:
        if About.ORDER not in self.about:
            raise DefinitionUnreadable(
                where, "Labels are put on orders, and this journey does not begin with one."
            )
        return Tag(id=id_, next=after, label=_text(plain.get("label"), f"{where}.label", longest=40))

    def task(self, plain: Mapping[str, Any], id_: str, after: str, where: str, _: int) -> Step:
        return Task(id=id_, next=after, title=_text(plain.get("title"), f"{where}.title", longest=200))

    def webhook(self, plain: Mapping[str, Any], id_: str, after: str, where: str, _: int) -> Step:
        return Call(id=id_, next=after, name=_text(plain.get("name"), f"{where}.name"))

    def exit(self, plain: Mapping[str, Any], id_: str, _after: str, where: str, _: int) -> Step:
        return Exit(id=id_, reason=_text(plain.get("reason", "exit"), f"{where}.reason"))


_Read = Callable[[_Reader, Mapping[str, Any], str, str, str, int], Step]
_SPANS = ("days", "hours", "minutes")
_STEPS: dict[str, tuple[set[str], _Read]] = {
    "message": (
        {
            *("touchpoint", "purpose", "mood", "medium", "values"),
            *(f"{what}_{unit}" for what in ("expires", "gather") for unit in _SPANS),
        },
        _Reader.message,
    ),
    "wait": ({*_SPANS, "business_days", "until_time"}, _Reader.wait),
    "wait_until": (
        {"event", "having", "day", "offset_days", "at", "otherwise", *(f"at_most_{unit}" for unit in _SPANS)},
        _Reader.wait_until,
    ),
    "branch": ({"if", "then", "else"}, _Reader.branch),
    "split": ({"arms"}, _Reader.split),
    "tag": ({"label"}, _Reader.tag),
    "task": ({"title"}, _Reader.task),
    "webhook": ({"name"}, _Reader.webhook),
    "exit": ({"reason"}, _Reader.exit),
}
_DAYS = frozenset(name for name, each in FIELDS.items() if each.kind is Kind.DATE)
#: A purpose may be made stricter than its template's, never laxer: that would be a way around consent.
_STRICTNESS = {Purpose.TRANSACTIONAL: 0, Purpose.SERVICE: 1, Purpose.MARKETING: 2}


def _trigger(plain: Mapping[str, Any]) -> Trigger:
    _known(plain, {"event", "having", "daily_at", "on", "at", "by_hand"}, "trigger")
    if plain.get("event") is not None:
        return Trigger(kind=TriggerKind.EVENT, hearing=_hearing(plain, "trigger"))
    if plain.get("daily_at") is not None:
        return Trigger(kind=TriggerKind.DAILY, at=_time(plain["daily_at"], "trigger.daily_at"))
    if plain.get("on") is not None:
        try:
            on = date.fromisoformat(str(plain["on"]))
        except ValueError:
            raise DefinitionUnreadable("trigger.on", "Write the day as 2026-12-01.") from None
        return Trigger(kind=TriggerKind.DATE, on=on, at=_time(plain.get("at", "10:00"), "trigger.at"))
    if plain.get("by_hand") is True:
        return Trigger(kind=TriggerKind.HAND)
    raise DefinitionUnreadable("trigger", "Say what lets shoppers in: an event, daily_at, on, or by_hand.")


def _hearing(plain: Mapping[str, Any], where: str) -> Hearing:
    type_ = plain.get("event")
    if not isinstance(type_, str) or type_ not in TRIGGERS:
        raise DefinitionUnreadable(f"{where}.event", f"Name one of {', '.join(TRIGGERS)}.")
    having = _object(plain.get("having", {}), f"{where}.having")
    for name, value in having.items():
        if (
            name not in TRIGGERS[type_].fields
            or not isinstance(value, str | bool | int)
            or len(str(value)) > LONGEST_ID
        ):
            known = ", ".join(TRIGGERS[type_].fields) or "nothing"
            raise DefinitionUnreadable(f"{where}.having", f"Of {type_} can be asked: {known}.")
    return Hearing(type_, having)


def _goal(plain: object) -> Goal | None:
    if plain is None:
        return None
    said = _object(plain, "goal")
    _known(said, {"event", "having", "within_days"}, "goal")
    return Goal(
        hearing=_hearing(said, "goal"),
        within=timedelta(days=_whole(said.get("within_days", 30), "goal.within_days", 1, 365)),
    )


def _entry(plain: object, trigger: Trigger, about: set[About]) -> Condition:
    entry = _condition(plain, about, "entry")
    if trigger.kind is not TriggerKind.EVENT:
        try:  # shoppers are looked for, not heard of
            check_countable(entry)
        except ConditionUnreadable as problem:
            raise DefinitionUnreadable("entry", str(problem)) from None
    return entry


def _asked(plain: object, about: set[About], where: str) -> Condition:
    """Read a condition that asks something: one that is always true would let nobody stay."""
    condition = _condition(plain, about, where)
    if not any(True for _ in questions_of(condition)):
        raise DefinitionUnreadable(where, "Ask at least one question.")
    return condition


def _condition(plain: object, about: set[About], where: str) -> Condition:
    try:
        return read_condition(plain, about=about)
    except ConditionUnreadable as problem:
        raise DefinitionUnreadable(where, str(problem)) from None


def _span(plain: Mapping[str, Any], what: str, where: str) -> timedelta:
    prefix = f"{what}_" if what else ""
    span = timedelta(
        **{
            unit: _whole(plain.get(prefix + unit, 0), f"{where}.{prefix}{unit}", 0, most)
            for unit, most in (("days", 730), ("hours", 8760), ("minutes", 100_000))
        }
    )
    if span > LONGEST_WAIT:
        raise DefinitionUnreadable(where, f"Nobody waits longer than {LONGEST_WAIT.days} days.")
    return span


def _object(plain: object, where: str) -> Mapping[str, Any]:
    if not isinstance(plain, Mapping):
        raise DefinitionUnreadable(where, "This must be an object.")
    return plain


def _list(plain: object, where: str) -> list[Any]:
    if plain is None:
        return []
    if not isinstance(plain, list | tuple) or len(plain) > MOST_STEPS:
        raise DefinitionUnreadable(where, f"This must be a list of at most {MOST_STEPS}.")
    return list(plain)


def _known(plain: Mapping[str, Any], names: set[str], where: str) -> None:
    for name in plain:
        if name not in names:
            raise DefinitionUnreadable(where, f"{str(name)[:80]!r} means nothing here.")


def _choice(of: Any, plain: object, where: str) -> Any:
    try:
        return of(plain)
    except ValueError:
        raise DefinitionUnreadable(where, f"Choose one of {', '.join(each.value for each in of)}.") from None


def _whole(plain: object, where: str, least: int, most: int) -> int:
    if not isinstance(plain, int) or isinstance(plain, bool) or not least <= plain <= most:
        raise DefinitionUnreadable(where, f"Give a whole number, {least} to {most}.")
    return plain


def _time(plain: object, where: str) -> time:
    try:
        return time.fromisoformat(str(plain)).replace(tzinfo=None)
    except ValueError:
        raise DefinitionUnreadable(where, "Write the time of day as 10:00.") from None


def _text(plain: object, where: str, *, longest: int = 100) -> str:
    if not isinstance(plain, str) or not 0 < len(plain.strip()) <= longest:
        raise DefinitionUnreadable(where, f"Give a text of 1 to {longest} characters.")
    return plain.strip()
