"""`aftermile demo`, running for browsers to look at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import urllib3
from playwright.sync_api import Page

from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.ids import public_id
from aftermile.project.demo.webhook import signature
from aftermile.project.demo.world import CAST, Order, World
from tests.made_once import copy, made_once
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

    def order(self, which: str | int) -> Order:
        """An order as its simulated shop knows it: of a story by its title, or by its place in the history."""
        told = self.told
        world = World(told["seed"], datetime.fromisoformat(told["start"]))
        titles = [role.title for role in CAST]
        return world.order(titles.index(which) if isinstance(which, str) else which)

    @property
    def now(self) -> datetime:
        """What its clock shows, by some seconds."""
        return datetime.fromisoformat(self.told["told_until"])

    def scan(
        self, tracking_number: str, sub_status: SubStatus, *, to: str = "", key: str = "", **said: object
    ) -> int:
        """Send what AfterShip tells of one scan, signed; return how it is answered.

        :param to: the address of a connection, with its `key`; else that of the simulated carriers.
        :param said: more of the tracking, such as `signed_by`.
        """
        tag, subtag = sub_status.aftership_subtag.partition("_")[0], sub_status.aftership_subtag
        scan = {"checkpoint_time": self.now.isoformat(), "message": "", "tag": tag, "subtag": subtag}
        tracking = {"tracking_number": tracking_number, "tag": tag, "subtag": subtag, "checkpoints": [scan]}
        event = {"event": "tracking_update", "event_id": str(uuid4()), "msg": tracking | said}
        body = json.dumps(event).encode()
        key = key or self.told["secrets"]["carriers"]
        path = to or f"/in/{self.told['addresses']['carriers']}"
        return urllib3.request(
            "POST",
            f"{self.url}{path}",
            body=body,
            headers={"Content-Type": "application/json", "aftership-hmac-sha256": signature(body, key)},
        ).status

    @property
    def merchant(self) -> str:
        """The shop as it stands in addresses."""
        return public_id("mer", UUID(self.told["merchant_id"]))

    @property
    def console(self) -> str:
        """Where the pages of its staff begin."""
        return f"/console/{self.merchant}/"

    def keep_signed_in(self, page: Page, role: str) -> None:
        """Sign in where nobody is."""
        if not any(each["name"] == "aftermile_session" for each in page.context.cookies()):
            self.sign_in(page, role)

    def sign_in(self, page: Page, role: str) -> None:
        """Sign in as the demonstration's person of a role ("Owner", "Read-only"), from its opening page."""
        page.goto("/")
        page.locator(f"button[name=role]:has-text('{role}')").click()
        page.wait_for_url("**/console/**")


@contextmanager
def demonstration() -> Iterator[Demonstration]:
    """Run a demonstration for as long as the block lasts, with its history told.

    The history is told once in a test run: every process of pytest-xdist goes on with a copy.
    """
    with installation(command=("demo",), copy_of=made_once("demonstration", _tell)) as made:
        yield Demonstration(made)


def _tell(data: Path) -> None:
    """Make the data folder of a demonstration that was stopped when it had told its history."""
    with installation(command=("demo",)) as made:
        running = Demonstration(made)
        eventually(lambda: running.stories, seconds=_PATIENCE_SECONDS, else_say=lambda: made.said)
        assert made.stop() == 0, made.said
        copy(made.data_dir, data)
