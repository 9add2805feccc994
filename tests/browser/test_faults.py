"""The check of pages finds what is wrong in one of its views alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.faults import faults_in_every_view

_PAGE = """<!doctype html><html lang="en"><title>A page</title><style>
body { color: black; background: white }
@media (prefers-color-scheme: dark) { body { color: white; background: black } }
%s
</style><main><h1>A page</h1><p id="it">Some words.</p></main></html>"""


@pytest.mark.parametrize(
    ("style", "views"),
    [
        ("", []),
        ("#it { color: gray }", ["360 light"]),
        ("@media (prefers-color-scheme: dark) { #it { background: gray } }", ["360 dark"]),
        ("@media (min-width: 700px) and (max-width: 900px) { #it { opacity: .3 } }", ["768 light", "768 dark"]),
        ("@media (min-width: 1000px) and (prefers-color-scheme: dark) { #it { color: #333 } }", ["1280 dark"]),
        ("#it { display: none; color: #ccc } @media (min-width: 1000px) { #it { display: block } }", ["1280 light"]),
        ("@media (max-width: 500px) { #it { width: 500px } }", ["360 light", "360 dark"]),
    ],
)  # fmt: skip
def test_a_fault_is_found_where_it_begins(browser: Browser, style: str, views: list[str]) -> None:
    page = browser.new_page()
    page.set_content(_PAGE % style)
    found = faults_in_every_view(page)
    page.close()
    assert [each.split(":")[0] for each in found] == views
