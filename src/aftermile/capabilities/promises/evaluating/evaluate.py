"""Measure the delivery model on public data, by the protocol of each set. Training loads scikit-learn: only on call."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from aftermile.capabilities.promises.evaluating import olist, scms
from aftermile.capabilities.promises.evaluating.marks import Marks
from aftermile.capabilities.promises.evaluating.olist import Asked
from aftermile.capabilities.promises.learning.forecasting import Forecast, Stage

COLUMNS = ("order_id", "likely_at", "p05", "p10", "p90", "p95", "late_probability")


class DataUnreadable(Exception):
    """The data set is not where it was said to be, or cannot be read here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What came of it: how well the past was foreseen, and how many forecasts were written."""

    title: str
    trained_until: datetime
    forecasts: int
    marks: Sequence[Marks]


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


def evaluate(name: str, *, data: Path, out: Path, on_step: Callable[[str, float], None]) -> Evaluation:
    """Train by the set's protocol, write one row per order asked about, and score the past in the order of time.

    :param on_step: told what is done now and which share of all has been done.
    :raises DataUnreadable: the set is unknown, or a file of it is missing or cannot be read or written.
    """
    if name not in _SETS:
        raise DataUnreadable(f"There is no data set {name}; there are {', '.join(_SETS)}.")
    chosen = _SETS[name]
    folder = _folder(data, name, chosen.module)
    if out.suffix == ".parquet" or name == "olist":
        _need_duckdb()
    from aftermile.capabilities.promises.evaluating.scoring import backtest
    from aftermile.capabilities.promises.learning.training import Recipe, train

    # Asked up to six months ahead of what was known: what is missed is learned in two long blocks.
    recipe = Recipe(stages=(Stage.ORDERED,), silences=False, blocks=2)
    steps = len(chosen.begins) + 2
    on_step("Reading", 0.0)
    known = chosen.module.deliveries(folder)
    asked: list[Asked] = chosen.module.asked(folder)
    on_step("Training as of then", 1 / steps)
    model = train(known, as_of=chosen.module.AS_OF, recipe=recipe)
    _write(out, asked, model.forecast([each.question for each in asked]))
    marks = []
    for number, day in enumerate(chosen.begins):
        on_step("Looking back", (number + 2) / steps)
        marks.append(
            backtest(
                known, chosen.moment(day), span=chosen.span, end=chosen.moment(chosen.end), recipe=recipe
            )
        )
    return Evaluation(
        title=chosen.title, trained_until=chosen.module.AS_OF, forecasts=len(asked), marks=marks
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
