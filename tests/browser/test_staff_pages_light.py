"""Every page of staff in light, on a phone, a tablet and a desk; axe finds nothing. A file a scheme runs beside the other."""

from __future__ import annotations

import pytest

from tests.browser.chromium import WIDTHS
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration
from tests.browser.faults import faults_of_staff_pages


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_staff(demo: Demonstration, opens: Opens, width: int) -> None:
    assert faults_of_staff_pages(demo, opens, width=width, scheme="light") == {}
