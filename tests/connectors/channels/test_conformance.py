"""Every channel passes the conformance suite."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from aftermile.connectors import channels as folder
from aftermile.connectors.channels.registry import UnknownChannel, channel, channels
from tests.connectors.channels.conformance import Subject, checks_for


def _subjects() -> list[Subject]:
    found = []
    for module in pkgutil.iter_modules(folder.__path__):
        if module.ispkg:
            package = import_module(f"{folder.__name__}.{module.name}")
            samples = import_module(f"{package.__name__}.samples").samples
            found.append(Subject(package.channel, Path(str(package.__file__)).parent, samples))
    return found


SUBJECTS = _subjects()


@pytest.mark.parametrize(
    ("subject", "check"),
    [
        pytest.param(subject, check, id=f"{subject.channel.slug}-{check.__name__}")
        for subject in SUBJECTS
        for check in checks_for(subject)
    ],
)
def test_channel(subject: Subject, check: Callable[[Subject], None]) -> None:
    check(subject)


def test_the_registry_finds_them_all() -> None:
    assert sorted(channels()) == sorted(subject.channel.slug for subject in SUBJECTS)


def test_a_channel_nobody_made() -> None:
    with pytest.raises(UnknownChannel):
        channel("pigeon")
