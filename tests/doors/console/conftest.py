"""People at their desks: Lindgren's staff in every role, one of Okafor's, and an operator."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.team.public import PersonView, Role, add_member, create_account
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON

PASSWORD = "seven quiet lanterns"


def make_person(
    name: str, *places: tuple[Any, Role], password: str | None = None, is_operator: bool = False
) -> PersonView:
    """Make an account with a place in each of the shops given."""
    person = create_account(
        email=f"{name.lower()}@example.com", name=name, password=password, is_operator=is_operator, at=NOON
    )
    for merchant, role in places:
        with merchant_scope(merchant.id):
            add_member(user_id=person.id, role=role, at=NOON)
    return person


def signed_in(person: PersonView, *, fresh: bool = True) -> Client:
    """Return a browser in which a person is signed in; `fresh`: with the password, a moment ago."""
    client = Client()
    client.force_login(get_user_model().objects.get(id=person.id))
    if fresh:
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session["account_authentication_methods_user"] = str(person.id)
        session.save()
    return client


def base(merchant: Any) -> str:
    """Return where a shop's pages begin."""
    return f"/console/{public_id('mer', merchant.id)}/"


def counted(client: Client, path: str) -> tuple[str, int]:
    """Open a page; return it with the number of queries it took."""
    with CaptureQueriesContext(connection) as queries:
        page = client.get(path).content.decode()
    return page, len(queries)


@pytest.fixture
def desk_client(merchant: Any) -> Callable[[Role], Client]:
    """Return a maker of browsers in which somebody of Lindgren's is signed in, in a role."""
    return lambda role: signed_in(make_person(f"{role.value}-person", (merchant, role)))


@pytest.fixture
def owner(merchant: Any) -> PersonView:
    """Astrid, who owns Lindgren."""
    return make_person("Astrid", (merchant, Role.OWNER), password=PASSWORD)
