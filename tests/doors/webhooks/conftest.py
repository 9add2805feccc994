"""Receivers, a way out that reaches them, and days that pass at will."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import connection

from aftermile.capabilities.shipments.public import ParcelRecorded, record_tracking
from aftermile.connectors.contracts.facts import ScanTime, TimeBasis, TrackingEventFact, TrackingReport
from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.webhooks import reactions
from aftermile.doors.webhooks.operations.keep_endpoint import make_endpoint
from aftermile.doors.webhooks.operations.send import take_turn
from aftermile.doors.webhooks.operations.wake import SEND
from aftermile.doors.webhooks.queries import EndpointView, MessageView, endpoint, list_messages
from aftermile.doors.webhooks.states import Format
from aftermile.doors.webhooks.tasks import run_turn
from aftermile.kernel import jobs
from aftermile.kernel.events import publish
from aftermile.kernel.http import OutboundClient
from aftermile.kernel.ids import public_id, read_public_id, uuid7
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope, run_in_scope
from tests.conftest import NOON
from tests.doors.webhooks.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def other_receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def way_out() -> Iterator[OutboundClient]:
    """Leads to this machine, as in a demonstration."""
    client = OutboundClient(purpose="webhooks", allow_private=True)
    yield client
    client.close()


@dataclass
class Shop:
    """A merchant with a worker that lives in the test's time."""

    merchant: Merchant
    client: OutboundClient
    at: datetime = NOON

    def listens(
        self, url: str, *event_types: str, format_: Format = Format.STANDARD, **more: Any
    ) -> tuple[UUID, str]:
        """Make an endpoint; without event types, it hears of new parcels alone."""
        with merchant_scope(self.merchant.id):
            types = event_types or (() if format_ is Format.AFTERSHIP else ("parcel.recorded",))
            made, secret = make_endpoint(
                url=url, event_types=types, format_=format_, by="staff:1", at=self.at, **more
            )
        return made.id, secret

    def parcels_are_recorded(self, count: int = 1) -> None:
        """Publish `count` events in one batch."""
        with merchant_scope(self.merchant.id):
            publish(
                *(ParcelRecorded(uuid7(), f"AB{number}", "ups") for number in range(count)),
                by="system",
                at=self.at,
            )

    def scanned(self, *scans: tuple[str, SubStatus]) -> None:
        """Record scans of parcels, by number, in one batch."""
        with merchant_scope(self.merchant.id):
            record_tracking(
                reports=[
                    TrackingReport(
                        tracking_number=number,
                        carrier="ups",
                        events=(
                            TrackingEventFact(
                                time=ScanTime(
                                    occurred_at=self.at + timedelta(seconds=index),
                                    reported=str(index),
                                    basis=TimeBasis.STATED,
                                ),
                                sub_status=sub_status,
                                code=sub_status.value,
                            ),
                        ),
                    )
                    for index, (number, sub_status) in enumerate(scans)
                ],
                source="test",
                by="system",
                at=self.at,
            )

    def work(self) -> None:
        """Run what is due, as the worker would, until nothing is."""
        while due := [job for job in queued() if self._is_due(job)]:
            for number, name, payload in due:
                with connection.cursor() as cursor:
                    cursor.execute("DELETE FROM pgqueuer WHERE id = %s", [number])
                if name == SEND:
                    self._send(json.loads(payload))
                else:
                    self._run(name, payload)

    def work_but_send_nothing(self) -> None:
        """Run what is due except for the sending itself, which stays queued."""
        for number, name, payload in queued():
            if name != SEND:
                with connection.cursor() as cursor:
                    cursor.execute("DELETE FROM pgqueuer WHERE id = %s", [number])
                self._run(name, payload)

    def live(self, *, until: timedelta) -> None:
        """Let time pass from planned job to planned job, and then to its end."""
        end = self.at + until
        self.work()
        while (planned := self.next_planned()) is not None and planned <= end:
            self.at = planned
            self.work()
        self.at = end

    def next_planned(self) -> datetime | None:
        return min((moment for job in queued() if (moment := _planned(job)) is not None), default=None)

    def endpoint(self, endpoint_id: UUID) -> EndpointView:
        with merchant_scope(self.merchant.id):
            return endpoint(endpoint_id)

    def messages(self, endpoint_id: UUID) -> list[MessageView]:
        """Return all messages to an endpoint, oldest first."""
        with merchant_scope(self.merchant.id):
            return list_messages(endpoint_id=endpoint_id, limit=1000)[::-1]

    def _run(self, name: str, payload: bytes) -> None:
        with patch.object(reactions, "now", lambda: self.at):
            jobs.run(name, payload)

    def _is_due(self, job: tuple[int, str, bytes]) -> bool:
        planned = _planned(job)
        return planned is None or planned <= self.at

    def _send(self, payload: dict[str, Any]) -> None:
        merchant_id = read_public_id("mer", payload["merchant"])
        planned = datetime.fromisoformat(payload["planned"]) if payload["planned"] else None
        endpoint_id = read_public_id("whe", payload["endpoint"])
        turn = run_in_scope(
            merchant_id, lambda: take_turn(endpoint_id=endpoint_id, planned=planned, at=self.at)
        )
        if turn is not None:
            run_turn(turn, client=self.client, clock=lambda: self.at)


def queued() -> list[tuple[int, str, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, entrypoint, payload FROM pgqueuer ORDER BY id")
        return [(number, name, bytes(payload)) for number, name, payload in cursor.fetchall()]


def _planned(job: tuple[int, str, bytes]) -> datetime | None:
    planned = json.loads(job[2]).get("planned")
    return datetime.fromisoformat(planned) if planned else None


@pytest.fixture
def shop(merchant: Any, way_out: OutboundClient) -> Shop:
    """Lindgren, with a worker."""
    return Shop(merchant, way_out)


@pytest.fixture
def other_shop(other_merchant: Any, way_out: OutboundClient) -> Shop:
    """Okafor, with a worker."""
    return Shop(other_merchant, way_out)


def webhook_id(message: MessageView) -> str:
    return public_id("msg", message.id)
