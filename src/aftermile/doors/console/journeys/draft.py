"""A journey's definition while it is being written: loosely, as it was typed, with what is still wrong with it.

The draft is the plain JSON of a definition. Between two requests it travels in a hidden field of the editor's form, so
it may be anything; what is not of the right kind at all is dropped, what is merely wrong is kept and told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from aftermile.capabilities.journeys.public import DefinitionUnreadable, read_definition, say_journey
from aftermile.doors.console.condition_form import plainly, written
from aftermile.doors.console.journeys.story_map import KINDS, sentence
from aftermile.kernel.errors import Invalid

LARGEST = 200_000
MOST_STEPS, DEEPEST = 100, 6
_TRIES = 12
#: Brackets within brackets: the deepest journey there can be has half as many.
_NESTED = 60
_INNER = {"branch": ("then", "else"), "wait_until": ("otherwise",)}
_SAID = {"then": "Then", "else": "Otherwise", "otherwise": "If not"}
_STEP_PLACE = re.compile(r"steps((?:\[\d+\]|\.(?:then|else|otherwise|steps|arms))*)\.?(.*)", re.DOTALL)
_HEADS = {
    "trigger": "begin",
    "entry": "begin",
    "per": "begin",
    "again_after_days": "begin",
    "exits": "ends",
    "leave_if": "ends",
    "goal": "goal",
    "hold_out_percent": "goal",
}
#: What is said of a field in which nothing stands yet.
_EMPTY = {
    "touchpoint": "Choose what is said.",
    "label": "Write the label.",
    "title": "Say what is to be done.",
    "name": "Give it a name.",
}
#: A step to begin with, by what it does.
_NEW: Mapping[str, Mapping[str, Any]] = {
    "message": {"touchpoint": ""},
    "wait": {"days": 1},
    "wait_until": {
        "event": "parcel.milestone_reached",
        "having": {"milestone": "delivered"},
        "at_most_days": 30,
    },
    "branch": {"if": {"all": []}, "then": [], "else": []},
    "split": {"arms": [{"name": "A", "share": 50, "steps": []}, {"name": "B", "share": 50, "steps": []}]},
    "tag": {"label": ""},
    "task": {"title": ""},
    "webhook": {"name": ""},
    "exit": {},
}


class DraftLost(Invalid):
    """What the editor's form brought along cannot be read: it was cut off, or is not ours."""

    code = "draft_unreadable"
    message = "What was being edited did not arrive whole. Go back in the browser and try again; nothing is lost there."


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: begin, ends, goal, a step's id, or "" for the whole. `field` as the definition has it."""

    place: str
    field: str
    said: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A draft's problems, and its steps in words as far as they can be said."""

    problems: tuple[Problem, ...]
    words: Mapping[str, str]
    begin: tuple[str, ...]
    ends: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        return not self.problems

    def of(self, place: str) -> list[Problem]:
        return [each for each in self.problems if each.place == place]


@dataclass(frozen=True, slots=True)
class Spot:
    """A line of the outline: a step, the name of a way, or the end of a list, where steps can be added."""

    what: str  # step, arm, end
    step: Mapping[str, Any]
    list_key: str
    index: int
    depth: int
    words: str = ""


def read_draft(text: str) -> dict[str, Any]:
    """Read a draft from the form.

    :raises DraftLost: not JSON, not an object, too large, or nested too deep.
    """
    if len(text) > LARGEST:
        raise DraftLost
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        raise DraftLost from None
    if not isinstance(plain, dict) or _is_deeper(plain, _NESTED):
        raise DraftLost
    return tidied(plain)


def write_draft(draft: Mapping[str, Any]) -> str:
    """Write a draft for the form."""
    return json.dumps(draft, ensure_ascii=False, separators=(",", ":"))


def tidied(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Copy a definition so that its steps can be walked: each an object with an id of its own.

    :raises DraftLost: steps within steps beyond all measure.
    """
    draft = deepcopy(dict(plain))
    taken: set[str] = set()
    count = 0

    def tidy(steps: object, depth: int) -> list[dict[str, Any]]:
        nonlocal count
        if depth > DEEPEST + 2:
            raise DraftLost
        kept = [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
        for step in kept:
            count += 1
            if count > 2 * MOST_STEPS:
                raise DraftLost
            given = step.get("id")
            if not isinstance(given, str) or not re.fullmatch(r"[a-z0-9_-]{1,40}", given) or given in taken:
                step["id"] = _fresh(str(step.get("do", "step")), taken)
            taken.add(step["id"])
            for name in _INNER.get(str(step.get("do")), ()):
                step[name] = tidy(step.get(name), depth + 1)
            if step.get("do") == "split":
                arms = step.get("arms")
                step["arms"] = (
                    [arm for arm in arms if isinstance(arm, dict)] if isinstance(arms, list) else []
                )
                for arm in step["arms"]:
                    arm["steps"] = tidy(arm.get("steps"), depth + 1)
        return kept

    draft["steps"] = tidy(draft.get("steps"), 1)
    return draft


def finished(draft: Mapping[str, Any]) -> dict[str, Any]:
    """Write a draft as it is kept: without what is empty."""
    given = deepcopy(dict(draft))
    for name in ("entry", "leave_if"):  # a group without conditions would be always true
        if isinstance(given.get(name), Mapping):
            given[name] = written(given[name])
    kept = {name: value for name, value in given.items() if value not in (None, "", {}, [])}
    kept["steps"] = _bare(draft.get("steps") or [])
    return kept


def judged(draft: Mapping[str, Any]) -> Judged:
    """Find what is wrong with a draft: all of it, not only the first thing. In the shop's open scope."""
    probe, problems, repaired = finished(draft), [], set()
    for _ in range(_TRIES):
        try:
            told = say_journey(read_definition(probe))
        except DefinitionUnreadable as refusal:
            where = str(refusal.details.get("where", ""))
            step, field = _step_at(probe, where)
            is_empty = step is not None and not step.get(field)
            said = _EMPTY.get(field, "") if is_empty else ""
            said = said or plainly(refusal.message.removeprefix(f"{where}: "))
            place = str(step["id"]) if step is not None else _HEADS.get(re.split(r"[.\[]", where)[0], "")
            problems.append(Problem(place, field if step is not None else where, said))
            if (place, field) in repaired or not place:
                return Judged(tuple(problems), {}, (), ())
            repaired.add((place, field))
            _repair(probe, place, step)
            continue
        begin: list[str] = []
        words: dict[str, str] = {}
        ends: list[str] = []
        wrong = {each.place for each in problems}
        for line in told:
            if line.step:
                words.setdefault(line.step, sentence(line.words))
            elif not begin or not begin[-1].endswith(":"):
                begin.append(line.words)
            else:
                ends.append(line.words)
        return Judged(
            tuple(problems),
            {step: said for step, said in words.items() if step not in wrong},
            () if "begin" in wrong else tuple(begin),
            () if wrong & {"ends", "goal"} else tuple(ends),
        )
    return Judged(tuple(problems), {}, (), ())


def outline(draft: Mapping[str, Any]) -> Iterator[Spot]:
    """Walk over a draft as it is read: steps, the names of ways, and the ends of lists."""
    yield from _outlined(draft["steps"], "steps", 0)


def step_of(draft: Mapping[str, Any], step_id: str) -> dict[str, Any] | None:
    """Find a step by its id."""
    return next((dict_ for dict_, _, _ in _places(draft) if dict_["id"] == step_id), None)


def add(draft: dict[str, Any], list_key: str, index: int, do: str) -> str:
    """Put a new step into a list of steps; return its id, or "" where there is no such list or too much already."""
    steps = list_at(draft, list_key)
    if steps is None or do not in _NEW or sum(1 for _ in _places(draft)) >= MOST_STEPS:
        return ""
    made = {
        "id": _fresh(do, {step["id"] for step, _, _ in _places(draft)}),
        "do": do,
        **deepcopy(dict(_NEW[do])),
    }
    steps.insert(min(index, len(steps)), made)
    return str(made["id"])


def remove(draft: dict[str, Any], step_id: str) -> bool:
    """Take a step out, with all that stands within it."""
    for step, steps, index in _places(draft):
        if step["id"] == step_id:
            del steps[index]
            return True
    return False


def move(draft: dict[str, Any], step_id: str, by: int) -> bool:
    """Move a step up or down the outline as it is read, also into and out of ways; return whether it moved."""
    found = next(((step, steps) for step, steps, _ in _places(draft) if step["id"] == step_id), None)
    if found is None:
        return False
    step, steps = found
    places = [
        (spot.list_key, spot.index)
        for spot in outline_without(draft, step_id)
        if spot.what in {"step", "end"}
    ]
    here = _where(draft, steps, step)
    at = places.index(here) if here in places else -1
    if at < 0 or not 0 <= at + by < len(places):
        return False
    steps[:] = [each for each in steps if each is not step]
    list_key, index = places[at + by]
    target = list_at(draft, list_key)
    if target is None:
        steps.insert(here[1], step)
        return False
    target.insert(index, step)
    return True


def outline_without(draft: Mapping[str, Any], step_id: str) -> list[Spot]:
    """Return the outline as it is once a step is taken out: the places it can be put to."""
    copy = deepcopy(dict(draft))
    remove(copy, step_id)
    return list(outline(copy))


def list_at(draft: Mapping[str, Any], key: str) -> list[Any] | None:
    """Find a list of steps by its key: `steps`, `<id>/then`, `<id>/arms/0`."""
    if key == "steps":
        found: list[Any] = draft["steps"]
        return found
    step_id, _, name = key.partition("/")
    step = step_of(draft, step_id)
    if step is None:
        return None
    if name.startswith("arms/") and name[5:].isdecimal():
        arms = step.get("arms") or []
        return arms[int(name[5:])]["steps"] if int(name[5:]) < len(arms) else None
    return step.get(name) if name in _INNER.get(str(step.get("do")), ()) else None


def _places(draft: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], list[Any], int]]:
    waiting = [draft["steps"]]
    while waiting:
        steps = waiting.pop()
        for index, step in enumerate(steps):
            yield step, steps, index
            waiting += [step[name] for name in _INNER.get(str(step.get("do")), ()) if name in step]
            waiting += [arm["steps"] for arm in step.get("arms") or () if step.get("do") == "split"]


def _where(draft: Mapping[str, Any], steps: list[Any], step: Mapping[str, Any]) -> tuple[str, int]:
    return next(
        ((spot.list_key, spot.index) for spot in outline(draft) if spot.what == "step" and spot.step is step),
        ("", steps.index(step)),
    )


def _outlined(steps: list[Any], key: str, depth: int) -> Iterator[Spot]:
    for index, step in enumerate(steps):
        yield Spot("step", step, key, index, depth)
        for name in _INNER.get(str(step.get("do")), ()):
            yield Spot("arm", step, f"{step['id']}/{name}", 0, depth, _SAID[name])
            yield from _outlined(step.get(name) or [], f"{step['id']}/{name}", depth + 1)
        if step.get("do") == "split":
            for n, arm in enumerate(step["arms"]):
                said = f"{arm.get('share', '?')} in 100: {arm.get('name', '')}"
                yield Spot("arm", step, f"{step['id']}/arms/{n}", 0, depth, said)
                yield from _outlined(arm["steps"], f"{step['id']}/arms/{n}", depth + 1)
    yield Spot("end", {}, key, len(steps), depth)


def _bare(steps: list[Any]) -> list[dict[str, Any]]:
    """Copy steps without what is empty; ways that hold nothing are left out where that means the same."""
    bare = []
    for step in steps:
        kept = {name: deepcopy(value) for name, value in step.items() if value not in (None, "", {}, [])}
        kept |= {name: step[name] for name in ("touchpoint", "label", "title", "name") if name in step}
        for name in _INNER.get(str(step.get("do")), ()):
            kept.pop(name, None)
            if step.get(name):
                kept[name] = _bare(step[name])
        if step.get("do") == "branch" and isinstance(step.get("if"), Mapping):
            kept["if"] = written(step["if"])
        if step.get("do") == "split":
            kept["arms"] = [{**arm, "steps": _bare(arm.get("steps") or [])} for arm in step.get("arms") or ()]
        bare.append(kept)
    return bare


def _is_deeper(plain: object, most: int) -> bool:
    """Tell whether something is nested deeper than so many levels, without recursion."""
    level = [plain]
    for _ in range(most):
        inner = [
            each.values() if isinstance(each, dict) else each
            for each in level
            if isinstance(each, dict | list)
        ]
        level = [each for parts in inner for each in parts]
        if not level:
            return False
    return True


def _fresh(do: str, taken: set[str]) -> str:
    stem = do if do in KINDS else "step"
    number = 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def _step_at(probe: Mapping[str, Any], where: str) -> tuple[dict[str, Any] | None, str]:
    """Find the step a place of a definition lies in, and what is left of the place behind it."""
    found = _STEP_PLACE.fullmatch(where)
    if found is None:
        return None, where
    here: Any = probe["steps"]
    step: dict[str, Any] | None = None
    rest = ""
    for token in re.findall(r"\[\d+\]|\.\w+", found[1]):
        rest += token
        try:
            here = here[int(token[1:-1])] if token[0] == "[" else here[token[1:]]
        except (LookupError, TypeError):
            break
        if isinstance(here, dict) and "id" in here:
            step, rest = here, ""
    return step, (rest + ("." if rest and found[2] else "") + found[2]).lstrip(".")


def _repair(probe: dict[str, Any], place: str, step: dict[str, Any] | None) -> None:
    """Make what is wrong harmless, so that what is behind it can be looked at."""
    if step is None:
        if place == "begin":
            probe.pop("entry", None)
            probe.pop("per", None)
            probe.pop("again_after_days", None)
            known = probe.get("trigger")
            if (
                not isinstance(known, Mapping)
                or "event" in known
                or not set(known) & {"by_hand", "daily_at", "on"}
            ):
                probe["trigger"] = {"event": "order.placed"}
            else:
                probe["trigger"] = {"by_hand": True}
        for name in [name for name, of in _HEADS.items() if of == place and of != "begin"]:
            probe.pop(name, None)
        return
    kept: dict[str, Any] = {name: step[name] for name in ("id", "do") if name in step}
    match step.get("do"):
        case "branch":
            asked = {"field": "shopper.country", "is": "known"}
            kept |= {"if": asked, "then": step.get("then", []), "else": step.get("else", [])}
        case "wait_until":
            kept |= {"event": "order.placed", "otherwise": step.get("otherwise", [])}
        case "split":
            arms = [each.get("steps", []) for each in step.get("arms") or ()] or [[], []]
            arms += [[]] if len(arms) == 1 else []
            shares = [1] * (len(arms) - 1)
            kept["arms"] = [
                {"name": str(n), "share": share, "steps": inner}
                for n, (share, inner) in enumerate(zip([*shares, 100 - len(shares)], arms, strict=True))
            ]
        case _:
            kept |= {"do": "exit"} if step.get("do") == "exit" else {"do": "task", "title": "?"}
    step.clear()
    step.update(kept)
