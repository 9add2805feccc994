"""Take files in: kept as they came, read in batches, odd rows told with their line."""

from __future__ import annotations

import io
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from uuid import UUID

from django.db.models import F

from aftermile.connectors.contracts.facts import Fact, UnknownWord
from aftermile.connectors.files.cells import Conventions, DateOrder
from aftermile.connectors.files.fields import FileKind
from aftermile.connectors.files.mapping import ColumnMapping, suggest
from aftermile.connectors.files.problems import FileUnreadable, RowProblem
from aftermile.connectors.files.reading import SourceFile, read_files
from aftermile.connectors.files.table import open_table
from aftermile.intake.models import ImportFile, ImportProblem, ImportRun
from aftermile.intake.operations.apply import Origin, apply
from aftermile.intake.operations.count_unknown import count_unknown
from aftermile.intake.states import UNDER_WAY, ImportStatus
from aftermile.kernel.clock import now
from aftermile.kernel.errors import NotFound
from aftermile.kernel.ids import public_id, uuid7, uuid7_many
from aftermile.kernel.rowsets import insert_rows, plan_anew
from aftermile.kernel.tenancy import run_in_scope

#: The namespace of the shop's own ids, shared by files and the API.
OWN_IDS = "shop"
#: Facts taken in by one transaction.
BATCH = 1000
#: Words without a meaning that an import tells of itself; all of them are counted.
MOST_UNKNOWN = 50


class ImportNotFound(NotFound):
    """No import of this merchant has the id."""

    code = "import_not_found"
    message = "There is no such import here; perhaps it is older than what is kept."


class KindUnknown(FileUnreadable):
    """A CSV file whose header fits no kind we read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFile:
    """One file with how its columns are read."""

    name: str
    mapping: ColumnMapping
    body: bytes


@dataclass(slots=True)
class Imported:
    """What became of an import; `unknown` counts the words nobody has given a meaning yet.

    `is_whole`: nobody stopped it half way.
    """

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)
    unknown: Counter[UnknownWord] = field(default_factory=Counter)
    is_whole: bool = True


Progress = Callable[[int], None]


def given_file(name: str, body: bytes, *, kind: FileKind | None = None) -> GivenFile:
    """Recognize a file by its header.

    :param kind: what its rows are, where that is known; else it is recognized, too.
    :raises KindUnknown: a CSV file, but of no kind we read.
    :raises FileUnreadable: no CSV file.
    """
    table = open_table(name, lambda: io.BytesIO(body))
    mapping = suggest(table.headers, kind)
    if mapping is None:
        raise KindUnknown(
            f"{name}: its columns ({', '.join(table.headers[:12])}) fit no kind of file we read."
        )
    return GivenFile(name=name, mapping=mapping, body=body)


def keep_files(
    *,
    name: str,
    files: Sequence[GivenFile],
    by: str,
    at: datetime,
    conventions: Conventions | None = None,
    is_draft: bool = False,
) -> UUID:
    """Store the files of an import as they came; `run_import` reads them, now or again later.

    :param is_draft: somebody looks first at how they are read (`change_import`), then starts it.
    """
    run = ImportRun(
        id=uuid7(),
        name=name,
        status=ImportStatus.DRAFT if is_draft else ImportStatus.PENDING,
        conventions=asdict(conventions or Conventions()),
        row_count=sum(file.body.count(b"\n") for file in files),
        by=by,
        created_at=at,
    )
    run.save(force_insert=True)
    for file in files:
        ImportFile(
            id=uuid7(),
            run_id=run.id,
            name=file.name,
            kind=file.mapping.kind,
            mapping=dict(file.mapping.columns),
            body=zlib.compress(file.body, 1),
            byte_count=len(file.body),
        ).save(force_insert=True)
    return run.id


def run_import(
    merchant_id: UUID, import_id: UUID, *, attempt: int = 0, on_progress: Progress | None = None
) -> Imported:
    """Read the kept files of an import and take their facts in, a batch at a time.

    Each batch is one transaction, with the count of how far it is. Killed half way, it is simply run again:
    what was taken in changes nothing the second time. Stopped by somebody, it ends before the next batch.

    :param attempt: which of its starts this is; of an older one nothing more is read.
    :param on_progress: told the number of facts and problems after each batch.
    :raises ImportNotFound: no such import, or its files are gone.
    :raises FileUnreadable: a file that is no CSV, or lacks a column its mapping names.
    """
    kept = run_in_scope(merchant_id, lambda: list(ImportFile.rows().filter(run_id=import_id).order_by("id")))
    if not kept:
        raise ImportNotFound
    conventions = run_in_scope(merchant_id, lambda: _begin(import_id, attempt))
    done = Imported(is_whole=conventions is not None)
    if conventions is None:
        return done
    origin = Origin(source=OWN_IDS, by=f"import:{public_id('imp', import_id)}")
    told = read_files([_source(file) for file in kept], conventions=conventions, unknown=done.unknown)
    for batch in _batches(told):
        facts = [each for each in batch if not isinstance(each, RowProblem)]
        problems = [each for each in batch if isinstance(each, RowProblem)]
        counts = run_in_scope(
            merchant_id, partial(_take_in, import_id, attempt, facts, len(problems), origin)
        )
        if counts is None:
            done.is_whole = False
            break
        done.counts.update(counts)
        done.problems += problems
        if on_progress is not None:
            on_progress(len(batch))
    run_in_scope(merchant_id, lambda: _finish(import_id, attempt, done))
    return done


def conventions_of(kept: Mapping[str, str | None]) -> Conventions:
    """Read conventions as an import keeps them."""
    order = kept.get("date_order")
    texts = {name: value for name, value in kept.items() if name != "date_order" and value}
    return Conventions(**texts, date_order=DateOrder(order) if order else None)


def _begin(import_id: UUID, attempt: int) -> Conventions | None:
    """Note that an import is read from its beginning; None when nobody wants it any more."""
    run = (
        ImportRun.rows()
        .select_for_update()
        .filter(id=import_id, attempt=attempt, status__in=UNDER_WAY)
        .first()
    )
    if run is None:
        return None
    run.status, run.read_count, run.counts, run.failure = ImportStatus.RUNNING, 0, {}, ""
    run.save()
    return conventions_of(run.conventions)


def _take_in(
    import_id: UUID, attempt: int, facts: Sequence[Fact], problems: int, origin: Origin
) -> Mapping[str, int] | None:
    still_wanted = (
        ImportRun.rows()
        .filter(id=import_id, attempt=attempt, status=ImportStatus.RUNNING)
        .update(read_count=F("read_count") + len(facts) + problems)
    )
    if not still_wanted:
        return None
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


def _finish(import_id: UUID, attempt: int, done: Imported) -> None:
    at = now()
    run = ImportRun.rows().select_for_update().filter(id=import_id, attempt=attempt).first()
    if run is None:
        return  # removed, or begun anew
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
    if run.status == ImportStatus.RUNNING:
        run.status = ImportStatus.DONE
    run.counts, run.problem_count, run.finished_at = dict(done.counts), len(done.problems), at
    run.unknown = [
        {"what": word.what, "word": word.word, "count": count}
        for word, count in done.unknown.most_common(MOST_UNKNOWN)
    ]
    run.save()
