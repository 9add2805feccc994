"""The mailbox where what comes back arrives: when it is looked into next, and how it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aftermile.capabilities.messaging.models import MailboxRow
from aftermile.capabilities.messaging.waking import ask_once
from aftermile.kernel.tenancy import current_merchant_id

if TYPE_CHECKING:  # what speaks IMAP is loaded by the few who have a mailbox
    from aftermile.kernel.imap import Look

FETCH = "messaging.fetch_mail"
#: A little less than the five minutes between two looks; much more than one may take.
EVERY = timedelta(minutes=4)
#: Whoever refuses is asked again after twice the time each time, at most so long: providers lock out who insists.
_LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxView:
    """How it goes. `came` counts mails since the mailbox was named; `problem` is what the last look met ("": nothing)."""

    looked_at: datetime | None
    came: int
    came_at: datetime | None
    problem: str
    next_at: datetime


def mailbox() -> MailboxView | None:
    """Return how it goes with the shop's mailbox; None when it has named none."""
    row = MailboxRow.rows().first()
    if row is None:
        return None
    return MailboxView(
        looked_at=row.looked_at, came=row.came, came_at=row.came_at, problem=row.problem, next_at=row.next_at
    )


def watch_mailbox(*, at: datetime) -> None:
    """Look into the mailbox from now on, at once: what was wrong with it may just have been mended."""
    MailboxRow.rows().update_or_create(
        merchant_id=current_merchant_id(), defaults={"next_at": at, "problem": "", "failures": 0}
    )
    ask_once(FETCH)


def forget_mailbox() -> None:
    """Look no longer."""
    MailboxRow.rows().delete()


def ask_for_look(*, at: datetime) -> None:
    """Have the mailbox looked into if it is time."""
    if MailboxRow.rows().filter(next_at__lte=at).exists():
        ask_once(FETCH)


def begin_look(*, at: datetime) -> bool:
    """Take the next look upon oneself; False when it is not time, or somebody else's."""
    return bool(MailboxRow.rows().filter(next_at__lte=at).update(next_at=at + EVERY))


def end_look(look: Look, *, at: datetime) -> None:
    """Write down how a look went. Where more waits the next one follows at once, after a failure later and later."""
    row = MailboxRow.rows().select_for_update().first()
    if row is None:
        return  # no longer wanted
    row.looked_at, row.problem = at, look.problem[:500]
    if look.new:
        row.came, row.came_at = row.came + look.new, at
    row.failures = row.failures + 1 if look.problem else 0
    if look.problem:
        row.next_at = at + min(EVERY * 2 ** min(row.failures, 10), _LONGEST_PAUSE)
    elif look.is_more:
        row.next_at = at
        ask_once(FETCH)
    row.save()
