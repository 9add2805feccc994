"""Every page of staff, on a phone, a tablet and a desk, light and dark; axe finds nothing."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration
from tests.browser.faults import faults_in_every_view
from tests.browser.places import staff_places

#: So many parts: one test of all pages would take minutes.
_TURNS = 6
_places: dict[str, str] = {}


@pytest.mark.timeout(600)  # the first also finds them
@pytest.mark.parametrize("turn", range(_TURNS))
def test_every_page_of_staff(demo: Demonstration, opens: Opens, turn: int) -> None:
    page = opens("/", signed_in_as="Owner")
    if not _places:
        _places.update(staff_places(page, demo.console))
    assert len(_places) >= 20, sorted(_places)
    wrong = {}
    for kind, path in list(_places.items())[turn::_TURNS]:
        page.goto(path)
        if found := faults_in_every_view(page):
            wrong[kind] = found
    assert wrong == {}
