"""The house's rules that no import contract can state: one door per room, HTML in the doors only."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import typing
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "aftermile"
ROOMS = [
    f"aftermile.capabilities.{path.name}"
    for path in sorted((SOURCE / "capabilities").iterdir())
    if path.is_dir()
]
ROOMS = [room for room in ROOMS if not room.endswith("__pycache__")]
ROOMS += ["aftermile.intake", "aftermile.insights"]
#: Django itself enters a room by these.
DJANGO_ENTERS = {"apps", "migrations"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        name = ".".join(("aftermile", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(
            ".__init__"
        )
        yield name, ast.parse(path.read_text("utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_each_room_is_entered_through_its_door() -> None:
    trespassers = []
    for name, tree in modules():
        for imported in imports(tree):
            for room in ROOMS:
                if not imported.startswith(f"{room}.") or name == room or name.startswith(f"{room}."):
                    continue
                if imported.removeprefix(f"{room}.").split(".")[0] not in {"public", *DJANGO_ENTERS}:
                    trespassers.append(f"{name} imports {imported}")
    assert trespassers == []


def test_no_html_and_no_http_outside_the_doors() -> None:
    webbed = ("django.http", "django.template", "django.shortcuts", "django.urls", "django.views")
    inside = (
        "aftermile.capabilities",
        "aftermile.insights",
        "aftermile.intake",
        "aftermile.connectors",
        "aftermile.kernel",
    )
    found = [
        f"{name} imports {imported}"
        for name, tree in modules()
        if name.startswith(inside)
        for imported in imports(tree)
        if imported.startswith(webbed)
    ]
    assert found == []


def test_acts_read_no_clock_and_reach_no_network() -> None:
    """Acts take the moment as an argument; the gate's jobs are the ones that look at the clock."""
    found = [
        f"{name} imports {imported}"
        for name, tree in modules()
        if name.startswith("aftermile.capabilities.") and ".operations" in name
        for imported in imports(tree)
        if imported in {"aftermile.kernel.clock.now", "aftermile.kernel.http", "time", "socket"}
    ]
    assert found == []


def test_every_room_says_what_it_is() -> None:
    folders = [SOURCE.joinpath(*room.split(".")[1:]) for room in ROOMS]
    assert [str(folder) for folder in folders if not (folder / "README.md").is_file()] == []


def test_no_two_shapes_of_the_api_have_one_name() -> None:
    names = [
        node.name
        for name, tree in modules()
        if name.startswith("aftermile.doors.api.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    # The API's description knows them by their names alone: one would stand for both.
    assert sorted(name for name, count in Counter(names).items() if count > 1) == []


def test_insights_know_events_alone() -> None:
    from aftermile.kernel.events import event_types

    events = set(event_types().values())
    parts = {annotation for each in events for annotation in _parts(each)}
    strangers = [
        f"{name} imports {imported}"
        for name, tree in modules()
        if name.startswith("aftermile.insights.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("aftermile.capabilities.")
        for imported in (alias.name for alias in node.names)
        if (what := getattr(importlib.import_module(node.module or ""), imported)) not in events
        and what not in parts
        and not any(issubclass(event, what) for event in events)
    ]
    assert strangers == []


def _parts(event: type) -> Iterator[type]:
    """Yield the classes an event's fields are made of."""
    for hint in typing.get_type_hints(event).values():
        for part in (hint, *typing.get_args(hint)):
            if dataclasses.is_dataclass(part) and isinstance(part, type):
                yield part
                yield from _parts(part)
