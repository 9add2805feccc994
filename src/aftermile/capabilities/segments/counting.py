"""Conditions about shoppers as SQL over their profiles: how a million of them are counted while one waits."""

from __future__ import annotations

from datetime import date
from typing import Any

from aftermile.capabilities.segments.conditions import (
    Condition,
    ConditionUnreadable,
    Expression,
    Group,
    Question,
    feasts,
)
from aftermile.capabilities.segments.fields import Kind
from aftermile.capabilities.segments.operators import Operator, Wanted
from aftermile.kernel.rowsets import text_array

PROFILES = "segments_profile"


def in_sql(condition: Condition, *, today: date) -> tuple[str, list[Any]]:
    """Write a condition as SQL and its parameters; `now_` is the moment of the count, given by who asks.

    Values are parameters, columns are ours. Where a column is unknown the question fails, as in `judge`.

    :raises ConditionUnreadable: an expression: only questions can be counted.
    """
    match condition:
        case Expression():
            raise ConditionUnreadable("A segment is made of questions; an expression cannot be counted.")
        case Group(how=how, parts=parts):
            each = [in_sql(part, today=today) for part in parts]
            parameters = [value for _, values in each for value in values]
            if not each:
                return ("true" if how != "any" else "false"), []
            joined = (" AND " if how == "all" else " OR ").join(sql for sql, _ in each)
            return (f"NOT ({joined})" if how == "none" else f"({joined})"), parameters
        case Question():
            return _question(condition, today)


def _question(question: Question, today: date) -> tuple[str, list[Any]]:
    column, way = question.field.column, question.way
    if question.field.kind in (Kind.TEXT, Kind.ANNIVERSARY):
        column = column and f"nullif({column}, '')"
    if not column:
        raise ConditionUnreadable(f"{question.field.name} is not known of a shopper alone.")
    if question.operator is Operator.IS_TODAY:
        ends = feasts(today)
        return f"coalesce(right({column}, 6) = ANY(%s::text[]), false)", [text_array(ends)]
    values: list[Any] = []
    if way.wanted is Wanted.TEXTS:
        values = [text_array(question.value)]
    elif way.wanted is not Wanted.NOTHING:
        values = [question.value]
    return f"coalesce({way.sql.format(f=column)}, false)", values
