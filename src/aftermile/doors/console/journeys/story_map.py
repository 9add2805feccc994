"""A journey as a map: its story line by line, with who waits where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from aftermile.capabilities.journeys.public import DefinitionUnreadable, read_definition, say_journey
from aftermile.doors.console.journeys.rails import NO_RAIL, Rail, rails

#: What a step is called, and its icon.
KINDS: Mapping[str, tuple[str, str]] = {
    "message": ("Message", "mail"),
    "wait": ("Wait", "clock"),
    "wait_until": ("Wait until", "calendar"),
    "branch": ("Condition", "split"),
    "split": ("By chance", "scale"),
    "tag": ("Label", "tag"),
    "task": ("Task for the team", "check"),
    "webhook": ("Your own program", "bolt"),
    "exit": ("Leave", "end"),
}
#: Where steps hold steps.
_INNER = ("then", "else", "otherwise")
_DEEPEST = 12
_SPACE = "\N{EM SPACE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the map. `step` is "" for how it begins and ends; `is_arm`: the name of a way, not a step."""

    step: str
    kind: str
    icon: str
    words: str
    depth: int = 0
    more: str = ""
    is_arm: bool = False
    is_cut: bool = False
    is_message: bool = False
    waiting: int = 0
    rail: Rail = NO_RAIL


@dataclass(frozen=True, slots=True)
class Story:
    """A journey told; where it cannot be read, what is wrong with it."""

    lines: tuple[Line, ...]
    problem: str = ""

    @property
    def sentences(self) -> list[str]:
        """The story as plain lines, to be compared with another."""
        return [
            _SPACE * line.depth + line.words + (f" ({line.more})" if line.more else "") for line in self.lines
        ]


def tell(definition: Mapping[str, Any], at_step: Mapping[str, int] | None = None) -> Story:
    """Tell a journey as a map. In the shop's open scope: its own templates are looked up.

    :param at_step: how many wait at each step.
    """
    if not definition:
        return Story(())
    try:
        told = say_journey(read_definition(definition))
    except DefinitionUnreadable as problem:
        return Story((), problem.message)
    waiting = at_step or {}
    steps = {str(step.get("id")): step for step in walk(definition.get("steps"))}
    lines: list[Line] = []
    seen: set[str] = set()
    head = True
    before: list[str] = []
    for line in told:
        if line.step:
            step = steps.get(line.step, {})
            kind, icon = KINDS.get(str(step.get("do")), ("Step", "right"))
            is_arm = line.step in seen
            seen.add(line.step)
            lines.append(
                Line(
                    step=line.step,
                    kind=kind,
                    icon=icon,
                    words=sentence(line.words),
                    depth=line.depth,
                    more="" if is_arm else str(step.get("note", "")),
                    is_arm=is_arm,
                    is_cut=step.get("do") in {"branch", "split"},
                    is_message=step.get("do") == "message",
                    waiting=0 if is_arm else waiting.get(line.step, 0),
                )
            )
        elif head:
            before.append(line.words)
            head = not line.words.endswith(":")
        else:
            lines.append(Line(step="", kind=_end_kind(line.words), icon="end", words=sentence(line.words)))
    first = Line(
        step="",
        kind="Begins",
        icon="path",
        words=sentence(before[0].rstrip(",")),
        more=sentence(", ".join(before[1:]).rstrip(":")),
    )
    every = (first, *lines)
    joined = rails([line.depth for line in every])
    return Story(tuple(replace(line, rail=rail) for line, rail in zip(every, joined, strict=True)))


def differences(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    """Compare two stories line by line: each line with "kept", "gone" or "new"."""
    found: list[tuple[str, str]] = []
    for what, one, two, three, four in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found += [("kept", line) for line in before[one:two]]
        else:
            found += [("gone", line) for line in before[one:two]]
            found += [("new", line) for line in after[three:four]]
    return found


def walk(plain: object, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Walk over all steps of a definition, also one that cannot be read."""
    if not isinstance(plain, list) or depth > _DEEPEST:
        return
    for step in plain:
        if not isinstance(step, Mapping):
            continue
        yield step
        for name in _INNER:
            yield from walk(step.get(name), depth + 1)
        ways = step.get("arms")
        for way in ways if isinstance(ways, list) else ():
            if isinstance(way, Mapping):
                yield from walk(way.get("steps"), depth + 1)


def sentence(words: str) -> str:
    """Begin with a capital."""
    return words[:1].upper() + words[1:]


def _end_kind(words: str) -> str:
    if words.startswith("It ends"):
        return "Ends early"
    return "Goal" if words.startswith("It is for") else "Hold-out"
