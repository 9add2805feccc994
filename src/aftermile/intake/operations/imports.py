"""Imports that staff look at first: change how files are read, start, stop, remove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from uuid import UUID

from aftermile.connectors.files.cells import Conventions
from aftermile.connectors.files.fields import FileKind
from aftermile.connectors.files.mapping import ColumnMapping, missing_required
from aftermile.connectors.files.problems import FileUnreadable
from aftermile.intake.models import ImportFile, ImportRun
from aftermile.intake.operations.import_files import ImportNotFound, run_import
from aftermile.intake.states import UNDER_WAY, ImportStatus
from aftermile.kernel import jobs
from aftermile.kernel.errors import Conflict, Invalid
from aftermile.kernel.tenancy import current_merchant_id, run_in_scope, went_away


class ImportUnderWay(Conflict):
    """Files are being read; how they are read does not change meanwhile."""

    code = "import_under_way"
    message = "This import is under way. Stop it first, or wait until it is done."


class ImportIncomplete(Invalid):
    """A file lacks a column without which its rows cannot be read."""

    code = "import_incomplete"


def change_import(
    *, import_id: UUID, mappings: Mapping[UUID, ColumnMapping], conventions: Conventions
) -> None:
    """Change how an import's files are read, by the id of the file.

    :raises ImportNotFound: no such import.
    :raises ImportUnderWay: it is being read.
    """
    run = _at_rest(import_id)
    run.conventions = asdict(conventions)
    run.save(update_fields=["conventions"])
    for file_id, mapping in mappings.items():
        ImportFile.rows().filter(run_id=import_id, id=file_id).update(
            kind=mapping.kind, mapping=dict(mapping.columns)
        )


def start_import(*, import_id: UUID) -> None:
    """Have an import's files read in the background, for the first time or once more.

    :raises ImportNotFound: no such import, or its files are gone.
    :raises ImportUnderWay: it is being read already.
    :raises ImportIncomplete: a column is missing without which rows cannot be read.
    """
    run = _at_rest(import_id)
    files = list(ImportFile.rows().filter(run_id=import_id).values_list("name", "kind", "mapping"))
    if not files:
        raise ImportNotFound("The files of this import are gone. Choose them again; nothing else is lost.")
    for name, kind, columns in files:
        if missing := missing_required(ColumnMapping(kind=FileKind(kind), columns=columns)):
            told = ", ".join(each.replace("_", " ") for each in missing)
            raise ImportIncomplete(f"{name}: say which column holds {told}.")
    run.status, run.failure, run.read_count, run.finished_at = ImportStatus.PENDING, "", 0, None
    run.attempt += 1
    run.save()
    jobs.defer("intake.import", merchant_id=current_merchant_id(), run=str(import_id), attempt=run.attempt)


def stop_import(*, import_id: UUID) -> bool:
    """Stop an import before its next batch; what was taken in stays. Returns whether it was under way."""
    return bool(
        ImportRun.rows().filter(id=import_id, status__in=UNDER_WAY).update(status=ImportStatus.STOPPED)
    )


def drop_import(*, import_id: UUID) -> None:
    """Remove an import with its files and its report; what was taken in stays.

    :raises ImportNotFound: no such import.
    :raises ImportUnderWay: it is being read.
    """
    _at_rest(import_id).delete()


def import_in_background(merchant_id: UUID, import_id: UUID, *, attempt: int) -> None:
    """Read an import's files to their end, and say in words where that cannot be."""
    try:
        run_import(merchant_id, import_id, attempt=attempt)
    except ImportNotFound:
        return  # removed meanwhile
    except FileUnreadable as unreadable:
        reason = str(unreadable)
        run_in_scope(merchant_id, lambda: _fail(import_id, attempt, reason))
    except Exception as failure:
        # Said to whoever waits for it; whoever runs the house sees the job fail.
        if not went_away(failure):
            run_in_scope(merchant_id, lambda: _fail(import_id, attempt, "Something went wrong on our side."))
        raise


def _at_rest(import_id: UUID) -> ImportRun:
    run = ImportRun.rows().select_for_update().filter(id=import_id).first()
    if run is None:
        raise ImportNotFound
    if run.status in UNDER_WAY:
        raise ImportUnderWay
    return run


def _fail(import_id: UUID, attempt: int, failure: str) -> None:
    ImportRun.rows().filter(id=import_id, attempt=attempt, status__in=UNDER_WAY).update(
        status=ImportStatus.FAILED, failure=failure
    )
