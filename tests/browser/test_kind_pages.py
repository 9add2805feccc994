"""Wrong and missing things, in real Chromium: a page that says whether anything was lost, and a way on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import too_wide, violations
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration

LONG = "a" * 20_000


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize(
    ("path", "status", "says", "and_"),
    [
        ("/t/t_nonsense", 404, "There is no page at this address", "Nothing is lost"),
        ("/nowhere", 404, "There is no page at this address", "Nothing is lost"),
        (f"/t/{LONG}", 404, "There is no page at this address", "Nothing is lost"),
        ("/find/mer_nonsense/", 404, "There is no page at this address", "Nothing is lost"),
        ("/demo/time", 405, "This was not done", "Nothing was changed or lost."),
    ],
    ids=["cut off", "nowhere", "long", "no shop", "a form's address"],
)
def test_a_shopper_is_told_that_nothing_is_lost(
    opens: Opens, script: bool, path: str, status: int, says: str, and_: str
) -> None:
    page = opens("/", script=script, width=360)
    answer = page.goto(path)
    assert answer
    assert answer.status == status
    expect(page.locator("h1")).to_have_text(says)
    expect(page.locator("main")).to_contain_text(and_)
    assert not script or violations(page) == []  # axe is a script itself
    assert too_wide(page) == 0


def test_staff_are_told_that_nothing_was_lost_or_changed(demo: Demonstration, opens: Opens) -> None:
    page = opens("/", signed_in_as="Owner", width=360)
    for place, status, says, and_ in (
        ("nowhere/", 404, "There is no page here", "Nothing was lost."),
        ("orders/ord_nonsense/", 404, "Not found", "Nothing was lost."),
        ("connections/con_nonsense/", 404, "Not found", "Nothing was lost."),
        ("connections/new/nonsense/", 422, "This cannot be done", "Nothing was changed."),
        ("exceptions/act/", 405, "There is nothing to look at here", "nothing was changed."),
        ("settings/team/invitations/", 405, "There is nothing to look at here", "nothing was changed."),
    ):
        answer = page.goto(f"{demo.console}{place}")
        assert answer
        assert answer.status == status, place
        expect(page.locator("h1")).to_have_text(says)
        expect(page.locator("main")).to_contain_text(and_)
        assert violations(page) == [], place


def test_a_broken_place_in_a_list_begins_it_anew(demo: Demonstration, opens: Opens) -> None:
    page = opens("/", signed_in_as="Owner")

    def shown(address: str) -> tuple[int, str, int]:
        answer = page.goto(address)
        assert answer
        return answer.status, page.locator("h1").inner_text(), page.locator("[data-rows] > *").count()

    for place in ("orders/", "shipments/", "shoppers/", "records/", "settings/audit/", "settings/keys/"):
        whole = shown(f"{demo.console}{place}")
        assert whole[0] == 200
        for broken in ("cursor=broken", "cursor=%00", "since=yesterday&until=%F0%9F%93%A6"):
            assert shown(f"{demo.console}{place}?{broken}") == whole, f"{place}?{broken}"


def test_more_words_than_anybody_types_find_nothing(demo: Demonstration, opens: Opens) -> None:
    page = opens("/", signed_in_as="Owner", width=360)
    page.goto(f"{demo.console}orders/?words={'qx' * 2000}")
    expect(page.locator("main")).to_contain_text("Nothing fits")
    expect(page.get_by_role("link", name="Show all").first).to_be_visible()
    assert too_wide(page) == 0


def test_a_form_that_is_too_old_says_so(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}settings/keys/", signed_in_as="Owner")
    page.get_by_label("Name").fill("Late")
    page.context.clear_cookies(name="aftermile_csrf")
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator("h1")).to_have_text("This form is too old")
    expect(page.locator("main")).to_contain_text("Nothing was changed.")
    assert violations(page) == []
