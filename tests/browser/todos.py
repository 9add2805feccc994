"""What needs a person, on the console's home: a row is opened, and what was done is taken back."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


def opened(page: Page, group: str) -> tuple[str, Locator]:
    """Open the first row of a group in its place; return its order and its panel."""
    row = (
        page.locator(".group", has=page.get_by_role("heading", name=re.compile(f"^{group}")))
        .locator(".todo")
        .first
    )
    order = row.locator(".who b").inner_text()
    row.locator("a.btn").click()
    panel = row.locator(".panel")
    expect(panel).to_be_visible()
    return order, panel


def undone(page: Page, said: str) -> None:
    """Take an act back from its notice."""
    toast = page.locator(".toast", has_text=said)
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast", has_text="Undone")).to_be_visible()
