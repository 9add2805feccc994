"""Segments: conditions with a name, counted while one builds them; who is in them, and as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict, StreamingHttpResponse
from django.urls import path
from django.utils.html import format_html

from aftermile.capabilities.segments.public import (
    About,
    Condition,
    ConditionUnreadable,
    SegmentNotFound,
    SegmentUnusable,
    SegmentView,
    archive_segment,
    check_countable,
    condition_of,
    count_each,
    count_members,
    keep_segment,
    list_segments,
    members,
    read_condition,
    say_condition,
    segment,
)
from aftermile.capabilities.shoppers.public import shopper_summaries
from aftermile.capabilities.team.public import Permission
from aftermile.doors.console import condition_form, words
from aftermile.doors.console.csv_file import safe_cell
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Crumb, Done, Note, Page, Undo
from aftermile.doors.console.paging import SIZE, paging
from aftermile.doors.console.staff_only import act, console_page, either
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id
from aftermile.kernel.tenancy import merchant_scope

_READ, _WRITE = Permission.SHOPPERS_READ, Permission.MESSAGES_MANAGE
_ABOUT = frozenset({About.SHOPPER})
_PORTION = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A segment as it is listed; one that is put away is not counted."""

    key: str
    name: str
    url: str
    said: str
    count: int | None
    share: str
    changed_at: datetime
    archived: bool


@dataclass(slots=True, kw_only=True)
class Editing:
    """What is being written."""

    name: str
    condition: dict[str, Any]
    problem: str = ""
    focus: str = ""


@console_page(_READ)
def all_of_them(request: HttpRequest, desk: Desk) -> Page:
    """List segments with how many are in them now."""
    archived = request.GET.get("state") == "archived"
    after = _maybe(request.GET.get("after", ""))
    found = list_segments(archived=archived, after=after, limit=SIZE + 1)
    shown = found[:SIZE]
    conditions = [condition_of(view) for view in shown]
    counts, everybody = ([], 0) if archived else count_each(conditions, at=desk.at)
    rows = [
        _row(view, desk, condition, counts[n] if counts else None, everybody)
        for n, (view, condition) in enumerate(zip(shown, conditions, strict=True))
    ]
    return Page(
        template="console/segments/list.html",
        title="Segments",
        place="segments",
        values={
            "rows": rows,
            "archived": archived,
            "here": desk.url("console-segments"),
            "may_write": desk.may(_WRITE),
            "paging": paging(
                request,
                next_cursor=rows[-1].key if len(found) > SIZE else "",
                told=f"{len(rows)} segment{'' if len(rows) == 1 else 's'} shown",
            ),
        },
        parts={"list": "console/segments/_rows.html"},
    )


@console_page(_READ)
def one(request: HttpRequest, desk: Desk, key: str) -> Page:
    """Show a segment: what it asks, how many are in it, and who."""
    view = _read(key)
    condition = condition_of(view)
    matched, everybody = count_members(condition, at=desk.at)
    after = _maybe(request.GET.get("after", ""), "shp")
    ids = members(condition, at=desk.at, after=after, limit=SIZE + 1)
    shown = ids[:SIZE]
    people = shopper_summaries(shown) if shown else {}
    return Page(
        template="console/segments/one.html",
        title=view.name,
        place="segments",
        crumbs=(Crumb("Segments", desk.url("console-segments")), Crumb(view.name)),
        values={
            "key": key,
            "view": view,
            "said": say_condition(condition),
            "count": matched,
            "share": _share(matched, everybody),
            "everybody": everybody,
            "rows": [
                (
                    desk.url("console-shopper", public_id("shp", each)),
                    people[each].name if each in people else "",
                    people[each].email if each in people else "",
                    words.country(people[each].country) if each in people and people[each].country else "",
                )
                for each in shown
            ],
            "may_write": desk.may(_WRITE),
            "may_export": desk.may(Permission.EXPORTS_MAKE),
            "paging": paging(
                request,
                next_cursor=public_id("shp", shown[-1]) if len(ids) > SIZE else "",
                told=f"{len(shown)} of {matched:,} shown",
            ),
        },
        parts={"list": "console/segments/_members.html"},
    )


@console_page(Permission.EXPORTS_MAKE)
def file(request: HttpRequest, desk: Desk, key: str) -> StreamingHttpResponse:  # noqa: ARG001
    """Send who is in a segment as a CSV file, written while it is sent."""
    view = _read(key)
    condition, at, merchant_id = condition_of(view), desk.at, desk.merchant.id
    may_name = desk.may(_READ)

    def parts() -> Iterator[bytes]:
        yield b"\xef\xbb\xbfshopper,name,email,phone,country,language\r\n"
        after: UUID | None = None
        while True:
            # Each part in a scope of its own: the page's is closed when the file is sent.
            with merchant_scope(merchant_id):
                ids = members(condition, at=at, after=after, limit=_PORTION)
                people = shopper_summaries(ids) if ids and may_name else {}
            yield b"".join(_csv_line(each, people.get(each)) for each in ids)
            if len(ids) < _PORTION:
                return
            after = ids[-1]

    response = StreamingHttpResponse(parts(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="segment-{at:%Y-%m-%d-%H%M}.csv"'
    return response


@console_page(_WRITE)
def edit(request: HttpRequest, desk: Desk, key: str) -> Page:  # noqa: ARG001
    """Open a segment for writing."""
    view = _read(key)
    return _page(desk, Editing(name=view.name, condition=condition_form.grouped(view.condition)), key)


@act(_WRITE)
def edited(request: HttpRequest, desk: Desk, key: str) -> Done | Page:
    """Take the editor's form and do what its button asks."""
    return _taken(request.POST, desk, key, _read(key).id)


@console_page(_WRITE)
def new(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """Begin a segment."""
    return _page(desk, Editing(name="", condition={"all": [{"field": "", "is": ""}]}), "")


@act(_WRITE)
def newly(request: HttpRequest, desk: Desk) -> Done | Page:
    """Take the form of a segment that is not kept yet."""
    return _taken(request.POST, desk, "", None)


@act(_WRITE)
def archive(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Take a segment out of use."""
    view = archive_segment(segment_id=_read(key).id, by=desk.by, at=desk.at)
    return Done(
        said=f"“{view.name}” is archived. Journeys keep their own conditions.",
        back=desk.url("console-segments"),
        notes=(Note(act="segment.archive", subject=key, summary=f"Archived the segment “{view.name}”"),),
        undo=Undo(action=desk.url("console-segment-restore", key)),
    )


@act(_WRITE)
def restore(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Bring a segment back."""
    view = _read(key)
    keep_segment(name=view.name, condition=dict(view.condition), segment_id=view.id, by=desk.by, at=desk.at)
    return Done(
        said=f"“{view.name}” is in use again.",
        back=desk.url("console-segment", key),
        notes=(Note(act="segment.restore", subject=key, summary=f"Brought back the segment “{view.name}”"),),
    )


def _taken(data: QueryDict, desk: Desk, key: str, segment_id: UUID | None) -> Done | Page:
    editing = Editing(name=data.get("name", "")[:400], condition=condition_form.take(data, "c"))
    wanted = data.get("do", "")
    if wanted == "save":
        return _saved(desk, editing, key, segment_id)
    if wanted.startswith("c:"):
        former = editing.condition
        editing.condition = condition_form.change(former, wanted[2:], "c")
        what, _, where = wanted[2:].partition(":")
        if what == "add" and where == "c":
            editing.focus = f"c-{len(next(iter(editing.condition.values()))) - 1}-field"
    return _page(desk, editing, key)


def _saved(desk: Desk, editing: Editing, key: str, segment_id: UUID | None) -> Done | Page:
    try:
        view = keep_segment(
            name=editing.name,
            condition=condition_form.written(editing.condition) or {},
            segment_id=segment_id,
            by=desk.by,
            at=desk.at,
        )
    except SegmentUnusable as refusal:
        editing.problem, editing.focus = refusal.message, "name"
        return _page(desk, editing, key, status=422)
    except ConditionUnreadable:
        return _page(desk, editing, key, status=422)
    made = public_id("seg", view.id)
    return Done(
        said=f"“{view.name}” is kept.",
        back=desk.url("console-segment", made),
        notes=(
            Note(
                act="segment.keep",
                subject=made,
                summary=f"{'Changed' if segment_id else 'Made'} the segment “{view.name}”",
                details={"condition": json.dumps(view.condition)[:2000]},
            ),
        ),
    )


def _page(desk: Desk, editing: Editing, key: str, *, status: int = 200) -> Page:
    builder = condition_form.builder(editing.condition, "c", about=_ABOUT, countable=True)
    counted: tuple[int, int] | None = None
    condition = _readable(editing.condition)
    if condition is not None:
        counted = count_members(condition, at=desk.at)
    here = desk.url("console-segment-edit", key) if key else desk.url("console-segment-new")
    name = segment(read_public_id("seg", key)).name if key else ""
    return Page(
        template="console/segments/edit.html",
        title=f"Edit “{name}”" if key else "New segment",
        place="segments",
        crumbs=(
            Crumb("Segments", desk.url("console-segments")),
            *([Crumb(name, desk.url("console-segment", key))] if key else []),
            Crumb("Edit" if key else "New"),
        ),
        values={
            "key": key,
            "here": here,
            "editing": editing,
            "builder": builder,
            "hows": condition_form.HOW,
            "refreshes": format_html(' hx-post="{}" hx-trigger="change"', here),
            "says": format_html(
                ' hx-post="{}" hx-trigger="input changed delay:400ms" hx-target="#said" hx-swap="outerHTML"',
                here,
            ),
            "counted": counted,
            "share": _share(*counted) if counted else "",
            "back_url": desk.url("console-segment", key) if key else desk.url("console-segments"),
        },
        parts={
            "editor": "console/segments/_editor.html",
            "said": "console/segments/_said_and_counted.html",
        },
        status=status,
    )


def _readable(plain: Mapping[str, Any]) -> Condition | None:
    try:
        condition = read_condition(condition_form.written(plain), about=_ABOUT)
        check_countable(condition)
    except ConditionUnreadable:
        return None
    return condition


def _row(view: SegmentView, desk: Desk, condition: Condition, matched: int | None, everybody: int) -> Row:
    return Row(
        key=public_id("seg", view.id),
        name=view.name,
        url=desk.url("console-segment", public_id("seg", view.id)),
        said=say_condition(condition),
        count=matched,
        share=_share(matched, everybody) if matched is not None else "",
        changed_at=view.changed_at,
        archived=view.archived,
    )


def _share(matched: int, everybody: int) -> str:
    if not everybody:
        return ""
    share = matched / everybody * 100
    return f"{share:.0f} %" if share >= 10 or not share else f"{share:.1f} %"


def _csv_line(shopper_id: UUID, person: Any) -> bytes:
    cells = [public_id("shp", shopper_id)]
    if person is not None:
        cells += [person.name, person.email, person.phone, person.country, person.language]
    quoted = ('"' + safe_cell(cell).replace('"', '""') + '"' for cell in cells)
    return (",".join(quoted) + "\r\n").encode()


def _read(key: str) -> SegmentView:
    found = _maybe(key)
    if found is None:
        raise SegmentNotFound
    return segment(found)


def _maybe(key: str, prefix: str = "seg") -> UUID | None:
    try:
        return read_public_id(prefix, key) if key else None
    except BadPublicId:
        return None


urls = [
    path("segments/", all_of_them, name="console-segments"),
    path("segments/new/", either(new, newly), name="console-segment-new"),
    path("segments/<str:key>/", one, name="console-segment"),
    path("segments/<str:key>/members.csv", file, name="console-segment-file"),
    path("segments/<str:key>/edit/", either(edit, edited), name="console-segment-edit"),
    path("segments/<str:key>/archive/", archive, name="console-segment-archive"),
    path("segments/<str:key>/restore/", restore, name="console-segment-restore"),
]
