"""Shoppers as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from aftermile.capabilities.shoppers.public import ShopperView
from aftermile.connectors.contracts.facts import ConsentFact, ShopperFact
from aftermile.doors.api.batches import MOST_ITEMS, BatchResult
from aftermile.doors.api.fields import (
    Attributes,
    CountryCode,
    Given,
    Line,
    Moment,
    OrOdd,
    Paragraph,
    ShopperId,
    Taken,
    Word,
    example,
)

Language = Annotated[
    str, StringConstraints(max_length=35), Field(description="BCP 47.", examples=["de", "pt-BR"])
]


class ConsentTaken(Taken):
    """What a shopper allowed or refused."""

    channel: Annotated[str, StringConstraints(min_length=1, max_length=50)] = Field(examples=["email"])
    purpose: Annotated[str, StringConstraints(min_length=1, max_length=50)] = Field(examples=["marketing"])
    granted: bool
    recorded_at: Moment | None = None
    proof: Paragraph = Field("", description="How you know.")


class ShopperTaken(Taken):
    """Who bought. What is left out or empty leaves what is known alone."""

    model_config = example(
        name="Ada Blom",
        email="ada@example.com",
        phone="+46 90 123456",
        language="sv",
        country="SE",
        consents=[{"channel": "email", "purpose": "marketing", "granted": True}],
    )

    name: Line = ""
    email: Line = ""
    phone: Word = Field("", description="International, or as dialed in `country`.")
    language: Language = ""
    country: CountryCode = ""
    consents: list[ConsentTaken] = Field([], max_length=50)
    tags: list[Word] = Field([], max_length=100)
    updated_at: Moment | None = Field(
        None, description="Your version: an older one never overwrites a newer."
    )
    attributes: Attributes = {}


class ShopperItem(ShopperTaken):
    """One shopper of a batch; without `external_id` the contact points tell who it is."""

    external_id: Annotated[str, StringConstraints(max_length=500)] = ""


class ShoppersTaken(Taken):
    """Up to 500 shoppers."""

    shoppers: list[Annotated[ShopperItem, OrOdd]] = Field(min_length=1, max_length=MOST_ITEMS)


class ShopperResult(BatchResult):
    """What became of one shopper."""

    id: ShopperId | None = Field(None, description="Null when it was refused.")


class ShopperResults(Given):
    """One result for each shopper, in their order."""

    data: list[ShopperResult]


class ShopperRecorded(Given):
    """Where a shopper went."""

    id: ShopperId


class ExternalIdGiven(Given):
    source: str = Field(description="Whose id it is: `shop`, or a connection.")
    external_id: str


class ContactPointGiven(Given):
    kind: str = Field(description="`email` or `phone`.")
    value: str
    as_given: str


class ConsentGiven(Given):
    channel: str
    purpose: str
    granted: bool
    source: str
    recorded_at: datetime | None
    heard_at: datetime


class ShopperGiven(Given):
    """A shopper. Everything personal is empty once erased."""

    id: ShopperId
    name: str
    email: str
    phone: str
    language: str
    country: str
    tags: list[str]
    attributes: dict[str, Any]
    external_ids: list[ExternalIdGiven]
    contact_points: list[ContactPointGiven]
    consents: list[ConsentGiven]
    erased_at: datetime | None
    created_at: datetime
    changed_at: datetime


def shopper_fact(taken: ShopperTaken, external_id: str) -> ShopperFact:
    """Turn a taken shopper into a fact."""
    return ShopperFact(
        external_id=external_id,
        name=taken.name,
        email=taken.email,
        phone=taken.phone,
        language=taken.language,
        country=taken.country,
        consents=tuple(
            ConsentFact(
                channel=consent.channel,
                purpose=consent.purpose,
                granted=consent.granted,
                recorded_at=consent.recorded_at,
                proof=consent.proof,
            )
            for consent in taken.consents
        ),
        tags=tuple(taken.tags),
        updated_at=taken.updated_at,
        attributes=taken.attributes,
    )


def shopper_given(view: ShopperView) -> ShopperGiven:
    """Write a shopper."""
    return ShopperGiven(
        id=view.id,
        name=view.name,
        email=view.email,
        phone=view.phone,
        language=view.language,
        country=view.country,
        tags=list(view.tags),
        attributes=dict(view.attributes),
        external_ids=[
            ExternalIdGiven(source=source, external_id=external_id)
            for source, external_id in view.external_ids
        ],
        contact_points=[
            ContactPointGiven(kind=point.kind, value=point.value, as_given=point.as_given)
            for point in view.contact_points
        ],
        consents=[
            ConsentGiven(
                channel=consent.channel,
                purpose=consent.purpose,
                granted=consent.granted,
                source=consent.source,
                recorded_at=consent.recorded_at,
                heard_at=consent.heard_at,
            )
            for consent in view.consents
        ],
        erased_at=view.erased_at,
        created_at=view.created_at,
        changed_at=view.changed_at,
    )
