"""Scorecards at the console: what is shown, narrowed, taken away as a file; each shop's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from aftermile.capabilities.team.public import Role
from aftermile.insights.operations.count import count
from aftermile.insights.public import week_of
from aftermile.kernel.clock import now
from aftermile.kernel.tenancy import merchant_scope
from tests.doors.console.conftest import base, counted
from tests.insights.deliveries import broken, expected, kept, measured, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(desk_client: Callable[[Role], Client]) -> Client:
    return desk_client(Role.ANALYST)


def this_week() -> date:
    return week_of(now().date())


def fill(merchant: Any, *carriers: str) -> None:
    day = this_week()
    with merchant_scope(merchant.id):
        for carrier in carriers:
            about = {"carrier": carrier, "service": "Parcel", "came_on": day, "latest": day}
            count(
                [kept(**about)] * 9
                + [broken(**about)]
                + [measured(**about, stages=(stage("ordered", own=expected("model", day)),))] * 9
            )


def test_before_anything_came_it_says_when_something_will_stand_here(analyst: Client, merchant: Any) -> None:
    page = analyst.get(f"{base(merchant)}scorecards/").content.decode()
    assert "Nothing to compare yet" in page
    assert "scorecards/file/" not in page


def test_promised_and_kept_is_shown_by_carrier_service_lane_and_week(
    analyst: Client, merchant: Any, other_merchant: Any
) -> None:
    fill(merchant, "ups")
    fill(other_merchant, "dpd")
    page = analyst.get(f"{base(merchant)}scorecards/").content.decode()
    assert "Carriers keep 90 of 100 promises" in page
    assert "9 of 10 promises were kept" in page
    for told in ("UPS", "Just below", "Parcel", "Germany, BE → Sweden", "Our model"):
        assert told in page, told
    assert "DPD" not in page
    narrowed = analyst.get(f"{base(merchant)}scorecards/?to=FR&agreed=90&weeks=4").content.decode()
    assert "Nothing to compare yet" in narrowed


def test_all_counts_go_away_as_a_file(analyst: Client, merchant: Any) -> None:
    fill(merchant, "ups")
    answer = analyst.get(f"{base(merchant)}scorecards/file/")
    heads, row = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Disposition"].startswith('attachment; filename="scorecards-')
    told = dict(zip(heads.split(","), row.split(","), strict=True))
    assert (told["carrier"], told["service"], told["week"]) == ("ups", "Parcel", str(this_week()))
    assert (told["promises_due"], told["kept"], told["came"]) == ("10", "9", "9")


def test_more_carriers_are_no_more_questions(analyst: Client, merchant: Any) -> None:
    address, asked = f"{base(merchant)}scorecards/", []
    analyst.get(address)  # signs in
    for carriers in (("ups",), ("dhl-express", "dpd", "gls")):
        fill(merchant, *carriers)
        asked.append(counted(analyst, address)[1])
    assert asked[0] == asked[1]


def test_who_may_not_see_insights_finds_no_such_page(
    desk_client: Callable[[Role], Client], merchant: Any
) -> None:
    assert desk_client(Role.WAREHOUSE).get(f"{base(merchant)}scorecards/").status_code in (403, 404)
