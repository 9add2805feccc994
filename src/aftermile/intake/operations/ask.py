"""Ask carriers about parcels, within what each allows; the answers are kept like any other record.

Three beats: the numbers to ask about are claimed and their next time is set; the carrier is asked outside any
transaction; what it answered is kept raw, or the failure noted.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from django.conf import settings
from django.db import connection

from aftermile.capabilities.shipments.public import open_numbers
from aftermile.connectors.contracts.answers import ASKED_HEADER
from aftermile.connectors.contracts.sockets import ConnectorKind, Poll
from aftermile.connectors.registry import connectors
from aftermile.intake.models import Connection, PolledParcel
from aftermile.intake.operations.accept import Arrival, keep_all
from aftermile.intake.operations.connections import OpenConnection, open_connection
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.http import OutboundFailure, Response, outbound_client
from aftermile.kernel.ids import uuid7
from aftermile.kernel.rowsets import insert, run, text_array, texts_in
from aftermile.kernel.tenancy import current_merchant_id, merchant_scope, run_in_scope

log = logging.getLogger(__name__)

#: Requests one job makes before it lets others have the thread.
REQUESTS_PER_JOB = 20
FIRST_BACK_OFF, LONGEST_BACK_OFF = timedelta(minutes=5), timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    expires_at: float


_tokens: dict[str, _Token] = {}
_lock = Lock()


def schedule_polls(merchant_id: UUID, *, at: datetime) -> int:
    """Queue a job for each connection of a merchant that has parcels to ask about now; return how many.

    A demonstration asks nobody: its tracking numbers are made up.
    """
    if settings.CONFIG.demo:
        return 0
    pollable = [plug.slug for plug in connectors().values() if plug.poll is not None]
    with merchant_scope(merchant_id):
        rows = Connection.rows().filter(disabled_at=None, connector__in=pollable)
        due = 0
        for row in [each for each in rows if _may_ask(each)]:
            _watch(row, at)
            if PolledParcel.rows().filter(connection_id=row.id, due_at__lte=at).exists():
                due += 1
                jobs.defer_many(
                    [
                        jobs.Deferred(
                            name="intake.poll",
                            merchant_id=merchant_id,
                            payload={"connection": str(row.id)},
                            only_one=f"intake.poll:{row.id}",
                        )
                    ]
                )
        return due


def poll(merchant_id: UUID, connection_id: UUID) -> int:
    """Ask about the parcels that are due, as many as the limits let one job ask; return how many requests
    were made."""
    asked = 0
    while asked < REQUESTS_PER_JOB:
        began = time.monotonic()
        claimed = run_in_scope(merchant_id, lambda: _claim(connection_id))
        if claimed is None:
            return asked
        open_, plan, numbers = claimed
        try:
            answer = _ask(open_, plan, numbers)
        except OutboundFailure as failure:
            log.warning("%s could not be asked: %s", open_.connector.slug, type(failure).__name__)
            run_in_scope(merchant_id, lambda chosen=numbers: _postpone(connection_id, chosen, now()))  # type: ignore[misc]
            return asked + 1
        asked += 1
        if answer.status in (401, 403):
            _tokens.pop(_token_key(open_), None)
        if answer.status == 429 or answer.status >= 500:
            run_in_scope(merchant_id, lambda chosen=numbers: _postpone(connection_id, chosen, now()))  # type: ignore[misc]
            return asked
        _keep(open_, numbers, answer)
        pause = 60 / plan.limits.requests_per_minute - (time.monotonic() - began)
        if pause > 0 and asked < REQUESTS_PER_JOB:
            time.sleep(pause)
    return asked


def _may_ask(row: Connection) -> bool:
    """Tell whether a connection has the credentials for asking; some only listen."""
    plan = connectors()[row.connector].poll
    held = open_connection(row).credentials
    return plan is not None and all(held.get(name) for name in plan.needs)


def _watch(row: Connection, at: datetime) -> None:
    """Begin to ask about the carrier's open parcels, and stop asking about those that arrived."""
    plug = connectors()[row.connector]
    carrier = plug.slug if plug.kind is ConnectorKind.CARRIER else None
    held = set(PolledParcel.rows().filter(connection_id=row.id).values_list("tracking_number", flat=True))
    wanted = set(open_numbers(carrier=carrier))
    run(
        insert(
            PolledParcel,
            ("id", "connection_id", "tracking_number", "due_at", "failures"),
            [
                {
                    "id": uuid7(),
                    "connection_id": row.id,
                    "tracking_number": number,
                    "due_at": at,
                    "failures": 0,
                }
                for number in sorted(wanted - held)
            ],
            on_conflict="ON CONFLICT (merchant_id, connection_id, tracking_number) DO NOTHING",
        )
    )[0]
    gone = held - wanted
    if gone:
        PolledParcel.rows().filter(connection_id=row.id, tracking_number__in=gone).delete()


def _claim(connection_id: UUID) -> tuple[OpenConnection, Poll, list[str]] | None:
    row = Connection.rows().filter(id=connection_id, disabled_at=None).first()
    if row is None:
        return None
    open_ = open_connection(row)
    plan = open_.connector.poll
    if plan is None:
        return None
    at = now()
    due = (
        PolledParcel.rows()
        .filter(connection_id=connection_id, due_at__lte=at)
        .order_by("due_at", "id")
        .select_for_update(skip_locked=True)[: plan.limits.numbers_per_request]
    )
    numbers = [each.tracking_number for each in due]
    if not numbers:
        return None
    PolledParcel.rows().filter(connection_id=connection_id, tracking_number__in=numbers).update(
        due_at=at + plan.limits.every, asked_at=at
    )
    return open_, plan, numbers


def _ask(open_: OpenConnection, plan: Poll, numbers: Sequence[str]) -> Response:
    client = outbound_client("carriers")
    return client.send_request(plan.request(numbers, open_.credentials, _token(open_, plan)))


def _token(open_: OpenConnection, plan: Poll) -> str:
    """Return a token of the carrier's, asking for one when none is held or it is about to expire."""
    if plan.authorize is None or plan.token_of is None:
        return ""
    key = _token_key(open_)
    held = _tokens.get(key)
    if held is None or held.expires_at < time.monotonic():
        answer = outbound_client("carriers").send_request(plan.authorize(open_.credentials))
        if not answer.is_success:
            log.warning("%s gave no token: status %s", open_.connector.slug, answer.status)
            return ""
        text, seconds = plan.token_of(answer.body)
        held = _Token(text, time.monotonic() + max(seconds - 60, 30))
        with _lock:
            _tokens[key] = held
    return held.text


def _token_key(open_: OpenConnection) -> str:
    # With the credentials in it, a corrected secret does not wait for the former token to expire.
    said = "\x1f".join(f"{name}={value}" for name, value in sorted(open_.credentials.items()))
    return f"{open_.id}:{hashlib.sha256(said.encode()).hexdigest()}"


def _keep(open_: OpenConnection, numbers: Sequence[str], answer: Response) -> None:
    # Some answers do not name their parcel, and two parcels may be answered alike ("not found").
    asked = ",".join(numbers)
    keep_all(
        open_.merchant_id,
        [
            Arrival(
                merchant_id=open_.merchant_id,
                connection_id=open_.id,
                origin="poll",
                kind="tracking",
                external_id=hashlib.sha256(asked.encode() + b"\x00" + answer.body).hexdigest(),
                headers={"status": str(answer.status), ASKED_HEADER: asked},
                body=answer.body,
                received_at=now(),
            )
        ],
    )


def _postpone(connection_id: UUID, numbers: Sequence[str], at: datetime) -> None:
    """Ask again later, each time twice as late, at most in a day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE intake_polled_parcel SET failures = failures + 1,"
            " due_at = %s + make_interval(secs => least(%s * power(2, least(failures, 12)), %s))"
            f" WHERE merchant_id = %s AND connection_id = %s AND {texts_in('tracking_number')}",
            [
                at,
                FIRST_BACK_OFF.total_seconds(),
                LONGEST_BACK_OFF.total_seconds(),
                current_merchant_id(),
                connection_id,
                text_array(numbers),
            ],
        )
