"""Real Chromium: where it is, how it is started, and what every page is checked for."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

WIDTHS, HEIGHT = (360, 768, 1280), 900
SCHEMES = ("light", "dark")
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ON_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
_RULES_OF_COLORS = ["color-contrast", "link-in-text-block"]
# How well something stands out, its coloring decides: its letters' color, size and weight, those around it, and the
# backgrounds below it (what covers something else axe calls undecided). Every page has the same few hundreds of times and
# again in every width, and deciding takes axe three times as long as all its other rules: it looks at those not yet seen.
_LOOK = """;(() => {
  const things = ["color-contrast", "*"], links = ["link-in-text-block", "a[href]"]
  axe.configure({rules: [things, links].map(([id, what]) => ({id, selector: `${what}[data-coloring=new]`}))})

  const color = axe.commons.color.Color.prototype, read = color.parseString, known = new Map()
  color.parseString = function (text) {
    const before = known.get(text)
    if (before) [this.r, this.g, this.b, this.alpha] = before
    else { read.call(this, text); known.set(text, [this.r, this.g, this.b, this.alpha]) }
    return this
  }

  function* colorings() {
    const grounds = new Map([[null, ""]])
    const ground = element => {
      if (!grounds.has(element)) {
        const {backgroundColor, backgroundImage, opacity} = getComputedStyle(element)
        const own = `/${backgroundColor} ${backgroundImage} ${opacity}`
        grounds.set(element, ground(element.parentElement) + (own === "/rgba(0, 0, 0, 0) none 1" ? "" : own))
      }
      return grounds.get(element)
    }
    for (const element of document.querySelectorAll("body, body *")) {
      const {color, fontSize, fontWeight, textDecorationLine} = getComputedStyle(element)
      const around = getComputedStyle(element.parentElement).color
      yield [element, [color, fontSize, fontWeight, textDecorationLine, around, ground(element)].join()]
    }
  }

  let seen
  axe.look = async (options, anew) => {
    if (anew) seen = new Set()
    const visible = [...colorings()].filter(([element]) => element.checkVisibility({visibilityProperty: true}))
    const fresh = visible.filter(([_, coloring]) => !seen.has(coloring))
    fresh.forEach(([element, coloring]) => { seen.add(coloring); element.dataset.coloring = "new" })
    const {violations} = await axe.run(document, options)
    fresh.forEach(([element]) => { delete element.dataset.coloring })
    return violations
  }
})()"""
# Without the second half Chromium looks for hosts of its maker at each start.
_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
    "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip


class ChromiumMissing(RuntimeError):
    """There is no Chromium to test with."""


@dataclass(frozen=True)
class View:
    """How a page is looked at."""

    width: int = 1280
    scheme: str = "light"
    locale: str = "en-GB"
    script: bool = True

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


def path_of_chromium() -> str:
    """Find the browser.

    :raises ChromiumMissing: there is none; the message says what to do.
    """
    named = os.environ.get("CHROMIUM", "")
    found = [named] if named else [path for name in _NAMES if (path := shutil.which(name))]
    if not found and _ON_MACOS.exists():
        found = [str(_ON_MACOS)]
    if not found or not Path(found[0]).exists():
        raise ChromiumMissing(
            "The browser tests need Chromium. On Debian: sudo apt-get install chromium; elsewhere name it:"
            " CHROMIUM=/path/to/chromium make test"
        )
    return found[0]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser for as long as the block lasts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path_of_chromium(), args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def look(browser: Browser, view: View, *, base_url: str) -> BrowserContext:
    """Open a fresh profile that looks at pages so: no cookie, no cache of another's."""
    return browser.new_context(
        base_url=base_url,
        viewport={"width": view.width, "height": HEIGHT},
        color_scheme=view.scheme,  # type: ignore[arg-type]
        locale=view.locale,
        java_script_enabled=view.script,
        reduced_motion="reduce",
        timezone_id="Europe/Berlin",
    )


def violations(page: Page, *, of_colors: bool = False, anew: bool = True) -> list[str]:
    """Ask axe what is wrong with a page; one line each, with where it is.

    :param of_colors: only what another color scheme may change.
    :param anew: if not, what is colored as something was when this page was last looked at is not judged for it.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT + _LOOK)
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if of_colors:
        options["runOnly"] = {"type": "rule", "values": _RULES_OF_COLORS}
    found = page.evaluate("([options, anew]) => axe.look(options, anew)", [options, anew])
    return [
        f"{each['id']} ({each['impact']}): {each['help']} at "
        + "; ".join(
            " ".join(map(str, node["target"])) + " " + node["html"][:160] for node in each["nodes"][:4]
        )
        for each in found
    ]


def too_wide(page: Page) -> int:
    """Return by how many pixels a page is wider than its window: more than 0 scrolls sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


if __name__ == "__main__":
    sys.stdout.write(path_of_chromium() + "\n")
