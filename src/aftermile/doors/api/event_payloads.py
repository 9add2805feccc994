"""Events as the outside sees them: in the feed and in webhooks."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from aftermile.kernel.events import Published, event_types, outside_events
from aftermile.kernel.ids import PREFIXES, public_id

_PREFIX_OF = {what.replace(" ", "_"): prefix for prefix, what in PREFIXES.items()}
# Fields that name a thing by its part in the event.
_PREFIX_OF |= {
    "record": "rec",
    "kept": "shp",
    "gone": "shp",
    "merged": "shp",
    "line": "oli",
    "endpoint": "whe",
    "run": "jrn",
}


class IdOfUnknownKind(LookupError):
    """An event carries an id whose field does not tell what it is an id of: a bug of that event."""


def event_data(published: Published) -> dict[str, Any]:
    """Write what an event says as plain JSON values, ids as public ids.

    :raises IdOfUnknownKind: a field holds an id and is not called `<thing>_id` or `<thing>_ids`.
    """
    event = published.event
    if not is_dataclass(event):  # a type this version no longer knows: as it was stored
        return dict(event)
    return {field.name: _plain(field.name, getattr(event, field.name)) for field in fields(event)}


def event_schema(name: str) -> dict[str, Any]:
    """Return the JSON schema of what an event says."""
    schema: dict[str, Any] = TypeAdapter(event_types()[name]).json_schema(mode="serialization")
    for field, kind in schema.get("properties", {}).items():
        _write_ids(field, kind)
    schema.pop("title", None)
    schema["description"] = outside_events()[name]
    return schema


def _write_ids(field: str, kind: dict[str, Any]) -> None:
    """Say of ids what they look like outside."""
    if kind.get("format") == "uuid":
        del kind["format"]
        kind["pattern"] = f"^{_prefix(field)}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$"
    for inner in (*kind.get("anyOf", ()), *([kind["items"]] if "items" in kind else [])):
        _write_ids(field, inner)


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, UUID):
        return public_id(_prefix(name), value)
    if isinstance(value, tuple | list):
        return [_plain(name, each) for each in value]
    return to_jsonable_python(value)


def _prefix(name: str) -> str:
    thing = name.removesuffix("_ids").removesuffix("_id")
    found = next(
        (prefix for what, prefix in _PREFIX_OF.items() if thing == what or thing.endswith("_" + what)), ""
    )
    if not found:
        raise IdOfUnknownKind(f"what is {name!r} the id of?")
    return found
