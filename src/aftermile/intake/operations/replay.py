"""Read kept records again, after a connector or a table was mended."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from aftermile.intake.models import InboundRecord
from aftermile.intake.states import RecordStatus
from aftermile.kernel import jobs
from aftermile.kernel.errors import NotFound
from aftermile.kernel.tenancy import current_merchant_id


class RecordNotFound(NotFound):
    """No record of this merchant has the id, or its body was erased."""

    code = "inbound_record_not_found"


def replay(*, record_ids: Collection[UUID]) -> int:
    """Put records back to be digested; return how many.

    Safe at any time: what was taken in before changes nothing the second time.

    :raises RecordNotFound: none of them can be replayed.
    """
    rows = InboundRecord.rows().filter(id__in=record_ids).exclude(status=RecordStatus.ERASED)
    count = rows.update(status=RecordStatus.PENDING, reason="")
    if not count:
        raise RecordNotFound("There is no such record to replay.")
    jobs.defer("intake.digest", merchant_id=current_merchant_id())
    return count


def replay_many(
    *, status: RecordStatus = RecordStatus.QUARANTINED, connection_id: UUID | None = None, limit: int = 10_000
) -> int:
    """Put up to `limit` records of one status back to be digested, oldest first; return how many.

    :raises ValueError: a status that has no body to read again.
    """
    if status not in (RecordStatus.QUARANTINED, RecordStatus.DIGESTED):
        raise ValueError(f"records that are {status} cannot be replayed")
    rows = InboundRecord.rows().filter(status=status)
    if connection_id is not None:
        rows = rows.filter(connection_id=connection_id)
    chosen = list(rows.order_by("id").values_list("id", flat=True)[:limit])
    return replay(record_ids=chosen) if chosen else 0
