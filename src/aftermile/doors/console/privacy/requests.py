"""Ask for a copy of a shopper's data, or for its erasure; both are finished in the background."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.shoppers.public import ShopperView, erase_shopper
from aftermile.doors.console.models import ShopperRequest
from aftermile.doors.console.privacy.copy import gather, packed
from aftermile.doors.console.privacy.holdings import Holdings
from aftermile.doors.webhooks.operations.erase_messages import erase_messages
from aftermile.intake.public import erase_bodies
from aftermile.kernel import jobs
from aftermile.kernel.errors import NotFound
from aftermile.kernel.ids import uuid7
from aftermile.kernel.secrets import box
from aftermile.kernel.tenancy import current_merchant_id

COPY, ERASE = "console.copy_shopper", "console.erase_shopper"
#: Steps of each, for its progress.
STEPS = {ShopperRequest.Kind.COPY: 2, ShopperRequest.Kind.ERASURE: 3}


class RequestNotFound(NotFound):
    """There is no such copy of a shopper's data here, or its time is over."""

    code = "shopper_request_not_found"
    message = "There is no such file any more; files are kept for a few days. It can be made again."


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    id: UUID
    is_erasure: bool
    shopper_id: UUID
    wanted_by: str
    is_finished: bool
    done: int
    steps: int
    counts: Mapping[str, int]
    has_file: bool
    created_at: datetime
    finished_at: datetime | None


def ask_for_copy(*, shopper_id: UUID, by: str, at: datetime) -> RequestView:
    """Begin a copy of what is held on a shopper. Again while one is being made: that one."""
    under_way = (
        ShopperRequest.rows()
        .filter(
            shopper_id=shopper_id,
            kind=ShopperRequest.Kind.COPY,
            status=ShopperRequest.Status.WAITING,
        )
        .first()
    )
    if under_way is not None:
        return _view(under_way, has_file=False)
    row = ShopperRequest(
        id=uuid7(), kind=ShopperRequest.Kind.COPY, shopper_id=shopper_id, wanted_by=by, created_at=at
    )
    row.save(force_insert=True)
    jobs.defer(COPY, merchant_id=current_merchant_id(), request=str(row.id))
    return _view(row, has_file=False)


def write_copy(*, request_id: UUID, at: datetime) -> None:
    """Write a copy to its end. Again: nothing changes. Of a shopper erased in the meantime it holds what is left."""
    row = ShopperRequest.rows().select_for_update().filter(id=request_id).first()
    if row is None or row.status == ShopperRequest.Status.READY:
        return
    content, held = gather(row.shopper_id, at=at)
    row.content, row.counts, row.done = packed(content), held.counts(), STEPS[ShopperRequest.Kind.COPY]
    row.status, row.finished_at = ShopperRequest.Status.READY, at
    row.save()


def erase(held: Holdings, *, by: str, at: datetime) -> RequestView:
    """Erase a shopper now, and what others hold of them in the background.

    Orders, shipments, exceptions, lists and messages follow by themselves; raw records are looked through by a
    job, whose words are sealed, so that the queue names nobody. Files made of the shopper's data go at once.
    """
    words = _words(held.shopper)
    counts = held.counts()
    erase_shopper(shopper_id=held.shopper.id, by=by, at=at)
    drop_files(shopper_id=held.shopper.id)
    row = ShopperRequest(
        id=uuid7(),
        kind=ShopperRequest.Kind.ERASURE,
        shopper_id=held.shopper.id,
        wanted_by=by,
        counts=counts,
        done=1,
        created_at=at,
    )
    row.save(force_insert=True)
    jobs.defer(
        ERASE,
        merchant_id=current_merchant_id(),
        request=str(row.id),
        words=base64.b64encode(box().seal({str(index): word for index, word in enumerate(words)})).decode(),
    )
    return _view(row, has_file=False)


def finish_erasure(*, request_id: UUID, words: str, at: datetime) -> None:
    """Erase what raw records and messages say of an erased shopper. Again: nothing is left to do."""
    row = ShopperRequest.rows().select_for_update().filter(id=request_id).first()
    if row is None or row.status == ShopperRequest.Status.READY:
        return
    opened = box().open(base64.b64decode(words))
    records = erase_bodies(words=list(opened.values()))
    erase_messages(shopper_ids=[row.shopper_id])
    row.counts = {**row.counts, "raw_records": records}
    row.done, row.status = STEPS[ShopperRequest.Kind.ERASURE], ShopperRequest.Status.READY
    row.finished_at = at
    row.save()


def requests_of(shopper_id: UUID | None = None, *, limit: int = 20) -> list[RequestView]:
    """List what was asked for, the newest first; of one shopper, or of all: one query, without the files."""
    rows = ShopperRequest.rows().order_by("-id")
    if shopper_id is not None:
        rows = rows.filter(shopper_id=shopper_id)
    rows = rows.defer("content").extra(select={"has_file": "content IS NOT NULL"})
    return [_view(row, has_file=row.has_file) for row in rows[:limit]]  # type: ignore[attr-defined]


def file_of(request_id: UUID) -> tuple[RequestView, bytes]:
    """Return a finished copy.

    :raises RequestNotFound: none, not finished, or removed.
    """
    row = ShopperRequest.rows().filter(id=request_id).first()
    if row is None or row.content is None:
        raise RequestNotFound
    return _view(row, has_file=True), bytes(row.content)


def drop_files(*, shopper_id: UUID | None = None, before: datetime | None = None) -> int:
    """Remove copies of a shopper, or those from before a moment; that they were made stays known."""
    rows = ShopperRequest.rows().exclude(content=None)
    if shopper_id is not None:
        rows = rows.filter(shopper_id=shopper_id)
    if before is not None:
        rows = rows.filter(created_at__lt=before)
    return rows.update(content=None)


def _words(view: ShopperView) -> list[str]:
    """Return what a raw record is found by when it names the person: how they are reached, as written by people."""
    words = {view.email, view.phone}
    for point in view.contact_points:
        words |= {point.value, point.as_given}
    return sorted(filter(None, words))


def _view(row: ShopperRequest, *, has_file: bool) -> RequestView:
    kind = ShopperRequest.Kind(row.kind)
    return RequestView(
        id=row.id,
        is_erasure=kind is ShopperRequest.Kind.ERASURE,
        shopper_id=row.shopper_id,
        wanted_by=row.wanted_by,
        is_finished=row.status == ShopperRequest.Status.READY,
        done=row.done,
        steps=STEPS[kind],
        counts=row.counts,
        has_file=has_file,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
