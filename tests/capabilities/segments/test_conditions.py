"""Conditions: read, said, judged; in memory and in SQL alike; safe with hostile input."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.segments.conditions import MOST_QUESTIONS, feasts
from aftermile.capabilities.segments.public import (
    FIELDS,
    WAYS,
    About,
    ConditionUnreadable,
    Known,
    Wanted,
    judge,
    operators_of,
    read_condition,
    say_condition,
    write_condition,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def known(**values: Any) -> Known:
    return Known(
        at=NOON, zone=ZoneInfo("Europe/Berlin"), values={k.replace("__", "."): v for k, v in values.items()}
    )


def ago(days: float) -> float:
    return (NOON - timedelta(days=days)).timestamp()


@pytest.mark.parametrize(
    ("field", "operator", "value", "found", "holds"),
    [
        ("shopper.orders_count", "at_least", 2, 2, True),
        ("shopper.orders_count", "at_least", 2, 1, False),
        ("shopper.orders_count", "at_least", 2, None, False),
        ("shopper.orders_count", "less_than", 2, None, False),
        ("shopper.spent", "more_than", 99.5, 99.51, True),
        ("shopper.country", "is", "DE", "DE", True),
        ("shopper.country", "is_not", "DE", "FR", True),
        ("shopper.country", "is_not", "DE", None, False),
        ("shopper.country", "one_of", ["DE", "AT"], "AT", True),
        ("order.shipping_method", "contains", "express", "DHL Express", True),
        ("shopper.tags", "has", "vip", ["vip", "b2b"], True),
        ("shopper.tags", "has_not", "vip", [], True),
        ("shopper.tags", "has_any", ["a", "b2b"], ["vip", "b2b"], True),
        ("shopper.marketing_email", "yes", None, True, True),
        ("shopper.marketing_email", "no", None, False, True),
        ("shopper.last_order_at", "within_days", 30, ago(29), True),
        ("shopper.last_order_at", "within_days", 30, ago(31), False),
        ("shopper.last_order_at", "days_ago", 30, ago(31), True),
        ("shopper.birthday", "is_today", None, "1990-03-02", True),
        ("shopper.birthday", "is_today", None, "-03-02", True),
        ("shopper.birthday", "is_today", None, "1990-03-03", False),
        ("order.promised_latest", "is_today", None, date(2026, 3, 2).toordinal(), True),
        ("order.promised_latest", "in_days", 2, date(2026, 3, 4).toordinal(), True),
        ("order.promised_latest", "in_days", 2, date(2026, 3, 1).toordinal(), False),
        ("order.promised_latest", "passed", 0, date(2026, 3, 1).toordinal(), True),
        ("shopper.birthday", "known", None, "-03-02", True),
        ("shopper.birthday", "unknown", None, None, True),
    ],
)
def test_each_question(field: str, operator: str, value: Any, found: Any, holds: bool) -> None:
    asked = {"field": field, "is": operator} | ({} if value is None else {"value": value})
    condition = read_condition(asked)
    assert write_condition(condition) == asked
    judged = judge(condition, known(**{field.replace(".", "__"): found}))
    assert (judged.holds, len(judged.answers)) == (holds, 1)


def test_every_question_that_can_be_asked_is_answered() -> None:
    """No operator is offered for a kind of field that the engine cannot judge."""
    examples = {
        "number": 3,
        "text": "x",
        "list": ["x"],
        "flag": True,
        "moment": ago(1),
        "date": 739_000,
        "anniversary": "-03-02",
    }
    values = {Wanted.NUMBER: 3, Wanted.DAYS: 3, Wanted.TEXT: "x", Wanted.TEXTS: ["x", "y"]}
    for field in FIELDS.values():
        for operator in operators_of(field.kind):
            wanted = WAYS[operator, field.kind].wanted
            asked = {"field": field.name, "is": operator.value}
            asked |= {} if wanted is Wanted.NOTHING else {"value": values[wanted]}
            condition = read_condition(asked)
            opposite = read_condition({"none": [asked]})
            facts = known(**{field.name.replace(".", "__"): examples[field.kind]})
            assert judge(condition, facts).holds is not judge(opposite, facts).holds
            assert say_condition(condition)


def test_groups_and_words() -> None:
    late = {"field": "order.days_late", "is": "more_than", "value": 2}
    twice = {"field": "shopper.orders_count", "is": "at_least", "value": 2}
    condition = read_condition({"all": [late, {"any": [twice, {"none": [late]}]}]})
    assert judge(condition, known(order__days_late=3, shopper__orders_count=2)).holds
    assert not judge(condition, known(order__days_late=3, shopper__orders_count=1)).holds
    assert say_condition(condition) == (
        "days the order is late: more than 2 and (orders by the shopper: at least 2 or "
        "not (days the order is late: more than 2))"
    )
    answers = judge(condition, known(order__days_late=3, shopper__orders_count=1)).answers
    assert [(each.found, each.passed) for each in answers] == [(3, True), (1, False), (3, True)]


def test_expressions_compare_and_count() -> None:
    condition = read_condition({"expression": "order.total * 2 > 100 and shopper.country in ['DE', 'AT']"})
    assert judge(condition, known(order__total=51, shopper__country="AT")).holds
    assert not judge(condition, known(order__total=49, shopper__country="AT")).holds
    assert not judge(condition, known(shopper__country="AT")).holds


@pytest.mark.parametrize(
    "hostile",
    [
        {"expression": "all([0..1000], all([0..1000], # < 5000))"},
        {"expression": "1..99999999 == 1"},
        {"expression": "some(shopper.tags, true)"},
        {"expression": "shopper.tags[0] == 'x'"},
        {"expression": "shopper['tags'] == 1"},
        {"expression": "shopper.tags in ([1])[0]"},
        {"expression": "$root == 1"},
        {"expression": "`${1}` == '1'"},
        {"expression": "constructor == 1"},
        {"expression": "order.total > "},
        {"expression": "order.total > 1; order.total"},
        {"expression": "(" * 999},
        {"expression": "1 +" * 400},
        {"expression": ""},
        {"expression": 5},
        {"field": "shopper.__class__", "is": "is", "value": "x"},
        {"field": "shopper.country", "is": "at_least", "value": 1},
        {"field": "shopper.orders_count", "is": "at_least", "value": float("nan")},
        {"field": "shopper.orders_count", "is": "at_least", "value": True},
        {"field": "shopper.orders_count", "is": "at_least", "value": 1e300},
        {"field": "shopper.last_order_at", "is": "within_days", "value": -1},
        {"field": "shopper.country", "is": "is", "value": "x" * 201},
        {"field": "shopper.country", "is": "is", "value": "a\x00b"},
        {"field": "shopper.country", "is": "one_of", "value": []},
        {"field": "shopper.country", "is": "is", "value": "DE", "also": 1},
        {"all": {"field": "shopper.country"}},
        {"all": [], "any": []},
        [],
        "shopper.country",
        {"all": [{"field": "shopper.birthday", "is": "is_today"}] * (MOST_QUESTIONS + 1)},
    ],
)
def test_what_is_hostile_is_refused_with_a_sentence(hostile: Any) -> None:
    began = time.process_time()
    with pytest.raises(ConditionUnreadable) as refused:
        read_condition(hostile)
    assert len(str(refused.value)) > 10
    assert time.process_time() - began < 1


def test_what_is_nested_too_deep_is_refused() -> None:
    condition: Any = {"field": "shopper.birthday", "is": "is_today"}
    for _ in range(5):
        condition = {"all": [condition]}
    with pytest.raises(ConditionUnreadable, match="deep"):
        read_condition(condition)


def test_values_are_never_part_of_what_the_engine_reads() -> None:
    smuggled = "' or true or '"
    condition = read_condition({"field": "shopper.country", "is": "is", "value": smuggled})
    assert not judge(condition, known(shopper__country="DE")).holds
    assert judge(condition, known(shopper__country=smuggled)).holds


@given(st.text(max_size=60))
def test_any_text_is_read_as_an_expression_or_refused(text: str) -> None:
    try:
        condition = read_condition({"expression": text})
    except ConditionUnreadable:
        return
    judge(condition, known(order__total=1))


def test_what_cannot_be_asked_here_is_refused() -> None:
    with pytest.raises(ConditionUnreadable, match="no field"):
        read_condition({"field": "order.total", "is": "known"}, about=[About.SHOPPER])
    with pytest.raises(ConditionUnreadable, match="no field"):
        read_condition({"expression": "order.total > 1"}, about=[About.SHOPPER])


def test_the_29th_of_february_is_kept_on_the_28th() -> None:
    assert feasts(date(2027, 2, 28)) == ["-02-28", "-02-29"]
    assert feasts(date(2028, 2, 28)) == ["-02-28"]
    assert feasts(date(2028, 2, 29)) == ["-02-29"]
