"""Count everything anew from the log."""

from __future__ import annotations

from collections.abc import Iterator

from aftermile.insights.models import DeliveryWeek, EstimateWeek, LatenessWeek
from aftermile.insights.operations.count import count
from aftermile.insights.reactions import COUNTS
from aftermile.kernel.errors import Conflict
from aftermile.kernel.events import latest_position, lock_cursor, reactions, read

_AT_ONCE = 5000


class LogPruned(Conflict):
    """Retention has taken the beginning of the log."""

    code = "log_pruned"
    message = (
        "Scorecards cannot be counted anew: the retention setting has removed the oldest events, and the weeks"
        " they tell of would be lost. What is counted stays as it is."
    )


def rebuild() -> Iterator[int]:
    """Count the open merchant's scorecards anew, in the caller's transaction; yield how many events each part read.

    Events told meanwhile wait for it and are counted after it, as always.

    :raises LogPruned: the log no longer begins at its beginning.
    """
    heard = lock_cursor(COUNTS)
    first = read(after=0, limit=1)
    if (first and first[0].position > 1) or (not first and latest_position()):
        raise LogPruned
    for model in (DeliveryWeek, LatenessWeek, EstimateWeek):
        model.rows().delete()
    types, after = reactions()[COUNTS].types, 0
    while after < heard:
        up_to = min(heard, after + _AT_ONCE)
        count(published.event for published in read(after=after, up_to=up_to, types=types))
        yield up_to - after
        after = up_to
