"""`aftermile import` of a real shop's tables, against COPY of the same rows into plain tables."""

from __future__ import annotations

import csv
import os
import time
from pathlib import Path

from bench.machine import Meter
from bench.options import Options
from bench.report import Report
from bench.tree import ROOT, Tree, serving

NAME = "import_files"
# Those the import reads. The sample is never shipped: it lies beside the checkout.
_FILES = (
    "olist_customers_dataset.csv",
    "olist_products_dataset.csv",
    "olist_orders_dataset.csv",
    "olist_order_items_dataset.csv",
)


def run(options: Options) -> Report:
    """Measure the first import, and the second which changes nothing."""
    report = Report(NAME, "Import of a shop's tables")
    folder = _folder()
    if not folder.is_dir():
        report.notes.append(
            f"Not measured: {folder} is not here. AFTERMILE_SHARED_DATA names the folder above it."
        )
        return report
    files = [folder / name for name in _FILES]
    ratios, rates, copies, kept, again, cpu, others, starts = [], [], [], [], [], [], [], []
    for _ in range(options.rounds):
        with serving("worker") as tree:
            tree.open_shop()
            rows, copied = _copy(tree, files)
            began = time.perf_counter()
            tree.run("merchant", "list")
            starts.append(time.perf_counter() - began)
            meter = Meter.start(tree.roots)
            tree.run("import", *map(str, files))
            meter.stop()
            _assert_imported(tree, files)
            rates.append(rows / meter.seconds)
            copies.append(rows / copied)
            ratios.append(copied / meter.seconds)
            # The command is a program this process ran to its end, so its CPU is the client's.
            cpu.append((meter.cpu_seconds + meter.client_cpu_seconds) / rows * 1000)
            others.append(meter.other_cores)
            tree.wait_for_queue()
            kept.append(rows / _copy_kept(tree))
            began = time.perf_counter()
            tree.run("import", *map(str, files))
            again.append(rows / (time.perf_counter() - began))
            _assert_imported(tree, files)
    report.add(
        "rows imported / rows copied", "x", ratios,
        against="COPY of the same files into tables of text columns, one after the other", at_least=0.1,
    )  # fmt: skip
    report.tell(
        "rows imported / rows copied as they are kept", "x", [a / b for a, b in zip(rates, kept, strict=True)]
    )
    report.tell("rows imported", "/s", rates)
    report.tell("rows imported a second time, which changes nothing", "/s", again)
    report.tell("rows copied", "/s", copies)
    report.tell("rows copied as they are kept", "/s", kept)
    report.tell("CPU per row, command, database and reactions", "ms", cpu)
    report.tell("of the import's time, start and end of a command", "s", starts)
    report.tell("cores busy with something else", "cores", others)
    report.notes.append(
        f"{rows:,} rows of {len(files)} files. The time is that of the whole command, its start included, on an"
        " empty shop each round. Copied as they are kept: COPY of the rows that the import made (orders, lines,"
        " shoppers, contact points, products, events) into tables like ours, keys and indexes included."
    )
    return report


def _folder() -> Path:
    data = os.environ.get("AFTERMILE_SHARED_DATA")
    return (Path(data) if data else ROOT.parent / "shared" / "data") / "olist_relational_sample"


def _copy(tree: Tree, files: list[Path]) -> tuple[int, float]:
    """Copy the files into plain tables; return rows and seconds."""
    rows, seconds = 0, 0.0
    with tree.superuser() as connection:
        for place, file in enumerate(files):
            with file.open(newline="", encoding="utf-8-sig") as text:
                columns = next(csv.reader(text))
            table = f"plain_{place}"
            connection.execute(f"CREATE TABLE {table} ({', '.join(f'{name} text' for name in columns)})")
            content = file.read_bytes()
            began = time.perf_counter()
            with connection.cursor() as cursor:
                with cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv, HEADER true)") as copy:
                    copy.write(content)
                rows += cursor.rowcount
            seconds += time.perf_counter() - began
    return rows, seconds


def _copy_kept(tree: Tree) -> float:
    """Copy what the import wrote into tables of the same shape; return the seconds."""
    seconds = 0.0
    with tree.superuser() as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_stat_user_tables WHERE n_tup_ins > 100 AND relname ~ '^(orders|shoppers|catalog|kernel)_'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"CREATE TABLE kept_{table} (LIKE {table} INCLUDING ALL)")
            with connection.cursor() as cursor:
                with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                    content = b"".join(copy)
                began = time.perf_counter()
                with cursor.copy(f"COPY kept_{table} FROM STDIN") as copy:
                    copy.write(content)
                seconds += time.perf_counter() - began
    return seconds


def _assert_imported(tree: Tree, files: list[Path]) -> None:
    """Check that every order and line is there once."""
    with tree.superuser() as connection:
        for place, table in ((2, "orders_order"), (3, "orders_line")):
            wanted = connection.execute(f"SELECT count(*) FROM plain_{place}").fetchone()
            found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            if wanted != found:
                raise RuntimeError(f"{files[place].name} has {wanted} rows, and {table} has {found}")
