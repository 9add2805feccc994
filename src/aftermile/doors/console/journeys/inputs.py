"""The fields of the editor's forms: for each kind of step, for how a journey begins, ends, and what it is for.

Each form takes what was typed as it was typed: what is no number stays a text, and is told by the journey itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from aftermile.capabilities.exceptions.public import Ending
from aftermile.capabilities.journeys.public import TRIGGERS
from aftermile.capabilities.messaging.public import Mood, Purpose, Touchpoint
from aftermile.capabilities.segments.public import FIELDS, About, Kind
from aftermile.connectors.contracts.channels import Fate, Medium
from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.console import words
from aftermile.doors.console.condition_form import number, value_words
from aftermile.doors.console.journeys.draft import Problem
from aftermile.doors.console.messages_told import FATES, MEDIA, MOODS, PURPOSES

Options = tuple[tuple[str, str], ...]
PER: Options = (
    ("event", "each time"),
    ("parcel", "once per parcel"),
    ("order", "once per order"),
    ("shopper", "once per shopper"),
    ("year", "once a year per shopper"),
    ("day", "once a day per shopper"),
)
_SPAN = (("days", "days"), ("hours", "hours"), ("minutes", "minutes"))
_FLAGS = frozenset({"first_time", "by_a_person", "created", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A field of a form. `kind`: text, number, time, date, select, lines."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    options: Options = ()
    hint: str = ""
    unit: str = ""
    problem: str = ""
    is_optional: bool = False
    refreshes: bool = False

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that stand side by side under one name."""

    label: str
    inputs: tuple[Input, ...]
    hint: str = ""
    problem: str = ""


Field = Input | Group


def step_fields(
    step: Mapping[str, Any],
    told: Told,
    known: Mapping[str, Touchpoint],
    about: Iterable[About],
) -> list[Field]:
    """Return the form of a step; conditions and ways are drawn beside it."""
    fields: list[Field] = []
    match step.get("do"):
        case "message":
            fields = _message(step, told, known)
        case "wait":
            fields = [
                _span("Wait", step, "", told, hint="Leave out what is not waited for."),
                _input(
                    step,
                    "business_days",
                    "Business days",
                    told,
                    kind="number",
                    unit="business days",
                    hint="The shop’s own: its calendar says which.",
                ),
                _input(step, "until_time", "Then until", told, kind="time", hint="By the shopper’s clock."),
            ]
        case "wait_until":
            fields = _wait_until(step, told, set(about))
        case "tag":
            fields = [_input(step, "label", "Label to put on the order", told)]
        case "task":
            fields = [
                _input(
                    step,
                    "title",
                    "What the team is to do",
                    told,
                    hint="It stands among the tasks until somebody says it is done.",
                )
            ]
        case "webhook":
            fields = [
                _input(
                    step,
                    "name",
                    "Name your program is told",
                    told,
                    hint="Sent by the webhook channel, with the shopper’s and the order’s ids.",
                )
            ]
        case "exit":
            fields = [
                _input(
                    step,
                    "reason",
                    "Why they leave",
                    told,
                    is_optional=True,
                    hint="A word for the figures, such as not_needed.",
                )
            ]
        case "split":
            fields = _arms(step, told)
    return [*fields, _input(step, "note", "Note for the team", told, is_optional=True)]


def take_step(data: QueryDict, step: dict[str, Any]) -> None:
    """Take a step's form; what the form does not show stays as it is."""
    match step.get("do"):
        case "message":
            _texts(data, step, ("touchpoint", "purpose", "mood", "medium"))
            for name in ("expires", "gather"):
                _numbers(data, step, [f"{name}_{unit}" for unit, _ in _SPAN])
            if "f.values" in data:
                step["values"] = _pairs(data.get("f.values", ""), step.get("values"))
        case "wait":
            _numbers(data, step, ["days", "hours", "minutes", "business_days"])
            _texts(data, step, ("until_time",))
        case "wait_until":
            if data.get("f.until") == "day":
                step.pop("event", None)
                step.pop("having", None)
                step["day"] = data.get("f.day", "") or str(step.get("day") or "parcel.expected_on")
                _texts(data, step, ("at",))
                offset = number(data.get("f.offset_days", ""))
                before = data.get("f.offset_way") == "before"
                step["offset_days"] = -offset if before and isinstance(offset, int) else offset or 0
            elif data.get("f.until") == "event":
                for name in ("day", "offset_days", "at"):
                    step.pop(name, None)
                take_hearing(data, step, "f")
                step["event"] = step.get("event") or "order.placed"
            _numbers(data, step, [f"at_most_{unit}" for unit, _ in _SPAN])
        case "split":
            for n, arm in enumerate(step.get("arms") or ()):
                if f"f.arms.{n}.name" in data:
                    arm["name"] = data.get(f"f.arms.{n}.name", "").strip()
                    arm["share"] = number(data.get(f"f.arms.{n}.share", ""))
        case _:
            _texts(data, step, ("label", "title", "name", "reason"))
    _texts(data, step, ("note",))


def trigger_fields(draft: Mapping[str, Any], told: Told, known: Mapping[str, Touchpoint]) -> list[Field]:
    """Return the form of how a journey begins, and how often it is entered."""
    given = draft.get("trigger")
    trigger = given if isinstance(given, Mapping) else {}
    kind = trigger_kind(trigger)
    fields: list[Field] = [
        Input(
            name="f.kind",
            label="It begins",
            kind="select",
            value=kind,
            options=(
                ("event", "when something happens"),
                ("daily", "each day, for whoever the conditions are true"),
                ("on", "on one day"),
                ("hand", "when somebody of the team starts it"),
            ),
            refreshes=True,
            problem=told.take("trigger"),
        )
    ]
    if kind == "event":
        fields += hearing_fields(trigger, "f", told, known, label="When", at="trigger")
    elif kind == "daily":
        fields.append(
            _of(trigger, "daily_at", "At", told, kind="time", at="trigger.", hint="By the shop’s clock.")
        )
    elif kind == "on":
        fields.append(_of(trigger, "on", "Day", told, kind="date", at="trigger."))
        fields.append(_of(trigger, "at", "At", told, kind="time", at="trigger.", hint="By the shop’s clock."))
    per = PER if kind == "event" else PER[3:]
    fields.append(
        Group(
            label="How often somebody enters",
            inputs=(
                Input(
                    name="f.per",
                    label="At most",
                    kind="select",
                    value=str(draft.get("per") or ("order" if kind == "event" else "shopper")),
                    options=per,
                    problem=told.take("per"),
                ),
                Input(
                    name="f.again_after_days",
                    label="Again after",
                    kind="number",
                    value=_shown(draft.get("again_after_days")),
                    unit="days",
                    problem=told.take("again_after_days"),
                    is_optional=True,
                ),
            ),
        )
    )
    return fields


def take_trigger(data: QueryDict, draft: dict[str, Any]) -> None:
    """Take how a journey begins."""
    given = draft.get("trigger")
    trigger: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {}
    match data.get("f.kind"):
        case "event":
            heard: dict[str, Any] = {name: trigger[name] for name in ("event", "having") if name in trigger}
            take_hearing(data, heard, "f")
            draft["trigger"] = {
                "event": heard.get("event") or "order.placed",
                **({"having": heard["having"]} if heard.get("having") else {}),
            }
        case "daily":
            draft["trigger"] = {
                "daily_at": data.get("f.daily_at", "").strip() or trigger.get("daily_at") or "10:00"
            }
        case "on":
            made = {"on": data.get("f.on", "").strip() or str(trigger.get("on") or "")}
            draft["trigger"] = made | {"at": data.get("f.at", "").strip() or trigger.get("at") or "10:00"}
        case "hand":
            draft["trigger"] = {"by_hand": True}
    if "f.per" in data:
        allowed = {value for value, _ in (PER if "event" in draft["trigger"] else PER[3:])}
        draft["per"] = data["f.per"] if data["f.per"] in allowed else "shopper"
        _numbers(data, draft, ["again_after_days"])


def trigger_kind(trigger: Mapping[str, Any]) -> str:
    """Tell what kind of trigger a loose one is."""
    return (
        "daily"
        if trigger.get("daily_at") is not None
        else "on"
        if trigger.get("on") is not None
        else "hand"
        if trigger.get("by_hand")
        else "event"
    )


def ends_fields(draft: Mapping[str, Any], told: Told, known: Mapping[str, Touchpoint]) -> list[list[Field]]:
    """Return the forms of the events that end a journey for somebody, one each."""
    return [
        hearing_fields(
            each if isinstance(each, Mapping) else {},
            f"f.exits.{n}",
            told,
            known,
            label="It ends for somebody when",
            at=f"exits[{n}]",
        )
        for n, each in enumerate(_list(draft.get("exits")))
    ]


def take_ends(data: QueryDict, draft: dict[str, Any]) -> None:
    """Take the events that end a journey."""
    exits = _list(draft.get("exits"))
    kept = []
    for n, each in enumerate(exits):
        one = dict(each) if isinstance(each, Mapping) else {}
        take_hearing(data, one, f"f.exits.{n}")
        kept.append(one)
    draft["exits"] = kept


def goal_fields(draft: Mapping[str, Any], told: Told, known: Mapping[str, Touchpoint]) -> list[Field]:
    """Return the form of what a journey is for, and how many are held out to learn whether it helps."""
    given = draft.get("goal")
    goal = given if isinstance(given, Mapping) else {}
    fields: list[Field] = hearing_fields(
        goal, "f", told, known, label="It is for this", at="goal", none="Nothing that is measured"
    )
    if goal:
        fields.append(
            _of(goal, "within_days", "Within", told, kind="number", unit="days", at="goal.", default="30")
        )
    fields.append(
        Input(
            name="f.hold_out_percent",
            label="Hold out",
            kind="number",
            value=_shown(draft.get("hold_out_percent")),
            unit="in 100",
            hint="So many are let in and told nothing; beside them one sees what the journey changes. At most 50.",
            problem=told.take("hold_out_percent"),
            is_optional=True,
        )
    )
    return fields


def take_goal(data: QueryDict, draft: dict[str, Any]) -> None:
    """Take what a journey is for."""
    given = draft.get("goal")
    goal: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {}
    if "f.event" in data:
        take_hearing(data, goal, "f")
        if not goal.get("event"):
            goal = {}
    if goal:
        _numbers(data, goal, ["within_days"])
    draft["goal"] = goal or None
    _numbers(data, draft, ["hold_out_percent"])


def hearing_fields(
    given: Mapping[str, Any],
    prefix: str,
    told: Told,
    known: Mapping[str, Touchpoint],
    *,
    label: str,
    at: str,
    none: str = "",
) -> list[Field]:
    """Return the form of an event that is listened for, with what can be asked of it."""
    event = str(given.get("event") or "")
    options = tuple((name, each.words) for name, each in TRIGGERS.items())
    fields: list[Field] = [
        Input(
            name=f"{prefix}.event",
            label=label,
            kind="select",
            value=event,
            options=((("", none),) if none else ()) + options,
            refreshes=True,
            problem=told.take(f"{at}.event".lstrip(".")) or told.take(at),
        )
    ]
    if event in TRIGGERS and TRIGGERS[event].fields:
        having = given.get("having")
        held = having if isinstance(having, Mapping) else {}
        fields.append(
            Group(
                label="And only if",
                inputs=tuple(
                    Input(
                        name=f"{prefix}.having.{name}",
                        label=_asked_words(name),
                        kind="select" if (choices := _choices(name, known)) else "text",
                        value=_flag(held.get(name)),
                        options=(("", "any"), *choices) if choices else (),
                        is_optional=True,
                    )
                    for name in TRIGGERS[event].fields
                ),
                problem=told.take(f"{at}.having".lstrip(".")),
            )
        )
    return fields


def take_hearing(data: QueryDict, held: dict[str, Any], prefix: str) -> None:
    """Take an event that is listened for; what was asked of another event is left out."""
    if f"{prefix}.event" not in data:
        return
    event = data.get(f"{prefix}.event", "")
    asked = TRIGGERS[event].fields if event in TRIGGERS else ()
    former = held.get("having")
    having: dict[str, Any] = {
        name: value
        for name, value in (former if isinstance(former, Mapping) else {}).items()
        if name in asked
    }
    for name in asked:
        typed = data.get(f"{prefix}.having.{name}")
        if typed is None or event != held.get("event", event):
            continue
        having.pop(name, None)
        if typed.strip():
            having[name] = typed == "yes" if name in _FLAGS else typed.strip()
    held["event"] = event
    held.pop("having", None)
    if having:
        held["having"] = having


class Told:
    """Problems that are told beside their fields; the others stay for the form as a whole."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.left = list(problems)

    def take(self, field: str) -> str:
        found = [each for each in self.left if each.field == field]
        self.left = [each for each in self.left if each.field != field]
        return " ".join(each.said for each in found)


def _message(step: Mapping[str, Any], told: Told, known: Mapping[str, Touchpoint]) -> list[Field]:
    chosen = known.get(str(step.get("touchpoint")))
    as_template = (
        f"as its template says: {PURPOSES[chosen.purpose].lower()}" if chosen else "as its template says"
    )
    as_mood = f"as its template says: {MOODS[chosen.mood].lower()}" if chosen else "as its template says"
    values = step.get("values")
    missing = (("", "Choose…"),) if not step.get("touchpoint") else ()
    gone = (
        ((str(step["touchpoint"]), f"{step['touchpoint']} (not there)"),)
        if step.get("touchpoint") and not chosen
        else ()
    )
    return [
        Input(
            name="f.touchpoint",
            label="What is said",
            kind="select",
            value=str(step.get("touchpoint") or ""),
            options=(*missing, *gone, *((slug, each.title) for slug, each in known.items())),
            problem=told.take("touchpoint"),
            refreshes=True,
        ),
        Input(
            name="f.medium",
            label="By",
            kind="select",
            value=str(step.get("medium") or ""),
            options=(
                ("", "what the shopper prefers"),
                *((each.value, MEDIA[each]) for each in Medium if each is not Medium.WEBHOOK),
            ),
            problem=told.take("medium"),
        ),
        _span("Only if it can be within", step, "expires_", told, hint="Later, it is not sent at all."),
        _span(
            "Gather for",
            step,
            "gather_",
            told,
            hint="Those who come within this time share one message, if the shop wants digests.",
        ),
        Group(
            label="Whose leave it needs, and how it sounds",
            inputs=(
                Input(
                    name="f.purpose",
                    label="Purpose",
                    kind="select",
                    value=str(step.get("purpose") or ""),
                    options=(("", as_template), *((each.value, PURPOSES[each]) for each in Purpose)),
                    problem=told.take("purpose"),
                ),
                Input(
                    name="f.mood",
                    label="Mood",
                    kind="select",
                    value=str(step.get("mood") or ""),
                    options=(("", as_mood), *((each.value, MOODS[each]) for each in Mood)),
                    problem=told.take("mood"),
                ),
            ),
            hint="A purpose can be made stricter than its template’s, never laxer.",
        ),
        Input(
            name="f.values",
            label="Values for the template",
            kind="lines",
            value="\n".join(f"{name}: {value}" for name, value in values.items() if isinstance(value, str))
            if isinstance(values, Mapping)
            else "",
            hint="One a line, such as review_address: https://example.com/review",
            problem=told.take("values"),
            is_optional=True,
        ),
    ]


def _wait_until(step: Mapping[str, Any], told: Told, about: set[About]) -> list[Field]:
    by_day = step.get("day") is not None
    fields: list[Field] = [
        Input(
            name="f.until",
            label="Wait until",
            kind="select",
            value="day" if by_day else "event",
            options=(("event", "something happens"), ("day", "a day")),
            refreshes=True,
            problem=told.take(""),
        )
    ]
    if by_day:
        days = tuple(
            (name, each.words)
            for name, each in FIELDS.items()
            if each.kind is Kind.DATE and each.about in about
        )
        offset = step.get("offset_days", 0)
        is_before = isinstance(offset, int) and offset < 0
        fields += [
            Input(
                name="f.day",
                label="Which day",
                kind="select",
                value=str(step.get("day")),
                options=days,
                problem=told.take("day"),
            ),
            Group(
                label="Shifted by",
                inputs=(
                    Input(
                        name="f.offset_days",
                        label="Days",
                        kind="number",
                        unit="days",
                        value=_shown(abs(offset) if isinstance(offset, int) else offset),
                        problem=told.take("offset_days"),
                    ),
                    Input(
                        name="f.offset_way",
                        label="Before or after",
                        kind="select",
                        value="before" if is_before else "after",
                        options=(("before", "before it"), ("after", "after it")),
                    ),
                    Input(
                        name="f.at",
                        label="At",
                        kind="time",
                        value=str(step.get("at") or "10:00"),
                        problem=told.take("at"),
                    ),
                ),
            ),
        ]
    else:
        fields += hearing_fields(step, "f", told, {}, label="What is waited for", at="")
    fields.append(
        _span(
            "At most", step, "at_most_", told, hint="Then it goes on with “if not”. Nothing given: 30 days."
        )
    )
    return fields


def _arms(step: Mapping[str, Any], told: Told) -> list[Field]:
    arms = step.get("arms") or []
    whole = told.take("arms")
    return [
        Group(
            label=f"Way {n + 1}",
            inputs=(
                Input(
                    name=f"f.arms.{n}.name",
                    label="Name",
                    value=str(arm.get("name", "")),
                    problem=told.take(f"arms[{n}].name"),
                ),
                Input(
                    name=f"f.arms.{n}.share",
                    label="Share",
                    kind="number",
                    unit="in 100",
                    value=_shown(arm.get("share")),
                    problem=told.take(f"arms[{n}].share"),
                ),
            ),
            problem=whole if n == len(arms) - 1 else "",
        )
        for n, arm in enumerate(arms)
    ]


def _span(label: str, step: Mapping[str, Any], prefix: str, told: Told, *, hint: str = "") -> Group:
    return Group(
        label=label,
        inputs=tuple(
            Input(
                name=f"f.{prefix}{unit}",
                label=said.capitalize(),
                kind="number",
                value=_shown(step.get(prefix + unit)),
                problem=told.take(prefix + unit),
                is_optional=True,
            )
            for unit, said in _SPAN
        ),
        hint=hint,
        problem=told.take("") if not prefix else "",
    )


def _input(step: Mapping[str, Any], name: str, label: str, told: Told, **more: Any) -> Input:
    return Input(name=f"f.{name}", label=label, value=_shown(step.get(name)), problem=told.take(name), **more)


def _of(
    given: Mapping[str, Any], name: str, label: str, told: Told, *, at: str, default: str = "", **more: Any
) -> Input:
    return Input(
        name=f"f.{name}",
        label=label,
        value=_shown(given.get(name)) or default,
        problem=told.take(at + name),
        **more,
    )


def _texts(data: QueryDict, step: dict[str, Any], names: Iterable[str]) -> None:
    for name in names:
        if f"f.{name}" in data:
            typed = data.get(f"f.{name}", "").strip()
            step[name] = typed
            if not typed and name not in {"touchpoint", "label", "title", "name"}:
                del step[name]


def _numbers(data: QueryDict, step: dict[str, Any], names: Iterable[str]) -> None:
    for name in names:
        if f"f.{name}" in data:
            typed = data.get(f"f.{name}", "").strip()
            step.pop(name, None)
            if typed:
                step[name] = number(typed)


def _pairs(text: str, former: object) -> dict[str, Any]:
    """Read values a line each; those that are no texts cannot be typed here and stay."""
    kept = (
        {name: value for name, value in former.items() if not isinstance(value, str)}
        if isinstance(former, Mapping)
        else {}
    )
    for line in text.splitlines():
        name, sign, value = line.partition(":")
        if name.strip():
            kept[name.strip()] = value.strip() if sign else ""
    return kept


def _choices(name: str, known: Mapping[str, Touchpoint]) -> Options:
    """Return the values something of an event may have."""
    if name in _FLAGS:
        return (("yes", "yes"), ("no", "no"))
    field = FIELDS.get(f"event.{name}")
    if field is not None and field.choices:
        return tuple((value, value_words(field, value)) for value in field.choices)
    match name:
        case "touchpoint":
            return tuple((slug, each.title) for slug, each in known.items())
        case "medium":
            return tuple((each.value, MEDIA[each]) for each in Medium)
        case "fate":
            return tuple((each.value, FATES[each][1]) for each in Fate)
        case "ending":
            return tuple((each.value, words.spelled(each.value)) for each in Ending)
        case "sub_status":
            return tuple((each.value, words.sub_status(each.value)) for each in SubStatus)
    return ()


def _asked_words(name: str) -> str:
    field = FIELDS.get(f"event.{name}")
    said = field.words if field else name.replace("_", " ")
    return said[:1].upper() + said[1:]


def _flag(value: object) -> str:
    return "yes" if value is True else "no" if value is False else _shown(value)


def _shown(value: object) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else []
