"""Static files: every one that is named exists, its address changes with it, and a browser keeps it."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

from aftermile.doors import assets
from aftermile.doors.console import shell
from aftermile.doors.console.templatetags import console as tags

TEMPLATES = Path(assets.__file__).parent / "console" / "templates"


@pytest.mark.parametrize("name", sorted(assets.assets()))
def test_a_file_is_sent_and_kept(client: Client, name: str) -> None:
    address = assets.address(name)

    plain = client.get(address)
    small = client.get(address, headers={"Accept-Encoding": "gzip"})

    assert plain.content == gzip.decompress(small.content) == assets.assets()[name].content
    assert small["Content-Encoding"] == "gzip"
    assert plain["Vary"] == small["Vary"] == "Accept-Encoding"
    assert plain["Cache-Control"] == "public, max-age=31536000, immutable"
    assert re.search(r"\.[0-9a-f]{10}\.[a-z]+$", address)


def test_what_comes_from_packages_is_there() -> None:
    assert {"htmx.js", "webauthn/json.js", "webauthn/forms.js", "webauthn/onload.js"} <= set(assets.assets())


def test_an_address_that_is_none(client: Client) -> None:
    assert client.get("/assets/console.0123456789.css").status_code == 404
    assert client.get("/assets/console.css").status_code == 404


def test_every_icon_a_template_draws_is_in_the_sprite() -> None:
    sprite = assets.assets()["console/icons.svg"].content.decode()
    drawn = {
        name
        for file in TEMPLATES.rglob("*.html")
        for name in re.findall(r'\{% icon "([a-z-]+)" %\}', file.read_text())
    }
    assert {name for name in drawn if f'id="i-{name}"' not in sprite} == set()
    assert {tone for tone in tags.TONES if f'id="m-{tone}"' not in sprite} == set()


def test_the_sheet_has_a_budget() -> None:
    assert len(assets.assets()["console/console.css"].compressed) < 14_000
    assert len(assets.assets()["console/console.js"].compressed) < 4_000


def test_the_console_names_only_files_there_are(client: Client) -> None:
    paths = [value for name, value in shell.face().items() if name != "htmx_config"]

    assert {client.get(path).status_code for path in paths} == {200}
