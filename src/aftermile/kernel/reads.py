"""Reads of several rooms in as few trips to the database as their answers depend on each other.

A read is a generator: it yields the statements whose rows it needs next and is sent what they gave, until it
returns its view. `side_by_side` lets several take their steps together, one trip a step. For pages that must be
fast: a queryset asks, and waits, for each statement by itself.

    def reading_order(order_id: UUID) -> Read[OrderView]:
        rows, lines = yield [select(Order, ...), select(OrderLine, ...)]
        return _view(rows[0], lines)

    order, brand = answered(side_by_side(reading_order(order_id), reading_brand()))
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, TypeVar, cast, overload

from django.db import models

from aftermile.kernel.rowsets import Statement, run, select
from aftermile.kernel.tenancy import current_merchant_id

T = TypeVar("T")
T1 = TypeVar("T1")
T2 = TypeVar("T2")
T3 = TypeVar("T3")
T4 = TypeVar("T4")
M = TypeVar("M", bound=models.Model)
Read = Generator[Sequence[Statement], list[list[Any]], T]


@overload
def side_by_side(first: Read[T1], second: Read[T2], /) -> Read[tuple[T1, T2]]: ...
@overload
def side_by_side(first: Read[T1], second: Read[T2], third: Read[T3], /) -> Read[tuple[T1, T2, T3]]: ...
@overload
def side_by_side(
    first: Read[T1], second: Read[T2], third: Read[T3], fourth: Read[T4], /
) -> Read[tuple[T1, T2, T3, T4]]: ...
def side_by_side(*reads: Read[Any]) -> Read[Any]:
    """Make one read of several: each step of theirs is one step of its own."""
    found: list[Any] = [None] * len(reads)
    given: dict[int, list[list[Any]] | None] = dict.fromkeys(range(len(reads)))
    while given:
        asked: dict[int, Sequence[Statement]] = {}
        for place, answers in given.items():
            try:
                asked[place] = reads[place].send(cast("Any", answers))
            except StopIteration as end:
                found[place] = end.value
        if not asked:
            break
        rows = iter((yield [statement for statements in asked.values() for statement in statements]))
        given = {place: [next(rows) for _ in statements] for place, statements in asked.items()}
    return tuple(found)


def reading(statement: Statement) -> Read[list[Any]]:
    """Make a read of one statement."""
    (found,) = yield [statement]
    return found


def answered(read: Read[T]) -> T:
    """Take a read to its end, each step in one trip; inside a merchant's scope."""
    given: Any = None
    while True:
        try:
            asked = read.send(given)
        except StopIteration as end:
            return cast("T", end.value)
        given = run(*asked)


@dataclass(frozen=True, slots=True)
class Watched:
    """Rows of one table whose change somebody wants to hear of: SQL that tells who wrote each."""

    sql: str
    parameters: tuple[Any, ...]


def watched(model: type[models.Model], where: str, parameters: Sequence[Any] = ()) -> Watched:
    """Watch rows of the open merchant."""
    return Watched(
        f"SELECT id, xmin::text AS writer FROM {model._meta.db_table} WHERE merchant_id = %s AND {where}",
        (current_merchant_id(), *parameters),
    )


def stamp(*rows: Watched) -> Statement:
    """Read a text that is another one as soon as any of the rows was written, came or went.

    Of each row the transaction that wrote it (PostgreSQL's `xmin`): costs a look at the rows and carries none of
    them. Asked before what it stands for, in the same trip or an earlier one, it is at worst too old.
    """
    of_all = " UNION ALL ".join(f"SELECT {place}, * FROM ({each.sql}) r" for place, each in enumerate(rows))
    return Statement(
        f"SELECT string_agg(writer, ' ' ORDER BY place, id) FROM ({of_all}) AS w (place, id, writer)",
        tuple(parameter for each in rows for parameter in each.parameters),
        lambda found: [text or "" for (text,) in found],
    )


def rows_where(
    model: type[models.Model], where: str, parameters: Sequence[Any] = (), *, then: str = ""
) -> Statement:
    """Read whole rows of the open merchant; `as_rows` gives them their names."""
    return select(model, _columns(model), where, parameters, then=then)


def as_rows(model: type[M], found: Sequence[dict[str, Any]]) -> list[M]:  # noqa: ARG001 - the model is for the types
    """Let rows be read like those of a model. They are not: nothing can be saved."""
    return [cast("M", SimpleNamespace(**row)) for row in found]


@cache
def _columns(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(str(field.column) for field in model._meta.concrete_fields if field.column != "merchant_id")
