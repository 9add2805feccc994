"""What visitors of a demonstration may do, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from aftermile.capabilities.team.models import User
from aftermile.kernel.models import Merchant
from aftermile.project import urls
from aftermile.project.demo import played_time
from aftermile.project.demo.memory import Memory
from aftermile.project.demo.urls import urlpatterns as only_in_a_demonstration

urlpatterns = [*only_in_a_demonstration, *urls.urlpatterns]
handler404, handler500 = urls.handler404, urls.handler500

OURS = {"host": "localhost:8000", "origin": "http://localhost:8000", "sec-fetch-site": "same-origin"}
FOREIGN = [
    {"origin": "http://evil.example", "sec-fetch-site": "cross-site"},
    {"origin": "http://evil.example"},
    {"origin": "http://localhost:9000", "sec-fetch-site": "same-site"},
    {"origin": "null", "sec-fetch-site": "same-origin"},
    {"origin": "http://localhost:8000", "sec-fetch-site": "none"},
    {},
]


def visitor(**headers: str) -> Client:
    return Client(headers={"host": "localhost:8000", **headers})


@pytest.fixture
def demo(settings: Settings, tmp_path: Path) -> Memory:
    """A demonstration that is set up, of which nobody tells on."""
    settings.CONFIG = settings.CONFIG.model_copy(
        update={"demo": True, "data_dir": tmp_path, "host": "127.0.0.1"}
    )
    settings.ROOT_URLCONF = __name__
    memory = Memory(
        merchant_id="0197f1d2-0000-7000-8000-000000000000",
        shop="Fjell & Field",
        api_key="am_key",
        addresses={},
        secrets={},
        connections={},
        seed=1,
        start=datetime.now(UTC).isoformat(),
        # All that may be asked for has been told: nobody has to wait.
        told_until=(datetime.now(UTC) + timedelta(days=9)).isoformat(),
        is_settled=True,
        staff=[{"role": "care", "name": "Mina Okafor", "email": "mina@shop.example", "about": ""}],
    )
    memory.save(tmp_path)
    return memory


@pytest.mark.parametrize("path", ["/demo/pictures/ridge-28.svg", "/demo/time", "/console/demo/sign-in"])
@pytest.mark.django_db
def test_elsewhere_there_are_no_such_addresses(path: str) -> None:
    assert visitor(**OURS).get(path).status_code == 404
    assert visitor(**OURS).post(path).status_code in (403, 404)


def test_a_picture_is_shown_and_no_other(demo: Memory) -> None:
    shown = visitor().get("/demo/pictures/ridge-28.svg")
    assert shown["Content-Type"] == "image/svg+xml"
    assert shown.content.startswith(b"<svg ")
    assert visitor().get("/demo/pictures/ridge-29.svg").status_code == 404


@pytest.mark.parametrize(("by", "hours"), [("hour", 1), ("day", 24)])
def test_time_is_asked_to_move_and_one_comes_back(demo: Memory, tmp_path: Path, by: str, hours: int) -> None:
    answer = visitor(**OURS).post("/demo/time", {"by": by, "next": "/console/?tab=mine"})
    assert (answer.status_code, answer["Location"]) == (303, "/console/?tab=mine")
    until = played_time.take_wish(tmp_path)
    assert until is not None
    assert abs(until - datetime.now(UTC) - timedelta(hours=hours)) < timedelta(minutes=1)
    assert not answer.cookies


@pytest.mark.parametrize("next_", ["//evil.example/", "https://evil.example/", "/\\evil.example", "", "x"])
def test_nobody_is_sent_elsewhere(demo: Memory, next_: str) -> None:
    assert visitor(**OURS).post("/demo/time", {"by": "hour", "next": next_})["Location"] == "/"


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/demo/time", "/console/demo/sign-in"])
@pytest.mark.django_db
def test_what_another_site_sends_is_refused(
    demo: Memory, tmp_path: Path, path: str, headers: dict[str, str]
) -> None:
    answer = visitor(**headers).post(path, {"by": "day", "role": "care"})
    assert answer.status_code == 403
    assert played_time.take_wish(tmp_path) is None
    assert "aftermile_session" not in answer.cookies


@pytest.mark.parametrize("by", ["", "year"])
def test_other_steps_are_refused(demo: Memory, tmp_path: Path, by: str) -> None:
    answer = visitor(**OURS).post("/demo/time", {"by": by})
    assert answer.status_code == 403
    assert b'<p class="lead">Nothing was changed or lost.</p>' in answer.content
    assert b'<a href="/">Back to the opening page</a>' in answer.content
    assert played_time.take_wish(tmp_path) is None


def test_while_the_shop_is_set_up_time_is_not_moved(demo: Memory, tmp_path: Path) -> None:
    demo.is_settled = False
    demo.save(tmp_path)
    assert visitor(**OURS).post("/demo/time", {"by": "day"}).status_code == 403
    assert played_time.take_wish(tmp_path) is None


def test_time_is_moved_by_a_form_only(demo: Memory) -> None:
    assert visitor(**OURS).get("/demo/time").status_code == 405


@pytest.fixture
def mina(db: None, merchant: Merchant) -> User:
    return User.objects.create(
        email="mina@shop.example", name="Mina Okafor", created_at=datetime(2026, 3, 2, tzinfo=UTC)
    )


def test_one_click_signs_in_on_this_machine(demo: Memory, mina: User) -> None:
    client = visitor(**OURS)
    answer = client.post("/console/demo/sign-in", {"role": "care"})
    assert (answer.status_code, answer["Location"]) == (303, "/console/")
    assert client.session["_auth_user_id"] == str(mina.pk)


@pytest.mark.parametrize("role", ["owner", "", "operator"])
def test_a_role_nobody_has_lets_nobody_in(demo: Memory, mina: User, role: str) -> None:
    answer = visitor(**OURS).post("/console/demo/sign-in", {"role": role})
    assert answer.status_code == 403
    assert "aftermile_session" not in answer.cookies


def test_from_another_machine_one_signs_in_with_a_password(
    demo: Memory, mina: User, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["demo.example", "localhost"]
    away = Client(headers={"host": "demo.example", "origin": "http://demo.example"})
    assert away.post("/console/demo/sign-in", {"role": "care"}).status_code == 403
    settings.CONFIG = settings.CONFIG.model_copy(update={"host": "0.0.0.0"})
    assert visitor(**OURS).post("/console/demo/sign-in", {"role": "care"}).status_code == 403
