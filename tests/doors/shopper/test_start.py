"""The page at the root."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from pytest_django import Settings

from aftermile.doors.shopper import start

CLIENT = Client(headers={"host": "localhost"})


@pytest.fixture
def demo(settings: Settings, tmp_path: Path) -> SimpleNamespace:
    config = SimpleNamespace(demo=True, data_dir=tmp_path, host="127.0.0.1")
    settings.CONFIG = config
    return config


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


def test_a_path_that_no_door_has_gets_the_kind_page() -> None:
    page = CLIENT.get("/no/such/page")
    assert page.status_code == 404
    assert "Nothing is lost" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"


def test_a_mistake_of_ours_says_that_nothing_is_lost(
    demo: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(file: Path) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(start, "_told", broken)
    page = Client(raise_request_exception=False, headers={"host": "localhost"}).get("/")
    assert page.status_code == 500
    assert "nothing is lost" in page.content.decode()
