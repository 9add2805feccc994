"""Many rows in one statement: how acts that take batches write and read.

A batch travels as one JSON text that PostgreSQL unfolds. Measured with 500 rows of 42 columns: 13 ms of CPU on
both sides together, against 67 ms for arrays through `unnest` (psycopg adapts them element by element in
Python) and more for one object per row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, models
from pydantic_core import to_json

from aftermile.kernel.tenancy import current_merchant_id

Row = dict[str, Any]


def insert_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    *,
    on_conflict: str = "",
    returning: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    """Insert rows of the open merchant with one statement, in their order.

    :param columns: what the rows bring, without `merchant_id`; values as the model's fields take them, JSON
        columns as plain objects.
    :param on_conflict: `"ON CONFLICT ..."`; the row that is there already may be called `stored`.
    :returns: the `returning` columns of the rows that were written.
    """
    if not rows:
        return []
    names = ", ".join(columns)
    statement = (
        f"INSERT INTO {model._meta.db_table} AS stored (merchant_id, {names})"
        f" SELECT %s, {names} FROM json_to_recordset(%s) AS given({_typed(model, tuple(columns))}) {on_conflict}"
        f"{' RETURNING ' + ', '.join('stored.' + name for name in returning) if returning else ''}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [current_merchant_id(), as_json(rows)])
        return cursor.fetchall() if returning else []


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Set `columns` of the open merchant's rows that are named by their `id`, with one statement."""
    if not rows:
        return
    assignments = ", ".join(f"{column} = given.{column}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} AS stored SET {assignments}"
            f" FROM json_to_recordset(%s) AS given({_typed(model, ('id', *columns))})"
            " WHERE stored.merchant_id = %s AND stored.id = given.id",
            [as_json(rows), current_merchant_id()],
        )


def select_rows(
    model: type[models.Model],
    columns: Sequence[str],
    where: str,
    parameters: Sequence[Any] = (),
    *,
    then: str = "",
) -> list[Row]:
    """Read the open merchant's rows as dictionaries.

    :param where: SQL; `texts_in` and `ids_in` write the usual conditions.
    :param then: what follows the condition: `"ORDER BY id FOR UPDATE"`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(columns)} FROM {model._meta.db_table} WHERE merchant_id = %s AND {where} {then}",
            [current_merchant_id(), *parameters],
        )
        found = cursor.fetchall()
    objects = _json_columns(model, tuple(columns))
    rows = []
    for values in found:
        row = dict(zip(columns, values, strict=True))
        for name in objects:
            if isinstance(row[name], str):
                row[name] = json.loads(row[name])
        rows.append(row)
    return rows


def texts_in(column: str) -> str:
    """Write the condition that a column is among texts; its parameter is `as_json(texts)`."""
    return f"{column} = ANY(ARRAY(SELECT json_array_elements_text(%s)))"


def ids_in(column: str) -> str:
    """Write the condition that a column is among ids; its parameter is `as_json(ids)`."""
    return f"{column} = ANY(ARRAY(SELECT json_array_elements_text(%s))::uuid[])"


def as_json(value: Iterable[Any]) -> str:
    """Write a batch as PostgreSQL reads it: what it cannot keep (NUL, half a surrogate pair) is left out."""
    try:
        text = to_json(value, inf_nan_mode="null", fallback=str).decode()
    except ValueError:  # half a surrogate pair
        text = to_json(_keepable(value), inf_nan_mode="null", fallback=str).decode()
    if "\\u0000" in text:
        text = to_json(_keepable(value), inf_nan_mode="null", fallback=str).decode()
    return text


def plain(value: Any) -> Any:
    """Return a value as it will come back from a JSON column."""
    return json.loads(as_json(value))


def _keepable(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "ignore").decode()
    if isinstance(value, Mapping):
        return {_keepable(key): _keepable(held) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [_keepable(held) for held in value]
    return value


@cache
def _typed(model: type[models.Model], columns: tuple[str, ...]) -> str:
    types = {field.column: field.db_type(connection) for field in model._meta.concrete_fields}
    return ", ".join(f"{column} {(types[column] or '').split('(')[0]}" for column in columns)


@cache
def _json_columns(model: type[models.Model], columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        field.column
        for field in model._meta.concrete_fields
        if isinstance(field, models.JSONField) and field.column in columns
    )
