"""Quotes as the API takes and gives them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from aftermile.capabilities.promises.public import (
    MOST_LINES,
    Asked,
    Item,
    MethodQuote,
    Place,
    Quote,
    QuoteUnreadable,
)
from aftermile.doors.api.fields import WHOLE, Day, Given, Moment, MoneyGiven, MoneyTaken, Taken, Word, example
from aftermile.doors.api.shapes.shoppers import Language

_Country = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z]{2}$"),
    Field(description="ISO 3166-1 alpha-2.", examples=["DE"]),
]
_Region = Annotated[
    str, StringConstraints(max_length=10), Field(description="The part of ISO 3166-2 after the dash.")
]
_PostalCode = Annotated[str, StringConstraints(max_length=20)]


class QuotedPlaceTaken(Taken):
    """Where it goes, or comes from. The more is said, the narrower the answer."""

    country: _Country
    region: _Region = ""
    postal_code: _PostalCode = ""

    @property
    def place(self) -> Place:
        return Place(country=self.country, region=self.region, postal_code=self.postal_code)


class QuotedItemTaken(Taken):
    """What is to be sent: an article number, or a weight with a size. What is said goes before the catalog."""

    sku: Word = ""
    quantity: Annotated[int, Field(ge=1, le=10_000), WHOLE] = 1
    weight_grams: Annotated[int, Field(ge=0, le=10**8), WHOLE] | None = None
    length_mm: Annotated[int, Field(ge=1, le=10**5), WHOLE] | None = None
    width_mm: Annotated[int, Field(ge=1, le=10**5), WHOLE] | None = None
    height_mm: Annotated[int, Field(ge=1, le=10**5), WHOLE] | None = None
    unit_price: MoneyTaken | None = Field(default=None, description="In the shop's currency.")
    tags: Annotated[list[Word], Field(max_length=50)] = Field(default_factory=list)


class QuoteTaken(Taken):
    """What a shopper would order, where it would go, and when."""

    model_config = example(
        destination={"country": "DE", "postal_code": "80331"},
        items=[{"sku": "RON-1", "quantity": 2}],
    )

    destination: QuotedPlaceTaken
    items: Annotated[list[QuotedItemTaken], Field(min_length=1, max_length=MOST_LINES)]
    origin: QuotedPlaceTaken | None = Field(default=None, description="The shop's own when it is left out.")
    at: Moment | None = Field(default=None, description="When it would be ordered; now when it is left out.")
    by: Day | None = Field(
        default=None, description="The day on which it has to be there: each method says whether it makes it."
    )
    value: MoneyTaken | None = Field(
        default=None,
        description="Of the whole cart, discounts taken off; the sum of the items when it is left out.",
    )

    language: Language = Field(
        default="", description="Of the methods' names, where you gave them one; left out: as you call them."
    )

    def asked(self, *, now: datetime) -> Asked:
        """Put the question as the room takes it.

        :raises QuoteUnreadable: amounts of several currencies.
        """
        amounts = [self.value, *(item.unit_price for item in self.items)]
        currencies = sorted({amount.currency for amount in amounts if amount is not None})
        if len(currencies) > 1:
            raise QuoteUnreadable(
                details={"currency": f"Amounts in {' and '.join(currencies)}; send one currency."}
            )
        return Asked(
            destination=self.destination.place,
            origin=self.origin.place if self.origin else None,
            items=[
                Item(
                    sku=item.sku,
                    quantity=item.quantity,
                    weight_grams=item.weight_grams,
                    length_mm=item.length_mm,
                    width_mm=item.width_mm,
                    height_mm=item.height_mm,
                    value_minor=item.unit_price.amount_minor if item.unit_price else None,
                    tags=tuple(item.tags),
                )
                for item in self.items
            ],
            at=self.at or now,
            by=self.by,
            value_minor=self.value.amount_minor if self.value else None,
            language=self.language,
            currency=currencies[0] if currencies else "",
        )


class CutOffGiven(Given):
    """Until when an order has the same window."""

    order_by: datetime
    seconds_left: int


class ReasonGiven(Given):
    """One reason: a word for programs, a sentence for people."""

    code: str
    sentence: str


class MethodQuoteGiven(Given):
    """One method. Days are inclusive, and such that somebody delivers on them."""

    id: str
    name: str
    kind: str = Field(description="`delivery` or `pickup`.")
    carrier: str
    service: str
    earliest_date: date | None = Field(
        description="Null, like the next two, where nobody can say when it comes."
    )
    likely_date: date | None
    latest_date: date | None
    ships_on_date: date | None
    cut_off: CutOffGiven | None
    source: str | None = Field(description="Whose window it is: `rule` or `model`.")
    confidence: str | None = Field(description="`high`, `medium` or `low`.")
    coverage: float | None = Field(description="Of parcels, how many come within the window; null by rule.")
    price: MoneyGiven | None = Field(description="Null where it hangs on what `needs` names.")
    needs: list[str] = Field(description="`weight`, `value`: what would have to be known for the price.")
    free_from: MoneyGiven | None = Field(description="The value of the cart from which on it costs nothing.")
    missing_for_free: MoneyGiven | None
    in_time: bool | None = Field(description="Whether its last day is `by` or before; null without one.")
    reasons: list[ReasonGiven]
    why: str = Field(description="The reasons as one text.")


class NotOfferedGiven(Given):
    """A method that cannot be had: `not_served` there, or `excluded` for these goods."""

    id: str
    name: str
    reason: str


class ReturnTermsGiven(Given):
    """What is said of returns beside the window; `texts` by language."""

    days: int | None
    is_free: bool
    texts: dict[str, str]


class QuoteGiven(Given):
    """What can be had, in the merchant's order."""

    asked_at: datetime
    time_zone: str = Field(description="Whose days they are.")
    zone: str
    methods: list[MethodQuoteGiven]
    not_offered: list[NotOfferedGiven]
    returns: ReturnTermsGiven


def quote_given(view: Quote) -> QuoteGiven:
    """Write a quote."""
    return QuoteGiven(
        asked_at=view.asked_at,
        time_zone=view.time_zone,
        zone=view.zone,
        methods=[_method(each, view) for each in view.methods],
        not_offered=[
            NotOfferedGiven(id=each.key, name=each.name, reason=each.offer.value) for each in view.not_offered
        ],
        returns=ReturnTermsGiven(
            days=view.returns.days, is_free=view.returns.is_free, texts=dict(view.returns.texts)
        ),
    )


def _method(each: MethodQuote, view: Quote) -> MethodQuoteGiven:
    window, price = each.window, each.price

    def amount(minor: int | None) -> MoneyGiven | None:
        return None if minor is None else MoneyGiven(amount_minor=minor, currency=view.currency)

    return MethodQuoteGiven(
        id=each.key,
        name=each.name,
        kind=each.kind.value,
        carrier=each.carrier,
        service=each.service,
        earliest_date=window.earliest if window else None,
        likely_date=window.likely if window else None,
        latest_date=window.latest if window else None,
        ships_on_date=window.ships_on if window else None,
        cut_off=_cut_off(window.order_by, view.asked_at) if window else None,
        source=each.source.value if each.source else None,
        confidence=each.confidence.value if each.confidence else None,
        coverage=each.coverage,
        price=amount(price.amount_minor),
        needs=list(price.needs),
        free_from=amount(price.free_from_minor),
        missing_for_free=amount(price.missing_minor),
        in_time=each.in_time,
        reasons=[ReasonGiven(code=reason.why.value, sentence=reason.said) for reason in each.reasons],
        why=" ".join(each.why),
    )


def _cut_off(order_by: datetime, asked_at: datetime) -> CutOffGiven:
    return CutOffGiven(order_by=order_by, seconds_left=int((order_by - asked_at).total_seconds()))
