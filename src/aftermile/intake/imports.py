"""Imports as staff see them: how far, what came of them, and what their files say."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import BinaryField, Func, Value

from aftermile.connectors.contracts.facts import Fact
from aftermile.connectors.files.cells import Conventions
from aftermile.connectors.files.fields import FileKind
from aftermile.connectors.files.mapping import ColumnMapping
from aftermile.connectors.files.preview import preview
from aftermile.connectors.files.problems import RowProblem
from aftermile.connectors.files.table import Table, open_table
from aftermile.intake.models import ImportFile, ImportProblem, ImportRun
from aftermile.intake.operations.import_files import ImportNotFound, conventions_of
from aftermile.intake.states import UNDER_WAY, ImportStatus

#: Of a kept file this much is unpacked to show its first rows.
_HEAD_BYTES = 262_144
_ROWS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportView:
    """One import. `read_count` of about `row_count`: several rows may be one order."""

    id: UUID
    name: str
    status: ImportStatus
    conventions: Conventions
    row_count: int
    read_count: int
    counts: Mapping[str, int]
    problem_count: int
    unknown: tuple[tuple[str, str, int], ...]  # what, the word, how often
    failure: str
    by: str
    created_at: datetime
    finished_at: datetime | None

    @property
    def is_under_way(self) -> bool:
        return self.status in UNDER_WAY


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFileView:
    """One file of an import with its first rows, read by itself as it would be now.

    `samples`: by column, the first cell that says something. `missing`: what no column says and rows need.
    """

    id: UUID
    name: str
    byte_count: int
    mapping: ColumnMapping
    headers: tuple[str, ...]
    samples: Mapping[str, str]
    facts: tuple[Fact, ...]
    problems: tuple[RowProblem, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProblemView:
    file_name: str
    line: int
    column_name: str
    reason: str


def import_run(import_id: UUID) -> ImportView:
    """Read one import.

    :raises ImportNotFound: no such import.
    """
    row = ImportRun.rows().filter(id=import_id).first()
    if row is None:
        raise ImportNotFound
    return _view(row)


def list_imports(*, limit: int = 20) -> list[ImportView]:
    """List imports, the newest first. One statement."""
    return [_view(row) for row in ImportRun.rows().order_by("-id")[:limit]]


def files_of_import(import_id: UUID, *, conventions: Conventions) -> list[ImportFileView]:
    """Read an import's files, their first rows as they would be read. One statement."""
    head = Func("body", Value(1), Value(_HEAD_BYTES), function="substring", output_field=BinaryField())
    rows = ImportFile.rows().filter(run_id=import_id).defer("body").annotate(head=head).order_by("id")
    return [_file_view(row, bytes(row.head), conventions) for row in rows]


def import_problems(import_id: UUID, *, limit: int | None = None) -> Iterator[ImportProblemView]:
    """Give the rows that could not be read, in the order of the files."""
    for row in ImportProblem.rows().filter(run_id=import_id).order_by("id")[:limit].iterator():
        yield ImportProblemView(
            file_name=row.file_name, line=row.line, column_name=row.column_name, reason=row.reason
        )


def _view(row: ImportRun) -> ImportView:
    return ImportView(
        id=row.id,
        name=row.name,
        status=ImportStatus(row.status),
        conventions=conventions_of(row.conventions),
        row_count=row.row_count,
        read_count=row.read_count,
        counts=row.counts,
        problem_count=row.problem_count,
        unknown=tuple((each["what"], each["word"], each["count"]) for each in row.unknown),
        failure=row.failure,
        by=row.by,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


def _file_view(row: ImportFile, packed: bytes, conventions: Conventions) -> ImportFileView:
    head = _unpacked_head(packed)
    table = open_table(row.name, lambda: io.BytesIO(head))
    mapping = ColumnMapping(kind=FileKind(row.kind), columns=row.mapping)
    seen = preview(table, mapping, rows=_ROWS_SHOWN, conventions=conventions)
    return ImportFileView(
        id=row.id,
        name=row.name,
        byte_count=row.byte_count,
        mapping=mapping,
        headers=table.headers,
        samples=_samples(table),
        facts=seen.facts,
        problems=seen.problems,
        missing=seen.missing_required,
        notes=seen.notes,
    )


def _unpacked_head(body: bytes) -> bytes:
    """Unpack the first rows; of a file that goes on behind them, whole lines alone."""
    head = zlib.decompressobj().decompress(body, _HEAD_BYTES)
    if len(head) < _HEAD_BYTES:
        return head
    # UTF-16 has its lines' ends in two bytes, of which only one looks like one.
    return head if b"\x00" in head[:4] else head[: head.rfind(b"\n") + 1] or head


def _samples(table: Table) -> dict[str, str]:
    found: dict[str, str] = {}
    for row, _ in zip(table.rows(), range(_ROWS_SHOWN), strict=False):
        if isinstance(row, RowProblem):
            continue
        for header, cell in zip(table.headers, row[1], strict=True):
            if cell.strip():
                found.setdefault(header, cell.strip()[:80])
    return found
