"""The window by rule of what is waited for: from where it leaves, by whose days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from aftermile.capabilities.promises.learning.forecasting import Goods, Lane, Place, Stage
from aftermile.capabilities.promises.rules import rule_windows
from aftermile.capabilities.promises.subjects import Subject
from aftermile.capabilities.shipping.public import Shipping
from aftermile.kernel.merchants import MerchantView
from tests.capabilities.shipping.shop import CALENDAR, plan

BERLIN = ZoneInfo("Europe/Berlin")
#: A Monday, 14:00 in Berlin, where the cut-off is at 15:00, and 8:00 in New York, where it is at 11:00.
ORDERED = datetime(2026, 3, 2, 13, tzinfo=UTC)
OFFERED = Shipping(
    merchant=MerchantView(
        id=UUID(int=1),
        name="Lindgren Books",
        time_zone="Europe/Berlin",
        currency="EUR",
        language="de",
        country="DE",
    ),
    plan=plan(),
    calendar=CALENDAR,
)


def waiting(origin: Place, *, ordered_at: datetime = ORDERED, left: datetime | None = None) -> Subject:
    """A parcel of DHL to Vienna, announced and perhaps handed over."""
    return Subject(
        id=UUID(int=2),
        parcel_id=UUID(int=2),
        order_id=None,
        lane=Lane(carrier="dhl", service="", origin=origin, destination=Place(country="AT")),
        goods=Goods(),
        stage=Stage.ORDERED if left is None else Stage.HANDED_OVER,
        stage_at=left or ordered_at,
        ordered_at=ordered_at,
        handed_over_at=left,
    )


def windows(*subjects: Subject) -> list[object]:
    numbered = [replace(subject, id=UUID(int=place)) for place, subject in enumerate(subjects)]
    found = rule_windows(numbered, OFFERED, BERLIN)
    return [found[subject.id] for subject in numbered]


def test_what_leaves_another_place_waits_for_that_places_cut_off_and_processing() -> None:
    home, new_york = Place(country="DE"), Place(country="US", region="NY")
    tuesday = datetime(2026, 3, 3, 17, tzinfo=UTC)
    from_home, from_there, left_home_today, left_there_on_tuesday = windows(
        waiting(home),
        waiting(new_york),  # a day of processing
        waiting(home, left=ORDERED),
        waiting(new_york, left=tuesday),
    )
    assert from_home == left_home_today
    assert from_there == left_there_on_tuesday
    assert from_home != from_there


def test_the_shops_own_country_alone_is_the_shop_with_its_own_free_days() -> None:
    closed = replace(CALENDAR, country="", subdivision="")  # it works on public holidays
    labour_day = datetime(2026, 5, 1, 10, tzinfo=UTC)  # a Friday
    shop = replace(OFFERED, calendar=closed)
    subject = waiting(Place(country="DE"), ordered_at=labour_day)
    left_that_day = waiting(Place(country="DE"), ordered_at=labour_day, left=labour_day)
    assert rule_windows([subject], shop, BERLIN) == rule_windows([left_that_day], shop, BERLIN)
