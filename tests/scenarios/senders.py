"""Senders of webhooks, who behave as storefronts and carriers do: what is not answered 2xx is sent again."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier, Event, Lock
from typing import Any, TypeVar

import urllib3

from tests.scenarios.installation import Installation, Shop
from tests.scenarios.webhooks import Webhook, order_placed, order_shipped, parcel_scanned

T = TypeVar("T")

#: A sender that hears nothing for this long hangs up and sends again.
_TIMEOUT_SECONDS = 5.0
_PAUSE_SECONDS = 0.02


@dataclass(frozen=True)
class Answer:
    """What came of one attempt. `status` 0: no answer."""

    webhook: Webhook
    status: int
    seconds: float


class Client:
    """One program out there with a connection of its own, kept open."""

    def __init__(
        self, installation: Installation, shop: Shop, *, timeout_seconds: float = _TIMEOUT_SECONDS
    ) -> None:
        self._url = installation.url
        self._shop = shop
        self._pool = urllib3.PoolManager(
            maxsize=1, retries=False, timeout=urllib3.Timeout(total=timeout_seconds)
        )

    def send(self, webhook: Webhook) -> Answer:
        """Send a webhook once."""
        begun = time.monotonic()
        try:
            status = self._pool.request(
                "POST",
                f"{self._url}/in/{self._shop.addresses[webhook.connector]}",
                body=webhook.body,
                headers={"Content-Type": "application/json", **webhook.headers},
            ).status
        except urllib3.exceptions.HTTPError:
            status = 0
        return Answer(webhook, status, time.monotonic() - begun)

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Call the API; return the status and what was answered."""
        response = self._pool.request(
            method,
            f"{self._url}/api/v1/{path}",
            json=body,
            headers={"Authorization": f"Bearer {self._shop.key}"},
        )
        return response.status, response.json()


@dataclass
class Senders:
    """What several clients sent so far, and what was answered."""

    sent: set[tuple[str, str]] = field(default_factory=set)
    acknowledged: set[tuple[str, str]] = field(default_factory=set)
    #: Attempts by their status; 0 stands for no answer.
    answers: Counter[int] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)
    _stop: Event = field(default_factory=Event)

    def wait_for_more(self, count: int = 50, *, seconds: float = 60.0) -> None:
        """Wait until so many more webhooks are acknowledged than now."""
        wanted, give_up_at = len(self.acknowledged) + count, time.monotonic() + seconds
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < give_up_at, f"nothing is acknowledged any more: {self.answers}"
            time.sleep(0.05)

    def _send_all(self, client: Client, webhooks: Iterable[Webhook]) -> None:
        for webhook in webhooks:
            with self._lock:
                self.sent.add((webhook.connector, webhook.id))
            while not self._stop.is_set():
                answer = client.send(webhook)
                with self._lock:
                    self.answers[answer.status] += 1
                    if 200 <= answer.status < 300:
                        self.acknowledged.add((webhook.connector, webhook.id))
                        break
                time.sleep(0.1)
            if self._stop.wait(_PAUSE_SECONDS):
                return


@contextmanager
def sending(installation: Installation, shop: Shop, *, clients: int = 6) -> Iterator[Senders]:
    """Send the whole life of order after order, as long as the `with` block runs."""
    senders = Senders()
    with ThreadPoolExecutor(clients) as threads:
        running: list[Future[None]] = []
        try:
            for client in range(clients):
                webhooks = _lives(itertools.count(client * 100_000 + 1))
                running.append(threads.submit(senders._send_all, Client(installation, shop), webhooks))
            yield senders
        finally:
            senders._stop.set()
    for each in running:
        each.result()


def at_once(tasks: Sequence[Callable[[], T]]) -> list[T]:
    """Run each task in a thread of its own, all from the same moment on; return what they returned."""
    start = Barrier(len(tasks))

    def run(task: Callable[[], T]) -> T:
        start.wait()
        return task()

    with ThreadPoolExecutor(len(tasks)) as threads:
        return list(threads.map(run, tasks))


def _lives(numbers: Iterator[int]) -> Iterator[Webhook]:
    """Tell orders from click to doorstep; every third one in the wrong order, every fifth one twice."""
    for number in numbers:
        life = [
            order_placed(number),
            order_shipped(number),
            *(parcel_scanned(number, scan) for scan in (1, 2, 3)),
        ]
        if number % 3 == 0:
            life.reverse()
        yield from life
        if number % 5 == 0:
            yield from life
