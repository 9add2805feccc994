"""Pictures of every page and state: `make screens` writes them to `screens/`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page
from rich.console import Console
from rich.progress import track

from tests.browser.chromium import SCHEMES, WIDTHS, View, chromium, look
from tests.browser.demonstration import Demonstration, demonstration
from tests.browser.places import shopper_places, staff_places

FOLDER = Path(__file__).resolve().parents[2] / "screens"
_LANGUAGES = ("de", "fr", "es", "it", "nl", "sv", "pl", "pt", "ja", "ar")


def main() -> None:
    """Take all pictures of a fresh demonstration."""
    console = Console()
    with console.status("Setting up the demonstration"), demonstration() as demo, chromium() as browser:
        console.print("The demonstration is set up.")
        views = [View(width, scheme) for width in WIDTHS for scheme in SCHEMES]
        count = 0
        for view in track(views, "Taking pictures", console=console):
            count += sum(1 for _ in _pictures(browser, demo, view))
    console.print(f"{count} pictures are in {FOLDER}.")


def _pictures(browser: Browser, demo: Demonstration, view: View) -> Iterator[Path]:
    context = look(browser, view, base_url=demo.url)
    page = context.new_page()
    yield _taken(page, "/", "opening", view)
    for name, path in shopper_places(demo).items():
        yield _taken(page, f"{path}?lang=en", f"shopper/{name}", view)
    for language in _LANGUAGES:
        yield _taken(page, f"{demo.stories['Late']}?lang={language}", f"shopper/late-{language}", view)
    demo.sign_in(page, "Owner")
    for kind, path in staff_places(page, demo.console).items():
        name = kind.removeprefix("/console/*").strip("/") or "home"
        yield _taken(page, path, f"console/{name}", view)
    context.close()


def _taken(page: Page, path: str, name: str, view: View) -> Path:
    page.goto(path)
    file = FOLDER / f"{re.sub(r'[^A-Za-z0-9/]+', '-', name).strip('-').lower()}-{view}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=True)
    return file


if __name__ == "__main__":
    main()
