"""The letters we ship as a mail program shows them: narrow and wide, light and dark, in four scripts."""

from __future__ import annotations

import itertools

import pytest
from playwright.sync_api import Browser

from aftermile.capabilities.messaging.templates.rendering import render
from aftermile.capabilities.messaging.templates.samples import bare, full
from aftermile.capabilities.messaging.templates.shipped import shipped
from tests.browser.chromium import too_wide, violations

LANGUAGES = ("en", "de", "ja", "ar")
#: What axe asks of a page and a letter cannot give: mail programs put it into a page of their own.
OF_PAGES = ("landmark-one-main", "page-has-heading-one", "region")
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="44"><rect width="160" height="44"/></svg>'
)


@pytest.mark.parametrize(("language", "width"), list(itertools.product(LANGUAGES, (320, 600))))
def test_letters_can_be_read_everywhere(browser: Browser, language: str, width: int) -> None:
    """The longest letter, bad news, and one with nothing in it: no scrolling sideways, and axe finds nothing."""
    letters = [
        render(shipped("confirmation", language), full()).html,
        render(shipped("delayed", language), full()).html,
        render(shipped("available_for_pickup", language), bare(full(), has_order=True)).html,
    ]
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme)  # type: ignore[arg-type]
        context.route("**/*", lambda route: route.fulfill(body=DRAWING, content_type="image/svg+xml"))
        page = context.new_page()
        for html in letters:
            assert len(html.encode()) < 60_000
            page.set_content(html)
            assert too_wide(page) == 0
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert ground == ("rgb(18, 19, 17)" if scheme == "dark" else "rgb(250, 249, 246)")
            if html is letters[2] and scheme == "dark":
                continue  # the same elements as in the others
            assert [each for each in violations(page) if not each.startswith(OF_PAGES)] == []
        context.close()


def test_a_letter_asks_for_its_pictures_only(browser: Browser) -> None:
    """Nothing else is loaded, and it can be read without them."""
    asked: list[str] = []
    context = browser.new_context(viewport={"width": 600, "height": 700})
    context.route("**/*", lambda route: (asked.append(route.request.url), route.abort())[1])
    page = context.new_page()
    page.set_content(render(shipped("confirmation", "en"), full()).html)
    assert set(asked) == {"https://shop.example/logo.png", "https://shop.example/pictures/backpack.webp"}
    assert page.get_by_alt_text("Fjell & Field").count() == 1
    assert (
        page.get_by_role("link", name="See your order").get_attribute("href")
        == "https://shop.example/t/k7m2p9"
    )
    context.close()
