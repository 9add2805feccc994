"""`aftermile promises evaluate`: how good our delivery dates are, on public data and by its protocol."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from aftermile.capabilities.promises.learning.forecasting import Forecast, Stage
from aftermile.capabilities.promises.learning.training import Recipe, train
from aftermile.project.evaluating import olist, scms
from aftermile.project.evaluating.olist import Asked
from aftermile.project.evaluating.scoring import Marks, backtest

COLUMNS = ("order_id", "likely_at", "p05", "p10", "p90", "p95", "late_probability")


class DataUnreadable(Exception):
    """The data set is not where it was said to be, or cannot be read here."""


@dataclass(frozen=True, slots=True)
class _Set:
    title: str
    module: ModuleType
    begins: tuple[tuple[int, int, int], ...]
    span: timedelta
    end: tuple[int, int, int]

    def moment(self, day: tuple[int, int, int]) -> datetime:
        return datetime(*day, tzinfo=self.module.AS_OF.tzinfo)


_SETS = {
    "olist": _Set(
        "Olist: Brazilian marketplace orders, asked at the purchase", olist,
        ((2017, 7, 1), (2017, 9, 1), (2017, 11, 1), (2017, 12, 1)), timedelta(days=90), (2018, 1, 28),
    ),
    "scms": _Set(
        "SCMS: international medicine shipments, asked at the order", scms,
        ((2011, 5, 1), (2012, 5, 1), (2013, 5, 1)), timedelta(days=365), (2014, 2, 1),
    ),
}  # fmt: skip
#: Asked up to six months ahead of what was known: what is missed is learned in two long blocks.
_RECIPE = Recipe(stages=(Stage.ORDERED,), silences=False, blocks=2)


def evaluate(name: str, *, data: Path, out: Path) -> None:
    """Train by the set's protocol, write one row per order asked about, and show how well the past was foreseen.

    :raises DataUnreadable: the set is unknown, or a file of it is missing or cannot be read or written.
    """
    if name not in _SETS:
        raise DataUnreadable(f"There is no data set {name}; there are {', '.join(_SETS)}.")
    chosen = _SETS[name]
    folder = _folder(data, name, chosen.module)
    if out.suffix == ".parquet" or name == "olist":
        _need_duckdb()
    console = Console()
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, transient=True,
    ) as progress:  # fmt: skip
        task = progress.add_task("Reading", total=len(chosen.begins) + 3)
        known = chosen.module.deliveries(folder)
        asked: list[Asked] = chosen.module.asked(folder)
        progress.update(task, advance=1, description="Training as of then")
        model = train(known, as_of=chosen.module.AS_OF, recipe=_RECIPE)
        progress.update(task, advance=1, description="Forecasting")
        answers = model.forecast([each.question for each in asked])
        _write(out, asked, answers)
        progress.update(task, advance=1, description="Looking back")
        marks = backtest(
            known, [chosen.moment(day) for day in chosen.begins], span=chosen.span,
            end=chosen.moment(chosen.end), recipe=_RECIPE, on_split=lambda: progress.advance(task),
        )  # fmt: skip
    console.print(f"[bold]{chosen.title}[/]")
    console.print(_table(marks))
    console.print(
        "Each row: trained on what was known by that day, scored on the orders of the time after it. No random splits."
    )
    console.print(
        f"{len(asked)} forecasts for {out}, trained on what was known by {chosen.module.AS_OF:%Y-%m-%d}."
    )


def _folder(data: Path, name: str, module: ModuleType) -> Path:
    """Return the folder of the set: the one given, or the one of its name inside."""
    for folder in (data / name, data):
        if (folder / module.TRAINING).is_file() and (folder / module.ASKED).is_file():
            return folder
    raise DataUnreadable(f"{data} has no {module.TRAINING} beside {module.ASKED}.")


def _need_duckdb() -> None:
    if find_spec("duckdb") is None:
        raise DataUnreadable("Parquet files are read with DuckDB: pip install 'aftermile[parquet]'.")


def _write(out: Path, asked: Sequence[Asked], answers: Sequence[Forecast | None]) -> None:
    rows = []
    for each, answer in zip(asked, answers, strict=True):
        assert answer is not None
        low_90, high_90 = answer.interval(0.9)
        low_80, high_80 = answer.interval(0.8)
        moments = (answer.likely_at, low_90, low_80, high_80, high_90)
        # In the zone of the set, and without naming it, as the set has it.
        written = [f"{moment.replace(tzinfo=None):%Y-%m-%d %H:%M:%S}" for moment in moments]
        rows.append([each.order_id, *written, f"{answer.late_probability:.6f}"])
    try:
        if out.suffix == ".parquet":
            _write_parquet(out, rows)
        else:
            _write_csv(out, rows)
    except OSError as problem:
        raise DataUnreadable(f"{out} cannot be written: {problem.strerror}.") from None


def _write_csv(out: Path, rows: Sequence[Sequence[str]]) -> None:
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def _write_parquet(out: Path, rows: Sequence[Sequence[str]]) -> None:
    from tempfile import TemporaryDirectory

    import duckdb

    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        _write_csv(Path(folder) / "rows.csv", rows)
        moments = ", ".join(f"'{name}': 'TIMESTAMP'" for name in COLUMNS[1:-1])
        connection.execute(
            f"COPY (FROM read_csv('{folder}/rows.csv', header = true, types = {{'order_id': 'VARCHAR', {moments},"
            f" 'late_probability': 'DOUBLE'}})) TO '{str(out).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)"
        )


def _table(marks: Sequence[Marks]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for mark in marks:
        table.add_column(f"{mark.begin:%Y-%m-%d}", justify="right")
    table.add_column("mean", justify="right")
    for label, read, form in _LINES:
        values = [read(mark) for mark in marks]
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
