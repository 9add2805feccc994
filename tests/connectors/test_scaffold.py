"""A carrier just scaffolded passes everything before anybody has changed a line of it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aftermile.connectors import carriers, registry
from aftermile.connectors.scaffold import BadSlug, FolderTaken, scaffold_carrier
from tests.connectors.conformance import Subject, checks_for

PACKAGE = "aftermile.connectors.carriers.marble_mail"


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """Scaffold Marble Mail beside the real carriers, as the registry sees them."""
    files = scaffold_carrier("marble-mail", "Marble Mail", tmp_path / "carriers", tmp_path / "tests")
    monkeypatch.setattr(carriers, "__path__", [*carriers.__path__, str(tmp_path / "carriers")])
    importlib.invalidate_caches()
    _forget()
    yield files
    _forget()


def test_it_passes_the_conformance_suite(written: list[Path]) -> None:
    subject = Subject(importlib.import_module(PACKAGE))
    for check in checks_for(subject):
        check(subject)


def test_the_registry_finds_it(written: list[Path]) -> None:
    assert registry.connector("marble-mail").name == "Marble Mail"
    assert registry.carrier_of("Marble Mail") == "marble-mail"


def test_its_own_test_passes(written: list[Path]) -> None:
    (path,) = (path for path in written if path.name == "test_marble_mail.py")
    spec = importlib.util.spec_from_file_location("test_marble_mail", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    module.test_local_time_is_read_where_it_was_written()


def test_it_is_one_folder_and_one_test(written: list[Path], tmp_path: Path) -> None:
    assert [str(path.relative_to(tmp_path)) for path in written] == [
        "carriers/marble_mail/README.md",
        "carriers/marble_mail/__init__.py",
        "carriers/marble_mail/reader.py",
        "carriers/marble_mail/samples.py",
        "carriers/marble_mail/status.py",
        "tests/test_marble_mail.py",
    ]


def test_a_test_is_written_only_where_asked_for(tmp_path: Path) -> None:
    written = scaffold_carrier("marble-mail", "Marble Mail", tmp_path)

    assert {path.parent for path in written} == {tmp_path / "marble_mail"}


@pytest.mark.parametrize("slug", ["", "Marble", "marble_mail", "-marble", "marble--mail", "1mail", "../mail"])
def test_a_slug_that_could_not_be_is_refused(slug: str, tmp_path: Path) -> None:
    with pytest.raises(BadSlug):
        scaffold_carrier(slug, "Marble Mail", tmp_path / "carriers", tmp_path / "tests")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "  ", "123", 'Mar"ble', "Mar\\ble"])
def test_a_name_that_is_none_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadSlug):
        scaffold_carrier("marble-mail", name, tmp_path / "carriers", tmp_path / "tests")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    scaffold_carrier("marble-mail", "Marble Mail", tmp_path / "carriers", tmp_path / "tests")
    reader = tmp_path / "carriers" / "marble_mail" / "reader.py"
    reader.write_text("# mine", encoding="utf-8")

    with pytest.raises(FolderTaken):
        scaffold_carrier("marble-mail", "Marble Mail", tmp_path / "carriers", tmp_path / "elsewhere")

    assert reader.read_text("utf-8") == "# mine"
    assert not (tmp_path / "elsewhere").exists()


def _forget() -> None:
    for name in [name for name in sys.modules if name == PACKAGE or name.startswith(f"{PACKAGE}.")]:
        del sys.modules[name]
    vars(carriers).pop("marble_mail", None)
    registry.connectors.cache_clear()
    registry.carrier_of.cache_clear()
    registry._carrier_names.cache_clear()
