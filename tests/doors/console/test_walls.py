"""Who gets into which page: every role at every page and act, another shop's people, an operator, nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver

from aftermile.capabilities.team.public import PERMISSIONS, Permission, Role, audit_log, roles_of
from aftermile.doors.console.urls import PAGES
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import merchant_scope
from tests.doors.console.conftest import base, make_person, signed_in

pytestmark = pytest.mark.django_db

ROUTES: list[URLPattern] = [pattern for module in PAGES for pattern in module.urls]


def address(merchant: Any, route: URLPattern) -> str:
    """Write an address of a shop, with made-up parts where the route has any."""
    made_up = {"uuid": str(UUID(int=7)), "int": "7"}
    pieces = str(route.pattern).replace(">", "<").split("<")
    return base(merchant) + "".join(
        made_up.get(piece.partition(":")[0], "x") if index % 2 else piece
        for index, piece in enumerate(pieces)
    )


def every_address(merchant: Any) -> list[str]:
    return [address(merchant, route) for route in ROUTES]


def pages(merchant: Any) -> dict[str, Permission]:
    """Return the pages that have no parts in their address, with what they need."""
    return {
        address(merchant, route): route.callback.needs
        for route in ROUTES
        if "<" not in str(route.pattern) and route.callback.is_page
    }


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: str(route.name))
def test_no_address_of_a_shop_is_without_its_wrapper(route: URLPattern) -> None:
    assert isinstance(getattr(route.callback, "needs", None), Permission)


@pytest.mark.parametrize("role", Role)
def test_each_role_reaches_what_its_permissions_say_and_nothing_else(
    role: Role, merchant: Any, desk_client: Callable[[Role], Client]
) -> None:
    client = desk_client(role)
    kept_out = set()

    for route in ROUTES:
        ask = client.get if route.callback.is_page else client.post
        if route.callback.needs not in PERMISSIONS[role]:
            assert ask(address(merchant, route)).status_code == 403, route.name
            kept_out.add(route.callback.needs)

    assert kept_out == {route.callback.needs for route in ROUTES} - PERMISSIONS[role]
    for path, needed in pages(merchant).items():
        if needed in PERMISSIONS[role]:
            assert client.get(path).status_code < 400, path


def test_a_page_not_for_ones_role_says_whose_it_is(
    merchant: Any, desk_client: Callable[[Role], Client], owner: Any
) -> None:
    response = desk_client(Role.CARE).get(base(merchant) + "settings/audit/")

    page = response.content.decode()
    assert response.status_code == 403
    assert "You are care here" in page
    assert "<b>owner</b>, <b>operations</b> or <b>analyst</b>" in page
    assert "Astrid can give you that role" in page


def test_another_shops_people_find_nothing(merchant: Any, other_merchant: Any) -> None:
    client = signed_in(make_person("Chidi", (other_merchant, Role.OWNER)))

    answers = [answer for each in every_address(merchant) for answer in (client.get(each), client.post(each))]

    found = {response.status_code for response in answers}
    assert found <= {404, 405}
    assert all(b"Lindgren" not in response.content for response in answers)


def test_a_shop_that_is_none_answers_as_one_that_is_not_ones_own(merchant: Any, other_merchant: Any) -> None:
    client = signed_in(make_person("Chidi", (other_merchant, Role.OWNER)))

    def answer(key: str) -> tuple[int, list[str]]:
        response = client.get(f"/console/{key}/settings/")
        lines = response.content.decode().splitlines()
        return response.status_code, [line for line in lines if "csrf" not in line.lower()]

    anothers = answer(public_id("mer", merchant.id))
    none = answer("mer_01jh8x7v1mf3qav9c2tnyw5zke")
    mistyped = answer("mer_x")

    assert anothers[0] == 404
    assert anothers == none == mistyped


def test_nobody_is_asked_who_they_are(client: Client, merchant: Any) -> None:
    for each in every_address(merchant):
        response = client.get(each)
        assert response.status_code in {302, 405}
        if response.status_code == 302:
            assert response["Location"].startswith("/console/account/sign-in/?next=")


def test_an_operator_enters_every_shop_and_only_those_there_are(merchant: Any) -> None:
    client = signed_in(make_person("Olga", is_operator=True))

    assert client.get(base(merchant) + "settings/team/").status_code == 200
    assert client.get("/console/mer_01jh8x7v1mf3qav9c2tnyw5zke/settings/team/").status_code == 404


def test_an_act_on_another_shops_person_does_nothing(merchant: Any, other_merchant: Any, owner: Any) -> None:
    victim = make_person("Chidi", (other_merchant, Role.OWNER))
    client = signed_in(owner)

    response = client.post(f"{base(merchant)}settings/team/{public_id('usr', victim.id)}/removal/")

    assert response.status_code == 303
    assert roles_of(victim.id) == {other_merchant.id: Role.OWNER}
    with merchant_scope(merchant.id):
        assert audit_log(limit=50) == []


def test_whoever_is_taken_out_of_the_team_is_out_at_once(merchant: Any, owner: Any) -> None:
    clerk = make_person("Bo", (merchant, Role.CARE))
    theirs, ours = signed_in(clerk), signed_in(owner)
    assert theirs.get(base(merchant) + "settings/").status_code == 200

    ours.post(f"{base(merchant)}settings/team/{public_id('usr', clerk.id)}/removal/")

    assert theirs.get(base(merchant) + "settings/").status_code == 404


def test_other_faces_set_no_cookie(client: Client, db: None) -> None:
    answers: list[HttpResponse] = [client.get("/"), client.get("/t/x"), client.get("/healthz")]  # type: ignore[list-item]

    assert [dict(response.cookies) for response in answers] == [{}, {}, {}]


def test_every_answer_of_the_console_is_strict(
    client: Client, merchant: Any, desk_client: Callable[[Role], Client]
) -> None:
    owner_client = desk_client(Role.OWNER)
    answers = [
        client.get("/console/account/sign-in/"),
        client.get("/console/nowhere/at/all"),
        owner_client.get(base(merchant) + "settings/"),
        owner_client.get(base(merchant) + "settings/audit.csv"),
        owner_client.get("/console/account/security/"),
        owner_client.get("/console/"),
    ]
    for response in answers:
        policy = response["Content-Security-Policy"]
        assert "script-src 'self'; style-src 'self';" in policy
        assert "unsafe" not in policy
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Frame-Options"] == "DENY"


def test_no_template_brings_its_own_style_or_script(
    merchant: Any, desk_client: Callable[[Role], Client]
) -> None:
    client = desk_client(Role.OWNER)
    for path in [*pages(merchant), base(merchant) + "nowhere/"]:
        if path.endswith("/brand/preview/"):
            continue  # a page of the shoppers' in a frame, with a policy of its own
        page = client.get(path).content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page


def test_the_resolver_has_no_way_to_sign_up(db: None) -> None:
    names = {str(name) for name in get_resolver("aftermile.doors.console.accounts.urls").reverse_dict}
    assert {name for name in names if "signup" in name or "email" in name} == set()
