"""Whose word stands: rows folded from facts that arrive in any order, twice, or with gaps.

Every fact has a version, a text that sorts. A row keeps the newest version it heard (`version`) and, for
the fields that this newest fact was silent about, the older version each rests on (`older`). A field is
overwritten by a newer word only; a silent field leaves what is known alone; of two words with one version
the greater stands. So the row is the same whatever the order of arrival.

Facts without a version rank below all that have one, and among themselves by arrival.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic_core import to_json

from aftermile.kernel.rowsets import plain

#: Rests on no fact at all: every word overwrites it.
NO_VERSION = ""


def version_key(updated_at: datetime | None, *, at: datetime, rank: int = 0, place: int = 0) -> str:
    """Write a fact's version.

    :param at: when it arrived; counts only where the source gave no version.
    :param rank: how far along the fact is, 0 to 999; decides between facts of one moment.
    :param place: a number for the second and later fact about one thing in one batch, where versions are missing.
    """
    if updated_at is None:
        return f"-{_sortable(at)}{f'#{place:06}' if place else ''}"
    return f"{_sortable(updated_at)}{rank:03}"


def undated_key(row_version: str, *, at: datetime, rank: int = 0) -> str:
    """Write the version of a word that is final but undated (a deletion), arrived at `at`, for one row.

    It ranks among what the row heard: with versions where the source has them, else by arrival.
    """
    return version_key(at if has_version(row_version) else None, at=at, rank=rank)


def has_version(key: str) -> bool:
    """Tell whether a key came from the source (and not from the order of arrival)."""
    return not key.startswith("-")


def merge(row: dict[str, Any], said: Mapping[str, Any], key: str, *, fields: Iterable[str]) -> list[str]:
    """Fold what one fact says into a row, in place; return the names of the fields that changed.

    :param row: the fields with `version` and `older`.
    :param said: what the fact says; a field it is silent about is not in it.
    :param fields: all fields that take part.
    """
    version, older = row["version"], row["older"]
    if version == NO_VERSION and not older:  # nothing was heard yet: nothing to compare
        row.update(said)
        row["version"] = key
        row["older"] = {name: NO_VERSION for name in fields if name not in said and not is_silent(row[name])}
        return list(said)
    changed = []
    if key > version:
        for name, value in said.items():
            if row[name] != value and not is_same(row[name], value):
                row[name] = value
                changed.append(name)
        row["version"] = key
        row["older"] = {
            name: older.get(name, version) for name in fields if name not in said and not is_silent(row[name])
        }
        return changed
    for name, value in said.items():
        held = row[name]
        held_key = NO_VERSION if is_silent(held) else older.get(name, version)
        if held_key > key:
            continue
        if held_key < key:
            older = {
                held_name: held_version for held_name, held_version in older.items() if held_name != name
            }
            if key < version:
                older[name] = key
            row["older"] = older
        elif held == value or not _is_greater(value, held):
            continue
        if held != value and not is_same(held, value):
            row[name] = value
            changed.append(name)
    return changed


def is_silent(value: object) -> bool:
    """Tell whether a field says nothing (`0` and `False` say something)."""
    return value is None or value == "" or value == [] or value == {}


def is_same(held: Any, given: Any) -> bool:
    """Tell whether a stored value and one about to be stored are one."""
    if held == given:
        return True
    return isinstance(given, (dict, list)) and bool(held == plain(given))


def _is_greater(given: Any, held: Any) -> bool:
    if isinstance(given, (dict, list)) or isinstance(held, (dict, list)):
        return _canonical(given) > _canonical(held)
    return bool(given > held)


def _canonical(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{name}:{_canonical(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_canonical, value)) + "]"
    return to_json(value, inf_nan_mode="null", fallback=str).decode("utf-8", "replace")


def _sortable(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26]
