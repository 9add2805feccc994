"""Shipping: methods, zones, rates, transit times, carriers' days, peaks and returns, with what a shopper would be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.urls import path

from aftermile.capabilities.brands.public import brand
from aftermile.capabilities.shipping.public import (
    Kind,
    ShippingPlan,
    ShippingTableChanged,
    ShippingTableUnreadable,
    Table,
    TableView,
    change_table,
    check_table,
    read_plan,
    restore_table,
    table_views,
)
from aftermile.capabilities.team.public import Permission
from aftermile.connectors.recognition import couriers
from aftermile.doors.assets import address
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Done, Note, Page, Undo
from aftermile.doors.console.pages.shipping_cells import (
    COLUMNS,
    WEEKDAYS,
    Column,
    Typed,
    as_text,
    empty_row,
    from_text,
    is_empty,
    read,
    read_cell,
    typed,
)
from aftermile.doors.console.pages.shipping_preview import Sample, preview
from aftermile.doors.console.staff_only import act, console_page
from aftermile.kernel.languages import LANGUAGES
from aftermile.kernel.working_calendar import working_calendar

_MAY = Permission.SETTINGS_MANAGE
#: More rows than these are edited as text: a form of thousands of fields helps nobody.
_MOST_IN_FORM = 80
_LONGEST_TEXT = 400_000

_ABOUT = {
    Table.METHODS: ("Methods", "What a shopper can choose, in this order."),
    Table.ZONES: (
        "Zones",
        "Where shipping costs the same. The narrowest area counts: a postcode before a country.",
    ),
    Table.RATES: ("Rates", "Read from the top: the first line that fits is the price."),
    Table.TRANSIT: (
        "Transit times",
        "Business days from the hand-over to the door. The narrowest line counts.",
    ),
    Table.CARRIERS: (
        "Carriers' days",
        "On which days a carrier collects and delivers. Unsaid: Monday to Friday.",
    ),
    Table.PEAKS: (
        "Peak season",
        "Parcels handed over on these days may take longer; nothing sent later overtakes.",
    ),
    Table.ORIGINS: (
        "Other origins",
        "When people work where parcels leave that do not leave from the shop. Empty cells: as in the shop.",
    ),
    Table.RETURNS: ("Returns", "What is said about returns beside each delivery date."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of the form. `choices`: value and label; `ticks`: of a week, label and whether it is ticked."""

    name: str
    label: str
    column: Column
    value: str
    choices: Sequence[tuple[str, str]]
    ticks: Sequence[tuple[int, str, bool]]
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the form."""

    index: int
    key: str
    cells: Sequence[Cell]


@console_page(_MAY)
def show(request: HttpRequest, desk: Desk) -> Page:
    """Show a table, with what a shopper would be told by all of them."""
    table = _table(request.GET.get("table", Table.METHODS.value))
    views = table_views()
    sample = Sample.read(request.GET, desk.merchant.country)
    if table is Table.RETURNS:
        kept = views[table].rows[0] if views[table].rows else {}
        return _returns_page(desk, views, dict(kept), sample, {})
    rows = [typed(table, row, desk.merchant.currency) for row in views[table].rows]
    wants_text = request.GET.get("as") == "text" or len(rows) > _MOST_IN_FORM
    return _page(desk, table, views, rows, sample, text=as_text(table, rows) if wants_text else None)


@act(_MAY)
def save(request: HttpRequest, desk: Desk, table: str) -> Done | Page:
    """Keep a table; or add, move or take away a row and show the form again; or try it on a shopper."""
    which = _table(table)
    views, given = table_views(), request.POST
    sample = Sample.read(given, desk.merchant.country)
    if which is Table.RETURNS:
        return _save_returns(desk, given, views, sample)
    text = given["text"][:_LONGEST_TEXT] if "text" in given else None
    try:
        rows = _rows(which, given) if text is None else from_text(which, text)
    except ValueError as problem:
        return _page(desk, which, views, [], sample, text=text, problems={"": str(problem)}, status=422)
    step, _, place = given.get("step", "save").partition("-")
    if step in _STEPS and place.isdigit():
        return _page(desk, which, views, _STEPS[step](rows, int(place), which), sample, is_changed=True)
    rows = [row for row in rows if not is_empty(which, row)]
    wanted = [read(which, row, desk.merchant.currency) for row in rows]
    try:
        if step == "try":
            checked = check_table(which, wanted, _plan(views))
            return _page(
                desk,
                which,
                views,
                rows,
                sample,
                text=text,
                is_changed=True,
                plan=_plan(views, which, checked),
            )
        changed = change_table(table=which, rows=wanted, by=desk.by, at=desk.at, seen=given.get("seen", ""))
    except ShippingTableUnreadable as refusal:
        problems = {name: str(problem) for name, problem in refusal.details.items()}
        return _page(desk, which, views, rows, sample, text=text, problems=problems, status=422)
    except ShippingTableChanged as refusal:
        return _page(desk, which, views, rows, sample, text=text, problems={"": refusal.message}, status=422)
    return _done(desk, which, is_changed=changed, rows=len(wanted))


@act(_MAY)
def restore(request: HttpRequest, desk: Desk, table: str) -> Done:  # noqa: ARG001
    """Go back to the table before the last change."""
    which = _table(table)
    name = _ABOUT[which][0]
    if not restore_table(table=which, by=desk.by, at=desk.at):
        return Done(said="There is nothing before this.", back=_url(desk, which), notes=(), tone="calm")
    return Done(
        said=f"{name}: as they were before.",
        back=_url(desk, which),
        notes=(Note(act="shipping.restore", summary=f"Went back to the {name.lower()} before"),),
        undo=Undo(action=desk.url("console-shipping-restore", which.value)),
    )


def _done(desk: Desk, table: Table, *, is_changed: bool, rows: int) -> Done:
    name = _ABOUT[table][0]
    if not is_changed:
        return Done(said="Nothing was changed.", back=_url(desk, table), notes=(), tone="calm")
    return Done(
        said=f"{name} saved. Quotes go by them from now on.",
        back=_url(desk, table),
        notes=(
            Note(
                act="shipping.change",
                summary=f"Changed the {name.lower()} of shipping",
                details={"table": table.value, "rows": rows},
            ),
        ),
        undo=Undo(action=desk.url("console-shipping-restore", table.value)),
    )


def _save_returns(
    desk: Desk, given: QueryDict, views: Mapping[Table, TableView], sample: Sample
) -> Done | Page:
    row: dict[str, Any] = {
        "days": read_cell("count", given.get("days", ""), desk.merchant.currency),
        "is_free": "is_free" in given,
        "texts": {code: given.get(f"text_{code}", "") for code in LANGUAGES},
    }
    try:
        changed = change_table(
            table=Table.RETURNS, rows=[row], by=desk.by, at=desk.at, seen=given.get("seen", "")
        )
    except ShippingTableUnreadable as refusal:
        problems = {name.removeprefix("0."): str(problem) for name, problem in refusal.details.items()}
        return _returns_page(desk, views, row, sample, problems, status=422)
    except ShippingTableChanged as refusal:
        return _returns_page(desk, views, row, sample, {"": refusal.message}, status=422)
    return _done(desk, Table.RETURNS, is_changed=changed, rows=1)


def _add(rows: list[Typed], place: int, table: Table) -> list[Typed]:  # noqa: ARG001 - all steps take a place
    return [*rows, empty_row(table)]


def _remove(rows: list[Typed], place: int, table: Table) -> list[Typed]:  # noqa: ARG001 - all steps know the table
    return rows[:place] + rows[place + 1 :]


def _raise(rows: list[Typed], place: int, table: Table) -> list[Typed]:  # noqa: ARG001 - all steps know the table
    if 0 < place < len(rows):
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
    return rows


_STEPS = {"add": _add, "remove": _remove, "up": _raise}


def _rows(table: Table, given: QueryDict) -> list[Typed]:
    """Read the rows of the form; the last one, left empty, is kept out by whoever saves."""
    count = int(given.get("rows", "0")) if given.get("rows", "0").isdigit() else 0
    rows = []
    for index in range(min(count, _MOST_IN_FORM * 2)):
        row = {"key": given.get(f"key-{index}", "")}
        for column in COLUMNS[table]:
            name = f"{column.name}-{index}"
            if column.kind == "week":
                row[column.name] = "".join("1" if f"{name}-{day}" in given else "0" for day in range(7))
            else:
                row[column.name] = given.get(name, "")
        rows.append(row)
    return rows


def _page(
    desk: Desk,
    table: Table,
    views: Mapping[Table, TableView],
    rows: list[Typed],
    sample: Sample,
    *,
    text: str | None = None,
    problems: Mapping[str, str] | None = None,
    is_changed: bool = False,
    plan: ShippingPlan | None = None,
    status: int = 200,
) -> Page:
    problems = problems or {}
    if text is None and (not rows or not is_empty(table, rows[-1])):
        rows = [*rows, empty_row(table)]  # there is always a row to type in
    choices = _choices(_plan(views))
    return _shell(
        desk,
        table,
        views,
        sample,
        template="console/settings/shipping.html",
        values={
            "columns": COLUMNS[table],
            "lines": [_line(table, index, row, choices, problems) for index, row in enumerate(rows)],
            "count": len(rows),
            "text": text,
            "carriers": choices["carriers"]
            if any(each.choices == "carriers" for each in COLUMNS[table])
            else (),
            "row_problems": [
                f"Line {int(name.partition('.')[0]) + 2}, {name.partition('.')[2]}: {problem}"
                for name, problem in problems.items()
                if name and text is not None
            ],
            "problem": problems.get("", ""),
            "is_changed": is_changed,
            "is_ordered": table in (Table.METHODS, Table.RATES),
        },
        plan=plan,
        status=status,
    )


def _returns_page(
    desk: Desk,
    views: Mapping[Table, TableView],
    row: Mapping[str, Any],
    sample: Sample,
    problems: Mapping[str, str],
    *,
    status: int = 200,
) -> Page:
    texts = row.get("texts") or {}
    spoken = [code for code in LANGUAGES if code in brand().languages] or ["en"]
    return _shell(
        desk,
        Table.RETURNS,
        views,
        sample,
        template="console/settings/shipping_returns.html",
        values={
            "days": "" if row.get("days") is None else row["days"],
            "days_problem": problems.get("days", ""),
            "is_free": bool(row.get("is_free")),
            "texts": [
                (code, LANGUAGES[code], texts.get(code, ""), problems.get(code, "")) for code in spoken
            ],
            "unspoken": [(code, texts[code]) for code in LANGUAGES if code not in spoken and texts.get(code)],
            "problem": problems.get("", ""),
        },
        plan=None,
        status=status,
    )


def _shell(
    desk: Desk,
    table: Table,
    views: Mapping[Table, TableView],
    sample: Sample,
    *,
    template: str,
    values: Mapping[str, Any],
    plan: ShippingPlan | None,
    status: int,
) -> Page:
    """Put what all tables' pages have around one: the other tables, and what a shopper would be told."""
    calendar = working_calendar(desk.merchant)
    return Page(
        template=template,
        title="Shipping",
        place="settings",
        section="shipping",
        values={
            "sheet": address("console/shipping.css"),
            "table": table.value,
            "tabs": [(_url(desk, each), _ABOUT[each][0], each is table) for each in Table],
            "about": _ABOUT[table][1],
            "name": _ABOUT[table][0],
            "seen": views[table].revision,
            "save_at": desk.url("console-shipping-save", table.value),
            "here": _url(desk, table),
            "preview": preview(plan or _plan(views), calendar, desk, sample),
            "currency": desk.merchant.currency,
            **values,
        },
        status=status,
    )


def _line(
    table: Table,
    index: int,
    row: Typed,
    choices: Mapping[str, Sequence[tuple[str, str]]],
    problems: Mapping[str, str],
) -> Line:
    cells = [
        Cell(
            name=f"{column.name}-{index}",
            label=f"{column.label}, row {index + 1}",
            column=column,
            value=row.get(column.name, ""),
            choices=choices[column.choices] if column.kind == "choice" else (),
            ticks=[
                (day, name, row.get(column.name, "")[day : day + 1] == "1")
                for day, name in enumerate(WEEKDAYS)
            ]
            if column.kind == "week"
            else (),
            problem=problems.get(f"{index}.{column.name}", ""),
        )
        for column in COLUMNS[table]
    ]
    return Line(index=index, key=row.get("key", ""), cells=cells)


def _choices(plan: ShippingPlan) -> dict[str, Sequence[tuple[str, str]]]:
    return {
        "methods": [("", "any"), *((each.key, each.name) for each in plan.methods)],
        "zones": [("", "anywhere"), *((each.key, each.name) for each in plan.zones)],
        "kinds": [(Kind.DELIVERY.value, "Delivery"), (Kind.PICKUP.value, "Pick-up")],
        "carriers": [(slug, courier.name) for slug, courier in couriers().items()],
    }


def _plan(
    views: Mapping[Table, TableView], instead: Table | None = None, rows: Sequence[Mapping[str, Any]] = ()
) -> ShippingPlan:
    """Read all tables, one of them as it would be."""
    return read_plan({table: rows if table is instead else view.rows for table, view in views.items()})


def _table(name: str) -> Table:
    try:
        return Table(name)
    except ValueError:
        raise Http404 from None


def _url(desk: Desk, table: Table) -> str:
    whole: str = desk.url("console-shipping")
    return whole if table is Table.METHODS else f"{whole}?table={table.value}"


urls = [
    path("settings/shipping/", show, name="console-shipping"),
    path("settings/shipping/<str:table>/save/", save, name="console-shipping-save"),
    path("settings/shipping/<str:table>/restore/", restore, name="console-shipping-restore"),
]
