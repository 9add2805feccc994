"""Files: chosen, looked at as they will be read, read in the background, with a report of odd rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import path

from aftermile.capabilities.team.public import Permission, names_of
from aftermile.connectors.files.cells import Conventions, DateOrder
from aftermile.connectors.files.fields import FileKind
from aftermile.connectors.files.mapping import ColumnMapping, fields_of, suggest
from aftermile.connectors.files.problems import FileUnreadable
from aftermile.doors.console import words
from aftermile.doors.console.csv_file import csv_file
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.facts import in_words
from aftermile.doors.console.page import Crumb, Done, Note, Page
from aftermile.doors.console.staff_only import act, console_page
from aftermile.doors.console.uploads import LARGEST_UPLOAD_BYTES, is_too_large
from aftermile.intake.public import (
    GivenFile,
    ImportFileView,
    ImportNotFound,
    ImportStatus,
    ImportView,
    KindUnknown,
    change_import,
    drop_import,
    files_of_import,
    given_file,
    import_problems,
    import_run,
    keep_files,
    list_imports,
    start_import,
    stop_import,
)
from aftermile.kernel.errors import Invalid
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id

_MANAGE = Permission.CONNECTIONS_MANAGE
_MOST_FILES = 10
_PROBLEMS_SHOWN = 20
_FACTS_SHOWN = 6
_LONGEST_NAME = 200

KINDS = {
    FileKind.ORDERS: "Orders, a row each",
    FileKind.ORDERS_WITH_LINES: "Orders with their items, a row per item",
    FileKind.ORDER_LINES: "Items of orders",
    FileKind.SHIPMENTS: "Shipments",
    FileKind.TRACKING_EVENTS: "Scans of parcels",
    FileKind.SHOPPERS: "Shoppers",
    FileKind.PRODUCTS: "Products",
    FileKind.REFUNDS: "Refunds",
}
_DATE_ORDERS = (
    ("", "As the dates show themselves"),
    ("dmy", "Day first: 31/12"),
    ("mdy", "Month first: 12/31"),
)
_DECIMAL_MARKS = (
    ("", "As the amounts show themselves"),
    (".", "A point: 1,234.50"),
    (",", "A comma: 1.234,50"),
)
_STATES = {
    ImportStatus.DRAFT: ("calm", "Not begun"),
    ImportStatus.PENDING: ("calm", "Waits for its turn"),
    ImportStatus.RUNNING: ("calm", "Being read"),
    ImportStatus.DONE: ("ok", "Read"),
    ImportStatus.STOPPED: ("watch", "Stopped"),
    ImportStatus.FAILED: ("broken", "Could not be read"),
}


class UploadUnusable(Invalid):
    """Chosen files that cannot be taken: none, too many, too large, or no CSV."""

    code = "upload_unusable"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file, an example from it, and what it is read as."""

    name: str  # of its field in the form
    header: str
    sample: str
    field: str


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file of an import as it is shown."""

    key: str
    name: str
    size: str
    kind: str
    columns: tuple[Column, ...]
    fields: tuple[tuple[str, str], ...]  # ours, and how it is said
    told: tuple[tuple[str, str, str], ...]
    problems: tuple[Any, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]


@console_page(_MANAGE)
def listed(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """List imports, and ask for files."""
    return _list(desk)


@act(_MANAGE)
def upload(request: HttpRequest, desk: Desk) -> Done | Page:
    """Keep files as they came, to be looked at."""
    try:
        files = _taken(request)
    except (UploadUnusable, FileUnreadable) as problem:
        return _list(desk, problem=str(problem), status=422)
    conventions = Conventions(
        currency=desk.merchant.currency, country=desk.merchant.country, time_zone=desk.merchant.time_zone
    )
    names = ", ".join(file.name for file in files)
    import_id = keep_files(
        name=names, files=files, by=desk.by, at=desk.at, conventions=conventions, is_draft=True
    )
    key = public_id("imp", import_id)
    return Done(
        said="Nothing is read yet. Look at what each column is taken for, then import.",
        back=desk.url("console-import", key),
        notes=(Note(act="import.upload", subject=key, summary=f"Uploaded {_files(len(files))}"),),
        tone="calm",
    )


@console_page(_MANAGE)
def one(request: HttpRequest, desk: Desk, key: str) -> Page:
    """Show one import: how its files will be read, how far it is, or what came of it."""
    return _one(desk, import_run(_read(key)), is_piece="HX-Request" in request.headers)


@act(_MANAGE)
def change(request: HttpRequest, desk: Desk, key: str) -> Done | Page:
    """Read columns as something else, and show the first rows so."""
    view = import_run(_read(key))
    if problem := _change(request, view):
        return _one(desk, view, problem=problem, status=422)
    return Done(
        said="This is how the first rows are read now. Nothing is imported yet.",
        back=desk.url("console-import", key),
        notes=(Note(act="import.change", subject=key, summary="Changed how files are read"),),
        tone="calm",
    )


@act(_MANAGE)
def start(request: HttpRequest, desk: Desk, key: str) -> Done | Page:
    """Have the files read in the background, as the form says."""
    view = import_run(_read(key))
    if "kinds" in request.POST and (problem := _change(request, view)):
        return _one(desk, view, problem=problem, status=422)
    start_import(import_id=view.id)
    return Done(
        said="The files are being read. You may leave this page; it will be here.",
        back=desk.url("console-import", key),
        notes=(Note(act="import.start", subject=key, summary="Began to import files"),),
        tone="calm",
    )


@act(_MANAGE)
def stop(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Stop an import; what was taken in stays."""
    if not stop_import(import_id=import_run(_read(key)).id):
        return Done(said="It was over already.", back=desk.url("console-import", key), notes=(), tone="calm")
    return Done(
        said="Stopped. What was read until now stays; import again to read the rest.",
        back=desk.url("console-import", key),
        notes=(Note(act="import.stop", subject=key, summary="Stopped an import"),),
    )


@act(_MANAGE)
def remove(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Remove an import's files and its report; what was taken in stays."""
    drop_import(import_id=_read(key))
    return Done(
        said="The files are removed. What was read from them stays.",
        back=desk.url("console-imports"),
        notes=(Note(act="import.remove", subject=key, summary="Removed imported files"),),
    )


@console_page(_MANAGE)
def problems(request: HttpRequest, desk: Desk, key: str) -> HttpResponse:  # noqa: ARG001
    """Send the rows that could not be read as a file."""
    view = import_run(_read(key))
    return csv_file(
        f"{key}-problems.csv",
        ("file", "line", "column", "reason"),
        ((each.file_name, each.line, each.column_name, each.reason) for each in import_problems(view.id)),
    )


def _taken(request: HttpRequest) -> list[GivenFile]:
    sent = [each for each in request.FILES.getlist("files") if isinstance(each, UploadedFile)]
    if is_too_large(request):
        raise UploadUnusable(
            f"These files are larger than {_size(LARGEST_UPLOAD_BYTES)} together. Send them one by one, or have"
            " whoever runs the server use “aftermile import”, which has no such bound."
        )
    if not sent:
        raise UploadUnusable("Choose a file first.")
    if len(sent) > _MOST_FILES:
        raise UploadUnusable(f"At most {_MOST_FILES} files at once; these are {len(sent)}.")
    return [_given((each.name or "file.csv")[-_LONGEST_NAME:], each.read()) for each in sent]


def _given(name: str, body: bytes) -> GivenFile:
    try:
        return given_file(name, body)
    except KindUnknown:
        # Shown as what files mostly are; whoever sent it says what it is.
        return given_file(name, body, kind=FileKind.ORDERS)


def _change(request: HttpRequest, view: ImportView) -> str:
    """Change how an import is read as a form says; return what is wrong with it."""
    posted = request.POST
    conventions = replace(
        view.conventions,
        date_order=DateOrder(posted["date_order"]) if posted.get("date_order") in set(DateOrder) else None,
        decimal_mark=posted.get("decimal_mark", "") if posted.get("decimal_mark") in {".", ","} else "",
        time_zone=posted.get("time_zone", "").strip(),
    )
    try:
        conventions.zone()
    except FileUnreadable as problem:
        return f"{problem}."
    mappings: dict[UUID, ColumnMapping] = {}
    for file in files_of_import(view.id, conventions=conventions):
        name = str(file.id)
        kind = posted.get(f"kind-{name}", "")
        if kind not in set(FileKind):
            continue
        if kind != file.mapping.kind:
            # What the columns were read as is said in the words of another kind.
            mappings[file.id] = suggest(file.headers, FileKind(kind)) or file.mapping
            continue
        columns: dict[str, str] = {}
        for index, header in enumerate(file.headers):
            field = posted.get(f"column-{name}-{index}", "")
            if field not in fields_of(FileKind(kind)):
                continue
            if field in columns:
                return f"{file.name}: two columns are read as {_said(field).lower()}; choose one of them."
            columns[field] = header
        mappings[file.id] = ColumnMapping(kind=FileKind(kind), columns=columns)
    change_import(import_id=view.id, mappings=mappings, conventions=conventions)
    return ""


def _list(desk: Desk, *, problem: str = "", status: int = 200) -> Page:
    return Page(
        template="console/imports/list.html",
        title="Files",
        place="connections",
        crumbs=(Crumb("Connections", desk.url("console-connections")), Crumb("Files")),
        status=status,
        values={
            "problem": problem,
            "largest": _size(LARGEST_UPLOAD_BYTES),
            "most": _MOST_FILES,
            "rows": [
                {
                    "url": desk.url("console-import", public_id("imp", each.id)),
                    "name": each.name,
                    "at": each.created_at,
                    "tone": _STATES[each.status][0],
                    "word": _STATES[each.status][1],
                    "said": _came(each),
                    "problem_count": each.problem_count,
                }
                for each in list_imports()
            ],
        },
    )


def _one(
    desk: Desk, view: ImportView, *, problem: str = "", status: int = 200, is_piece: bool = False
) -> Page:
    key = public_id("imp", view.id)
    files = [] if view.is_under_way else files_of_import(view.id, conventions=view.conventions)
    return Page(
        template="console/imports/one.html",
        title=view.name,
        place="connections",
        crumbs=(
            Crumb("Connections", desk.url("console-connections")),
            Crumb("Files", desk.url("console-imports")),
            Crumb(view.name),
        ),
        status=status,
        parts={"import": "console/imports/_progress.html"},
        values={
            "key": key,
            "here": desk.url("console-import", key),
            "problem": problem,
            "is_piece": is_piece,
            "view": view,
            "tone": _STATES[view.status][0],
            "word": _STATES[view.status][1],
            "who": names_of([view.by])[view.by],
            "is_draft": view.status == ImportStatus.DRAFT,
            "is_failed": view.status == ImportStatus.FAILED,
            "is_stopped": view.status == ImportStatus.STOPPED,
            "came": _came(view),
            "expected": max(view.row_count, view.read_count, 1),
            "problems": list(import_problems(view.id, limit=_PROBLEMS_SHOWN)) if view.problem_count else [],
            "files": [_part(each) for each in files],
            "kinds": list(KINDS.items()),
            "date_orders": _DATE_ORDERS,
            "date_order": view.conventions.date_order or "",
            "decimal_marks": _DECIMAL_MARKS,
            "decimal_mark": view.conventions.decimal_mark,
            "time_zone": view.conventions.time_zone,
            "currency": view.conventions.currency,
        },
    )


def _part(file: ImportFileView) -> FilePart:
    read_as = {header: field for field, header in file.mapping.columns.items()}
    return FilePart(
        key=str(file.id),
        name=file.name,
        size=_size(file.byte_count),
        kind=file.mapping.kind,
        columns=tuple(
            Column(f"column-{file.id}-{index}", header, file.samples.get(header, ""), read_as.get(header, ""))
            for index, header in enumerate(file.headers)
        ),
        fields=tuple((name, _said(name)) for name in fields_of(file.mapping.kind)),
        told=tuple(in_words(fact) for fact in file.facts[:_FACTS_SHOWN]),
        problems=file.problems,
        missing=tuple(each.replace("_", " ") for each in file.missing),
        notes=file.notes,
    )


def _came(view: ImportView) -> str:
    """Say what came of an import."""
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in view.counts.items())


def _said(field: str) -> str:
    return words.spelled(field)


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"


def _size(count: int) -> str:
    if count < 1024:
        return f"{count} bytes"
    return f"{count / 1024:,.0f} kB" if count < 1_048_576 else f"{count / 1_048_576:,.0f} MB"


def _read(key: str) -> UUID:
    try:
        return read_public_id("imp", key)
    except BadPublicId:
        raise ImportNotFound from None


urls = [
    path("imports/", listed, name="console-imports"),
    path("imports/upload/", upload, name="console-import-upload"),
    path("imports/<str:key>/", one, name="console-import"),
    path("imports/<str:key>/change/", change, name="console-import-change"),
    path("imports/<str:key>/start/", start, name="console-import-start"),
    path("imports/<str:key>/stop/", stop, name="console-import-stop"),
    path("imports/<str:key>/remove/", remove, name="console-import-remove"),
    path("imports/<str:key>/problems.csv", problems, name="console-import-problems"),
]
