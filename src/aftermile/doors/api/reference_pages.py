"""Write the pages `docs/reference/api.md` and `errors.md`; a test checks that they are up to date.

`python -m aftermile.doors.api.reference_pages` writes them anew.
"""

from __future__ import annotations

import os
import pkgutil
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

ROOMS = ("kernel", "connectors", "intake", "capabilities", "doors")
FOLDER = Path("docs/reference")
_WRITTEN_BY = "<!-- Written by `python -m aftermile.doors.api.reference_pages`; do not edit. -->"


def pages() -> Mapping[str, str]:
    """Return both pages by their file names."""
    return {"api.md": _api(), "errors.md": _errors()}


def _api() -> str:
    from aftermile.doors.api.api import document
    from aftermile.doors.api.scopes import SCOPES

    content = document()
    groups: dict[str, list[str]] = {}
    for path, operations in content["paths"].items():
        for method, operation in operations.items():
            scope = next(iter(operation["security"][0].values()))[0]
            row = f"| `{method.upper()} {path}` | {operation['summary']} | `{scope}` | {_codes(operation)} |"
            groups.setdefault(operation["tags"][0], []).append(row)
    lines = [
        "# The API",
        "",
        _WRITTEN_BY,
        "",
        *content["info"]["description"].splitlines(),
        "",
        "The whole contract, with every field, stands at `/api/v1/openapi.json` (OpenAPI 3.1) and for people at",
        "`/api/v1/docs`. Errors have one shape; their codes stand in [errors.md](errors.md).",
        "",
        "```json",
        '{"error": {"code": "...", "message": "...", "details": {}, "request_id": "..."}}',
        "```",
        "",
        "## Scopes",
        "",
        "| scope | allows to |",
        "| --- | --- |",
        *(f"| `{scope}` | {means} |" for scope, means in SCOPES.items()),
        "| `*` | everything, also what later versions add |",
        "",
    ]
    for tag, rows in groups.items():
        lines += [f"## {tag}", "", "| operation | does | scope | own errors |", "| --- | --- | --- | --- |"]
        lines += [*rows, ""]
    lines += _events()
    return "\n".join(lines)


def _codes(operation: dict[str, Any]) -> str:
    """Return the error codes that only some operations have."""
    from aftermile.doors.api.endpoint import everywhere

    found = [
        code
        for status, answer in operation["responses"].items()
        if int(status) >= 400 and "$ref" in answer
        for code in str(answer["$ref"]).rpartition("/")[2].split("_or_")
        if code not in everywhere()
    ]
    return ", ".join(f"`{code}`" for code in found)


def _events() -> list[str]:
    from aftermile.kernel.events import outside_events

    return [
        "## Events of the feed",
        "",
        "| type | happened |",
        "| --- | --- |",
        *(f"| `{name}` | {says} |" for name, says in sorted(outside_events().items())),
        "",
    ]


def _errors() -> str:
    from aftermile.doors.api.problems import UNAVAILABLE
    from aftermile.kernel.errors import all_refusals

    for room in ROOMS:
        _import_all(f"aftermile.{room}")
    code, message = UNAVAILABLE
    rows = [
        (each.code, str(each.status), " ".join((each.__doc__ or "").split()))
        for each in all_refusals()
        if each.__subclasses__() == []
    ]
    rows.append((code, "503", message))
    lines = [
        "# Errors",
        "",
        _WRITTEN_BY,
        "",
        "What is expected to go wrong, by code. Programs branch on the code; the message beside it is for people",
        "and says what to do. A 5xx other than `unavailable` is a bug: tell us with its `request_id`.",
        "",
        "| code | status | means |",
        "| --- | --- | --- |",
        *(f"| `{each}` | {status} | {means} |" for each, status, means in sorted(rows)),
        "",
    ]
    return "\n".join(lines)


def _import_all(package: str) -> None:
    """Import every module, since only refusals of imported modules are seen."""
    module = import_module(package)
    for found in pkgutil.walk_packages(module.__path__, f"{package}."):
        if ".migrations" not in found.name:
            import_module(found.name)


def main() -> None:
    """Write the pages."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftermile.project.settings")
    django.setup()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in pages().items():
        (FOLDER / name).write_text(content, "utf-8")


if __name__ == "__main__":
    main()
