"""Measure how near each source was of late."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from aftermile.capabilities.promises.models import Estimate, Renewal
from aftermile.capabilities.promises.operations.renew import take_renewal
from aftermile.capabilities.promises.renewing import foreseen
from aftermile.kernel.tenancy import current_merchant_id

#: What came longer ago tells little of how near anybody is now.
OF_LATE = timedelta(days=56)
_DAY = timedelta(days=1)
_MOST = 5000


def measure_accuracy(*, at: datetime) -> dict[str, dict[str, tuple[int, float]]]:
    """Return and keep, by stage and source, how many came and by how many days the likely moment was off on average.

    Of the newest 5,000 that came within eight weeks; one statement to read, one to write.
    """
    take_renewal()
    rows = (
        Estimate.rows()
        .filter(came_at__gte=at - OF_LATE, came_at__lte=at)
        .order_by("-came_at")
        .values_list("came_at", "stages")[:_MOST]
    )
    off: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for came_at, held in rows:
        assert came_at is not None  # so filtered
        for stage in foreseen(held, came_at):
            for told in {one.source: one for one in (stage.shown, stage.own, stage.carrier) if one}.values():
                off[stage.stage][told.source].append(abs((came_at - told.likely_at) / _DAY))
    measured = {
        stage: {source: (len(days), round(sum(days) / len(days), 3)) for source, days in by_source.items()}
        for stage, by_source in off.items()
    }
    Renewal.rows().filter(id=current_merchant_id()).update(accuracy=measured, measured_on=at.date())
    return measured
