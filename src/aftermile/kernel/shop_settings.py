"""What a shop has chosen: one row a kind, with what was chosen before it, so that each choice can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aftermile.kernel.models import ShopSetting


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A shop's choice as plain JSON values; `before` is None where nothing had been chosen."""

    chosen: Mapping[str, Any]
    before: Mapping[str, Any] | None
    changed_by: str
    changed_at: datetime


def read_choice(kind: str) -> Choice | None:
    """Return what the open shop has chosen; None when it goes by what is usual."""
    row = ShopSetting.rows().filter(kind=kind).first()
    if row is None:
        return None
    return Choice(chosen=row.chosen, before=row.before, changed_by=row.changed_by, changed_at=row.changed_at)


def choose(kind: str, chosen: Mapping[str, Any], *, by: str, at: datetime) -> bool:
    """Keep a choice of the open shop; return whether it is another one than before."""
    row = ShopSetting.rows().select_for_update().filter(kind=kind).first()
    if row is None:
        ShopSetting(kind=kind, chosen=dict(chosen), changed_by=by, changed_at=at).save(force_insert=True)
        return True
    if row.chosen == chosen:
        return False
    row.before, row.chosen, row.changed_by, row.changed_at = row.chosen, dict(chosen), by, at
    row.save(update_fields=["before", "chosen", "changed_by", "changed_at"])
    return True


def choose_the_one_before(kind: str, *, by: str, at: datetime) -> bool:
    """Go back to the choice before this one (again: to this one); return whether there was one to take back."""
    row = ShopSetting.rows().select_for_update().filter(kind=kind).first()
    if row is None:
        return False
    if row.before is None:
        # What is usual is an empty choice: readers fill in what is missing.
        row.before = {}
    row.before, row.chosen, row.changed_by, row.changed_at = row.chosen, row.before, by, at
    row.save(update_fields=["before", "chosen", "changed_by", "changed_at"])
    return True
