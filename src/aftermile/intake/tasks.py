"""The gate's jobs."""

from __future__ import annotations

from uuid import UUID

from aftermile.intake.operations.digest import BATCH, digest
from aftermile.kernel import jobs


@jobs.job("intake.digest")
def digest_waiting(merchant_id: UUID, payload: jobs.Payload) -> None:  # noqa: ARG001
    """Digest until nothing waits. Jobs of one merchant share the work and never take the same record."""
    while digest(merchant_id) == BATCH:
        pass
