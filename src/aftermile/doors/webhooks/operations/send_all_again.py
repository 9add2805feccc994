"""Put all failed messages of an endpoint back in line, some at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from aftermile.doors.webhooks.models import Message, Resending
from aftermile.doors.webhooks.operations.keep_endpoint import locked
from aftermile.doors.webhooks.operations.send_again import active_endpoint
from aftermile.doors.webhooks.operations.wake import wake
from aftermile.doors.webhooks.states import EndpointStatus, MessageStatus
from aftermile.kernel import jobs
from aftermile.kernel.tenancy import current_merchant_id

RESEND = "webhooks.resend"
#: Messages put back in one transaction.
AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendingView:
    """How far it is. `problem` says why it ended before its end, if it did."""

    total: int
    put_back: int
    problem: str
    created_at: datetime
    finished_at: datetime | None


def send_all_again(*, endpoint_id: UUID, by: str, at: datetime) -> ResendingView | None:
    """Begin to put every failed message of an endpoint back in line; None when there is none.

    Goes on in the background. Again while it does: the one that is under way. Messages erased with their
    shopper stay as they are.

    :raises EndpointNotFound: no such endpoint.
    :raises EndpointIsDisabled: nothing is sent there.
    """
    endpoint = active_endpoint(endpoint_id)
    under_way = Resending.rows().filter(endpoint_id=endpoint.id, finished_at=None).first()
    if under_way is not None:
        return _view(under_way)
    failed = _failed(endpoint.id)
    newest = failed.order_by("-id").values_list("id", flat=True).first()
    if newest is None:
        return None
    row = Resending(endpoint_id=endpoint.id, total=failed.count(), until=newest, by=by, created_at=at)
    row.save(force_insert=True)
    jobs.defer(RESEND, merchant_id=current_merchant_id(), resending=str(row.id))
    return _view(row)


def continue_resending(*, resending_id: UUID, at: datetime) -> bool:
    """Put the next messages back in line; return whether more are to come. Ended already: nothing changes."""
    row = Resending.rows().filter(id=resending_id).first()
    if row is None:
        return False
    # First the endpoint, as everybody who sends to it does: two who lock in other orders wait for each other.
    endpoint = locked(row.endpoint_id)
    row = Resending.rows().select_for_update(no_key=True).get(id=resending_id)
    if row.finished_at is not None:
        return False
    if endpoint.status != EndpointStatus.ACTIVE:
        row.finished_at, row.problem = at, "The endpoint was switched off in the meantime."
        row.save(update_fields=["finished_at", "problem"])
        return False
    found = _failed(endpoint.id).filter(id__lte=row.until)
    if row.behind is not None:
        found = found.filter(id__gt=row.behind)
    ids = list(found.order_by("id").values_list("id", flat=True)[:AT_ONCE])
    if ids:
        row.put_back += Message.rows().filter(id__in=ids).update(
            status=MessageStatus.PENDING, tries=0, queued_at=at, next_attempt_at=at, sent_at=None
        )  # fmt: skip
        row.behind = ids[-1]
        endpoint.resting_until = None
        endpoint.save(update_fields=["resting_until"])
        wake([endpoint.id])
    if len(ids) < AT_ONCE:
        row.finished_at = at
    row.save(update_fields=["put_back", "behind", "finished_at"])
    return row.finished_at is None


def last_resending(*, endpoint_id: UUID) -> ResendingView | None:
    """Return the last time all failed messages of an endpoint were put back in line, if ever."""
    row = Resending.rows().filter(endpoint_id=endpoint_id).order_by("-id").first()
    return None if row is None else _view(row)


def _failed(endpoint_id: UUID) -> QuerySet[Message]:
    return Message.rows().filter(endpoint_id=endpoint_id, status=MessageStatus.FAILED).exclude(body="")


def _view(row: Resending) -> ResendingView:
    return ResendingView(
        total=row.total,
        put_back=row.put_back,
        problem=row.problem,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
