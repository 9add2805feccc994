"""Journeys under concurrency and `kill -9`: entered once, each step taken once, nobody lost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from aftermile.capabilities.journeys.models import Passage, Run
from aftermile.capabilities.journeys.operations.make_rounds import let_in
from aftermile.capabilities.journeys.public import hear_events, wake_due
from aftermile.capabilities.messaging.models import Message
from aftermile.capabilities.segments.public import refresh_profiles
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.events import latest_position, read
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.journeys.stories import Shop, message, placed

pytestmark = pytest.mark.django_db(transaction=True)

# Portions so small that a kill falls between them.
WORKER = """
import django; django.setup()
from aftermile.capabilities.journeys import tasks
from functools import partial
tasks.wake_due = partial(tasks.wake_due, limit=5)
from aftermile.project.worker import run_worker
run_worker(threads=2)
"""


def at_once(count: int, act: Any) -> list[Any]:
    barrier = Barrier(count)

    def run(_: int) -> Any:
        try:
            barrier.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


def test_six_duplicate_triggers_at_once_enter_once(shop: Shop) -> None:
    """Row 10 of the failures of others: a journey meant for once entered five times."""
    shop.journey(placed(message("confirmation"), {"id": "mark", "do": "tag", "label": "thanked"}))
    shop.order()
    with merchant_scope(shop.merchant.id):
        happened = read(after=0, up_to=latest_position())

    def hear() -> None:
        with merchant_scope(shop.merchant.id):
            hear_events(events=happened, at=shop.at)

    at_once(6, hear)
    assert (shop.said(), shop.states()) == (["confirmation"], ["done"])


def test_workers_beside_each_other_take_each_step_once(shop: Shop) -> None:
    shop.journey(placed({"id": "day", "do": "wait", "days": 1}, message("confirmation")))
    for number in range(60):
        shop.order(str(number), shopper=f"shopper{number}")
    shop.hear()
    shop.at = shop.at.replace(day=4)

    def wake() -> int:
        taken = 0
        for _ in range(30):
            with merchant_scope(shop.merchant.id):
                taken += wake_due(at=shop.at, limit=7)
        return taken

    assert sum(at_once(4, wake)) == 60
    assert (set(shop.states()), len(shop.messages())) == ({"done"}, 60)


def test_a_round_made_twice_at_once_lets_in_once(shop: Shop) -> None:
    journey_id = shop.journey(
        {
            "trigger": {"daily_at": "10:00"},
            "entry": {"field": "shopper.orders_count", "is": "at_least", "value": 1},
            "steps": [message("founders_note")],
        }
    )
    for number in range(20):
        shop.order(str(number), shopper=f"shopper{number}")
    with merchant_scope(shop.merchant.id):
        owners = {each.event.shopper_id for each in read(after=0) if each.type == "order.placed"}
        refresh_profiles(shopper_ids=owners, at=shop.at)

    def go() -> None:
        with merchant_scope(shop.merchant.id):
            let_in(journey_id=journey_id, after=None, at=shop.at)

    at_once(4, go)
    assert (len(shop.states()), len(shop.messages())) == (20, 20)


@pytest.mark.kill
def test_a_worker_killed_again_and_again_loses_nobody_and_repeats_nothing(shop: Shop, tmp_path: Path) -> None:
    connection.cursor().execute("DELETE FROM pgqueuer")
    shop.at = now()
    shop.journey(
        placed(
            {"id": "moment", "do": "wait", "minutes": 1},
            message("confirmation"),
            {"id": "ask", "do": "task", "title": "Look at it"},
        )
    )
    for number in range(20):
        shop.order(str(number), shopper=f"shopper{number}")
    shop.hear()
    with merchant_scope(shop.merchant.id):
        Run.rows().update(wake_at=now())
        jobs.defer("journeys.wake", merchant_id=shop.merchant.id)
    kills = 0
    give_up_at = time.monotonic() + 90
    while set(shop.states()) != {"done"}:
        assert time.monotonic() < give_up_at, (tmp_path / "worker.log").read_text()[-3000:]
        with _worker(tmp_path) as process:
            before = shop.states().count("done")
            until = time.monotonic() + 20
            while shop.states().count("done") == before and time.monotonic() < until:
                time.sleep(0.01)
            process.kill()
            process.wait()
        kills += 1
        with merchant_scope(shop.merchant.id):
            jobs.defer("journeys.wake", merchant_id=shop.merchant.id)
    assert kills >= 1
    with merchant_scope(shop.merchant.id):
        assert Message.rows().filter(touchpoint="confirmation").count() == 20
        asked = Counter(Passage.rows().filter(what="asked").values_list("run_id", "step"))
    assert (len(asked), set(asked.values())) == (40, {1})


def _worker(tmp_path: Path) -> subprocess.Popen[bytes]:
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
        return subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=log, stderr=log)
