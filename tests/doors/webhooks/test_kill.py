"""`kill -9` of the worker between a call and its outcome: sent again under the same id, and lost by nobody."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from aftermile.kernel.clock import now
from tests.doors.webhooks.conftest import Shop
from tests.doors.webhooks.receiver import Answer, Receiver

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.kill]

# A worker whose leases are over sooner, so that the test need not wait.
WORKER = """
from datetime import timedelta
import django; django.setup()
from aftermile.doors.webhooks.operations import send
send.LEASE = timedelta(seconds=3)
from aftermile.project.worker import run_worker
run_worker(threads=2)
"""


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
    with (tmp_path / "worker.log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def test_an_answer_nobody_heard(shop: Shop, receiver: Receiver, tmp_path: Path) -> None:
    connection.cursor().execute("DELETE FROM pgqueuer")
    shop.at = now()
    receiver.answers = [Answer(until=(never := threading.Event()))]
    id_, _ = shop.listens(receiver.url)
    shop.parcels_are_recorded(3)
    with worker(tmp_path) as first:
        assert receiver.wait_for(1), (tmp_path / "worker.log").read_text()
        first.kill()
        first.wait()
    never.set()
    assert [message.status for message in shop.messages(id_)] == ["pending"] * 3
    with worker(tmp_path):
        assert receiver.wait_for(4, seconds=60), (tmp_path / "worker.log").read_text()
        for _ in range(200):
            if {message.status for message in shop.messages(id_)} == {"sent"}:
                break
            threading.Event().wait(0.1)
    assert [message.status for message in shop.messages(id_)] == ["sent"] * 3
    assert receiver.ids[0] == receiver.ids[1]
    assert len(set(receiver.ids)) == 3
    assert receiver.requests[0].body == receiver.requests[1].body
