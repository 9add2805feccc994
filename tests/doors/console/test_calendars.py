"""Calendars and cut-offs: kept, tried, taken back, and counted by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from aftermile.capabilities.exceptions.operations.facts import today_of
from aftermile.capabilities.team.public import Role, audit_log
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from aftermile.kernel.working_calendar import working_calendar
from tests.doors.console.conftest import base

pytestmark = pytest.mark.django_db

#: A Wednesday, 13:00 in Berlin; the day after is a holiday in Bavaria alone.
WEDNESDAY = datetime(2026, 6, 3, 11, 0, tzinfo=UTC)


def given(**changes: str) -> dict[str, str]:
    """Fill the form: Monday to Friday until 15:00, in Bavaria."""
    week = {f"works_{index}": "1" for index in range(5)} | {f"cut_off_{index}": "15:00" for index in range(7)}
    filled = {
        **week,
        "country": "DE",
        "subdivision": "BY",
        "time_zone": "Europe/Berlin",
        "processing_days": "0",
        "closed": "",
        "opened": "",
        **changes,
    }
    return {name: value for name, value in filled.items() if value != "-"}


@pytest.fixture
def client(merchant: Merchant, desk_client: Callable[[Role], Client]) -> Client:
    return desk_client(Role.OPERATIONS)


def save(client: Client, merchant: Merchant, **changes: str) -> tuple[int, str]:
    answer = client.post(f"{base(merchant)}settings/calendars/save/", given(**changes))
    return answer.status_code, answer.content.decode()


def leaves(merchant: Merchant, moment: datetime) -> date:
    with merchant_scope(merchant.id):
        return working_calendar().leaves_on(moment)


def test_until_something_is_said_it_is_monday_to_friday(merchant: Merchant) -> None:
    assert leaves(merchant, WEDNESDAY) == date(2026, 6, 3)
    assert leaves(merchant, datetime(2026, 6, 5, 18, 0, tzinfo=UTC)) == date(2026, 6, 8)


def test_the_saved_calendar_is_counted_by(merchant: Merchant, client: Client) -> None:
    assert (
        save(client, merchant, cut_off_2="12:00", closed="2026-06-05 Bridge day", opened="2026-06-06")[0]
        == 303
    )

    assert leaves(merchant, WEDNESDAY) == date(2026, 6, 6)
    with merchant_scope(merchant.id):
        today = today_of(current_merchant(), WEDNESDAY)
        assert today.calendar.business_days_between(date(2026, 6, 3), date(2026, 6, 8)) == 2
        assert [entry.act for entry in audit_log(limit=9)] == ["calendar.change"]


def test_packing_takes_business_days(merchant: Merchant, client: Client) -> None:
    save(client, merchant, processing_days="2", subdivision="")
    assert leaves(merchant, WEDNESDAY) == date(2026, 6, 5)


def test_saving_the_same_again_changes_nothing(merchant: Merchant, client: Client) -> None:
    save(client, merchant)
    save(client, merchant)
    with merchant_scope(merchant.id):
        assert len(audit_log(limit=9)) == 1


def test_the_first_change_and_a_later_one_are_taken_back(merchant: Merchant, client: Client) -> None:
    undo = f"{base(merchant)}settings/calendars/restore/"
    save(client, merchant, works_0="-")
    client.post(undo)
    assert leaves(merchant, datetime(2026, 6, 8, 9, 0, tzinfo=UTC)) == date(2026, 6, 8)
    client.post(undo)
    assert leaves(merchant, datetime(2026, 6, 8, 9, 0, tzinfo=UTC)) == date(2026, 6, 9)


@time_machine.travel(WEDNESDAY, tick=False)
def test_a_calendar_is_tried_without_being_kept(merchant: Merchant, client: Client) -> None:
    page = client.get(f"{base(merchant)}settings/calendars/", given(cut_off_2="12:00")).content.decode()

    assert "<small>An order placed now leaves</small><b>Friday, June 5</b>" in page
    assert "Fronleichnam" in page or "Corpus Christi" in page
    assert page.count("<tr><td") == 8
    assert leaves(merchant, WEDNESDAY) == date(2026, 6, 3)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({f"works_{index}": "-" for index in range(5)}, "Work on at least one day of the week"),
        ({"cut_off_1": ""}, "Give the time until which an order leaves on a Tuesday."),
        ({"cut_off_1": "25:99"}, "25:99 is no time of day"),
        ({"subdivision": "WY"}, "WY is no part of Germany"),
        ({"time_zone": "Europe/Atlantis"}, "Select a valid choice"),
        ({"processing_days": "99"}, "less than or equal to 30"),
        ({"closed": "Christmas"}, "“Christmas” does not begin with a day such as 2026-12-24."),
        ({"closed": "2026-02-30"}, "“2026-02-30” does not begin with a day"),
        ({"closed": "2026-12-31 to 2026-12-24"}, "ends before it begins"),
        ({"closed": "2026-12-24", "opened": "2026-12-24"}, "stands among the closed days, too"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    merchant: Merchant, client: Client, changes: dict[str, str], said: str
) -> None:
    status, page = save(client, merchant, **changes)
    assert (status, said in page) == (422, True)
    with merchant_scope(merchant.id):
        assert working_calendar().closed == ()


def test_each_shop_has_its_own(merchant: Merchant, other_merchant: Merchant, client: Client) -> None:
    save(client, merchant, works_2="-")
    assert [leaves(each, WEDNESDAY) for each in (merchant, other_merchant)] == [
        date(2026, 6, 5),
        date(2026, 6, 3),
    ]
