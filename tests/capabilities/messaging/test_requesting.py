"""Asking for messages: once, with every reason kept."""

from __future__ import annotations

from uuid import uuid4

import pytest

from aftermile.capabilities.messaging.events import MessageWithheld
from aftermile.capabilities.messaging.public import (
    CheckName,
    Dead,
    MessagingSettings,
    Mood,
    Purpose,
    Status,
    SuppressedFor,
    change_messaging_settings,
    explain,
    suppress_addresses,
    unsuppress_address,
)
from aftermile.capabilities.shoppers.public import erase_shopper
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.messaging.stories import (
    BY,
    NIGHT,
    NOON,
    a_shopper,
    after,
    ask,
    marketing,
    now_is,
    service,
    wanted,
)
from tests.capabilities.shop import counted, log

pytestmark = pytest.mark.django_db


def test_a_message_is_planned_for_now(in_scope: object) -> None:
    (view,) = ask(wanted(a_shopper("Ana"), order_id=(order_id := uuid4())))
    assert (view.status, view.medium, view.due_at, view.order_id) == (
        Status.PLANNED,
        Medium.EMAIL,
        NOON,
        order_id,
    )
    assert [check.name for check in view.checks] == [
        each for each in CheckName if each is not CheckName.CONTENT
    ]
    assert all(check.passed for check in view.checks)
    assert now_is(view) == view


def test_the_same_key_is_the_same_message(in_scope: object) -> None:
    ana = a_shopper("Ana")
    first, twin, other = ask(
        wanted(ana, once_key="one"), wanted(ana, once_key="one", touchpoint="else"), wanted(ana)
    )
    assert first == twin
    assert other.id != first.id
    (again,) = ask(wanted(ana, once_key="one", touchpoint="else"), at=after(days=100))
    assert again == first


def test_keys_of_two_shops_are_two_messages(merchant: object, other_merchant: object) -> None:
    ids = []
    for shop in (merchant, other_merchant):
        with merchant_scope(shop.id):  # type: ignore[attr-defined]
            ids += [view.id for view in ask(wanted(a_shopper("Ana"), once_key="one"))]
    assert len(set(ids)) == 2


@pytest.mark.parametrize(
    ("told", "purpose", "reason"),
    [
        ({"email": "", "phone": "+4915123456789"}, Purpose.TRANSACTIONAL, CheckName.ADDRESS),
        ({"refused": ["service"]}, Purpose.SERVICE, CheckName.CONSENT),
        ({}, Purpose.MARKETING, CheckName.CONSENT),
        ({"refused": ["marketing"]}, Purpose.MARKETING, CheckName.CONSENT),
    ],
)
def test_what_is_not_sent_says_why(
    in_scope: object, told: dict[str, object], purpose: Purpose, reason: CheckName
) -> None:
    (view,) = ask(wanted(a_shopper("Ana", **told), purpose))
    assert (view.status, view.withheld_for) == (Status.WITHHELD, reason)
    assert [check.name for check in view.checks if not check.passed] == [reason]
    assert explain(view)[0].startswith("Not sent. ")


def test_withholding_is_told(merchant: object) -> None:
    with merchant_scope(merchant.id):  # type: ignore[attr-defined]
        ana = a_shopper("Ana")
        (view,) = ask(marketing(ana))
    assert log(merchant)[-1] == MessageWithheld(
        message_id=view.id, shopper_id=ana, touchpoint="confirmation", reason="consent"
    )


def test_an_erased_shopper_gets_nothing(in_scope: object) -> None:
    ana = a_shopper("Ana")
    erase_shopper(shopper_id=ana, by=BY, at=NOON)
    (view,) = ask(wanted(ana))
    assert (view.status, view.withheld_for) == (Status.WITHHELD, "erased")


def test_an_unknown_shopper_costs_only_their_own_message(in_scope: object) -> None:
    nobody, ana = ask(wanted(uuid4()), wanted(a_shopper("Ana")))
    assert (nobody.withheld_for, ana.status) == ("address", Status.PLANNED)


def test_a_complaint_stops_all_but_the_purchase_and_a_bounce_everything(in_scope: object) -> None:
    ana, ben = a_shopper("Ana"), a_shopper("Ben")
    dead = [
        Dead(medium=Medium.EMAIL, address="ana@shopper.example", reason=SuppressedFor.COMPLAINED),
        Dead(medium=Medium.EMAIL, address="BEN@shopper.example", reason=SuppressedFor.BOUNCED),
    ]
    assert suppress_addresses(dead=dead, by=BY, at=NOON) == 2
    assert suppress_addresses(dead=dead, by=BY, at=NOON) == 0
    views = ask(wanted(ana), service(ana), wanted(ben), service(ben))
    assert [view.withheld_for for view in views] == ["", "suppressed", "suppressed", "suppressed"]
    assert unsuppress_address(medium=Medium.EMAIL, address="ben@shopper.example", by=BY, at=NOON)
    assert [view.withheld_for for view in ask(wanted(ben))] == [""]


def test_night_postpones_what_can_wait(in_scope: object) -> None:
    ana = a_shopper("Ana")
    sorry = service(ana, mood=Mood.BAD_NEWS)
    bought, tips, delay = ask(wanted(ana), service(ana), sorry, at=NIGHT)
    assert (bought.due_at, delay.due_at) == (NIGHT, NIGHT)
    assert tips.due_at == after(days=1, hours=-5)  # seven in UTC is eight in Berlin
    assert tips.status is Status.PLANNED


def test_it_is_night_where_the_shopper_is(in_scope: object) -> None:
    views = ask(
        *(service(a_shopper(country, country=country)) for country in ("DE", "JP", "US", "BR")), at=NIGHT
    )
    zones = [
        check.facts["time_zone"] for view in views for check in view.checks if check.name == "quiet_hours"
    ]
    assert zones == ["Europe/Berlin", "Asia/Tokyo", "America/New_York", "America/Sao_Paulo"]
    # 23:00, 07:00, 17:00, 19:00 there.
    assert [view.due_at > NIGHT for view in views] == [True, True, False, False]


def test_the_cap_counts_across_everything(in_scope: object) -> None:
    change_messaging_settings(MessagingSettings(cap_count=2, cap_days=7), by=BY, at=NOON)
    ana = a_shopper("Ana", granted=["marketing"])
    views = ask(*(service(ana, touchpoint=f"t{n}") for n in range(2)), marketing(ana), wanted(ana))
    assert [view.withheld_for for view in views] == ["", "", "cap", ""]
    (soon,) = ask(marketing(ana), at=after(days=6))
    (later,) = ask(marketing(ana), at=after(days=7))
    assert (soon.withheld_for, later.withheld_for) == ("cap", "")


def test_too_late_is_not_at_all(in_scope: object) -> None:
    ana = a_shopper("Ana")
    (view,) = ask(service(ana, expires_at=NIGHT.replace(hour=23)), at=NIGHT)
    assert (view.status, view.withheld_for) == (Status.WITHHELD, "expired")


def test_a_message_may_be_asked_for_long_before(in_scope: object) -> None:
    (view,) = ask(wanted(a_shopper("Ana"), not_before=after(days=30)))
    assert (view.status, view.due_at) == (Status.PLANNED, after(days=30))


def test_the_number_of_statements_does_not_grow(in_scope: object) -> None:
    change_messaging_settings(MessagingSettings(cap_count=50), by=BY, at=NOON)
    people = [a_shopper(f"S{n}", granted=["marketing"]) for n in range(40)]
    counts = []
    for first, last in ((0, 1), (1, 40)):
        with counted() as queries:
            ask(*(each(person) for person in people[first:last] for each in (wanted, service, marketing)))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 16
