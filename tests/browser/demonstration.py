"""`aftermile demo`, running for browsers to look at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from playwright.sync_api import Page

from aftermile.kernel.ids import public_id
from tests.scenarios.installation import Installation, eventually, installation

_PATIENCE_SECONDS = 240.0


class Demonstration:
    """Where its pages are. The stories are named as on its opening page: "Late", "Held at customs" ..."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.url = installation.url

    @property
    def told(self) -> dict[str, Any]:
        """What it wrote down of itself so far."""
        try:
            return dict(json.loads((self.installation.data_dir / "demo.json").read_text()))
        except (OSError, ValueError):
            return {}

    @property
    def stories(self) -> dict[str, str]:
        """The addresses of the tracking pages by the titles of their stories."""
        return {tale["title"]: tale["path"] for tale in self.told.get("tales", [])}

    @property
    def look_up(self) -> tuple[str, str]:
        """An order's number and the e-mail address it was ordered with."""
        tale = next(tale for tale in self.told["tales"] if tale["title"] == "On time")
        return tale["name"], tale["email"]

    @property
    def merchant(self) -> str:
        """The shop as it stands in addresses."""
        return public_id("mer", UUID(self.told["merchant_id"]))

    @property
    def console(self) -> str:
        """Where the pages of its staff begin."""
        return f"/console/{self.merchant}/"

    def sign_in(self, page: Page, role: str) -> None:
        """Sign in as the demonstration's person of a role ("Owner", "Read-only"), from its opening page."""
        page.goto("/")
        page.locator(f"button[name=role]:has-text('{role}')").click()
        page.wait_for_url("**/console/**")


@contextmanager
def demonstration() -> Iterator[Demonstration]:
    """Run a demonstration for as long as the block lasts, with its history told at the beginning."""
    with installation(command=("demo",)) as made:
        running = Demonstration(made)
        eventually(lambda: running.stories, seconds=_PATIENCE_SECONDS, else_say=lambda: made.said)
        yield running
