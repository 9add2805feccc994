"""Which pages there are: those of the shopper by name, those of staff by following every link."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.browser.demonstration import Demonstration
from tests.browser.message_links import message_pages

_ID = re.compile(r"(?:[a-z]{2,4}_[0-9A-Za-z]{20,}|[0-9a-f]{32,})")
#: Pages that are one for each of many names, known to us: messages by their moment and medium, senders.
_NAMED = re.compile(r"/(templates|senders)/[a-z_]+/[a-z-]+/")
#: What is sent as a file, or leads out of the shop's pages.
_NOT_PAGES = ("/file/", ".csv", ".pdf", ".ics", ".json", ".zip", "/sign-out", "/logout", "/body")
_MOST = 80


def shopper_places(demo: Demonstration) -> dict[str, str]:
    """Name every page a shopper may come to: each story, the look-up, what is not there."""
    merchant = demo.merchant
    return {
        **demo.stories,
        "Look-up": f"/find/{merchant}/",
        "Help page": f"/help/{merchant}/",
        "Guide": f"/help/{merchant}/pitch-the-larch-tent",
        "Video": f"/help/{merchant}/light-the-camp-stove",
        "Question": f"/help/{merchant}/can-you-repair-it",
        **message_pages(demo),
        "No such page": "/nowhere",
        "No such order": "/t/t_nonsense",
    }


def links(page: Page, base: str) -> Iterator[str]:
    """Give the addresses below `base` that a page leads to, without their queries."""
    found = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    for address in dict.fromkeys(found):
        path = urlsplit(address).path
        if path.startswith(base) and not any(sign in path for sign in _NOT_PAGES):
            yield path


def kind_of(path: str) -> str:
    """Write an address without what tells one order or key from another: pages of one kind look alike."""
    return _NAMED.sub(r"/\1/*/*/", _ID.sub("*", path))


def staff_places(page: Page, base: str) -> dict[str, str]:
    """Follow every link of the shop's pages, one page of each kind; return their addresses by kind.

    :raises AssertionError: a link leads to a page that is not there, not allowed, or fails.
    """
    found: dict[str, str] = {}
    waiting = deque([base, *links(page, base)])
    while waiting and len(found) < _MOST:
        path = waiting.popleft()
        kind = kind_of(path)
        if kind in found:
            continue
        answer = page.goto(path, wait_until="domcontentloaded")
        assert answer is not None
        assert answer.status == 200, f"{path} answers {answer.status}"
        found[kind] = path
        waiting.extend(links(page, base))
    return found
