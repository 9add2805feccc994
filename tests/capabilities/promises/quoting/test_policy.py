"""The quote: rule or model by the merchant's order of trust, days somebody delivers, and never later than asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.catalog.public import Article
from aftermile.capabilities.promises.public import (
    Asked,
    Basis,
    Confidence,
    Forecast,
    Goods,
    Item,
    Level,
    Place,
    Question,
    Quote,
    QuoteUnreadable,
    SkuUnknown,
    Source,
    never_later,
)
from aftermile.capabilities.promises.quoting.asking import cart_of, check
from aftermile.capabilities.promises.quoting.policy import MODEL_COVERAGE, quote_by
from aftermile.capabilities.shipping.public import Cart, Offer, Why
from tests.capabilities.shipping.shop import CALENDAR, plan

HOME = Place(country="DE", region="BE")
MUNICH = Place(country="DE", region="BY", postal_code="80331")
#: A Tuesday without holidays, 10:00 in Berlin.
TUESDAY = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


class Model:
    """Answers every question alike, so many days after it was asked, and keeps the questions."""

    def __init__(self, *days: float, drift: float = 0.0) -> None:
        self.days = days or (1.0, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0)
        self.basis = Basis(level=Level.LANE, deliveries=214, usual_days=(2.2, 3.4), drift_days=drift)
        self.asked: list[Question] = []

    def forecast(self, questions: Sequence[Question], /) -> list[Forecast | None]:
        self.asked += questions
        return [self._one(question.asked_at) for question in questions]

    def _one(self, at: datetime) -> Forecast:
        quantiles = tuple(at + timedelta(days=each) for each in self.days)
        return Forecast(likely_at=quantiles[3], quantiles=quantiles, late_probability=None, basis=self.basis)


def quoted(at: datetime = TUESDAY, **choices: Any) -> Quote:
    given: dict[str, Any] = {
        "cart": Cart(weight_grams=1000, value_minor=3000),
        "goods": Goods(),
        "origin": HOME,
        "destination": MUNICH,
        "currency": "EUR",
        **choices,
    }
    return quote_by(plan(), CALENDAR, at=at, **given)


def test_every_active_method_that_serves_the_place_is_quoted_in_order() -> None:
    found = quoted()
    assert [each.key for each in found.methods] == ["standard", "express", "pickup"]
    standard = found.methods[0]
    assert standard.window is not None
    assert (standard.window.earliest, standard.window.latest) == (date(2026, 3, 11), date(2026, 3, 13))
    assert (standard.source, standard.confidence, standard.coverage) == (Source.RULE, Confidence.MEDIUM, None)
    assert (standard.price.amount_minor, standard.price.missing_minor) == (490, 2000)
    assert found.returns.days == 30


def test_abroad_is_not_served_by_all_and_that_is_said() -> None:
    found = quoted(destination=Place(country="US", postal_code="10001"))
    assert [each.key for each in found.methods] == ["standard"]
    assert found.methods[0].confidence is Confidence.LOW
    assert [(each.key, each.offer) for each in found.not_offered] == [
        ("express", Offer.NOT_SERVED),
        ("pickup", Offer.NOT_SERVED),
    ]


def test_the_model_answers_where_it_is_trusted_first_and_explains_itself() -> None:
    model = Model(drift=1.0)
    standard, express, pickup = quoted(forecasts=model.forecast).methods
    assert [question.lane.carrier for question in model.asked] == ["dhl", "ups"]
    assert {question.asked_at for question in model.asked} == {TUESDAY}
    assert [each.source for each in (standard, express, pickup)] == [Source.MODEL, Source.MODEL, Source.RULE]
    assert standard.window is not None
    assert (standard.window.earliest, standard.window.likely, standard.window.latest) == (
        date(2026, 3, 12),
        date(2026, 3, 13),
        date(2026, 3, 14),
    )
    # Express is not delivered on Saturdays.
    assert express.window is not None
    assert express.window.latest == date(2026, 3, 16)
    assert (standard.coverage, standard.confidence) == (MODEL_COVERAGE, Confidence.HIGH)
    assert standard.why[:2] == (
        "Usually 2 to 3 days, by 214 deliveries on this lane.",
        "Lately 1 day slower than before.",
    )


def test_rules_first_means_rules_first_and_the_model_steps_in_where_there_is_none() -> None:
    model = Model()
    first = (Source.RULE, Source.MODEL)
    assert {each.source for each in quoted(forecasts=model.forecast, trust=first).methods} == {Source.RULE}
    assert model.asked == []
    vienna = Place(country="AT")
    tables = plan(transit=())
    found = quote_by(
        tables, CALENDAR, cart=Cart(weight_grams=1, value_minor=1), goods=Goods(), origin=HOME,
        destination=vienna, currency="EUR", at=TUESDAY, forecasts=model.forecast, trust=first,
    )  # fmt: skip
    assert [(each.key, each.source) for each in found.methods] == [("standard", Source.MODEL)]


def test_a_model_that_does_not_know_leaves_it_to_the_rules() -> None:
    found = quoted(forecasts=lambda questions: [None for _ in questions])
    assert {each.source for each in found.methods} == {Source.RULE}


def test_where_nobody_knows_there_is_no_window_and_the_reason_is_said() -> None:
    found = quote_by(
        plan(transit=()), CALENDAR, cart=Cart(weight_grams=1, value_minor=1), goods=Goods(), origin=HOME,
        destination=MUNICH, currency="EUR", at=TUESDAY,
    )  # fmt: skip
    standard = found.methods[0]
    assert (standard.window, standard.source, standard.confidence) == (None, None, None)
    assert [reason.why for reason in standard.reasons] == [Why.NO_TRANSIT]


def test_what_cannot_make_the_day_is_marked_and_can_be_left_out() -> None:
    found = quoted(by=date(2026, 3, 11))
    assert [(each.key, each.in_time) for each in found.methods] == [
        ("standard", False),
        ("express", True),
        ("pickup", True),
    ]
    assert [each.key for each in never_later(found).methods] == ["express", "pickup"]


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.lists(st.floats(0, 20), min_size=7, max_size=7).map(sorted),
)
def test_a_models_window_holds_its_likely_day_and_never_lies_before_the_hand_over(
    at: datetime, days: list[float]
) -> None:
    standard = quoted(at, forecasts=Model(*days).forecast).methods[0]
    window = standard.window
    assert window is not None
    assert window.ships_on <= window.earliest <= window.likely <= window.latest
    assert [day.weekday() == 6 for day in (window.earliest, window.likely, window.latest)] == [False] * 3


ARTICLES = {
    "A": Article(
        sku="A", title="A", tags=("bulky",), price_minor=1000, currency="EUR", weight_grams=400,
        length_mm=100, width_mm=100, height_mm=50,
    ),
    "B": Article(
        sku="B", title="B", tags=(), price_minor=1000, currency="USD", weight_grams=None,
        length_mm=None, width_mm=None, height_mm=None,
    ),
}  # fmt: skip


def asked(*items: Item, **choices: Any) -> Asked:
    return Asked(**{"destination": MUNICH, "items": items, "at": TUESDAY, **choices})


def test_a_cart_is_the_sum_of_what_is_known() -> None:
    cart, goods = cart_of(asked(Item(sku="A", quantity=3)), ARTICLES, currency="EUR")
    assert cart == Cart(weight_grams=1200, value_minor=3000, tags=frozenset({"bulky"}))
    assert (goods.item_count, goods.volume_cm3) == (3, 1500)


def test_one_unknown_part_makes_the_whole_unknown_and_what_is_said_goes_first() -> None:
    both = (Item(sku="A"), Item(sku="B", weight_grams=50))
    assert cart_of(asked(*both), ARTICLES, currency="EUR")[0] == Cart(
        weight_grams=450, value_minor=None, tags=frozenset({"bulky"})
    )
    assert cart_of(asked(*both, value_minor=1700), ARTICLES, currency="EUR")[0].value_minor == 1700


def test_an_unknown_article_is_an_error() -> None:
    with pytest.raises(SkuUnknown) as refused:
        cart_of(asked(Item(sku="X"), Item(sku="A")), ARTICLES, currency="EUR")
    assert refused.value.details == {"skus": ["X"]}


@pytest.mark.parametrize(
    ("choices", "field"),
    [
        ({"destination": Place(country="XX")}, "destination.country"),
        ({"destination": Place()}, "destination.country"),
        ({"origin": Place(country="QQ")}, "origin.country"),
        ({"items": ()}, "items"),
        ({"items": (Item(sku="A"),) * 10_000}, "items"),
        ({"items": (Item(sku="A", quantity=9_000),) * 2}, "items"),
        ({"items": (Item(sku="A", weight_grams=-1),)}, "items.0.weight_grams"),
        ({"items": (Item(sku="A", quantity=0),)}, "items.0.quantity"),
        ({"items": (Item(),)}, "items.0"),
        ({"at": datetime(1900, 1, 1, tzinfo=UTC)}, "at"),
        ({"by": date(1900, 1, 1)}, "by"),
        ({"by": date(2099, 1, 1)}, "by"),
        ({"value_minor": -1}, "value"),
    ],
)
def test_nonsense_is_named_by_its_field(choices: dict[str, Any], field: str) -> None:
    given = asked(Item(sku="A"))
    with pytest.raises(QuoteUnreadable) as refused:
        check(Asked(**{**{name: getattr(given, name) for name in given.__slots__}, **choices}), now=TUESDAY)
    assert list(refused.value.details) == [field]
