"""Pages that were answered, kept until something they show was written.

A shopper looks at a page again and again, and an open one asks every minute by itself. Whether it is still true
is one look at who wrote its rows last, in one trip and a tenth of the time that reading and composing it takes.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse

from aftermile.doors.shopper import answers
from aftermile.kernel.clock import now
from aftermile.kernel.reads import Watched, stamp
from aftermile.kernel.rowsets import run
from aftermile.kernel.tenancy import merchant_scope

#: For what is not watched, such as a parcel that another order shares.
_TRUE_FOR_SECONDS = 600.0
#: While a picture is on its way: it may come any moment.
_TRUE_SOON_FOR_SECONDS = 30.0
#: Of what a request may say; a stranger's longer one is answered and forgotten.
_LONGEST_KEY = 400

#: Rows that are watched by one statement, with the stamp they had.
Seen = tuple[tuple[Watched, ...], str]


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a page rests on: it is true while these rows are as they were and the day is the same."""

    merchant_id: UUID
    seen: tuple[Seen, ...]
    zone: ZoneInfo
    day: date
    awaits_pictures: bool


@dataclass(frozen=True, slots=True)
class _Page:
    grounds: Grounds
    until: float
    headers: dict[str, str]
    content: bytes  # empty where so far only somebody asked who had it


class KeptPages:
    """The pages answered last, packed; `most` of about 6 kB each."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pages: OrderedDict[tuple[str, ...], _Page] = OrderedDict()
        self._lock = Lock()

    def answer(
        self, request: HttpRequest, make: Callable[[], tuple[HttpResponse, Grounds | None]]
    ) -> HttpResponse:
        """Answer with the page that is kept, else with the one that `make` makes and, if it has grounds, keep it."""
        key = _key(request)
        if sum(map(len, key)) > _LONGEST_KEY:
            return make()[0]
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
        if page is not None and _is_true(page):
            again = answers.again(request, page.content, page.headers)
            if again is not None:
                return again
        response, grounds = make()
        if grounds is not None:
            self._keep(key, response, grounds)
        return response

    def _keep(self, key: tuple[str, ...], response: HttpResponse, grounds: Grounds) -> None:
        true_for = _TRUE_SOON_FOR_SECONDS if grounds.awaits_pictures else _TRUE_FOR_SECONDS
        page = _Page(grounds, time.monotonic() + true_for, dict(response.items()), response.content)
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            if len(self._pages) > self._most:
                self._pages.popitem(last=False)


def _key(request: HttpRequest) -> tuple[str, ...]:
    """Name all of a request that a page depends on."""
    return (
        request.path,
        request.GET.get("lang", ""),
        request.headers.get("Accept-Language", ""),
        str(request.META.get("AFTERMILE_SHOP", "")),
        "gzip" if answers.may_be_packed(request) else "",
    )


def _is_true(page: _Page) -> bool:
    grounds = page.grounds
    if time.monotonic() > page.until or now().astimezone(grounds.zone).date() != grounds.day:
        return False
    with merchant_scope(grounds.merchant_id):
        found: list[list[Any]] = run(*(stamp(*rows) for rows, _ in grounds.seen), last=True)
    return [text for (text,) in found] == [text for _, text in grounds.seen]
