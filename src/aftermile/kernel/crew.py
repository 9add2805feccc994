"""Threads that wait for the peers, so that the worker's own never do."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

log = logging.getLogger(__name__)


class Crew:
    """Up to `size` daemon threads, there only while there is something to do."""

    def __init__(self, name: str, size: int) -> None:
        self._name = name
        self._size = size
        self._waiting: deque[Callable[[], None]] = deque()
        self._busy = 0
        self._changed = threading.Condition()
        self._stopping = False

    @property
    def is_stopping(self) -> bool:
        """Whether work is to end at the next good moment."""
        return self._stopping

    def take_on(self, work: Callable[[], None]) -> None:
        """Have work done by the next free thread; an error it raises is logged."""
        with self._changed:
            self._waiting.append(work)
            if self._busy < self._size:
                self._busy += 1
                threading.Thread(target=self._run, name=self._name, daemon=True).start()

    def wait_until_quiet(self, *, seconds: float) -> bool:
        """Wait until nothing is left to do; False when it takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: self._busy == 0, timeout=seconds)

    def stop(self) -> None:
        """Drop what has not begun and ask the rest to end."""
        self._stopping = True
        with self._changed:
            self._waiting.clear()

    def _run(self) -> None:
        while (work := self._next()) is not None:
            try:
                work()
            except Exception:
                log.exception("%s: a turn ended early; what is left is sent later", self._name)

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            if self._waiting:
                return self._waiting.popleft()
            self._busy -= 1
            self._changed.notify_all()
            return None
