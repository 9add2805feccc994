"""What is wrong with a page as it is looked at."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.browser.chromium import HEIGHT, SCHEMES, WIDTHS, too_wide, violations


def faults(page: Page, *, of_colors: bool = False, anew: bool = True) -> list[str]:
    found, wide = violations(page, of_colors=of_colors, anew=anew), too_wide(page)
    return [*found, *([f"{wide} px wider than its window"] if wide else [])]


def faults_in_every_view(page: Page) -> list[str]:
    """Look at a page that is open on a phone, a tablet and a desk, in light and dark.

    In dark only what colors decide is asked again: everything else is the same page. And of colors only what was not
    seen in them in a view before.
    """
    return [
        f"{width} {scheme}: {fault}"
        for turn, (width, scheme) in enumerate(_views(page))
        for fault in faults(page, of_colors=scheme == "dark", anew=turn == 0)
    ]


def _views(page: Page) -> Iterator[tuple[int, str]]:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            yield width, scheme
