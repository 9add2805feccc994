"""What is told of messages, whatever the order, however often."""

from __future__ import annotations

from datetime import datetime
from itertools import permutations
from uuid import UUID

import pytest

from aftermile.capabilities.messaging.events import MessageFateChanged, MessageReplied, ShopperUnsubscribed
from aftermile.capabilities.messaging.operations.record_receipts import adopt_receipts
from aftermile.capabilities.messaging.public import (
    LinkUnreadable,
    MessageLink,
    MessageView,
    Purpose,
    read_unsubscribe_token,
    receipts_of,
    record_receipts,
    suppressions,
    unsubscribe,
    unsubscribe_token,
)
from aftermile.capabilities.shoppers.public import reach
from aftermile.connectors.contracts.channels import Fate, Medium, Outcome, Receipt, Result
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.messaging.stories import (
    BY,
    NOON,
    a_shopper,
    after,
    ask,
    marketing,
    now_is,
    send_with,
    service,
    wanted,
)
from tests.capabilities.shop import counted, log

pytestmark = pytest.mark.django_db


def sent_message(name: str = "Ana", external_id: str = "ext-1") -> MessageView:
    (view,) = ask(wanted(a_shopper(name)))
    send_with(Outcome(result=Result.TAKEN, external_id=external_id), at=NOON)
    return view


def told(fate: Fate | None, at: datetime = NOON, **how: object) -> Receipt:
    how.setdefault("identity", f"{fate}-{at.isoformat()}")
    how.setdefault("external_id", "ext-1")
    return Receipt(fate=fate, occurred_at=at, **how)  # type: ignore[arg-type]


def tell(*receipts: Receipt, at: datetime = NOON) -> int:
    return record_receipts(receipts=receipts, source="channel:postmark", at=at)


def test_fates_come_to_the_same_in_any_order(in_scope: Merchant) -> None:
    story = [told(Fate.DELIVERED), told(Fate.OPENED, after(hours=1)), told(Fate.CLICKED, after(hours=2))]
    ends = []
    for number, order in enumerate(permutations(story)):
        view = sent_message(f"S{number}", f"ext-{number}")
        for receipt in order:
            one = told(
                receipt.fate,
                receipt.occurred_at,
                external_id=f"ext-{number}",
                identity=f"{number}{receipt.fate}",
            )
            assert tell(one, one) == 1
            assert tell(one) == 0
        ends.append((now_is(view).fate, now_is(view).fates))
    assert ends == [
        (Fate.CLICKED, {Fate.DELIVERED: NOON, Fate.OPENED: after(hours=1), Fate.CLICKED: after(hours=2)})
    ] * len(ends)


@pytest.mark.parametrize("name", ["reference", "message_id", "external_id"])
def test_a_message_is_known_by_any_of_its_names(in_scope: Merchant, name: str) -> None:
    view = sent_message()
    names = {"reference": str(view.id), "message_id": f"{view.id.hex}@shop.example", "external_id": "ext-1"}
    tell(told(Fate.DELIVERED, **({"external_id": ""} | {name: names[name]})))
    assert now_is(view).fate is Fate.DELIVERED


def test_a_change_is_told_once(merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        view = sent_message()
        tell(told(Fate.DELIVERED))
        tell(told(Fate.DELIVERED))
    (news,) = [each for each in log(merchant) if isinstance(each, MessageFateChanged)]
    assert (news.message_id, news.before, news.fate) == (view.id, "", "delivered")


def test_a_word_nobody_knows_is_kept_and_moves_nothing(in_scope: Merchant) -> None:
    view = sent_message()
    assert tell(told(None, code="transmogrified")) == 1
    assert now_is(view).fate is None
    assert [(each.fate, each.code) for each in receipts_of(view.id)] == [(None, "transmogrified")]


def test_what_came_before_its_message_waits_for_it(in_scope: Merchant) -> None:
    tell(told(Fate.DELIVERED))
    view = sent_message()
    assert now_is(view).fate is None
    assert adopt_receipts(at=after(minutes=1), since=NOON) == 1
    assert now_is(view).fate is Fate.DELIVERED
    assert adopt_receipts(at=after(minutes=2), since=NOON) == 0


def test_a_dead_address_and_a_complaint_are_remembered(in_scope: Merchant) -> None:
    ana = sent_message("Ana", "ext-1")
    ben = sent_message("Ben", "ext-2")
    tell(
        told(Fate.BOUNCED, address_is_dead=True, identity="1"),
        told(Fate.COMPLAINED, external_id="ext-2", identity="2"),
    )
    assert {(each.reason, each.message_id) for each in suppressions()} == {
        ("bounced", ana.id),
        ("complained", ben.id),
    }
    views = ask(wanted(ana.shopper_id), wanted(ben.shopper_id), service(ben.shopper_id))
    assert [view.withheld_for for view in views] == ["suppressed", "", "suppressed"]


def test_a_mailbox_that_is_full_for_once_is_written_to_again(in_scope: Merchant) -> None:
    view = sent_message()
    tell(told(Fate.BOUNCED, address_is_dead=False))
    assert suppressions() == []
    assert [each.withheld_for for each in ask(wanted(view.shopper_id))] == [""]


def test_an_address_alone_is_enough_to_stop_writing_to_it(in_scope: Merchant) -> None:
    ana = a_shopper("Ana")
    tell(told(Fate.BOUNCED, external_id="", address="ana@shopper.example", address_is_dead=True))
    assert [view.withheld_for for view in ask(wanted(ana))] == ["suppressed"]


def test_an_answer_is_told(merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        view = sent_message()
        tell(told(Fate.REPLIED, text="Where is it?"), told(Fate.REPLIED, text="Where is it?"))
        assert [each.text for each in receipts_of(view.id)] == ["Where is it?"]
    assert [each.message_id for each in log(merchant) if isinstance(each, MessageReplied)] == [view.id]


def test_stop_at_the_channel_refuses_and_start_takes_it_back(merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        view = sent_message()
        tell(told(Fate.UNSUBSCRIBED, after(hours=1)))
        assert reach([view.shopper_id])[view.shopper_id].consents == {
            ("email", "marketing"): False,
            ("email", "service"): False,
        }
        tell(told(Fate.RESUBSCRIBED, after(hours=2)))
        assert set(reach([view.shopper_id])[view.shopper_id].consents.values()) == {True}


def test_receipts_of_another_shop_move_nothing(merchant: Merchant, other_merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        view = sent_message()
    with merchant_scope(other_merchant.id):
        tell(told(Fate.DELIVERED), told(Fate.OPENED, reference=str(view.id)))
    with merchant_scope(merchant.id):
        assert now_is(view).fate is None


def test_the_number_of_statements_does_not_grow(in_scope: Merchant) -> None:
    for number in range(21):
        sent_message(f"S{number}", f"ext-{number}")
    counts = []
    for first, last in ((0, 1), (1, 21)):
        receipts = [told(Fate.DELIVERED, external_id=f"ext-{n}", identity=str(n)) for n in range(first, last)]
        with counted() as queries:
            assert tell(*receipts) == last - first
        counts.append(len(queries))
    assert counts[0] == counts[1]


def link(merchant: Merchant, shopper_id: UUID, view: MessageView) -> MessageLink:
    return MessageLink(
        merchant_id=merchant.id,
        shopper_id=shopper_id,
        message_id=view.id,
        medium=Medium.EMAIL,
        purpose=view.purpose,
    )


def test_one_click_refuses_once_however_often_it_is_made(merchant: Merchant) -> None:
    """Row 12 of the known failures, the part of this room: what a POST does, and does again."""
    with merchant_scope(merchant.id):
        ana = a_shopper("Ana", granted=["marketing"])
        (view,) = ask(marketing(ana))
        token = unsubscribe_token(link(merchant, ana, view))
    read = read_unsubscribe_token(token)
    assert read == link(merchant, ana, view)
    with merchant_scope(read.merchant_id):
        assert unsubscribe(link=read, by="shopper", at=after(hours=1)) is True
        assert unsubscribe(link=read, by="shopper", at=after(hours=2)) is False
        assert [each.withheld_for for each in ask(marketing(ana), service(ana), wanted(ana))] == [
            "consent",
            "",
            "",
        ]
    (news,) = [each for each in log(merchant) if isinstance(each, ShopperUnsubscribed)]
    assert (news.shopper_id, news.purposes, news.message_id) == (ana, ("marketing",), view.id)


def test_who_refuses_to_hear_of_purchases_gets_no_offers_either(in_scope: Merchant) -> None:
    ana = a_shopper("Ana", granted=["marketing"])
    (view,) = ask(service(ana))
    unsubscribe(link=link(in_scope, ana, view), by="shopper", at=after(hours=1))
    assert [each.withheld_for for each in ask(service(ana), marketing(ana))] == ["consent", "consent"]


def test_consent_given_later_holds(in_scope: Merchant) -> None:
    from aftermile.capabilities.shoppers.public import Answer, record_consent

    ana = a_shopper("Ana", granted=["marketing"])
    (view,) = ask(marketing(ana))
    unsubscribe(link=link(in_scope, ana, view), by="shopper", at=after(hours=1))
    yes = Answer(medium="email", purpose=Purpose.MARKETING, granted=True)
    record_consent(shopper_id=ana, answers=[yes], proof="checked a box", by=BY, at=after(hours=2))
    assert [each.withheld_for for each in ask(marketing(ana))] == [""]


@pytest.mark.parametrize("change", ["cut", "bent", "other", "empty"])
def test_an_address_cannot_be_made_up(in_scope: Merchant, change: str) -> None:
    token = unsubscribe_token(link(in_scope, (ana := a_shopper("Ana")), ask(wanted(ana))[0]))
    bent = token[:30] + ("A" if token[30] != "A" else "B") + token[31:]
    odd = {"cut": token[:-2], "bent": bent, "other": "ä" * 80, "empty": ""}[change]
    with pytest.raises(LinkUnreadable):
        read_unsubscribe_token(odd)
