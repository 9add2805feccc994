"""Remove what nobody needs any more: revisions of what came long ago, and then the estimates themselves."""

from __future__ import annotations

from datetime import datetime

from aftermile.capabilities.promises.models import Estimate, EstimateRevision
from aftermile.kernel.retention import Kept, kept_since


def prune_estimates(*, at: datetime, limit: int = 2000) -> int:
    """Remove closed estimates older than the shop keeps its events, with their revisions; return how many."""
    before = kept_since(Kept.EVENTS, at=at)
    old = list(
        Estimate.rows()
        .filter(closed_at__lt=before)
        .order_by("closed_at")
        .values_list("id", "subject_id")[:limit]
    )
    EstimateRevision.rows().filter(subject_id__in=[subject_id for _, subject_id in old]).delete()
    Estimate.rows().filter(id__in=[row_id for row_id, _ in old]).delete()
    return len(old)
