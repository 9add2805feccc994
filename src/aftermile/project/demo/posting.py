"""Post webhooks to the intake, over HTTP, as storefronts and carriers do."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from aftermile.project.demo.webhook import Webhook

SENDERS = 4
_TOGETHER = 200
_TRIES = 8
_TIMEOUT_SECONDS = 20.0


class NotTaken(Exception):
    """The intake does not answer, after many tries."""


class Post:
    """Sends to one server, a few at a time, each sender on a connection of its own."""

    def __init__(self, host: str, port: int, addresses: Mapping[str, str]) -> None:
        """Take the server, and by sender the addresses of its connections."""
        self._host, self._port, self._addresses = host, port, addresses
        self._own = threading.local()
        self._held: list[http.client.HTTPConnection] = []
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="sender")

    def wait_until_ready(self) -> None:
        """Return when the server takes requests."""
        while True:
            try:
                if self._ask("GET", "/readyz", b"", {}) == http.client.OK:
                    return
            except (OSError, http.client.HTTPException):
                self._forget()
            time.sleep(0.3)

    def send_all(self, webhooks: Iterable[Webhook]) -> Iterator[int]:
        """Send in this order, as nearly as several senders keep it; yield the number sent, time and again."""
        waiting = iter(webhooks)
        while together := list(islice(waiting, _TOGETHER)):
            list(self._pool.map(self.send, together))
            yield len(together)

    def send(self, webhook: Webhook) -> int:
        """Send one, again and again while the server is away, and return its answer's status.

        :raises NotTaken: it stays away.
        """
        path = f"/in/{self._addresses[webhook.sender]}"
        for attempt in range(_TRIES):
            try:
                status = self._ask("POST", path, webhook.body, webhook.headers)
                if status < http.client.INTERNAL_SERVER_ERROR:
                    return status
            except (OSError, http.client.HTTPException):
                self._forget()
            time.sleep(0.2 * 2**attempt)
        raise NotTaken(f"port {self._port} of {self._host} does not take webhooks")

    def close(self) -> None:
        """End the senders and their connections."""
        self._pool.shutdown()
        for each in self._held:
            each.close()

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        held: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if held is None:
            held = http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT_SECONDS)
            self._own.connection = held
            self._held.append(held)
        held.request(method, path, body=body or None, headers=dict(headers))
        answer = held.getresponse()
        answer.read()
        return answer.status

    def _forget(self) -> None:
        held: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if held is not None:
            held.close()
            self._held.remove(held)
        self._own.connection = None
