"""The demonstration's bar on pages of other doors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.template import RequestContext, Template
from django.test import RequestFactory
from pytest_django import Settings

TEMPLATE = Template("{% load demonstration %}{% time_bar %}")


def bar() -> str:
    request = RequestFactory().get("/console/mer_1/orders/?q=%22a")
    return TEMPLATE.render(RequestContext(request, {"request": request}))


@pytest.fixture
def demo(settings: Settings, tmp_path: Path) -> Path:
    settings.CONFIG = settings.CONFIG.model_copy(update={"demo": True, "data_dir": tmp_path})
    return tmp_path / "demo.json"


def test_elsewhere_there_is_none() -> None:
    assert bar().strip() == ""


def test_it_moves_time_and_comes_back_to_the_page(demo: Path) -> None:
    demo.write_text(json.dumps({"is_settled": True}))
    html = bar()
    assert 'action="/demo/time"' in html
    assert 'name="next" value="/console/mer_1/orders/?q=%22a"' in html
    assert html.count("<button") == 2


def test_while_the_shop_is_set_up_it_says_how_far(demo: Path) -> None:
    demo.write_text(json.dumps({"is_settled": False, "days": 60, "days_told": 12}))
    html = bar()
    assert "day 12 of 60" in html
    assert "<button" not in html
