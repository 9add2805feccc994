"""The audit log's page: newest first, narrowed by the address, taken along as a file."""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import Any

import pytest

from aftermile.capabilities.team.public import PersonView, note
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON
from tests.doors.console.conftest import base, counted, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(merchant: Any) -> str:
    return base(merchant) + "settings/audit/"


def write(merchant: Any, owner: PersonView, count: int) -> None:
    with merchant_scope(merchant.id):
        for index in range(count):
            note(
                act="exception.snooze",
                subject=f"exc_{index}",
                summary=f"Put off number {index}.",
                details={"until": "Monday", "days": index},
                by=owner.by if index % 2 == 0 else "api_key:key_x",
                at=NOON + timedelta(minutes=index),
            )


def test_what_was_done_and_by_whom(merchant: Any, owner: PersonView, page: str) -> None:
    write(merchant, owner, 2)

    shown = signed_in(owner).get(page).content.decode()

    assert shown.index("Put off number 1.") < shown.index("Put off number 0.")
    assert '<th scope="row">Astrid</th>' in shown
    assert '<th scope="row">an API key</th>' in shown
    # Noon in London is one o'clock in the shop's Berlin.
    assert '<time datetime="2026-03-02T12:00:00+00:00"' in shown
    assert "1:00 PM" in shown


def test_nothing_yet_and_nothing_that_fits_are_told_apart(owner: PersonView, page: str) -> None:
    client = signed_in(owner)

    assert "Nothing was done yet" in client.get(page).content.decode()
    assert "Nothing fits" in client.get(page + "?about=exc_9").content.decode()


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("who=api_key:key_x", [3, 1]),
        ("act=exception.snooze&about=exc_2", [2]),
        ("act=exception", [3, 2, 1, 0]),
        ("since=2026-03-02&until=2026-03-02", [3, 2, 1, 0]),
        ("since=2026-03-03", []),
        ("until=2026-03-01", []),
        ("since=nonsense", [3, 2, 1, 0]),
    ],
)
def test_the_address_narrows_it_down(
    merchant: Any, owner: PersonView, page: str, query: str, numbers: list[int]
) -> None:
    write(merchant, owner, 4)

    shown = signed_in(owner).get(f"{page}?{query}").content.decode()

    assert [index for index in (3, 2, 1, 0) if f"Put off number {index}." in shown] == numbers


def test_a_day_that_is_none_is_said_beside_the_field(owner: PersonView, page: str) -> None:
    assert "Enter a valid date." in signed_in(owner).get(page + "?since=nonsense").content.decode()


def test_page_by_page_to_the_end(merchant: Any, owner: PersonView, page: str) -> None:
    write(merchant, owner, 51)
    client = signed_in(owner)

    first = client.get(page + "?act=exception").context or {}
    paging = first["paging"]
    second = client.get(paging.next_url)

    assert "act=exception" in paging.next_url
    assert second.content.decode().count("Put off number") == 1
    assert second.context["paging"].next_url == ""
    assert second.context["paging"].first_url == page + "?act=exception"


def test_a_broken_cursor_gets_a_kind_page(owner: PersonView, page: str) -> None:
    response = signed_in(owner).get(page + "?after=aud_nonsense")

    assert response.status_code == 422
    assert "Nothing was changed." in response.content.decode()


def test_htmx_gets_the_list_alone(merchant: Any, owner: PersonView, page: str) -> None:
    write(merchant, owner, 1)

    response = signed_in(owner).get(page, headers={"HX-Request": "true", "HX-Target": "log"})

    shown = response.content.decode()
    assert "Put off number 0." in shown
    assert "<html" not in shown
    assert response["Vary"].startswith("HX-Request, HX-Target")


def test_the_file_has_what_the_page_has(merchant: Any, owner: PersonView) -> None:
    write(merchant, owner, 3)
    with merchant_scope(merchant.id):
        note(act="team.invite", summary='=HYPERLINK("evil")', by=owner.by, at=NOON + timedelta(days=1))

    response = signed_in(owner).get(base(merchant) + "settings/audit.csv?who=" + owner.by)

    rows = list(csv.reader(response.content.decode("utf-8-sig").splitlines()))
    assert rows == [
        ["at", "who", "act", "subject", "summary", "details"],
        ["2026-03-03T12:00:00+00:00", "Astrid", "team.invite", "", '\'=HYPERLINK("evil")', ""],
        [
            "2026-03-02T12:02:00+00:00",
            "Astrid",
            "exception.snooze",
            "exc_2",
            "Put off number 2.",
            "days: 2; until: Monday",
        ],
        [
            "2026-03-02T12:00:00+00:00",
            "Astrid",
            "exception.snooze",
            "exc_0",
            "Put off number 0.",
            "days: 0; until: Monday",
        ],
    ]


def test_a_long_log_costs_what_a_short_one_costs(merchant: Any, owner: PersonView, page: str) -> None:
    client = signed_in(owner)
    client.get(page)
    costs = []
    for more in (1, 2, 47):
        write(merchant, owner, more)
        costs.append(counted(client, page)[1])

    assert costs[0] == costs[1] == costs[2]
