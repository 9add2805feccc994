"""`aftermile import`: files from the terminal, with a preview, a progress bar and a report of odd rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Columns

from aftermile.connectors.files.cells import Conventions
from aftermile.connectors.files.mapping import missing_required
from aftermile.connectors.files.preview import preview as preview_of
from aftermile.connectors.files.problems import FileUnreadable
from aftermile.connectors.files.table import open_table
from aftermile.intake.public import GivenFile, Imported, given_file, keep_files, run_import
from aftermile.kernel.clock import now
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.tenancy import merchant_scope
from aftermile.project.garbage import look_rarely

PROBLEMS_SHOWN = 20


def import_paths(
    paths: Sequence[Path], *, merchant_id: UUID, preview: bool, time_zone: str, report: Path | None
) -> None:
    """Import files, or show how they would be read.

    :raises FileUnreadable: a file that is no CSV or of no kind we read; nothing was imported then.
    """
    look_rarely()
    console = Console()
    with merchant_scope(merchant_id):
        shop = current_merchant()
    conventions = Conventions(
        currency=shop.currency, country=shop.country, time_zone=time_zone or shop.time_zone
    )
    files = [_given(path) for path in paths]
    if preview:
        for file in files:
            _show_preview(console, file, conventions)
        return
    with merchant_scope(merchant_id):
        import_id = keep_files(
            name=", ".join(path.name for path in paths),
            files=files,
            by="command:import",
            at=now(),
            conventions=conventions,
        )
    rows = sum(file.body.count(b"\n") for file in files)
    with Progress(
        TextColumn("Importing"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as bar:
        task = bar.add_task("", total=rows)
        done = run_import(
            merchant_id,
            import_id,
            on_progress=lambda count: bar.advance(task, count),
        )
    _show_result(console, done, report)


def _given(path: Path) -> GivenFile:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be opened: {error.strerror}.") from None
    file = given_file(path.name, body)
    if missing := missing_required(file.mapping):
        raise FileUnreadable(
            f"{path.name} looks like {file.mapping.kind}, but has no column for {', '.join(missing)}."
        )
    return file


def _show_preview(console: Console, file: GivenFile, conventions: Conventions) -> None:
    table = open_table(file.name, lambda: io.BytesIO(file.body))
    seen = preview_of(table, file.mapping, conventions=conventions)
    console.print(f"[bold]{file.name}[/] is read as [bold]{file.mapping.kind}[/]")
    columns = Columns("its column", "is our", box=None)
    for ours, theirs in file.mapping.columns.items():
        columns.add_row(theirs, ours)
    for unread in seen.unmapped_columns:
        columns.add_row(unread, "[dim]not read[/]")
    console.print(columns)
    console.print(f"First rows: {len(seen.facts)} read, {len(seen.problems)} odd.")
    for problem in seen.problems:
        console.print(f"  line {problem.line}: {problem.reason}")
    for note in seen.notes:
        console.print(f"  [dim]{note}[/]")


def _show_result(console: Console, done: Imported, report: Path | None) -> None:
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in done.counts.items()) or "nothing"
    console.print(f"Read {told}.")
    if done.unknown:
        console.print("Words that have no meaning here yet; they are kept as they are:")
    for word, count in done.unknown.most_common(PROBLEMS_SHOWN):
        console.print(f"  {word.what} {word.word!r}, {count} time{'' if count == 1 else 's'}", markup=False)
    if len(done.unknown) > PROBLEMS_SHOWN:
        console.print(f"  and {len(done.unknown) - PROBLEMS_SHOWN} more.")
    if not done.problems:
        return
    console.print(f"[yellow]{len(done.problems)} rows could not be read:[/]")
    for problem in done.problems[:PROBLEMS_SHOWN]:
        console.print(f"  {problem.file} line {problem.line}: {problem.reason}")
    if len(done.problems) > PROBLEMS_SHOWN and report is None:
        console.print(f"  and {len(done.problems) - PROBLEMS_SHOWN} more; --report FILE writes them all.")
    if report is not None:
        with report.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(["file", "line", "column", "reason"])
            writer.writerows(
                [problem.file, problem.line, problem.column, problem.reason] for problem in done.problems
            )
        console.print(f"All of them: {report}")
    raise typer.Exit(2)
