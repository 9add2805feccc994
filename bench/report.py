"""What a benchmark found: figures against their limits, shown and written as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).resolve().parent / "results"


@dataclass(frozen=True, slots=True)
class Spread:
    """One quantity as measured in each round: the noise of the machine is to be seen."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        if not values:
            raise ValueError("a spread needs at least one round")
        return cls(tuple(values))

    @property
    def median(self) -> float:
        return median(self.values)

    def as_json(self) -> dict[str, Any]:
        return {
            "min": min(self.values), "median": self.median, "max": max(self.values), "rounds": list(self.values),
        }  # fmt: skip

    def __str__(self) -> str:
        low, high = written(min(self.values)), written(max(self.values))
        return written(self.median) if low == high else f"{written(self.median)}  ({low} - {high})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure with its target, which may be a share of a limit measured in the same run.

    :ivar against: the limit, in words.
    :ivar at_least: True when more is better.
    """

    name: str
    unit: str
    spread: Spread
    against: str
    target: float
    at_least: bool

    @property
    def is_met(self) -> bool:
        return self.spread.median >= self.target if self.at_least else self.spread.median <= self.target

    @property
    def of_target(self) -> float:
        """The median as a share of the target; for `at_least`, more than 1 is good, else less than 1."""
        return self.spread.median / self.target

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name, "unit": self.unit, **self.spread.as_json(), "against": self.against,
            "target": self.target, "at_least": self.at_least, "of_target": self.of_target, "met": self.is_met,
        }  # fmt: skip


@dataclass(slots=True)
class Report:
    """The findings of one benchmark."""

    name: str
    title: str
    figures: list[Figure] = field(default_factory=list)
    #: What stands behind the figures, with its unit: rates, CPU per unit of work, latencies.
    behind: dict[str, tuple[str, Spread]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, unit: str, values: Sequence[float], *, against: str, **target: float) -> None:
        """Add a figure; `at_least=` or `at_most=` is its target."""
        ((sense, value),) = target.items()
        if sense not in ("at_least", "at_most"):
            raise TypeError(f"a target is at_least or at_most, not {sense}")
        self.figures.append(
            Figure(
                name=name, unit=unit, spread=Spread.of(values), against=against, target=value,
                at_least=sense == "at_least",
            )
        )  # fmt: skip

    def tell(self, name: str, unit: str, values: Sequence[float]) -> None:
        """Add what stands behind a figure."""
        self.behind[name] = (unit, Spread.of(values))

    def tell_programs(self, name: str, spent: Sequence[Mapping[str, float]]) -> None:
        """Add the CPU milliseconds of one unit of work in each program, from each round."""
        for program in sorted({program for each in spent for program in each}):
            self.tell(f"{name}, {program}", "ms", [each.get(program, 0.0) for each in spent])

    def as_json(self) -> dict[str, Any]:
        return {
            "benchmark": self.name,
            "title": self.title,
            "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "figures": [figure.as_json() for figure in self.figures],
            "behind": {
                name: {"unit": unit, **spread.as_json()} for name, (unit, spread) in self.behind.items()
            },
            "notes": self.notes,
        }

    def write(self, path: Path | None = None) -> Path:
        """Write the report as JSON, to `bench/results/<name>.json` unless a path is given."""
        path = path or RESULTS / f"{self.name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.as_json(), indent=1, ensure_ascii=False) + "\n")
        return path

    def show(self, console: Console) -> None:
        console.print(f"\n[bold]{self.title}[/bold]")
        table = Table("", "median  (min - max)", "target", "", box=None, pad_edge=False)
        for figure in self.figures:
            target = f"{'at least' if figure.at_least else 'at most'} {written(figure.target)} {figure.unit}"
            word = "[green]met[/green]" if figure.is_met else "[red]missed[/red]"
            table.add_row(figure.name, f"{figure.spread} {figure.unit}", target, word)
            table.add_row(f"[dim]  against {figure.against}[/dim]", "", "", "")
        for name, (unit, spread) in self.behind.items():
            table.add_row(f"[dim]{name}[/dim]", f"[dim]{spread} {unit}[/dim]", "", "")
        console.print(table)
        for note in self.notes:
            console.print(f"[dim]{note}[/dim]")


def machine() -> Mapping[str, object]:
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
    }


def written(value: float) -> str:
    """Write a number with three digits that count."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
