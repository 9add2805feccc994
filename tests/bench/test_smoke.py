"""Every benchmark runs to its end and says what it should; what it measures here means nothing."""

from __future__ import annotations

import csv
import importlib
import os
from pathlib import Path

import pytest
from bench.__main__ import NAMES
from bench.options import Options

from bench import import_files
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
    "packing": 4,
    "estimates": 2,
    "quotes": 2,
    "training": 4,
}


def test_every_benchmark_runs_here() -> None:
    # What `alarms` measures is a demonstration that takes minutes to make: tests/browser has one.
    assert {*FIGURES, "alarms"} == set(NAMES)


@pytest.fixture(scope="module")
def few_orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables `import_files` reads, cut to the first orders and what belongs to them."""
    whole, folder = import_files._folder(), tmp_path_factory.mktemp("few") / "orders"
    if not whole.is_dir():
        return folder
    folder.mkdir()
    kept: dict[str, set[str]] = {}
    for name, key in (
        ("orders", ""),
        ("order_items", "order_id"),
        ("customers", "customer_id"),
        ("products", "product_id"),
    ):
        file = f"olist_{name}_dataset.csv"
        with (whole / file).open(newline="", encoding="utf-8-sig") as text:
            rows = list(csv.DictReader(text))
        rows = [row for row in rows if row[key] in kept[key]] if key else rows[: TINY.rows]
        with (folder / file).open("w", newline="") as text:
            writer = csv.DictWriter(text, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        for column in rows[0]:
            kept[column] = {row[column] for row in rows}
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", FIGURES)
def test_a_benchmark_reports_its_figures(
    name: str, few_orders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in [each for each in os.environ if each.startswith("AFTERMILE_")]:
        monkeypatch.delenv(variable)  # the tests' own database is not what is measured
    monkeypatch.setattr("bench.tree.begins_with", migrated())
    monkeypatch.setattr(import_files, "_folder", lambda: few_orders)
    report = importlib.import_module(f"bench.{name}").run(TINY)
    if any(note.startswith(("Not measured", "Containers were not loaded")) for note in report.notes):
        pytest.skip(report.notes[0])
    assert report.name == name
    assert len(report.figures) == FIGURES[name]
    told = report.as_json()
    assert all(figure["rounds"] and figure["against"] for figure in told["figures"])
    assert any("CPU" in behind for behind in told["behind"])
