"""The outbox in the console: found, told in plain words, read in a frame, taken back; in orders' stories too."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from aftermile.capabilities.messaging.public import (
    MessageView,
    Purpose,
    Rendered,
    Status,
    message,
    record_receipts,
    request_messages,
)
from aftermile.capabilities.team.models import AuditEntry
from aftermile.capabilities.team.public import Role
from aftermile.connectors.contracts.channels import Fate, Medium, Receipt
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id
from tests.capabilities.messaging.stories import BY, a_shopper, marketing, send_with, wanted
from tests.capabilities.messaging.templates.test_values import an_order
from tests.capabilities.shop import scope
from tests.doors.console.conftest import base, counted

pytestmark = pytest.mark.django_db
At = Callable[[Role], Client]
LETTER = Rendered(
    subject="Your order has left us",
    html="<html><head><style>@media (prefers-color-scheme:dark){p{color:#fff}}</style></head>"
    '<body><p>It is <a href="https://shop.example">on its way</a></p><script>alert(1)</script></body></html>',
    text="It is on its way",
)


def told(merchant: Any, *wishes: Any) -> list[MessageView]:
    with scope(merchant):
        return request_messages(wanted=wishes, by=BY, at=now())


def sent(merchant: Any, **how: Any) -> MessageView:
    """A letter that went out."""
    with scope(merchant):
        shopper_id = how.pop("shopper_id", None) or a_shopper("Astrid")
        (view,) = request_messages(wanted=[wanted(shopper_id, content=LETTER, **how)], by=BY, at=now())
        send_with(at=now())
        return message(view.id)


def shopper(merchant: Any, name: str = "Astrid", **told: Any) -> UUID:
    with scope(merchant):
        return a_shopper(name, **told)


def rows(html: str) -> list[str]:
    return re.findall(r'<a class="row" href="[^"]+" data-open>([^<]+)</a>', html)


def at_of(merchant: Any, view: MessageView, more: str = "") -> str:
    return f"{base(merchant)}messages/{public_id('mes', view.id)}/{more}"


def test_the_list_is_the_newest_first_and_narrowed_by_its_address(desk_client: At, merchant: Any) -> None:
    astrid, bo = shopper(merchant), shopper(merchant, "Bo")
    with scope(merchant):
        order_id = an_order("1001")
    told(merchant, wanted(astrid, touchpoint="confirmation", order_id=order_id))
    told(merchant, marketing(bo, touchpoint="birthday"))
    told(merchant, wanted(bo, touchpoint="delivered", not_before=now() + timedelta(days=1)))
    client, here = desk_client(Role.CARE), f"{base(merchant)}messages/"

    assert rows(client.get(here).content.decode()) == [
        "It was delivered",
        "Happy birthday",
        "Thank you. We have your order.",
    ]
    for query, found in {
        "state=withheld": ["Happy birthday"],
        "state=withheld&reason=consent": ["Happy birthday"],
        "state=withheld&reason=cap": [],
        "purpose=marketing": ["Happy birthday"],
        "touchpoint=delivered": ["It was delivered"],
        "medium=sms": [],
        f"shopper={public_id('shp', astrid)}": ["Thank you. We have your order."],
        f"order={public_id('ord', order_id)}": ["Thank you. We have your order."],
        "state=nonsense&medium=owl&shopper=x&after=y": [
            "It was delivered",
            "Happy birthday",
            "Thank you. We have your order.",
        ],
    }.items():
        assert rows(client.get(f"{here}?{query}").content.decode()) == found, query


def test_the_list_goes_on_where_the_page_ends(desk_client: At, merchant: Any) -> None:
    astrid = shopper(merchant)
    told(merchant, *(wanted(astrid) for _ in range(60)))
    client = desk_client(Role.CARE)
    first = client.get(f"{base(merchant)}messages/?touchpoint=confirmation").content.decode()
    (further,) = re.findall(r'href="([^"]+)" rel="next"|rel="next" href="([^"]+)"', first)[:1]
    second = client.get("".join(further).replace("&amp;", "&")).content.decode()
    assert (len(rows(first)), len(rows(second))) == (50, 10)


def test_the_list_costs_the_same_with_one_and_with_three(desk_client: At, merchant: Any) -> None:
    client, here = desk_client(Role.CARE), f"{base(merchant)}messages/"
    with scope(merchant):
        orders = [an_order(number) for number in ("1001", "1002", "1003")]
    told(merchant, wanted(shopper(merchant), order_id=orders[0]))
    client.get(here)  # the first page of a session remembers the shop
    _, one = counted(client, here)
    told(merchant, wanted(shopper(merchant, "Bo"), order_id=orders[1]))
    told(merchant, wanted(shopper(merchant, "Cai"), order_id=orders[2]))
    page, three = counted(client, here)
    assert len(rows(page)) == 3
    assert one == three


def test_an_empty_outbox_says_what_will_be_there(desk_client: At, merchant: Any) -> None:
    page = desk_client(Role.READ_ONLY).get(f"{base(merchant)}messages/").content.decode()
    assert "Nothing was said yet" in page
    assert "none leaves the house" in page


def test_one_message_tells_what_it_said_its_story_and_why(desk_client: At, merchant: Any) -> None:
    view = sent(merchant, cause={"journey": "On the way", "because": "a parcel reaches a milestone"})
    with scope(merchant):
        record_receipts(
            receipts=[Receipt(fate=Fate.OPENED, occurred_at=now(), identity="1", reference=str(view.id))],
            source="smtp",
            at=now(),
        )
    page = desk_client(Role.CARE).get(at_of(merchant, view)).content.decode()
    assert "Your order has left us" in page
    assert 'sandbox=""' in page
    assert "Opened" in page
    assert "because a parcel reaches a milestone" in page
    assert "Asked for by the journey “On the way”" in page
    assert "It belongs to the purchase and needs no consent." in page
    assert "astrid@shopper.example" in page.replace("<wbr>", "")
    assert "It is on its way" in page
    assert "<script>alert" not in page


def test_what_was_not_sent_says_why_not(desk_client: At, merchant: Any) -> None:
    (view,) = told(merchant, marketing(shopper(merchant), touchpoint="birthday"))
    page = desk_client(Role.CARE).get(at_of(merchant, view)).content.decode()
    assert view.status is Status.WITHHELD
    assert "Not sent. The shopper was never asked about messages of this kind." in page
    assert "Nothing was sent" in page


def test_a_letter_is_shown_where_nothing_in_it_can_run(desk_client: At, merchant: Any) -> None:
    client, view = desk_client(Role.CARE), sent(merchant)
    answer = client.get(at_of(merchant, view, "letter/"))
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert policy.endswith("sandbox")
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert (answer["X-Frame-Options"], answer["Cache-Control"]) == ("SAMEORIGIN", "private, no-store")
    assert "@media not all{p" in answer.content.decode()
    assert '<base target="_blank">' in answer.content.decode()
    dark = client.get(at_of(merchant, view, "letter/?scheme=dark")).content.decode()
    assert "@media all{p" in dark


def test_a_planned_message_can_be_taken_back_once(desk_client: At, merchant: Any) -> None:
    shopper_id = shopper(merchant)
    with scope(merchant):
        order_id = an_order("1001")
    (view,) = told(merchant, wanted(shopper_id, order_id=order_id, not_before=now() + timedelta(days=1)))
    client = desk_client(Role.CARE)
    assert "Do not send it" in client.get(at_of(merchant, view)).content.decode()
    assert client.post(at_of(merchant, view, "cancel/")).status_code == 303
    client.post(at_of(merchant, view, "cancel/"))
    with scope(merchant):
        assert message(view.id).status is Status.CANCELLED
        noted = [(each.act, each.subject) for each in AuditEntry.rows().order_by("id")]
    assert noted == [
        ("message.cancel", public_id("mes", view.id)),
        ("message.cancel", public_id("ord", order_id)),
    ]


def test_who_may_not_work_on_orders_is_not_offered_to_take_it_back(desk_client: At, merchant: Any) -> None:
    (view,) = told(merchant, wanted(shopper(merchant), not_before=now() + timedelta(days=1)))
    client = desk_client(Role.MARKETING)
    assert "Do not send it" not in client.get(at_of(merchant, view)).content.decode()
    assert client.post(at_of(merchant, view, "cancel/")).status_code == 403


def test_another_shops_message_is_not_there(desk_client: At, merchant: Any, other_merchant: Any) -> None:
    view = sent(other_merchant)
    client = desk_client(Role.OWNER)
    for more in ("", "letter/"):
        answer = client.get(at_of(merchant, view, more))
        assert answer.status_code == 404
        assert b"on its way" not in answer.content


def test_messages_stand_in_the_story_of_each_order_they_are_about(desk_client: At, merchant: Any) -> None:
    with scope(merchant):
        from aftermile.capabilities.orders.public import orders

        first, second = an_order("1001"), an_order("1002")
        seen = orders([first])[first]
        owner = seen.shopper.id if seen.shopper else None
    assert owner is not None
    sent(merchant, shopper_id=owner, order_id=first, about={"order_ids": [str(first), str(second)]})
    told(merchant, marketing(owner, touchpoint="review_request", order_id=first))
    client = desk_client(Role.CARE)
    one = client.get(f"{base(merchant)}orders/{public_id('ord', first)}/?part=messages").content.decode()
    other = client.get(f"{base(merchant)}orders/{public_id('ord', second)}/?part=messages").content.decode()
    listed = client.get(f"{base(merchant)}messages/?order={public_id('ord', second)}").content.decode()
    assert len(rows(listed)) == 1
    assert one.count('<li class="ev') == 2
    assert other.count('<li class="ev') == 1
    assert "Kept here" in other
    assert "Read it" in other
    warehouse = desk_client(Role.WAREHOUSE)
    seen_there = warehouse.get(f"{base(merchant)}orders/{public_id('ord', second)}/").content.decode()
    assert "Kept here" in seen_there
    assert "Read it" not in seen_there


def test_a_shoppers_page_shows_the_newest_messages(desk_client: At, merchant: Any) -> None:
    view = sent(merchant)
    page = desk_client(Role.CARE).get(f"{base(merchant)}shoppers/{public_id('shp', view.shopper_id)}/")
    assert at_of(merchant, view) in page.content.decode()


def test_a_purpose_is_told_in_words(desk_client: At, merchant: Any) -> None:
    view = sent(merchant, medium=Medium.EMAIL)
    page = desk_client(Role.CARE).get(at_of(merchant, view)).content.decode()
    assert view.purpose is Purpose.TRANSACTIONAL
    assert "Part of the order." in page
