"""The page at the root."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from pytest_django import Settings

CLIENT = Client(headers={"host": "localhost"})


@pytest.fixture
def demo(settings: Settings, tmp_path: Path) -> SimpleNamespace:
    settings.CONFIG = SimpleNamespace(demo=True, data_dir=tmp_path, host="127.0.0.1")
    return settings.CONFIG


def told(folder: Path) -> None:
    tales = [{"title": "Lost", "about": "Bad news first.", "path": "/t/t_abc"}]
    (folder / "demo.json").write_text(
        json.dumps({"shop": "Fjell & Field", "api_key": "am_key", "tales": tales})
    )


def test_without_a_demonstration_it_only_says_what_runs() -> None:
    page = CLIENT.get("/")
    assert page.status_code == 200
    assert "Aftermile runs here" in page.content.decode()


def test_while_the_demonstration_is_set_up_it_says_so(demo: SimpleNamespace) -> None:
    assert "The shop is being set up" in CLIENT.get("/").content.decode()


def test_the_demonstration_links_to_its_pages(demo: SimpleNamespace) -> None:
    told(demo.data_dir)
    page = CLIENT.get("/").content.decode()
    assert '<a href="/t/t_abc"><b>Lost</b><small>Bad news first.</small></a>' in page
    assert "Bearer am_key" in page


def test_beyond_this_machine_the_key_is_not_shown(demo: SimpleNamespace) -> None:
    told(demo.data_dir)
    demo.host = "0.0.0.0"
    page = CLIENT.get("/").content.decode()
    assert "am_key" not in page
    assert "Bearer $KEY" in page
