"""Pictures of every page and state: `make screens` writes them to `screens/`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from playwright.sync_api import Browser, Page
from rich.console import Console
from rich.progress import track

from tests.browser.chromium import HEIGHT, SCHEMES, WIDTHS, View, chromium, look
from tests.browser.demonstration import Demonstration, demonstration
from tests.browser.places import shopper_places, staff_places
from tests.browser.states import STATES

FOLDER = Path(__file__).resolve().parents[2] / "screens"
LANGUAGES = ("de", "fr", "es", "it", "nl", "sv", "pl", "pt", "ja", "ar")
_VIEWS = tuple(View(width, scheme) for width in WIDTHS for scheme in SCHEMES)
_LONGEST = 12_000


def main() -> None:
    """Take all pictures of a fresh demonstration."""
    console = Console()
    shutil.rmtree(FOLDER, ignore_errors=True)
    with console.status("Setting up the demonstration"), demonstration() as demo:
        console.print("The demonstration is set up.")
        with chromium() as browser:
            taken = chain.from_iterable(
                take(browser, demo, view, FOLDER)
                for view in track(_VIEWS, "Taking pictures", console=console)
            )
            count = sum(1 for _ in taken)
    console.print(f"{count} pictures are in {FOLDER}.", soft_wrap=True)


def take(browser: Browser, demo: Demonstration, view: View, folder: Path) -> Iterator[Path]:
    """Take a picture of every page and state in one view; yield their files."""
    context = look(browser, view, base_url=demo.url)
    page = context.new_page()
    page.goto("/")
    yield _taken(page, folder, "opening", view)
    for name, path in shopper_places(demo).items():
        page.goto(f"{path}?lang=en")
        yield _taken(page, folder, f"shopper/{name}", view)
    for language in LANGUAGES:
        page.goto(f"{demo.stories['Late']}?lang={language}")
        yield _taken(page, folder, f"shopper/late-{language}", view)
    demo.sign_in(page, "Owner")
    for kind, path in staff_places(page, demo.console).items():
        page.goto(path)
        name = kind.removeprefix("/console/*").strip("/").replace("*", "one") or "home"
        yield _taken(page, folder, f"console/{name}", view)
    for name, reach in STATES.items():
        demo.keep_signed_in(page, "Owner")
        reach(page, demo)
        yield _taken(page, folder, name, view)
    context.close()


def _taken(page: Page, folder: Path, name: str, view: View) -> Path:
    """Take a picture of the whole page, in a window as high as it: what sticks to the window stays at its edge."""
    file = folder / f"{re.sub(r'[^A-Za-z0-9/]+', '-', name).strip('-').lower()}-{view}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    high = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": view.width, "height": max(HEIGHT, min(high, _LONGEST))})
    page.screenshot(path=file)
    page.set_viewport_size({"width": view.width, "height": HEIGHT})
    return file


if __name__ == "__main__":
    main()
