"""Every benchmark runs to its end and says what it should; what it measures here means nothing."""

from __future__ import annotations

import importlib
import os

import pytest
from bench.__main__ import NAMES
from bench.options import Options

from tests.scenarios.installation import migrated

TINY = Options(rounds=1, seconds=0.2, rows=300, scans=100, idle_seconds=0.1, problems=1, one_in=20)
FIGURES = {
    "acceptance": 3,
    "digestion": 3,
    "scans": 2,
    "orders": 1,
    "import_files": 1,
    "memory": 1,
    "pages": 2,
    "search": 1,
    "reads": 6,
    "messages": 3,
    "journeys": 2,
    "packing": 3,
    "estimates": 2,
    "quotes": 2,
    "training": 4,
}


def test_every_benchmark_runs_here() -> None:
    # What `alarms` measures is a demonstration that takes minutes to make: tests/browser has one.
    assert {*FIGURES, "alarms"} == set(NAMES)


@pytest.mark.slow
@pytest.mark.parametrize("name", FIGURES)
def test_a_benchmark_reports_its_figures(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [each for each in os.environ if each.startswith("AFTERMILE_")]:
        monkeypatch.delenv(variable)  # the tests' own database is not what is measured
    monkeypatch.setattr("bench.tree.begins_with", migrated())
    report = importlib.import_module(f"bench.{name}").run(TINY)
    if any(note.startswith(("Not measured", "Containers were not loaded")) for note in report.notes):
        pytest.skip(report.notes[0])
    assert report.name == name
    assert len(report.figures) == FIGURES[name]
    told = report.as_json()
    assert all(figure["rounds"] and figure["against"] for figure in told["figures"])
    assert any("CPU" in behind for behind in told["behind"])
