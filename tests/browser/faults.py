"""What is wrong with a page as it is looked at."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.chromium import too_wide, violations
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration
from tests.browser.places import staff_places


def faults(page: Page) -> list[str]:
    found, wide = violations(page), too_wide(page)
    return [*found, *([f"{wide} px wider than its window"] if wide else [])]


def faults_of_staff_pages(
    demo: Demonstration, opens: Opens, *, width: int, scheme: str
) -> dict[str, list[str]]:
    """Walk over every kind of page of the console; return what is wrong by kind."""
    page = opens("/", signed_in_as="Owner", width=width, scheme=scheme)
    wrong = {}
    places = staff_places(page, demo.console)
    assert len(places) >= 20, sorted(places)
    for kind, path in places.items():
        page.goto(path)
        if found := faults(page):
            wrong[kind] = found
    return wrong
