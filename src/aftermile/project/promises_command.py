"""`aftermile promises evaluate`: how good our delivery dates are, on public data and by its protocol."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from aftermile.capabilities.promises.public import Evaluation, Marks
from aftermile.capabilities.promises.public import evaluate as evaluate_set


def evaluate(name: str, *, data: Path, out: Path) -> None:
    """Train and forecast by the set's protocol, and show how well the past was foreseen.

    :raises DataUnreadable: the set is unknown, or a file of it is missing or cannot be read or written.
    """
    console = Console()
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True
    ) as progress:
        task = progress.add_task("", total=1.0)
        done = evaluate_set(
            name, data=data, out=out,
            on_step=lambda step, share: progress.update(task, description=step, completed=share),
        )  # fmt: skip
    console.print(f"[bold]{done.title}[/]")
    console.print(_table(done))
    console.print(
        "Each column: trained on what was known by that day, scored on the orders of the time after it."
    )
    console.print(
        f"{done.forecasts} forecasts for {out}, trained on what was known by {done.trained_until:%Y-%m-%d}."
    )


def _table(done: Evaluation) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for mark in done.marks:
        table.add_column(f"{mark.begin:%Y-%m-%d}", justify="right")
    table.add_column("mean", justify="right")
    for label, read, form in _LINES:
        values = [read(mark) for mark in done.marks]
        table.add_row(label, *(format(each, form) for each in (*values, sum(values) / len(values))))
    return table


_LINES: tuple[tuple[str, Callable[[Marks], float], str], ...] = (
    ("orders", lambda mark: mark.deliveries, ",.0f"),
    ("mean absolute error, days", lambda mark: mark.error, ".2f"),
    ("  the promise", lambda mark: mark.promise_error, ".2f"),
    ("  45-day median of the region", lambda mark: mark.rolling_error, ".2f"),
    ("bias, days (+ forecast too late)", lambda mark: mark.bias, "+.2f"),
    ("80 % interval covers", lambda mark: mark.covered_80, ".1%"),
    ("  its width, days", lambda mark: mark.width_80, ".1f"),
    ("  the median's, covering as much", lambda mark: mark.rolling_width_80, ".1f"),
    ("90 % interval covers", lambda mark: mark.covered_90, ".1%"),
    ("  its width, days", lambda mark: mark.width_90, ".1f"),
    ("  the median's, covering as much", lambda mark: mark.rolling_width_90, ".1f"),
    ("late", lambda mark: mark.late_share, ".1%"),
    ("  ROC-AUC", lambda mark: mark.late_auc, ".3f"),
    ("  average precision", lambda mark: mark.late_precision, ".3f"),
)
