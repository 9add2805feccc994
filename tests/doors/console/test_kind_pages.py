"""What is answered when something is wrong: whether anything was lost, and what to do."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from aftermile.capabilities.team.public import PersonView
from aftermile.doors.console.pages import settings as settings_page
from aftermile.doors.console.staff_only import console_page
from tests.doors.console.conftest import base, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/console/nowhere", "/console/a/b/c/d/", "/console/invitation/iv_x/"])
def test_no_such_page(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert "<html" in response.content.decode()


def test_elsewhere_the_shoppers_pages_answer(client: Client) -> None:
    page = client.get("/nowhere")

    assert page.status_code == 404
    assert "console" not in page.content.decode()


def test_the_database_is_away(monkeypatch: pytest.MonkeyPatch, merchant: Any, owner: PersonView) -> None:
    def gone(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError("the server closed the connection unexpectedly")

    client = signed_in(owner)
    monkeypatch.setattr("aftermile.doors.console.staff_only.roles_of", gone)

    response = client.get(base(merchant) + "settings/")

    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert "Nothing was changed or lost" in response.content.decode()
    assert response["Content-Security-Policy"].startswith("default-src 'none'")


def test_sessions_that_cannot_be_read_are_no_mistake_of_ours(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    def gone(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError("the server closed the connection unexpectedly")

    client.cookies["aftermile_session"] = "x" * 32
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", gone)

    assert client.get("/console/").status_code == 503


def test_a_mistake_of_ours(monkeypatch: pytest.MonkeyPatch, merchant: Any, owner: PersonView) -> None:
    def broken(*args: Any) -> Any:
        raise RuntimeError("a bug")

    client = signed_in(owner)
    client.raise_request_exception = False
    monkeypatch.setattr("aftermile.doors.console.staff_only.current_merchant", broken)

    response = client.get(base(merchant) + "settings/")

    assert response.status_code == 500
    assert "nothing else was lost" in response.content.decode()
    assert response["X-Request-ID"] in response.content.decode()


def test_pages_read_and_acts_write(merchant: Any, owner: PersonView) -> None:
    client = signed_in(owner)

    assert client.post(base(merchant) + "settings/").status_code == 405
    assert client.get(base(merchant) + "settings/team/invitations/").status_code == 405


def test_the_wrapper_keeps_the_views_name() -> None:
    assert settings_page.settings.__name__ == "settings"
    assert console_page.__doc__ is not None
