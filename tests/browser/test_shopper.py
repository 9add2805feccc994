"""A shopper's tasks, in real Chromium, with scripts and without."""

from __future__ import annotations

import pytest

from tests.browser.chromium import SCHEMES, WIDTHS, too_wide, violations
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration

STORIES = (
    "On time",
    "Late",
    "Lost",
    "Split into two parcels",
    "Refused",
    "Held at customs",
    "Cancelled",
    "Just ordered",
)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_story_reads_well(demo: Demonstration, opens: Opens, width: int, scheme: str) -> None:
    wrong = {}
    page = opens("/", width=width, scheme=scheme)
    for title, path in {"": "/", **demo.stories}.items():
        page.goto(path)
        if faults := [*violations(page), *([f"{too_wide(page)} px too wide"] if too_wide(page) else [])]:
            wrong[title] = faults
    assert wrong == {}
