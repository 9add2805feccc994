"""Find the sentences a package says: in its code (`msg`, `say`, `count`) and in its templates (`{% say %}`)."""

from __future__ import annotations

import ast
import re
from importlib import resources
from pathlib import Path
from typing import NamedTuple

_TAG = re.compile(r'{%\s*say\s+"([^"]*)"')
GAP = re.compile(r"{(\w+)}")


class Phrase(NamedTuple):
    """A sentence and, where it goes with a number, its form for many ("" otherwise)."""

    one: str
    many: str = ""


def phrases_of(package: str) -> dict[Phrase, set[str]]:
    """Return every sentence of a package with the places that say it."""
    found: dict[Phrase, set[str]] = {}
    root = Path(str(resources.files(package)))
    for file in sorted(root.rglob("*")):
        name = file.relative_to(root).as_posix()
        if file.suffix == ".py":
            phrases = _in_code(file.read_text())
        elif file.suffix in {".html", ".svg", ".txt"}:
            phrases = {Phrase(sentence) for sentence in _TAG.findall(file.read_text())}
        else:
            continue
        for phrase in phrases:
            found.setdefault(phrase, set()).add(name)
    return found


def _in_code(source: str) -> set[Phrase]:
    found: set[Phrase] = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in {"msg", "say"}:
            # A conditional says one of two.
            found |= {Phrase(text) for text in _texts(node.args[0])}
        elif name == "count" and len(node.args) >= 3:
            one, many = (text for arg in node.args[:2] for text in _texts(arg))
            found.add(Phrase(one, many))
    return found


def _texts(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return []
