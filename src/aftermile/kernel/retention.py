"""How long a shop keeps what: its own days, never more than the installation allows, and when old rows last went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import connection

from aftermile.kernel.errors import Invalid
from aftermile.kernel.ids import uuid7
from aftermile.kernel.models import Pruning
from aftermile.kernel.shop_settings import choose, choose_the_one_before, read_choice
from aftermile.kernel.tenancy import current_merchant_id

KIND = "retention"
#: Files of rows are made anew in a minute; nobody needs them for longer.
LONGEST_EXPORT_DAYS = 7
#: Rows of a kind that are looked at to tell what would go.
LOOKED_AT = 10_000


class Kept(StrEnum):
    """What is kept for a while and then removed."""

    RAW = "raw"  # inbound records, and messages to other systems with their attempts
    EVENTS = "events"  # the event log
    AUDIT = "audit"  # who did what in the console
    EXPORTS = "exports"  # files of rows, and of a shopper's data


class RetentionUnreadable(Invalid):
    """A number of days that is none, or more than the installation allows; `details` says which."""

    code = "retention_unreadable"
    message = "Some of these days cannot be kept; see what is said beside each."


@dataclass(frozen=True, slots=True)
class Pruned:
    """When old rows of a kind were last looked for, how many went then, and when some last went."""

    ran_at: datetime
    removed: int
    removed_at: datetime | None


def longest_days(kept: Kept) -> int:
    """Return for how many days the installation allows a shop to keep something; also what is usual."""
    config = settings.CONFIG
    return int(
        {
            Kept.RAW: config.retention_raw_days,
            Kept.EVENTS: config.retention_events_days,
            Kept.AUDIT: config.retention_audit_days,
            Kept.EXPORTS: LONGEST_EXPORT_DAYS,
        }[kept]
    )


def kept_days() -> dict[Kept, int]:
    """Return for how many days the open shop keeps what: one query.

    Never more than the installation allows, also where that became less after the shop had chosen.
    """
    choice = read_choice(KIND)
    chosen: Mapping[str, int] = choice.chosen if choice else {}
    return {kept: min(chosen.get(kept.value, longest_days(kept)), longest_days(kept)) for kept in Kept}


def kept_since(kept: Kept, *, at: datetime) -> datetime:
    """Return the moment before which the open shop keeps nothing of a kind."""
    return at - timedelta(days=kept_days()[kept])


def change_retention(days: Mapping[Kept, int], *, by: str, at: datetime) -> bool:
    """Keep for how many days the open shop keeps what; return whether anything is other than before.

    Nothing is removed by this itself: the next pruning does, within the hour.

    :raises RetentionUnreadable: fewer than one day, or more than the installation allows.
    """
    problems = {
        kept.value: f"Give 1 to {longest_days(kept)} days."
        for kept, wanted in days.items()
        if not 1 <= wanted <= longest_days(kept)
    }
    if problems:
        raise RetentionUnreadable(details=problems)
    if dict(days) == kept_days():
        return False
    return choose(KIND, {kept.value: wanted for kept, wanted in days.items()}, by=by, at=at)


def restore_retention(*, by: str, at: datetime) -> bool:
    """Go back to the days before the last change; what was removed in the meantime stays removed."""
    return choose_the_one_before(KIND, by=by, at=at)


def note_pruning(kept: Kept, *, removed: int, at: datetime) -> None:
    """Write down that old rows of a kind were looked for in the open shop, and how many went."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_pruning AS last (merchant_id, id, kept, ran_at, removed, removed_at)"
            " VALUES (%(merchant)s, %(id)s, %(kept)s, %(at)s, %(removed)s, CASE WHEN %(removed)s > 0 THEN %(at)s END)"
            " ON CONFLICT (merchant_id, kept) DO UPDATE SET ran_at = excluded.ran_at, removed = excluded.removed,"
            " removed_at = coalesce(excluded.removed_at, last.removed_at)",
            {
                "merchant": current_merchant_id(),
                "id": uuid7(at),
                "kept": kept.value,
                "at": at,
                "removed": removed,
            },
        )


def count_oldest(table: str, column: str, *, before: datetime, condition: str = "true") -> int:
    """Count what of the open shop's oldest rows is from before a moment: `LOOKED_AT` rows at most, in the order of ids.

    What is told is what the next pruning takes, or that it takes more than anybody wants counted.

    :param table: with `column` and `condition` written in the code, never given from outside.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT {column} AS at FROM {table} WHERE merchant_id = %s AND {condition}"
            " ORDER BY id LIMIT %s) oldest WHERE at < %s",
            [current_merchant_id(), LOOKED_AT, before],
        )
        return int(cursor.fetchone()[0])


def last_prunings() -> dict[Kept, Pruned]:
    """Return when old rows last went from the open shop; a kind that was never pruned is missing."""
    known = set(Kept)
    return {
        Kept(row.kept): Pruned(row.ran_at, row.removed, row.removed_at)
        for row in Pruning.rows()
        if row.kept in known
    }
