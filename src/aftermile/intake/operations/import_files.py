"""Take files in: kept as they came, read in batches, odd rows told with their line."""

from __future__ import annotations

import io
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from aftermile.connectors.contracts.facts import Fact, UnknownWord
from aftermile.connectors.files.cells import Conventions
from aftermile.connectors.files.fields import FileKind
from aftermile.connectors.files.mapping import ColumnMapping
from aftermile.connectors.files.problems import RowProblem
from aftermile.connectors.files.reading import SourceFile, read_files
from aftermile.intake.models import ImportFile, ImportProblem, ImportRun
from aftermile.intake.operations.apply import Origin, apply
from aftermile.intake.operations.count_unknown import count_unknown
from aftermile.kernel.clock import now
from aftermile.kernel.errors import NotFound
from aftermile.kernel.ids import public_id, uuid7, uuid7_many
from aftermile.kernel.rowsets import insert_rows, plan_anew
from aftermile.kernel.tenancy import run_in_scope

#: The namespace of the shop's own ids, shared by files and the API.
OWN_IDS = "shop"
#: Facts taken in by one transaction.
BATCH = 1000


class ImportNotFound(NotFound):
    """No import of this merchant has the id."""

    code = "import_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFile:
    """One file with how its columns are read."""

    name: str
    mapping: ColumnMapping
    body: bytes


@dataclass(slots=True)
class Imported:
    """What became of an import; `unknown` counts the words nobody has given a meaning yet."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)
    unknown: Counter[UnknownWord] = field(default_factory=Counter)


Progress = Callable[[int], None]


def keep_files(*, name: str, files: Sequence[GivenFile], by: str, at: datetime) -> UUID:
    """Store the files of an import as they came; `run_import` reads them, now or again later."""
    run = ImportRun(id=uuid7(), name=name, by=by, created_at=at)
    run.save(force_insert=True)
    for file in files:
        ImportFile(
            id=uuid7(),
            run_id=run.id,
            name=file.name,
            kind=file.mapping.kind,
            mapping=dict(file.mapping.columns),
            body=zlib.compress(file.body, 1),
        ).save(force_insert=True)
    return run.id


def run_import(
    merchant_id: UUID, import_id: UUID, *, conventions: Conventions, on_progress: Progress | None = None
) -> Imported:
    """Read the kept files of an import and take their facts in, a batch at a time.

    Each batch is one transaction. Stopped half way, it is simply run again: what was taken in changes
    nothing the second time.

    :param on_progress: told the number of facts and problems after each batch.
    :raises ImportNotFound: no such import.
    :raises FileUnreadable: a file that is no CSV, or lacks a column its mapping names.
    """
    kept = run_in_scope(merchant_id, lambda: list(ImportFile.rows().filter(run_id=import_id).order_by("id")))
    if not kept:
        raise ImportNotFound("There is no such import.")
    origin = Origin(source=OWN_IDS, by=f"import:{public_id('imp', import_id)}")
    done = Imported()
    told = read_files([_source(file) for file in kept], conventions=conventions, unknown=done.unknown)
    for batch in _batches(told):
        facts = [each for each in batch if not isinstance(each, RowProblem)]
        problems = [each for each in batch if isinstance(each, RowProblem)]
        counts = run_in_scope(merchant_id, lambda these=facts: _take_in(these, origin))  # type: ignore[misc]
        done.counts.update(counts)
        done.problems += problems
        if on_progress is not None:
            on_progress(len(batch))
    run_in_scope(merchant_id, lambda: _finish(import_id, done))
    return done


def _take_in(facts: Sequence[Fact], origin: Origin) -> Mapping[str, int]:
    plan_anew()
    return apply(facts, origin=origin, at=now()).counts


def _source(file: ImportFile) -> SourceFile:
    mapping = ColumnMapping(kind=FileKind(file.kind), columns=file.mapping)
    return SourceFile(
        name=file.name, mapping=mapping, open=lambda: io.BytesIO(zlib.decompress(bytes(file.body)))
    )


def _batches(told: Iterator[Fact | RowProblem]) -> Iterator[list[Fact | RowProblem]]:
    while batch := list(islice(told, BATCH)):
        yield batch


def _finish(import_id: UUID, done: Imported) -> None:
    at = now()
    count_unknown(done.unknown, connection_id=None, at=at)
    ImportProblem.rows().filter(run_id=import_id).delete()
    insert_rows(
        ImportProblem,
        ("id", "run_id", "file_name", "line", "column_name", "reason"),
        [
            {
                "id": problem_id,
                "run_id": import_id,
                "file_name": problem.file,
                "line": problem.line,
                "column_name": problem.column,
                "reason": problem.reason,
            }
            for problem_id, problem in zip(uuid7_many(len(done.problems)), done.problems, strict=True)
        ],
    )
    ImportRun.rows().filter(id=import_id).update(
        status="done", counts=dict(done.counts), problem_count=len(done.problems), finished_at=at
    )
