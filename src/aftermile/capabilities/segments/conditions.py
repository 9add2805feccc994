"""Conditions: plain data that is read, said in words, and judged by the rule engine (zen-engine).

| plain JSON | means |
|---|---|
| `{"field": "shopper.orders_count", "is": "at_least", "value": 2}` | one question |
| `{"all": [...]}`, `{"any": [...]}`, `{"none": [...]}` | all of them, at least one, none |
| `{"expression": "order.total > 100 and shopper.orders_count == 1"}` | the engine's own words, for those who like them |

Whatever comes in may be hostile. Questions are ours: a merchant's values are handed to the engine beside them and are
never part of what it reads. Expressions may only compare and count: no closures, ranges or calls, whose work grows
faster than their text (measured: `all([0..1000], all([0..1000], ...))` keeps a core for a third of a second).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from aftermile.capabilities.segments.fields import FIELDS, About, Field, Kind
from aftermile.capabilities.segments.operators import WAYS, Operator, Wanted, Way
from aftermile.kernel.errors import Invalid

MOST_QUESTIONS, DEEPEST, LONGEST_TEXT, MOST_TEXTS, LONGEST_EXPRESSION = 50, 5, 200, 100, 1000
_MOST_DAYS = 36_500
_LARGEST = 1e15
_TOKEN = re.compile(
    r"\s+|(?P<name>[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_][A-Za-z_0-9]*)?)|(?P<number>\d{1,15}(?:\.\d{1,6})?(?!\.))"
    r"|(?P<text>\"[^\"\\]*\"|'[^'\\]*')|(?P<sign>==|!=|>=|<=|>|<|\+|-|\*|/|\(|\)|\[|\]|,)"
)
_WORDS = frozenset({"and", "or", "not", "in", "true", "false", "null"})


class ConditionUnreadable(Invalid):
    """A condition is none; the message says where and what would be one."""

    code = "condition_unreadable"
    message = "This condition cannot be read."


@dataclass(frozen=True, slots=True)
class Question:
    """One question to one field."""

    field: Field
    operator: Operator
    value: Any

    @property
    def way(self) -> Way:
        return WAYS[self.operator, self.field.kind]


@dataclass(frozen=True, slots=True)
class Group:
    """Several conditions; `how` is all, any or none. All of nothing is true, any of nothing is not."""

    how: str
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition in the engine's own words."""

    text: str


Condition = Question | Group | Expression
ALWAYS = Group("all", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one question found: kept with whatever was decided by it. `found` is None where nothing is known."""

    words: str
    found: Any
    passed: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a condition holds, and what each of its questions found."""

    holds: bool
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known when a condition is judged: values by field name, and whose moment it is."""

    at: datetime
    zone: ZoneInfo
    values: Mapping[str, Any] = field(repr=False)


def read_condition(plain: object, *, about: Collection[About] = tuple(About)) -> Condition:
    """Read a condition; None and {} hold always.

    :param about: what can be asked where it is to be used.
    :raises ConditionUnreadable: the sentence says where and what to do.
    """
    if plain is None or plain == {}:
        return ALWAYS
    condition = _read(plain, frozenset(about), "condition", 1)
    if sum(1 for _ in questions_of(condition)) > MOST_QUESTIONS:
        raise ConditionUnreadable(f"A condition has at most {MOST_QUESTIONS} questions; make two of it.")
    return condition


def write_condition(condition: Condition) -> dict[str, Any]:
    """Write a condition as the plain JSON it was read from."""
    match condition:
        case Question():
            said = {"field": condition.field.name, "is": condition.operator.value}
            return said if condition.way.wanted is Wanted.NOTHING else said | {"value": condition.value}
        case Expression():
            return {"expression": condition.text}
        case Group():
            return {condition.how: [write_condition(each) for each in condition.parts]}


def questions_of(condition: Condition) -> Iterator[Question | Expression]:
    """Walk over the questions and expressions of a condition."""
    if isinstance(condition, Group):
        for part in condition.parts:
            yield from questions_of(part)
    else:
        yield condition


def say_condition(condition: Condition) -> str:
    """Say a condition in a sentence's words."""
    match condition:
        case Expression():
            return condition.text
        case Question():
            value = condition.value
            said = ", ".join(value) if isinstance(value, list) else _number(value)
            said = said.replace("_", " ") if condition.field.choices else said
            return condition.way.words.format(f=condition.field.words, v=said)
        case Group(parts=()):
            return "always"
        case Group(how=how, parts=parts):
            said = {"all": " and ", "any": " or ", "none": " or "}[how].join(
                f"({say_condition(part)})"
                if isinstance(part, Group) and len(part.parts) > 1
                else say_condition(part)
                for part in parts
            )
            return f"not ({said})" if how == "none" else said


def judge(condition: Condition, known: Known) -> Judgement:
    """Judge a condition. Every question is answered, also where the first has decided: for "why?"."""
    answers: list[Answer] = []
    holds = _judge(condition, known, answers)
    return Judgement(holds, tuple(answers))


def seconds(moment: datetime | None) -> float | None:
    """Write a moment as conditions hold it."""
    return moment.timestamp() if moment else None


def day_number(day: date | None) -> int | None:
    """Write a day as conditions hold it."""
    return day.toordinal() if day else None


def _read(plain: object, about: frozenset[About], where: str, depth: int) -> Condition:
    if depth > DEEPEST:
        raise ConditionUnreadable(f"Conditions are nested at most {DEEPEST} deep.")
    if not isinstance(plain, Mapping):
        raise ConditionUnreadable(
            f"{where} must be an object with `field` and `is`, or `all`, `any`, `none`."
        )
    for how in ("all", "any", "none"):
        if set(plain) == {how}:
            parts = plain[how]
            if not isinstance(parts, list | tuple):
                raise ConditionUnreadable(f"{where}.{how} must be a list of conditions.")
            if len(parts) > MOST_QUESTIONS:
                raise ConditionUnreadable(
                    f"A condition has at most {MOST_QUESTIONS} questions; make two of it."
                )
            return Group(
                how,
                tuple(_read(each, about, f"{where}.{how}[{n}]", depth + 1) for n, each in enumerate(parts)),
            )
    if set(plain) == {"expression"}:
        return _read_expression(plain["expression"], about, where)
    return _read_question(plain, about, where)


def _read_question(plain: Mapping[str, Any], about: frozenset[About], where: str) -> Question:
    extra = set(plain) - {"field", "is", "value"}
    if extra:
        raise ConditionUnreadable(f"{where} has {sorted(map(str, extra))[0]!r}, which means nothing here.")
    asked = FIELDS.get(str(plain.get("field")))
    if asked is None or asked.about not in about:
        raise ConditionUnreadable(f"{where}: there is no field {str(plain.get('field'))[:80]!r} here.")
    try:
        operator = Operator(str(plain.get("is")))
        way = WAYS[operator, asked.kind]
    except (ValueError, KeyError):
        offered = ", ".join(each.value for each, kind in WAYS if kind is asked.kind)
        raise ConditionUnreadable(f"{where}: {asked.name} can be asked {offered}.") from None
    return Question(asked, operator, _read_value(plain.get("value"), way.wanted, f"{where}.value"))


def _read_value(given: Any, wanted: Wanted, where: str) -> Any:
    if wanted is Wanted.NOTHING:
        if given is not None:
            raise ConditionUnreadable(f"{where} means nothing here; leave it out.")
        return None
    if wanted in (Wanted.NUMBER, Wanted.DAYS):
        is_number = isinstance(given, int | float) and not isinstance(given, bool)
        if not is_number or not abs(given) <= _LARGEST:  # `not`: what is no number at all compares to nothing
            raise ConditionUnreadable(f"{where} must be a number.")
        if wanted is Wanted.DAYS and not (0 <= given <= _MOST_DAYS and given == int(given)):
            raise ConditionUnreadable(f"{where} must be whole days, 0 to {_MOST_DAYS}.")
        return int(given) if given == int(given) else float(given)
    texts = [given] if wanted is Wanted.TEXT else given
    if not isinstance(texts, list | tuple) or not texts or len(texts) > MOST_TEXTS:
        raise ConditionUnreadable(f"{where} must be a list of 1 to {MOST_TEXTS} texts.")
    for text in texts:
        if not isinstance(text, str) or not 0 < len(text) <= LONGEST_TEXT or "\x00" in text:
            raise ConditionUnreadable(f"{where} must be text of 1 to {LONGEST_TEXT} characters.")
    return texts[0] if wanted is Wanted.TEXT else list(texts)


def _read_expression(given: object, about: frozenset[About], where: str) -> Expression:
    text = given.strip() if isinstance(given, str) else ""
    if not 0 < len(text) <= LONGEST_EXPRESSION:
        raise ConditionUnreadable(f"{where}.expression must be text of 1 to {LONGEST_EXPRESSION} characters.")
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise ConditionUnreadable(f"{where}.expression: {text[at : at + 20]!r} is not allowed here.")
        name = token["name"]
        if name and name not in _WORDS and (name not in FIELDS or FIELDS[name].about not in about):
            raise ConditionUnreadable(f"{where}.expression: there is no field {name!r} here.")
        at = token.end()
    if re.search(r"[\])\w\"']\s*\[", re.sub(r"\b(in|and|or|not)\b", ",", text)):
        raise ConditionUnreadable(f"{where}.expression: parts of values cannot be taken here.")
    import zen  # only who judges conditions needs the engine

    try:
        zen.compile_expression(text)
    except RuntimeError:
        raise ConditionUnreadable(
            f"{where}.expression cannot be read: see that signs and brackets match."
        ) from None
    return Expression(text)


@lru_cache(maxsize=4096)
def _compiled(text: str) -> Any:
    import zen

    return zen.compile_expression(text)


def _judge(condition: Condition, known: Known, answers: list[Answer]) -> bool:
    match condition:
        case Group(how=how, parts=parts):
            held = [_judge(part, known, answers) for part in parts]
            return all(held) if how == "all" else any(held) if how == "any" else not any(held)
        case Expression(text=text):
            names = {each for token in _TOKEN.finditer(text) if (each := token["name"]) in FIELDS}
            context: dict[str, dict[str, Any]] = {}
            for name in names:
                of, _, rest = name.partition(".")
                context.setdefault(of, {})[rest] = known.values.get(name)
            passed = _ask(text, context)
            found: Any = {name: _shown(FIELDS[name], known.values.get(name)) for name in sorted(names)}
            answers.append(Answer(words=text, found=found, passed=passed))
        case Question():
            found = known.values.get(condition.field.name)
            today = known.at.astimezone(known.zone).date()
            passed = (found is not None or condition.operator is Operator.UNKNOWN) and _ask(
                condition.way.expression.format(f="f", v="v"),
                {
                    "f": found,
                    "v": condition.value,
                    "now": known.at.timestamp(),
                    "today": today.toordinal(),
                    "feasts": feasts(today),
                },
            )
            shown = _shown(condition.field, found)
            answers.append(Answer(words=say_condition(condition), found=shown, passed=passed))
    return passed


def feasts(today: date) -> list[str]:
    """Return how days end that are celebrated on this one: its month and day; 28 February stands in for the 29th."""
    ends = [f"{today:-%m-%d}"]
    if (today.month, today.day) == (2, 28) and (today + timedelta(days=1)).month == 3:
        ends.append("-02-29")
    return ends


def _ask(text: str, context: Mapping[str, Any]) -> bool:
    try:
        return _compiled(text).evaluate(context) is True
    except RuntimeError:  # the engine's word for a comparison of what cannot be compared
        return False


def _shown(field: Field, found: Any) -> Any:
    """Give what was found as it is kept and shown: moments and days readable, long lists cut."""
    if found is None:
        return None
    if field.kind is Kind.MOMENT:
        return datetime.fromtimestamp(found, UTC).isoformat()
    if field.kind is Kind.DATE:
        return date.fromordinal(found).isoformat()
    return found[:20] if isinstance(found, list) else found


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value or "")
