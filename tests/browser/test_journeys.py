"""The editor of journeys, their map and play, and segments, in real Chromium: by hand, by keyboard, without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import too_wide, violations
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration


def faults(page: Page) -> list[str]:
    wide, found = too_wide(page), violations(page)
    # The checker leaves empty `style` behind; htmx would carry it over, and the policy would not have it.
    page.evaluate("document.querySelectorAll('[style]').forEach((each) => each.removeAttribute('style'))")
    return [*found, *([f"{wide} px wider than its window"] if wide else [])]


def press(page: Page, name: str, at: int = 0) -> None:
    """Press a button of the editor, and wait until the editor is there again."""
    form = page.locator("#editor")
    form.get_by_role("button", name=name).nth(at).click()
    settled(page)


def settled(page: Page) -> None:
    expect(page.locator("[aria-busy], .htmx-request, .htmx-settling")).to_have_count(0)


def choose(page: Page, field: str, value: str) -> None:
    page.locator(field).select_option(value)
    settled(page)


def focused(page: Page) -> Locator:
    return page.locator(":focus")


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_a_journey_is_written_played_published_and_looked_at(
    demo: Demonstration, opens: Opens, width: int, scheme: str
) -> None:
    name = f"Late twice {width} {scheme}"
    page = opens(f"{demo.console}journeys/", signed_in_as="Marketing", width=width, scheme=scheme)
    page.get_by_role("link", name="New journey").click()
    wrong = {"new": faults(page)}

    page.locator("#name").fill(name)
    choose(page, "#f-event", "exception.opened")
    expect(page.locator("#f-having-kind")).to_be_visible()
    choose(page, "#f-having-kind", "late")
    press(page, "Add a condition")
    expect(focused(page)).to_have_id("c-0-field")
    choose(page, "#c-0-field", "shopper.orders_count")
    page.locator("#c-0-value").fill("twice")
    expect(page.locator("#c-0-problem")).to_contain_text("Must be a number.")
    wrong["what is no number"] = faults(page)
    page.locator("#c-0-value").fill("2")
    expect(page.locator("#said")).to_contain_text("orders by the shopper: at least 2")
    expect(page.locator("#c-0-problem")).to_be_empty()
    press(page, "A group")
    choose(page, "#c-1-0-field", "parcel.milestone")
    choose(page, "#c-1-0-is", "one_of")
    wrong["conditions"] = faults(page)
    page.locator("#c-1-remove").click()
    settled(page)
    press(page, "Done")
    expect(focused(page)).to_have_id("open-begin")

    press(page, "Add a step")
    wrong["what happens here"] = faults(page)
    press(page, "Condition Go one way")
    press(page, "Add a condition")
    choose(page, "#c-0-field", "order.total")
    page.locator("#c-0-value").fill("100")
    press(page, "Done")
    press(page, "Add a step here")
    press(page, "Message Say something")
    choose(page, "#f-touchpoint", "delayed")
    wrong["message"] = faults(page)
    press(page, "Done")
    press(page, "Add a step here", 1)
    press(page, "By chance Compare")
    wrong["by chance"] = faults(page)
    press(page, "Done")
    press(page, "Change what ends it early")
    press(page, "Add an event")
    wrong["ends"] = faults(page)
    press(page, "Done")
    press(page, "Change the goal")
    choose(page, "#f-event", "order.placed")
    page.locator("#f-hold_out_percent").fill("10")
    wrong["goal"] = faults(page)
    press(page, "Done")
    wrong["whole"] = faults(page)
    press(page, "Who would have entered?")
    expect(page.locator(".trial")).to_contain_text("Would have entered")

    page.get_by_role("button", name="Keep the draft, and look at it").click()
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator("#map")).to_contain_text("If the order's total: at least 100")
    wrong["draft"] = faults(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".title")).to_contain_text("On")
    wrong["map"] = faults(page)
    page.get_by_role("link", name="Play it on days gone by").click()
    expect(page.locator(".headline")).to_contain_text("would have entered")
    wrong["play"] = faults(page)
    page.go_back()
    page.get_by_role("button", name="Stop", exact=True).click()
    wrong["question"] = faults(page)
    page.locator("#ask-stopped").get_by_role("button", name="Stop").click()
    expect(page.locator(".title")).to_contain_text("Stopped")
    page.get_by_role("button", name="Archive").click()
    page.locator(".toast").get_by_role("button", name="Dismiss").first.click()

    assert {state: found for state, found in wrong.items() if found} == {}


def test_steps_are_moved_removed_and_put_back_by_keyboard(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}journeys/new/?from=review_request", signed_in_as="Marketing")
    press(page, "Add a step")
    press(page, "Task for the team")
    page.locator("#f-title").fill("Call them")
    press(page, "Done")
    expect(focused(page)).to_have_id("open-task_1")

    page.locator("#up-task_1").focus()
    page.keyboard.press("Enter")
    settled(page)
    expect(focused(page)).to_have_id("up-task_1")
    page.keyboard.press("Enter")
    settled(page)
    kinds = [each for each in page.locator(".story .kind").all_inner_texts() if each != "Begins"]
    assert kinds[:3] == ["Task for the team", "Wait", "Message"]
    page.locator("#remove-task_1").focus()
    page.keyboard.press("Enter")
    settled(page)
    expect(page.locator(".story")).not_to_contain_text("Call them")
    expect(focused(page)).to_have_id("put-back")
    page.keyboard.press("Enter")
    settled(page)
    expect(page.locator(".story")).to_contain_text("Call them")


def test_what_is_not_kept_is_not_left_behind_by_mistake(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}journeys/new/", signed_in_as="Marketing")
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    page.locator("#name").press_sequentially("Typed")
    page.get_by_role("link", name="Leave without keeping it").click()

    expect(page.locator("#name")).to_have_value("Typed")
    assert asked == ["beforeunload"]


def test_without_a_script_a_journey_and_a_segment_are_written_too(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{demo.console}journeys/new/", signed_in_as="Marketing", script=False)
    page.locator("#name").fill("By hand alone")
    page.locator("#f-kind").select_option("hand")
    page.get_by_role("button", name="Show what belongs to it").click()
    expect(page.locator("#f-kind")).to_have_value("hand")
    page.get_by_role("button", name="Add a step").click()
    page.get_by_role("button", name="Wait Some time").click()
    page.locator("#f-days").fill("3")
    page.get_by_role("button", name="Keep the draft, and look at it").click()
    expect(page.locator("#map")).to_contain_text("Wait 3 days")

    page.goto(f"{demo.console}segments/new/")
    page.locator("#name").fill("Twice, by hand")
    page.locator("#c-0-field").select_option("shopper.orders_count")
    page.get_by_role("button", name="Count, and show what belongs to it").click()
    page.locator("#c-0-value").fill("2")
    page.get_by_role("button", name="Keep the segment").click()
    expect(page.locator(".count-big")).to_contain_text(re.compile(r"^\d+ of \d+ shoppers"))


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_a_segment_is_counted_while_it_is_written(
    demo: Demonstration, opens: Opens, width: int, scheme: str
) -> None:
    page = opens(f"{demo.console}segments/new/", signed_in_as="Marketing", width=width, scheme=scheme)
    page.locator("#name").fill(f"Came back {width} {scheme}")
    choose(page, "#c-0-field", "shopper.orders_count")
    page.locator("#c-0-value").fill("1")
    expect(page.locator("#counted")).to_contain_text(re.compile(r"^\d+ of \d+ shoppers"))
    everybody = page.locator("#counted").inner_text()
    page.locator("#c-0-value").fill("2")
    expect(page.locator("#counted")).not_to_have_text(everybody)
    wrong = {"editor": faults(page)}
    page.get_by_role("button", name="Keep the segment").click()
    expect(page.locator("h1")).to_have_text(f"Came back {width} {scheme}")
    wrong["who is in it"] = faults(page)
    page.goto(f"{demo.console}segments/")
    wrong["list"] = faults(page)
    page.get_by_role("link", name=f"Came back {width} {scheme}").click()
    page.get_by_role("button", name="Archive").click()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("h1")).to_have_text(f"Came back {width} {scheme}")

    assert {state: found for state, found in wrong.items() if found} == {}
