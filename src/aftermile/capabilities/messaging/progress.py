"""What became of a message, folded from what others told: any order, each as often as one likes. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aftermile.connectors.contracts.channels import Fate

#: Of what was told the furthest holds. Who opened it has it, whatever came back; a word of the reader outlasts
#: all others. A letter that came back after it was said to be delivered did come back.
_FURTHEST = (
    Fate.TAKEN,
    Fate.DEFERRED,
    Fate.DELIVERED,
    Fate.REJECTED,
    Fate.BOUNCED,
    Fate.OPENED,
    Fate.CLICKED,
    Fate.REPLIED,
    Fate.RESUBSCRIBED,
    Fate.UNSUBSCRIBED,
    Fate.COMPLAINED,
)
_RANK = {fate: rank for rank, fate in enumerate(_FURTHEST)}


@dataclass(frozen=True, slots=True)
class Reading:
    """The fate that holds (None: nothing was told yet), and since when each of those told is true."""

    fate: Fate | None
    since: dict[Fate, datetime]


def fold(told: Iterable[tuple[Fate, datetime]]) -> Reading:
    """Fold all that was told of one message."""
    since: dict[Fate, datetime] = {}
    for fate, at in told:
        since[fate] = min(at, since.get(fate, at))
    return Reading(max(since, key=_RANK.__getitem__, default=None), dict(sorted(since.items())))
