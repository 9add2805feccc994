"""The team's jobs."""

from __future__ import annotations

from aftermile.capabilities.team.operations.note import prune_audit
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.merchants import list_merchants
from aftermile.kernel.retention import Kept, kept_since, note_pruning
from aftermile.kernel.tenancy import merchant_scope


@jobs.periodic("team.prune_audit", cron="7 * * * *")
def prune_all_audit() -> None:
    """Remove, each hour, what of the audit log each shop no longer keeps."""
    at = now()
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            removed = prune_audit(before=kept_since(Kept.AUDIT, at=at))
            note_pruning(Kept.AUDIT, removed=removed, at=at)
