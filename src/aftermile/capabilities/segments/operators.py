"""What can be asked of a field, and how: in words, as an expression of the rule engine, in SQL. One table.

In expressions `{f}` is the field, `{v}` the wanted value (by its place, never its text: nothing can be smuggled in),
`now` a moment in seconds, `today` a day by its number, `feasts` the endings of today's date. An unknown field fails
every question but `unknown`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from aftermile.capabilities.segments.fields import Kind


class Operator(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    EQUALS = "equals"
    IS = "is"
    IS_NOT = "is_not"
    ONE_OF = "one_of"
    CONTAINS = "contains"
    HAS = "has"
    HAS_NOT = "has_not"
    HAS_ANY = "has_any"
    YES = "yes"
    NO = "no"
    WITHIN_DAYS = "within_days"
    DAYS_AGO = "days_ago"
    IS_TODAY = "is_today"
    IN_DAYS = "in_days"
    PASSED = "passed"
    KNOWN = "known"
    UNKNOWN = "unknown"


class Wanted(StrEnum):
    """What stands behind an operator."""

    NOTHING = "nothing"
    NUMBER = "number"
    DAYS = "days"
    TEXT = "text"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Way:
    """`sql`: `{f}` is the column; one `%s` for the wanted value unless nothing is wanted or it names its own."""

    kinds: frozenset[Kind]
    wanted: Wanted
    words: str
    expression: str
    sql: str


_ANY = frozenset(Kind)
_NUMBER, _TEXT, _LIST = frozenset({Kind.NUMBER}), frozenset({Kind.TEXT}), frozenset({Kind.LIST})
_FLAG, _MOMENT = frozenset({Kind.FLAG}), frozenset({Kind.MOMENT})
_DATE, _FEAST = frozenset({Kind.DATE}), frozenset({Kind.ANNIVERSARY})

WAYS: dict[tuple[Operator, Kind], Way] = {
    (operator, kind): Way(kinds, wanted, words, expression, sql)
    for operator, kinds, wanted, words, expression, sql in (
        (Operator.AT_LEAST, _NUMBER, Wanted.NUMBER, "{f}: at least {v}", "{f} >= {v}", "{f} >= %s"),
        (Operator.AT_MOST, _NUMBER, Wanted.NUMBER, "{f}: at most {v}", "{f} <= {v}", "{f} <= %s"),
        (Operator.MORE_THAN, _NUMBER, Wanted.NUMBER, "{f}: more than {v}", "{f} > {v}", "{f} > %s"),
        (Operator.LESS_THAN, _NUMBER, Wanted.NUMBER, "{f}: fewer than {v}", "{f} < {v}", "{f} < %s"),
        (Operator.EQUALS, _NUMBER, Wanted.NUMBER, "{f}: exactly {v}", "{f} == {v}", "{f} = %s"),
        (Operator.IS, _TEXT, Wanted.TEXT, "{f} is {v}", "{f} == {v}", "{f} = %s"),
        (Operator.IS_NOT, _TEXT, Wanted.TEXT, "{f} is not {v}", "{f} != {v}", "{f} <> %s"),
        (Operator.ONE_OF, _TEXT, Wanted.TEXTS, "{f} is one of {v}", "{f} in {v}", "{f} = ANY(%s::text[])"),
        (
            Operator.CONTAINS, _TEXT, Wanted.TEXT, "{f} contains {v}",
            "contains(lower({f}), lower({v}))", "position(lower(%s) in lower({f})) > 0",
        ),
        (Operator.HAS, _LIST, Wanted.TEXT, "{f} include {v}", "{v} in {f}", "{f} @> ARRAY[%s]"),
        (
            Operator.HAS_NOT, _LIST, Wanted.TEXT, "{f} do not include {v}",
            "not ({v} in {f})", "NOT {f} @> ARRAY[%s]",
        ),
        (
            Operator.HAS_ANY, _LIST, Wanted.TEXTS, "{f} include one of {v}",
            "some({f}, # in {v})", "{f} && %s::text[]",
        ),
        (Operator.YES, _FLAG, Wanted.NOTHING, "{f}", "{f} == true", "{f}"),
        (Operator.NO, _FLAG, Wanted.NOTHING, "not: {f}", "{f} == false", "NOT {f}"),
        (
            Operator.WITHIN_DAYS, _MOMENT, Wanted.DAYS, "{f} was within the last {v} days",
            "now - {f} <= {v} * 86400", "{f} >= now_ - make_interval(days => %s)",
        ),
        (
            Operator.DAYS_AGO, _MOMENT, Wanted.DAYS, "{f} was more than {v} days ago",
            "now - {f} > {v} * 86400", "{f} < now_ - make_interval(days => %s)",
        ),
        (Operator.IS_TODAY, _FEAST, Wanted.NOTHING, "{f} is today", "some(feasts, endsWith({f}, #))", ""),
        (Operator.IS_TODAY, _DATE, Wanted.NOTHING, "{f} is today", "{f} == today", ""),
        (Operator.IN_DAYS, _DATE, Wanted.DAYS, "{f} is within {v} days", "{f} >= today and {f} <= today + {v}", ""),
        (Operator.PASSED, _DATE, Wanted.DAYS, "{f} was more than {v} days ago", "{f} < today - {v}", ""),
        (Operator.KNOWN, _ANY, Wanted.NOTHING, "{f} is known", "{f} != null", "{f} IS NOT NULL"),
        (Operator.UNKNOWN, _ANY, Wanted.NOTHING, "{f} is not known", "{f} == null", "{f} IS NULL"),
    )
    for kind in kinds
}  # fmt: skip


def operators_of(kind: Kind) -> tuple[Operator, ...]:
    """Return what can be asked of a kind of field, in the order in which it is offered."""
    return tuple(operator for operator, of in WAYS if of is kind)
