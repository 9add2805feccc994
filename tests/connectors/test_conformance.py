"""Every connector passes the conformance suite."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module

import pytest

from aftermile.connectors import aggregators, carriers, storefronts
from aftermile.connectors.registry import connectors
from tests.connectors.conformance import Subject, checks_for

SUBJECTS = [
    Subject(import_module(f"{package.__name__}.{module.name}"))
    for package in (carriers, aggregators, storefronts)
    for module in pkgutil.iter_modules(package.__path__)
    if module.ispkg
]


@pytest.mark.parametrize(
    ("subject", "check"),
    [
        pytest.param(subject, check, id=f"{subject.connector.slug}-{check.__name__}")
        for subject in SUBJECTS
        for check in checks_for(subject)
    ],
)
def test_connector(subject: Subject, check: Callable[[Subject], None]) -> None:
    check(subject)


def test_the_registry_finds_them_all() -> None:
    assert sorted(connectors()) == sorted(subject.connector.slug for subject in SUBJECTS)


def test_no_two_carriers_answer_to_one_name() -> None:
    owners: dict[str, str] = {}
    for connector in connectors().values():
        for name in {connector.slug, connector.name.casefold(), *connector.aliases}:
            assert owners.setdefault(name, connector.slug) == connector.slug
