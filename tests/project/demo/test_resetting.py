"""Beginning anew."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from aftermile.project.demo.resetting import StillRunning, clear_away
from aftermile.project.processes import LOCK_FILE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "demo"
    made.mkdir()
    (made / "demo.json").write_text("{}")
    return made


def test_everything_goes_also_a_database_that_lies_elsewhere(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "postgres").symlink_to(elsewhere)
    clear_away(folder)
    assert not folder.exists()
    assert not elsewhere.exists()


def test_what_is_running_is_left_alone(folder: Path) -> None:
    with (folder / LOCK_FILE).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StillRunning, match="is running"):
            clear_away(folder)
    assert (folder / "demo.json").exists()
