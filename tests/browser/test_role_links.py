"""No page of the console leads where its reader may not go."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration
from tests.browser.places import staff_places

ROLES = ("Owner", "Operations", "Care", "Marketing", "Warehouse", "Analyst", "Read-only")


@pytest.mark.parametrize("role", ROLES)
def test_no_link_leads_where_a_role_may_not_go(demo: Demonstration, opens: Opens, role: str) -> None:
    page = opens("/", signed_in_as=role)
    assert staff_places(page, demo.console)
