"""What a benchmark says: its shape, its verdict and its noise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench.report import Report, Spread, written


def report() -> Report:
    made = Report("reads", "Reads")
    made.add("p50", "x", [1.1, 1.4, 1.2], against="the small one", at_most=1.3)
    made.add("rate", "/s", [90.0, 100.0, 80.0], against="a limit", at_least=100)
    made.tell("CPU", "ms", [0.5])
    made.notes.append("One client.")
    return made


def test_the_median_decides_and_the_rounds_are_kept() -> None:
    few, many = report().figures
    assert (few.is_met, many.is_met) == (True, False)
    assert few.spread.as_json() == {"min": 1.1, "median": 1.2, "max": 1.4, "rounds": [1.1, 1.4, 1.2]}
    assert many.of_target == pytest.approx(0.9)


def test_a_report_is_written_as_json(tmp_path: Path) -> None:
    path = report().write(tmp_path / "deep" / "reads.json")
    told = json.loads(path.read_text())
    assert list(told) == ["benchmark", "title", "taken_at", "machine", "figures", "behind", "notes"]
    assert list(told["figures"][0]) == [
        "name", "unit", "min", "median", "max", "rounds", "against", "target", "at_least", "of_target", "met",
    ]  # fmt: skip
    assert told["behind"]["CPU"] == {"unit": "ms", "min": 0.5, "median": 0.5, "max": 0.5, "rounds": [0.5]}


def test_a_figure_without_a_round_or_with_two_targets_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one round"):
        Spread.of([])
    with pytest.raises(TypeError, match="at_least or at_most"):
        Report("x", "X").add("p50", "x", [1.0], against="it", about=1)
    with pytest.raises(ValueError, match="too many values"):
        Report("x", "X").add("p50", "x", [1.0], against="it", at_most=1, at_least=1)


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (0.01234, "0.0123"), (1.5, "1.5"), (1234.5, "1,234")])
def test_numbers_have_three_digits_that_count(value: float, text: str) -> None:
    assert written(value) == text
