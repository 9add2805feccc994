"""Reads of lists: entries by filters and words, counts that stop, kept views, exports."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, Q, QuerySet, TextField

from aftermile.capabilities.search.filters import Filters, Listing
from aftermile.capabilities.search.models import Export, ExportPart, OrderEntry, ParcelEntry, SavedView
from aftermile.capabilities.search.policy import folded, forgiving
from aftermile.connectors.contracts.words import Milestone
from aftermile.kernel.errors import Invalid, NotFound
from aftermile.kernel.rowsets import plan_anew
from aftermile.kernel.tenancy import current_merchant_id

Entry = TypeVar("Entry")

TextField.register_lookup(TrigramWordSimilar)

#: Counting stops here, so that a big shop's pages cost no more than a small one's.
COUNTED_AT_MOST = 10_000
#: More words than this say nothing more; each is looked for by itself.
_MOST_WORDS = 6
#: Before the cursor of a list of what is spelled alike.
_SIMILAR = "similar~"
_OVER = (Milestone.DELIVERED, Milestone.RETURNED, Milestone.CANCELLED, Milestone.EXPIRED)


class CursorUnreadable(Invalid):
    """A place in a list that was cut off or made up."""

    code = "cursor_unreadable"
    message = "This place in the list cannot be found; begin at the top of the list. Nothing is lost."


class ExportNotFound(NotFound):
    """There is no such export here, or it was removed because of its age."""

    code = "export_not_found"
    message = "There is no such export here; files are kept for seven days. Make it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEntryView:
    id: UUID
    number: str
    source: str
    state: str
    standing: str
    placed_at: datetime
    shopper_id: UUID | None
    name: str
    email: str
    country: str
    currency: str
    total_minor: int | None
    carrier: str
    parcel_count: int
    promised_latest_date: date | None
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelEntryView:
    id: UUID
    tracking_number: str
    order_id: UUID | None
    order_number: str
    name: str
    direction: str
    milestone: str
    sub_status: str
    cause: str
    carrier: str
    service: str
    country: str
    shipped_at: datetime
    reached_at: datetime | None


@dataclass(frozen=True, slots=True)
class Found(Generic[Entry]):
    """A page of a list.

    :param after: where the next page begins, "" at the end.
    :param similar: nothing has the words as typed, and these are spelled alike.
    """

    entries: tuple[Entry, ...]
    after: str
    similar: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedViewView:
    id: UUID
    listing: Listing
    name: str
    query: str
    owner_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportView:
    """`row_count` of `expected_count` rows are written; the expectation is a count that may have moved since."""

    id: UUID
    listing: Listing
    query: str
    status: str
    wanted_by: str
    row_count: int
    expected_count: int
    byte_count: int
    problem: str
    created_at: datetime
    ready_at: datetime | None


def find_orders(filters: Filters, *, after: str = "", limit: int = 50) -> Found[OrderEntryView]:
    """List orders, the newest first, from behind a cursor. At most four statements.

    :raises CursorUnreadable: no cursor of this list.
    """
    return _find(OrderEntry, "placed_at", OrderEntryView, filters, after, limit)


def find_parcels(filters: Filters, *, after: str = "", limit: int = 50) -> Found[ParcelEntryView]:
    """List parcels, the newest first, from behind a cursor. At most four statements.

    :raises CursorUnreadable: no cursor of this list.
    """
    return _find(ParcelEntry, "shipped_at", ParcelEntryView, filters, after, limit)


def order_entries(ids: Collection[UUID]) -> dict[UUID, OrderEntryView]:
    """Read entries of orders by id; unknown ones are left out. One statement."""
    rows = OrderEntry.rows().filter(id__in=set(ids))
    return {row.id: _view(row, OrderEntryView) for row in rows}


def orders_of_shopper(shopper_id: UUID, *, after: str = "", limit: int = 50) -> Found[OrderEntryView]:
    """List a shopper's orders, the newest first, from behind a cursor. One statement.

    :raises CursorUnreadable: no cursor of this list.
    """
    rows = OrderEntry.rows().filter(shopper_id=shopper_id)
    if after:
        rows = _behind(rows, "placed_at", after)
    found = list(rows.order_by("-placed_at", "-id")[: limit + 1])
    entries = tuple(_view(row, OrderEntryView) for row in found[:limit])
    return Found(entries, _cursor(found, "placed_at", limit), similar=False)


def parcel_entries(ids: Collection[UUID]) -> dict[UUID, ParcelEntryView]:
    """Read entries of parcels by id; unknown ones are left out. One statement."""
    rows = ParcelEntry.rows().filter(id__in=set(ids))
    return {row.id: _view(row, ParcelEntryView) for row in rows}


def count_by_standing(listing: Listing, filters: Filters) -> dict[str, int]:
    """Count a list's rows by milestone ("" : orders without a parcel), whatever `filters.standing` says.

    One statement. A count stops at `COUNTED_AT_MOST`; with words, of which each has to be looked for, all stop
    when that many rows were found together.
    """
    model = _MODELS[listing]
    column = _MILESTONE[model]
    rows = _matching(model, replace(filters, standing=()), similar=False).order_by()
    plan_anew()
    values = ["", *Milestone] if listing is Listing.ORDERS else list(Milestone)
    if filters.words.strip():
        few = [rows.values_list(column)[:COUNTED_AT_MOST]]
    else:
        few = [rows.filter(**{column: value}).values_list(column)[:COUNTED_AT_MOST] for value in values]
    counted = dict.fromkeys(map(str, values), 0)
    statements: list[str] = []
    parameters: list[Any] = []
    for some in few:
        try:
            sql, given = some.query.sql_with_params()
        except EmptyResultSet:
            continue
        statements.append(f"SELECT {column}, count(*) FROM ({sql}) AS few({column}) GROUP BY {column}")
        parameters += given
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(statements), parameters)
            counted.update(cursor.fetchall())
    return counted


def count(listing: Listing, filters: Filters) -> int:
    """Count a list's rows, up to `COUNTED_AT_MOST`."""
    plan_anew()
    return _matching(_MODELS[listing], filters, similar=False).order_by()[:COUNTED_AT_MOST].count()


def carriers_and_countries(listing: Listing) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a list can be narrowed to: the carriers and the countries in it, however many rows."""
    model = _MODELS[listing]
    return _distinct(model, "carrier"), _distinct(model, "country")


def has_entries() -> bool:
    """Tell whether there is an entry at all."""
    return OrderEntry.rows().exists() or ParcelEntry.rows().exists()


def saved_views(listing: Listing, *, owner_id: UUID) -> list[SavedViewView]:
    """List a person's own views of a list and everybody's, in their order."""
    rows = SavedView.rows().filter(Q(owner_id=owner_id) | Q(owner_id=None), listing=listing)
    return [
        SavedViewView(
            id=row.id, listing=Listing(row.listing), name=row.name, query=row.query, owner_id=row.owner_id
        )
        for row in rows.order_by("position", "name", "id")
    ]


def export(export_id: UUID) -> ExportView:
    """Read how an export fares.

    :raises ExportNotFound: none of this merchant, or removed.
    """
    row = Export.rows().filter(id=export_id).first()
    if row is None:
        raise ExportNotFound
    return export_view(row)


def exports_of(wanted_by: str, *, limit: int = 20) -> list[ExportView]:
    """List a person's exports, the newest first."""
    return [export_view(row) for row in Export.rows().filter(wanted_by=wanted_by).order_by("-id")[:limit]]


def export_part(export_id: UUID, position: int) -> bytes | None:
    """Give a part of an export's file, from 0 on; None behind the last."""
    row = ExportPart.rows().filter(export_id=export_id, position=position).first()
    return None if row is None else bytes(row.content)


def export_view(row: Export) -> ExportView:
    return ExportView(
        **{each.name: getattr(row, each.name) for each in fields(ExportView)}
        | {"listing": Listing(row.listing)}
    )


def _find(
    model: type[OrderEntry] | type[ParcelEntry],
    time: str,
    view: type[Entry],
    filters: Filters,
    after: str,
    limit: int,
) -> Found[Entry]:
    # Words are as different as shops: a plan made for one is wrong for the next.
    plan_anew()
    place = after.removeprefix(_SIMILAR)
    at_the_top = [False, True] if filters.words.strip() else [False]
    ways = [after != place] if after else at_the_top
    for by_similarity in ways:
        if by_similarity:
            _forgive()
        rows = _matching(model, filters, similar=by_similarity)
        if after:
            rows = _behind(rows, time, place)
        found = list(rows.order_by(f"-{time}", "-id")[: limit + 1])
        if found:
            break
    written = _cursor(found, time, limit)
    is_similar = by_similarity and bool(found)
    return Found(
        tuple(_view(row, view) for row in found[:limit]),
        f"{_SIMILAR}{written}" if written and is_similar else written,
        is_similar,
    )


def _forgive() -> None:
    """Let a word count as spelled alike with one letter of eight wrong: pg_trgm's own 0.6 wants nearly all right."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = 0.45")


def _matching(model: Any, filters: Filters, *, similar: bool) -> QuerySet[Any]:
    time = "placed_at" if model is OrderEntry else "shipped_at"
    wanted = Q()
    for column, values in (
        (_MILESTONE[model], ["" if each == "none" else each for each in filters.standing]),
        ("state", filters.state),
        ("cause", filters.cause),
        ("carrier", filters.carrier),
        ("country", filters.country),
        ("direction", [filters.direction] if filters.direction else ()),
    ):
        # A filter of the other list, in an address somebody put together, narrows nothing.
        if values and hasattr(model, column):
            wanted &= Q(**{f"{column}__in": list(values)})
    if filters.since is not None:
        wanted &= Q(**{f"{time}__gte": filters.since})
    if filters.until is not None:
        wanted &= Q(**{f"{time}__lt": filters.until})
    if filters.label and model is OrderEntry:
        any_of = Q(*(Q(label_lines__contains=f"\n{each}\n") for each in filters.label), _connector=Q.OR)
        wanted &= any_of & ~Q(label_lines="")
    if filters.late is not None and model is OrderEntry:
        wanted &= Q(promised_latest_date__lt=filters.late) & ~Q(standing__in=list(_OVER))
    rows: QuerySet[Any] = model.rows().filter(wanted)
    alike: list[str] = []
    exact = folded(filters.words.replace("#", " ")).split()[:_MOST_WORDS]
    if similar:
        alike, exact = forgiving(exact)
        if not alike:
            return rows.none()
    for word in alike[:_MOST_WORDS]:
        rows = rows.filter(words__trigram_word_similar=word)
    for word in exact[:_MOST_WORDS]:
        rows = rows.filter(words__contains=word)
    return rows


def _behind(rows: QuerySet[Any], time: str, cursor: str) -> QuerySet[Any]:
    moment, row_id = _read_cursor(cursor)
    rows = rows.filter(Q(**{f"{time}__lt": moment}) | Q(**{time: moment, "id__lt": row_id}))
    return rows.filter(**{f"{time}__lte": moment})


def _cursor(found: Sequence[Any], time: str, limit: int) -> str:
    """Write where the next page begins, of one row more than a page holds; "" at the end."""
    last = found[limit - 1] if len(found) > limit else None
    return f"{getattr(last, time).isoformat()}~{last.id}" if last else ""


def _read_cursor(text: str) -> tuple[datetime, UUID]:
    moment, _, row_id = text.partition("~")
    try:
        return datetime.fromisoformat(moment), UUID(row_id)
    except ValueError:
        raise CursorUnreadable from None


def _distinct(model: type[Model], column: str) -> tuple[str, ...]:
    """Walk an index from one value to the next: a few look-ups however many rows."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE walk AS ((SELECT {column} AS value FROM {table} WHERE merchant_id = %s"
            f" ORDER BY {column} LIMIT 1) UNION ALL SELECT (SELECT {column} FROM {table} WHERE merchant_id = %s"
            f" AND {column} > walk.value ORDER BY {column} LIMIT 1) FROM walk WHERE walk.value IS NOT NULL)"
            " SELECT value FROM walk WHERE value <> ''",
            [current_merchant_id(), current_merchant_id()],
        )
        return tuple(value for (value,) in cursor.fetchall())


def _view(row: Model, view: type[Entry]) -> Entry:
    return view(**{each.name: getattr(row, each.name) for each in fields(view)})  # type: ignore[arg-type]


_MODELS: dict[Listing, type[OrderEntry] | type[ParcelEntry]] = {
    Listing.ORDERS: OrderEntry,
    Listing.PARCELS: ParcelEntry,
}
_MILESTONE: dict[Any, str] = {OrderEntry: "standing", ParcelEntry: "milestone"}
