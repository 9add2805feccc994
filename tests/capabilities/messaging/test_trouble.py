"""A parcel in trouble, as the room of exceptions sees it, silences cheer to whom it was to go."""

from __future__ import annotations

from uuid import UUID

import pytest

from aftermile.capabilities.exceptions.public import Kind, dismiss, shoppers_in_trouble
from aftermile.capabilities.messaging.public import Mood, explain, silences
from aftermile.capabilities.shoppers.public import shopper_ids
from aftermile.connectors.contracts.words import SubStatus
from tests.capabilities.exceptions.stories import NADIA, day, judge_now, only, scan, tell_order, tell_scans
from tests.capabilities.messaging.stories import ask, service, wanted
from tests.capabilities.shop import counted

pytestmark = pytest.mark.django_db


def shopper_of(order: str) -> UUID:
    (shopper_id,) = shopper_ids(email=f"{order}@example.com")
    return shopper_id


def test_cheer_waits_for_nobody_but_is_not_said_while_a_parcel_is_in_trouble(in_scope: object) -> None:
    tell_order("1", "N1")
    tell_order("2", "N2")
    judge_now(1, tell_scans("N1", scan(0, SubStatus.DAMAGED)), tell_scans("N2", scan(0)))
    unlucky, lucky = shopper_of("1"), shopper_of("2")
    assert shoppers_in_trouble([unlucky, lucky]) == {unlucky: (Kind.DAMAGED,)}

    def review(shopper_id: UUID) -> str:
        (view,) = ask(service(shopper_id, mood=Mood.CHEERFUL), at=day(2))
        return view.withheld_for

    assert [review(unlucky), review(lucky)] == ["silence", ""]
    (view,) = ask(service(unlucky, mood=Mood.CHEERFUL), at=day(2))
    assert "parcel:damaged" in explain(view)[0]
    assert ask(wanted(unlucky), at=day(2))[0].withheld_for == ""
    dismiss(ids=[only("N1").id], reason="sent again", by=NADIA, at=day(3))
    assert review(unlucky) == ""


def test_asking_for_more_shoppers_takes_no_more_statements(in_scope: object) -> None:
    for number in range(4):
        tell_order(str(number), f"N{number}")
    ids = [shopper_of(str(number)) for number in range(4)]
    counts = []
    for some in (ids[:1], ids):
        with counted() as queries:
            shoppers_in_trouble(some)
        counts.append(len(queries))
    assert counts == [2, 2]


def test_a_reason_for_silence_is_registered_once() -> None:
    with pytest.raises(ValueError, match="parcel"):
        silences("parcel")(lambda ids: {})
