"""Fetch a storefront's history page by page, and register our webhooks there."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.conf import settings

from aftermile.connectors.contracts.sockets import Backfill, BackfillPage, OutboundRequest
from aftermile.intake.models import Connection
from aftermile.intake.operations.accept import Arrival, keep_all
from aftermile.intake.operations.connections import (
    ConnectionNotFound,
    OpenConnection,
    open_connection,
    view_of,
)
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.errors import Invalid
from aftermile.kernel.http import Response, outbound_client
from aftermile.kernel.tenancy import current_merchant_id, merchant_scope

log = logging.getLogger(__name__)


class NoHistory(Invalid):
    """The connector cannot fetch what happened before."""

    code = "connector_without_history"


class StorefrontAnswered(RuntimeError):
    """The storefront answered with an error; the job is tried again later."""


def start_backfill(*, connection_id: UUID, since: datetime) -> None:
    """Queue the fetching of a connection's history since a moment.

    Pages are kept as records of their own, so that a page fetched twice changes nothing.

    :raises ConnectionNotFound: no such connection.
    :raises NoHistory: its connector cannot fetch history.
    """
    _backfill_of(_opened(connection_id))
    began = {
        "since": since.isoformat(),
        "began_at": now().isoformat(),
        "pages": 0,
        "records": 0,
        "cursor": "",
    }
    Connection.rows().filter(id=connection_id).update(history=began)
    _continue(connection_id, cursor="", since=since)


def start_registration(*, connection_id: UUID) -> None:
    """Queue the registration of our webhooks at the storefront.

    :raises ConnectionNotFound: no such connection.
    :raises NoHistory: its connector cannot register webhooks.
    """
    if _backfill_of(_opened(connection_id)).register is None:
        raise NoHistory("This connector cannot register webhooks by itself; enter the address in the shop.")
    Connection.rows().filter(id=connection_id).update(registration={"asked_at": now().isoformat()})
    jobs.defer("intake.register", merchant_id=current_merchant_id(), connection=str(connection_id))


def fetch_page(merchant_id: UUID, connection_id: UUID, *, cursor: str, since: datetime) -> None:
    """Fetch one page, keep its records, and queue the next one with them.

    :raises StorefrontAnswered: another status than 2xx.
    """
    with merchant_scope(merchant_id):
        open_ = _opened(connection_id)
    if open_.disabled:
        return
    plan = _backfill_of(open_)
    answer = outbound_client("storefronts").send_request(plan.request(open_.credentials, cursor, since))
    if not answer.is_success:
        _note_history(
            merchant_id, connection_id, cursor, problem=f"{open_.connector.name} answered {answer.status}"
        )
        raise StorefrontAnswered(f"{open_.connector.slug} answered {answer.status}")
    page: BackfillPage = plan.page(answer.body, answer.headers, cursor)
    arrivals = [
        Arrival(
            merchant_id=merchant_id, connection_id=connection_id, origin="backfill", kind=kind,
            external_id=external_id, headers={}, body=body, received_at=now(),
        )
        for kind, external_id, body in page.records
    ]  # fmt: skip
    with merchant_scope(merchant_id):
        if arrivals:
            keep_all(merchant_id, arrivals)
        _note_history(merchant_id, connection_id, cursor, page=page)
        if page.cursor:
            _continue(connection_id, cursor=page.cursor, since=since)


def register(merchant_id: UUID, connection_id: UUID) -> None:
    """Register our webhooks; repeated, those that are there are kept.

    :raises StorefrontAnswered: a status that trying again may mend.
    """
    with merchant_scope(merchant_id):
        row = Connection.rows().get(id=connection_id)
        open_, address = open_connection(row), view_of(row).address
    plan = _backfill_of(open_)
    if plan.register is None:
        return
    known = b""
    if plan.registered is not None:
        answer = _ask(open_, plan.registered(open_.credentials))
        if not answer.is_success:  # without knowing what is there, all would be made a second time
            _note_registration(merchant_id, connection_id, made=0, refused=1, status=answer.status)
            return
        known = answer.body
    url = f"{settings.CONFIG.public_url}/in/{address}"
    answers = [
        _ask(open_, request)
        for request in plan.register(open_.credentials, url, open_.secrets.get("secret", ""), known)
    ]
    refused = [answer.status for answer in answers if not answer.is_success]
    _note_registration(
        merchant_id,
        connection_id,
        made=len(answers) - len(refused),
        refused=len(refused),
        status=refused[0] if refused else 0,
    )


def _note_registration(
    merchant_id: UUID, connection_id: UUID, *, made: int, refused: int, status: int
) -> None:
    told = {"done_at": now().isoformat(), "made": made, "refused": refused, "status": status}
    with merchant_scope(merchant_id):
        row = Connection.rows().select_for_update().get(id=connection_id)
        row.registration = {**row.registration, **told}
        row.save(update_fields=["registration"])


def _note_history(
    merchant_id: UUID,
    connection_id: UUID,
    cursor: str,
    *,
    page: BackfillPage | None = None,
    problem: str = "",
) -> None:
    """Write down how far the fetching is. A page that is fetched a second time is counted once."""
    with merchant_scope(merchant_id):
        row = Connection.rows().select_for_update().get(id=connection_id)
        so_far = {**row.history, "problem": problem}
        if page is not None and so_far.get("cursor", "") == cursor:
            so_far["pages"] = so_far.get("pages", 0) + 1
            so_far["records"] = so_far.get("records", 0) + len(page.records)
            so_far["cursor"] = page.cursor
            if not page.cursor:
                so_far["done_at"] = now().isoformat()
        row.history = so_far
        row.save(update_fields=["history"])


def _ask(open_: OpenConnection, request: OutboundRequest) -> Response:
    answer = outbound_client("storefronts").send_request(request)
    if answer.status == 429 or answer.status >= 500:
        raise StorefrontAnswered(f"{open_.connector.slug} answered {answer.status}")
    if not answer.is_success:
        log.warning("%s refused to register a webhook: status %s", open_.connector.slug, answer.status)
    return answer


def _opened(connection_id: UUID) -> OpenConnection:
    row = Connection.rows().filter(id=connection_id).first()
    if row is None:
        raise ConnectionNotFound("There is no such connection.")
    return open_connection(row)


def _backfill_of(open_: OpenConnection) -> Backfill:
    if open_.connector.backfill is None:
        raise NoHistory(f"{open_.connector.name} cannot fetch what happened before.")
    return open_.connector.backfill


def _continue(connection_id: UUID, *, cursor: str, since: datetime) -> None:
    jobs.defer(
        "intake.backfill",
        merchant_id=current_merchant_id(),
        connection=str(connection_id),
        cursor=cursor,
        since=since.isoformat(),
    )
