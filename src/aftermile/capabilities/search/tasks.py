"""The jobs of search: exports, and entries that are missing."""

from __future__ import annotations

from uuid import UUID

from aftermile.capabilities.orders.public import list_order_ids
from aftermile.capabilities.search.operations.exports import drop_old_exports, fail_export, write_export
from aftermile.capabilities.search.operations.rebuild import rebuild_orders, rebuild_parcels
from aftermile.capabilities.search.queries import has_entries
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.merchants import list_merchants
from aftermile.kernel.retention import Kept, kept_since, note_pruning
from aftermile.kernel.tenancy import merchant_scope, run_in_scope, went_away


@jobs.job("search.export")
def export(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Write one export to its end."""
    export_id = UUID(str(payload["export"]))
    try:
        while run_in_scope(merchant_id, lambda: write_export(export_id=export_id, at=now())):
            pass
    except Exception as failure:
        # Said to its owner, who would wait for it otherwise; whoever runs the house sees the job fail.
        if not went_away(failure):
            with merchant_scope(merchant_id):
                fail_export(export_id=export_id, problem="Something went wrong on our side.")
        raise


@jobs.job("search.rebuild")
def rebuild(merchant_id: UUID, _: jobs.Payload) -> None:
    """Make all entries of a merchant."""
    for make in (rebuild_orders, rebuild_parcels):
        after: UUID | None = None
        while True:
            with merchant_scope(merchant_id):
                after = make(after=after)
            if after is None:
                break


@jobs.periodic("search.keep", cron="23 * * * *")
def keep() -> None:
    """Remove old files each hour, and make the entries of a shop that has orders and no entry yet."""
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            at = now()
            gone = drop_old_exports(before=kept_since(Kept.EXPORTS, at=at))
            note_pruning(Kept.EXPORTS, removed=gone, at=at)
            if not has_entries() and list_order_ids(after=None, limit=1):
                jobs.defer_many(
                    [
                        jobs.Deferred(
                            name="search.rebuild",
                            merchant_id=merchant.id,
                            payload={},
                            only_one=f"search.rebuild {merchant.id}",
                        )
                    ]
                )
