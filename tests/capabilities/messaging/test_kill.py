"""A real worker and a real mail server: whatever either of them does at whatever moment, nothing is lost in silence, no
offer comes twice, and each message says what became of it.

Row 11 of the known failures.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time as clock_time
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.db import connection

from aftermile.capabilities.messaging.events import MessageFailed, MessageSent, MessageWithheld
from aftermile.capabilities.messaging.public import (
    MessageView,
    MessagingSettings,
    Problem,
    Status,
    change_messaging_settings,
    keep_sender,
)
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.clock import now
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.messaging.stories import BY, NOON, a_shopper, ask, marketing, now_is, statuses, wanted
from tests.capabilities.shop import log

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.kill]

#: A worker like any other, only that its leases, its patience and its pauses are short and a minute takes a quarter of a
#: second, so that the tests need not wait.
WORKER = """
from datetime import timedelta
import django; django.setup()
from aftermile.capabilities.messaging import retrying, sending, tasks
from aftermile.capabilities.messaging.operations import take_due
take_due.LEASE = timedelta(seconds=3)
sending._LEFT = timedelta(seconds=0.5)
retrying.PAUSES = (timedelta(seconds=0.2),) * 8
patience = tasks.Patience
tasks.Patience = lambda **_: patience(connect=2.0, reply=2.0, send=2.0, taken=1.0)
import threading, time
def minutes():
    while True:
        time.sleep(0.25)
        tasks.look()
threading.Thread(target=minutes, daemon=True).start()
from aftermile.project.worker import run_worker
run_worker(threads=2)
"""
_PATIENCE_SECONDS = 60.0


@dataclass
class Box:
    """What a server took, and how it behaves: by the first part of the recipient's address, until it has done so once."""

    letters: list[tuple[str, str]] = field(default_factory=list)  # recipient, Message-ID
    behaved: set[str] = field(default_factory=set)
    waiting: list[str] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)

    def wants(self, address: str, behavior: str) -> bool:
        """Tell whether to misbehave so towards an address: once only, but for what is for good."""
        if not address.startswith(behavior):
            return False
        if behavior not in ("gone", "rejected") and address in self.behaved:
            return False
        self.behaved.add(address)
        return True

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.wants(address, "gone"):
            return "550 5.1.1 no such user"
        if self.wants(address, "busy"):
            return "451 4.3.0 come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        if self.wants(address, "rejected"):
            return "554 5.7.1 not with these words"
        if address.startswith("held"):
            self.waiting.append(address)
            await asyncio.to_thread(self.hold.wait, _PATIENCE_SECONDS)
        self.letters.append((address, str(message_from_bytes(envelope.content)["message-id"])))
        if self.wants(address, "slow"):  # longer than anybody waits for
            await asyncio.sleep(2)
        if self.wants(address, "lost"):
            server.transport.abort()
        return "250 2.0.0 taken"

    def ids(self) -> Counter[str]:
        return Counter(message_id for _, message_id in self.letters)


class _Cutting(SMTP):
    """Hangs up in the middle of a letter, where the box wants it."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        address = self.envelope.rcpt_tos[0] if self.envelope and self.envelope.rcpt_tos else ""
        if self.event_handler.wants(address, "cut"):
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


@contextmanager
def mail_server(box: Box) -> Iterator[int]:
    class Serving(Controller):
        def factory(self) -> SMTP:
            return _Cutting(self.handler, enable_SMTPUTF8=True)

    controller = Serving(box, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        box.hold.set()
        controller.stop()


@contextmanager
def worker(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    # The test's database on the same server.
    url = urlsplit(os.environ["AFTERMILE_DATABASE_URL"])
    url = url._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "aftermile.project.settings",
        "AFTERMILE_DATABASE_URL": urlunsplit(url),
        "AFTERMILE_DEMO": "true",
    }
    with (tmp_path / "worker.log").open("ab") as told:
        process = subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=told, stderr=told)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def eventually(is_so: Callable[[], object], tmp_path: Path) -> None:
    give_up_at = time.monotonic() + _PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < give_up_at, (tmp_path / "worker.log").read_text()[-4000:]
        time.sleep(0.05)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probing:
        return int(probing.getsockname()[1])


def settled(merchant: Merchant) -> bool:
    return not {"planned", "sending"} & set(statuses(merchant))


def sends_by(port: int) -> None:
    keep_sender(
        medium=Medium.EMAIL,
        channel_slug="smtp",
        credentials={"host": "127.0.0.1", "port": str(port), "security": "none"},
        address="care@shop.example",
        by=BY,
        at=NOON,
    )


def both(*names: str) -> tuple[list[MessageView], list[MessageView]]:
    """For each name a message that belongs to a purchase and an offer, to an address of its own each."""
    bought = [a_shopper(f"B{name}", email=f"{name}-bought@shopper.example") for name in names]
    offered = [
        a_shopper(f"O{name}", email=f"{name}-offer@shopper.example", granted=["marketing"]) for name in names
    ]
    views = ask(*(wanted(each) for each in bought), *(marketing(each) for each in offered), at=now())
    return views[: len(names)], views[len(names) :]


def id_of(view: MessageView) -> str:
    return f"<{view.id.hex}@shop.example>"


def each_is_told(merchant: Merchant) -> set[Any]:
    """The messages whose end stands in the log: sent, failed, unknown or withheld."""
    ends = (MessageSent, MessageFailed, MessageWithheld)
    return {event.message_id for event in log(merchant) if isinstance(event, ends)}


@pytest.fixture(autouse=True)
def no_quiet_hours(merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        never = MessagingSettings(quiet_from=clock_time(0), quiet_until=clock_time(0))
        change_messaging_settings(never, by=BY, at=NOON)


def test_row_11_killed_while_it_sends(merchant: Merchant, tmp_path: Path) -> None:
    """`kill -9` while eight calls are under way and others wait: the next worker ends what it began."""
    box = Box()
    with mail_server(box) as port:
        with merchant_scope(merchant.id):
            sends_by(port)
            bought, offered = both(*(f"swift{n}" for n in range(6)), *(f"held{n}" for n in range(12)))
        with worker(tmp_path) as first:
            # Eight are in the server's hands and not answered; what it took before may or may not be written down.
            eventually(lambda: len(box.waiting) >= 8, tmp_path)
            with merchant_scope(merchant.id):
                late = both("later")  # nobody holds these yet
            first.kill()
            first.wait()
        assert "sending" in statuses(merchant)
        box.hold.set()
        with worker(tmp_path):
            eventually(lambda: settled(merchant), tmp_path)
    ids = box.ids()
    with merchant_scope(merchant.id):
        ends = {view.id: now_is(view) for view in (*bought, *offered, *late[0], *late[1])}
    # What belongs to a purchase arrives, if need be again under the same Message-ID; none of it is lost.
    assert {ends[view.id].status for view in bought} == {Status.TAKEN}
    assert {id_of(view) for view in bought} <= ids.keys()
    # An offer arrives at most once, and where nobody knows whether it did, that is said.
    assert {ids[id_of(view)] for view in offered} <= {0, 1}
    for view in offered:
        end = ends[view.id]
        assert (end.status, end.problem) in {
            (Status.TAKEN, None),
            (Status.UNKNOWN, Problem.SENDER_DIED),
        }
        if end.status is Status.TAKEN:
            assert ids[id_of(view)] == 1
    assert Status.UNKNOWN in {ends[view.id].status for view in offered}
    # What nobody held when the worker died is as if nothing had been.
    for (view,) in late:
        assert (ends[view.id].status, ids[id_of(view)]) == (Status.TAKEN, 1)
    assert ids.keys() <= {id_of(view) for view in (*bought, *offered, *late[0], *late[1])}
    assert each_is_told(merchant) == set(ends)


def test_whatever_the_server_does_is_told(merchant: Merchant, tmp_path: Path) -> None:
    """Refusing for now and for good, hanging up in the middle of a letter and behind it, and being slow."""
    box = Box()
    names = ("fine", "busy", "gone", "rejected", "cut", "lost", "slow")
    with mail_server(box) as port:
        with merchant_scope(merchant.id):
            sends_by(port)
            bought, offered = (dict(zip(names, views, strict=True)) for views in both(*names))
        with worker(tmp_path):
            eventually(lambda: settled(merchant), tmp_path)
    ids = box.ids()
    with merchant_scope(merchant.id):
        ends = {view.id: now_is(view) for view in (*bought.values(), *offered.values())}

    def became(name: str) -> list[tuple[str, str, int]]:
        """Status, problem and how many arrived: of what was bought, then of the offer."""
        views = (bought[name], offered[name])
        return [
            (ends[view.id].status.value, str(ends[view.id].problem or ""), ids[id_of(view)]) for view in views
        ]

    assert became("fine") == [("taken", "", 1)] * 2
    assert became("busy") == [("taken", "", 1)] * 2
    assert became("gone") == [("failed", "refused", 0)] * 2
    assert became("rejected") == [("failed", "refused", 0)] * 2
    # The server may have had all of it: an offer is not sent again, what was bought is, under the same Message-ID.
    assert became("cut") == [("taken", "", 1), ("unknown", "no_answer", 0)]
    assert became("lost") == [("taken", "", 2), ("unknown", "no_answer", 1)]
    assert became("slow") == [("taken", "", 2), ("unknown", "no_answer", 1)]
    assert ends[bought["busy"].id].tries == 2
    for name in ("gone", "rejected", "cut", "lost", "slow"):
        end = ends[offered[name].id]
        assert end.detail, name
        assert "@" not in end.detail, name
    assert each_is_told(merchant) == set(ends)


def test_a_server_that_is_not_there_yet_is_waited_for(merchant: Merchant, tmp_path: Path) -> None:
    """Nobody listens, then somebody does: all arrives, once."""
    box = Box()
    with mail_server(box) as port:
        pass
    with merchant_scope(merchant.id):
        sends_by(port)
        bought, offered = both("fine")
    with worker(tmp_path):
        eventually(lambda: _tries(merchant, bought[0]) >= 2, tmp_path)
        with mail_server(box) as again:
            with merchant_scope(merchant.id):
                sends_by(again)
            eventually(lambda: settled(merchant), tmp_path)
    assert statuses(merchant) == {"taken": 2}
    assert box.ids() == {id_of(view): 1 for view in (*bought, *offered)}


def _tries(merchant: Merchant, view: MessageView) -> int:
    with merchant_scope(merchant.id):
        return now_is(view).tries
