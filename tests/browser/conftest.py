"""One demonstration and one browser for all of these tests: what a visitor who types `make demo` sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import View, chromium, look
from tests.browser.demonstration import Demonstration, demonstration

Opens = Callable[..., Page]


@pytest.fixture(scope="session")
def demo() -> Iterator[Demonstration]:
    """The demonstration, running and with its history told."""
    with demonstration() as running:
        yield running


# Ends with the package: while its loop runs, Django refuses to use the database from this thread.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def opens(demo: Demonstration, browser: Browser) -> Iterator[Opens]:
    """Open a page in a fresh profile: `opens("/t/...", width=360, scheme="dark")`.

    What a page asks of anybody but this server fails the test, and so does an error in its scripts.
    """
    contexts, strayed = [], []

    def open_(path: str, *, signed_in_as: str = "", **how: object) -> Page:
        context = look(browser, View(**how), base_url=demo.url)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request",
            lambda asked: None if asked.url.startswith((demo.url, "data:")) else strayed.append(asked.url),
        )
        page.on("pageerror", lambda error: strayed.append(str(error)))
        page.on(
            "console",
            lambda said: strayed.append(said.text) if "Content Security Policy" in said.text else None,
        )
        if signed_in_as:
            demo.sign_in(page, signed_in_as)
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert strayed == []
