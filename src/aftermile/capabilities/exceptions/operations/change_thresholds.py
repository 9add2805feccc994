"""Change from when on something counts as an exception."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from aftermile.capabilities.exceptions.models import Watch
from aftermile.capabilities.exceptions.operations.facts import take_watch
from aftermile.capabilities.exceptions.operations.queue_watch import queue_watch
from aftermile.capabilities.exceptions.thresholds import Thresholds, read_thresholds
from aftermile.kernel.tenancy import current_merchant_id


def change_thresholds(*, given: Mapping[str, object], by: str, at: datetime) -> Thresholds:
    """Set the merchant's thresholds; what is not named has its default. All parcels are judged anew at once.

    :raises ThresholdsUnreadable: an unknown name, or a number that is none.
    """
    wanted = read_thresholds(given)
    if take_watch() != wanted:
        Watch.rows().filter(id=current_merchant_id()).update(
            thresholds=wanted.changed, changed_by=by, changed_at=at
        )
        queue_watch(current_merchant_id())
    return wanted
