"""Conditions as a form in words: fields, questions and groups; used by the editors of journeys and of segments.

What is being built is the plain JSON of a condition, loosely: what was typed stays as it was typed, also where it is
no condition yet. It travels as named fields (`c.0.field`, `c.0.is`, `c.0.value`) and acts as `c:add:c.1`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from aftermile.capabilities.segments.public import (
    FIELDS,
    WAYS,
    About,
    ConditionUnreadable,
    Field,
    Kind,
    Operator,
    Wanted,
    check_countable,
    operators_of,
    read_condition,
    say_condition,
)
from aftermile.doors.console import words

HOW = (
    ("all", "all of these are true"),
    ("any", "at least one of these is true"),
    ("none", "none of these is true"),
)
_ABOUT = {
    About.SHOPPER: "The shopper",
    About.ORDER: "The order",
    About.PARCEL: "The parcel",
    About.EVENT: "What happened",
}
_MOST_PARTS, _DEEPEST = 50, 5
_PLACE = re.compile(r"condition[\w.\[\]]*:?\s*")
_UNITS = {Wanted.DAYS: "days"}
_SAID = {
    Operator.YES: "is true",
    Operator.NO: "is not true",
    Operator.MORE_THAN: "more than",
    Operator.WITHIN_DAYS: "was within the last … days",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the builder. `kind`: group, question or expression; `path`: its name in the form."""

    path: str
    kind: str
    depth: int
    how: str = "all"
    parts: tuple[Part, ...] = ()
    field: str = ""
    operator: str = ""
    operators: tuple[tuple[str, str], ...] = ()
    input: str = ""  # "" (nothing wanted), text, number, days, lines, select or boxes
    value: str = ""
    values: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    text: str = ""
    was_asked: bool = False  # there was a field, and there is none of that name

    @property
    def lacks(self) -> bool:
        """Whether something is not filled in yet, which is no mistake."""
        return bool(self.problem) and not (self.was_asked or self.value or self.text)

    @property
    def id(self) -> str:
        return self.path.replace(".", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Builder:
    """All a condition's form is drawn from. `said`: it in words; `problem`: what is wrong with it as a whole."""

    root: Part
    fields: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    said: str
    problem: str
    may_express: bool

    @property
    def is_empty(self) -> bool:
        return not self.root.parts

    @property
    def questions(self) -> list[Part]:
        """All questions and expressions, for what is wrong with each."""
        return list(_questions(self.root))


def builder(plain: object, path: str, *, about: Collection[About], countable: bool = False) -> Builder:
    """Draw a condition, also one that is none yet."""
    loose = grouped(plain)
    problem, said = "", ""
    try:
        read = read_condition(written(loose), about=about)
        if countable:
            check_countable(read)
        said = say_condition(read)
    except ConditionUnreadable as refusal:
        problem = plainly(refusal.message)
    root = _part(loose, path, about, 1, countable=countable)
    if _has_problem(root):
        problem = ""  # it stands beside its question
    return Builder(
        root=root,
        fields=tuple(
            (_ABOUT[of], tuple((each.name, each.words) for each in FIELDS.values() if each.about is of))
            for of in About
            if of in about
        ),
        said="" if said == "always" else said,
        problem=problem,
        may_express=not countable,
    )


def take(data: QueryDict, path: str) -> dict[str, Any]:
    """Take a condition from a form as it was typed; a group, always."""
    return grouped(_take(data, path, 1))


def change(plain: Mapping[str, Any], wanted: str, path: str) -> dict[str, Any]:
    """Add to a condition or take away from it, as a button of its form asks: `add:c.1`, `remove:c.0`."""
    loose = grouped(plain)
    what, _, where = wanted.partition(":")
    steps = where.removeprefix(path).strip(".").split(".") if where != path else []
    if not all(step.isdecimal() for step in steps) or len(steps) > _DEEPEST:
        return loose
    indexes = [int(step) for step in steps]
    if what == "remove" and indexes:
        holder = _group_at(loose, indexes[:-1])
        if holder is not None and indexes[-1] < len(holder):
            del holder[indexes[-1]]
        return loose
    parts = _group_at(loose, indexes)
    if parts is None or len(parts) >= _MOST_PARTS:
        return loose
    if what == "add":
        parts.append({"field": "", "is": ""})
    elif what == "group":
        parts.append({"any": [{"field": "", "is": ""}]})
    elif what == "express":
        parts.append({"expression": ""})
    return loose


def grouped(plain: object) -> dict[str, Any]:
    """Return a loose condition as a group: what is no group stands in one."""
    if not isinstance(plain, Mapping) or not plain:
        return {"all": []}
    how = next((each for each, _ in HOW if each in plain), "")
    if not how:
        return {"all": [dict(plain)]}
    parts = plain[how]
    return {how: list(parts) if isinstance(parts, list) else []}


def written(loose: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Write a loose condition as it is kept: nothing for an empty one, one question without a group around it."""
    whole = grouped(loose)
    ((how, parts),) = whole.items()
    if not parts:
        return None
    return dict(parts[0]) if how != "none" and len(parts) == 1 and isinstance(parts[0], Mapping) else whole


def plainly(message: str) -> str:
    """Say what is wrong without the place it is at: it stands there."""
    said = _PLACE.sub("", message, count=1).strip()
    return said[:1].upper() + said[1:]


def value_words(field: Field, value: str) -> str:
    """Write a value a field may have in words."""
    if field.name.endswith(("milestone", "previous")):
        return words.milestone(value)[1]
    return (
        words.CAUSES.get(value, words.spelled(value))
        if field.name.endswith("cause")
        else words.spelled(value)
    )


def _questions(part: Part) -> Iterator[Part]:
    if part.kind != "group":
        yield part
    for each in part.parts:
        yield from _questions(each)


def _has_problem(part: Part) -> bool:
    return bool(part.problem) or any(_has_problem(each) for each in part.parts)


def _group_at(loose: dict[str, Any], indexes: Sequence[int]) -> list[Any] | None:
    here: Any = loose
    for index in indexes:
        parts = _parts_of(here)
        if parts is None or index >= len(parts):
            return None
        here = parts[index]
    return _parts_of(here)


def _parts_of(here: object) -> list[Any] | None:
    if not isinstance(here, dict):
        return None
    found = next((here[how] for how, _ in HOW if how in here), None)
    return found if isinstance(found, list) else None


def _part(plain: object, path: str, about: Collection[About], depth: int, *, countable: bool) -> Part:
    given = plain if isinstance(plain, Mapping) else {}
    how = next((each for each, _ in HOW if each in given), "")
    if how and depth <= _DEEPEST:
        parts = given[how] if isinstance(given[how], list) else []
        inner = tuple(
            _part(each, f"{path}.{n}", about, depth + 1, countable=countable)
            for n, each in enumerate(parts[:_MOST_PARTS])
        )
        return Part(path=path, kind="group", depth=depth, how=how, parts=inner)
    if "expression" in given:
        text = str(given["expression"])
        return Part(
            path=path,
            kind="expression",
            depth=depth,
            text=text,
            problem=_problem(given, about, countable=countable) if text else "Write what is to be true.",
        )
    return _question(given, path, about, depth, countable=countable)


def _question(
    given: Mapping[str, Any], path: str, about: Collection[About], depth: int, *, countable: bool
) -> Part:
    asked = FIELDS.get(str(given.get("field", "")))
    if asked is None or asked.about not in about:
        name = str(given.get("field", ""))[:80]
        problem = f"There is no field {name} here; choose one." if name else "Choose what is asked."
        return Part(path=path, kind="question", depth=depth, problem=problem, was_asked=bool(name))
    offered = operators_of(asked.kind)
    operator = next((each for each in offered if each.value == given.get("is")), offered[0])
    way = WAYS[operator, asked.kind]
    value = given.get("value")
    values = tuple(str(each) for each in value) if isinstance(value, list) else ()
    choices = tuple((each, value_words(asked, each)) for each in asked.choices)
    shown = {
        Wanted.NOTHING: "",
        Wanted.NUMBER: "number",
        Wanted.DAYS: "days",
        Wanted.TEXT: "select" if choices else "text",
        Wanted.TEXTS: "boxes" if choices else "lines",
    }[way.wanted]
    return Part(
        path=path,
        kind="question",
        depth=depth,
        field=asked.name,
        operator=operator.value,
        operators=tuple((each.value, _operator_words(each, asked.kind)) for each in offered),
        input=shown,
        value="\n".join(values) if values else "" if value is None else str(value),
        values=values,
        choices=choices,
        problem=_problem({**given, "is": operator.value}, about, countable=countable),
    )


def _problem(plain: Mapping[str, Any], about: Collection[About], *, countable: bool) -> str:
    try:
        read = read_condition(plain, about=about)
        if countable:
            check_countable(read)
    except ConditionUnreadable as refusal:
        return plainly(refusal.message)
    return ""


def _operator_words(operator: Operator, kind: Kind) -> str:
    if operator in _SAID and kind is not Kind.NUMBER:
        return _SAID[operator]
    said = WAYS[operator, kind].words.replace("{f}", "").replace("{v}", "…").strip(": ")
    return said.removesuffix("…").strip() if said.endswith("…") else said


def _take(data: QueryDict, path: str, depth: int) -> dict[str, Any]:
    kind = data.get(f"{path}.kind", "")
    if kind == "expression":
        return {"expression": data.get(f"{path}.text", "").strip()}
    if kind == "question":
        return _take_question(data, path)
    how = data.get(f"{path}.how", "all")
    parts = []
    if depth <= _DEEPEST:
        for n in range(_MOST_PARTS):
            if f"{path}.{n}.kind" not in data:
                break
            parts.append(_take(data, f"{path}.{n}", depth + 1))
    return {how if how in dict(HOW) else "all": parts}


def _take_question(data: QueryDict, path: str) -> dict[str, Any]:
    name, said = data.get(f"{path}.field", ""), data.get(f"{path}.is", "")
    asked = FIELDS.get(name)
    if asked is None:
        return {"field": name, "is": said}
    offered = operators_of(asked.kind)
    operator = next((each for each in offered if each.value == said), offered[0])
    wanted = WAYS[operator, asked.kind].wanted
    question: dict[str, Any] = {"field": name, "is": operator.value}
    given = data.getlist(f"{path}.value")
    match wanted:
        case Wanted.NOTHING:
            return question
        case Wanted.NUMBER | Wanted.DAYS:
            return question | {"value": number(given[-1] if given else "")}
        case Wanted.TEXT:
            return question | {"value": given[-1].strip() if given else ""}
        case _:
            texts = [line.strip() for each in given for line in each.splitlines()]
            return question | {"value": [text for text in dict.fromkeys(texts) if text]}


def number(text: str) -> int | float | str:
    """Read a number as it is typed; what is none stays as it was typed."""
    typed = text.strip().replace(",", ".")
    if re.fullmatch(r"-?\d{1,15}", typed):
        return int(typed)
    return float(typed) if re.fullmatch(r"-?\d{1,15}\.\d{1,6}", typed) else text.strip()
