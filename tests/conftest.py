"""Fixtures every test may use: two shops, so that a leak between them can show."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import settings

from aftermile.project.garbage import look_rarely

# As our own processes do. Thousands of tests are collected, and all of them are needed.
look_rarely()
# The same examples in every run, so that a red run is about the change; `make explore` looks for new ones.
# No deadline in either: how fast a busy machine is says nothing about what the code does.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=2_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

#: What takes minutes is begun first, so that at the end of a run no process works on alone. The first of all makes the
#: demonstration that the other tests of pages copy.
_BEGUN_FIRST = (
    "tests/browser/test_alarms.py",
    "tests/scenarios/",
    "tests/bench/",
    "tests/browser/",
    "tests/project/",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


def pytest_collection_finish() -> None:
    look_rarely()


def _turn(item: pytest.Item) -> int:
    turns = (turn for turn, path in enumerate(_BEGUN_FIRST) if item.nodeid.startswith(path))
    return next(turns, len(_BEGUN_FIRST))


def _shop(name: str) -> object:
    from aftermile.kernel.models import Merchant
    from aftermile.kernel.tenancy import operator_scope

    with operator_scope():
        return Merchant.objects.create(name=name, time_zone="Europe/Berlin", currency="EUR", created_at=NOON)


@pytest.fixture
def merchant(db: None) -> object:
    """Lindgren, a bookshop in Berlin."""
    return _shop("Lindgren Books")


@pytest.fixture
def other_merchant(db: None) -> object:
    """Okafor, who sells lamps and must never see a book of Lindgren's."""
    return _shop("Okafor Lamps")


@pytest.fixture
def in_scope(merchant: object) -> Iterator[object]:
    """Lindgren's scope, open."""
    from aftermile.kernel.tenancy import merchant_scope

    with merchant_scope(merchant.id):  # type: ignore[attr-defined]
        yield merchant


@pytest.fixture(autouse=True)
def empty_queue(request: pytest.FixtureRequest) -> None:
    """Begin with an empty queue and no tries: what tests commit stays in tables that are not Django's."""
    if request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & set(request.fixturenames):
        from django.db import connection

        request.getfixturevalue("_django_db_helper")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM pgqueuer")
            cursor.execute("DELETE FROM kernel_allowance")
