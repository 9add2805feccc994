"""Every page, as it is looked at: light and dark, on a phone, a tablet and a desk, in Arabic; axe finds nothing."""

from __future__ import annotations

import pytest

from tests.browser.chromium import SCHEMES, WIDTHS
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration
from tests.browser.faults import faults, faults_in_every_view
from tests.browser.places import shopper_places
from tests.browser.states import STATES


def test_every_page_of_a_shopper(demo: Demonstration, opens: Opens) -> None:
    page = opens("/")
    wrong = {"Opening page": faults_in_every_view(page)}
    for name, path in shopper_places(demo).items():
        page.goto(path)
        wrong[name] = faults_in_every_view(page)
    assert {name: found for name, found in wrong.items() if found} == {}


def test_every_page_of_a_shopper_in_arabic(demo: Demonstration, opens: Opens) -> None:
    page, wrong = opens("/"), {}
    for name, path in shopper_places(demo).items():
        page.goto(f"{path}?lang=ar")
        if name not in {"No such page"}:
            assert page.locator("html").get_attribute("dir") == "rtl", name
        wrong[name] = faults_in_every_view(page)
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("turn", range(6))
def test_every_state_in_one_of_the_views(demo: Demonstration, opens: Opens, turn: int) -> None:
    width, scheme = WIDTHS[turn % 3], SCHEMES[turn // 3]
    page = opens("/", width=width, scheme=scheme)
    wrong = {}
    for name, reach in list(STATES.items())[turn::6]:
        demo.keep_signed_in(page, "Owner")
        reach(page, demo)
        if found := faults(page):
            wrong[name] = found
    assert wrong == {}
