"""Every letter we ship, as a real mail server gets it: what stands in its head, whose signature, how large, and that
one click on it unsubscribes."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

import dkim
import pytest
from django.test import Client

from aftermile.capabilities.messaging.public import (
    Lines,
    MessageView,
    MessagingSettings,
    Mood,
    Purpose,
    Touchpoint,
    change_messaging_settings,
    content,
    keep_sender,
    run_turn,
    shipped_touchpoints,
)
from aftermile.capabilities.orders.public import orders_by_external, record_orders
from aftermile.capabilities.shipments.public import record_fulfilments
from aftermile.capabilities.shoppers.public import Answer, reach, record_consent
from aftermile.connectors.contracts.channels import Medium
from aftermile.connectors.contracts.facts import (
    ConsentFact,
    FulfilmentFact,
    FulfilmentLineFact,
    OrderFact,
    OrderLineFact,
    ShopperFact,
)
from aftermile.kernel.clock import now
from aftermile.kernel.http import OutboundClient
from aftermile.kernel.mail_signing import make_dkim_key
from aftermile.kernel.models import Merchant
from aftermile.kernel.smtp import Patience, SmtpPools
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.messaging.stories import BY, NOON, a_shopper, ask, now_is, wanted
from tests.kernel.mail_server import Inbox, mail_server

pytestmark = pytest.mark.django_db(transaction=True)

KEY = make_dkim_key()
LARGEST = 60_000
SHOP = "https://post.shop.example"
#: What journeys bring along.
BROUGHT = {
    "content": [{"title": "Fit the straps", "address": f"{SHOP}/straps", "summary": "2 minutes"}],
    "survey": {"question": "How was it?", "answers": [{"label": "Good", "address": f"{SHOP}/s/1"}]},
    "offer": {"worth": "10 %", "code": "THANKS", "until": "31 May", "address": f"{SHOP}/offer"},
    "product": {"title": "Steel bottle", "address": f"{SHOP}/bottle"},
    "recommendation": [{"title": "Rain cover", "address": f"{SHOP}/cover"}],
    "points": {"balance": "240", "earned": "60"},
    "review_address": f"{SHOP}/review",
}


class Letter(NamedTuple):
    """A message, and what the server got of it."""

    touchpoint: Touchpoint
    view: MessageView
    raw: bytes
    mail: EmailMessage


def an_order() -> tuple[UUID, UUID]:
    """An order in two parcels, of a shopper who allows everything; its id and theirs."""
    lines = tuple(OrderLineFact(external_id=f"{n}", title=f"Book {n}", quantity=1) for n in range(2))
    consents = tuple(
        ConsentFact(channel="email", purpose=each, granted=True, recorded_at=NOON)
        for each in ("service", "marketing")
    )
    shopper = ShopperFact(external_id="ana", email="ana@shopper.example", name="Ana Ek", consents=consents)
    order = OrderFact(external_id="1", number="1001", placed_at=NOON, lines=lines, shopper=shopper)
    record_orders(facts=[order], source="shop", by=BY, at=NOON)
    boxes = [
        FulfilmentFact(
            external_id=f"f{line.external_id}",
            order_external_id="1",
            carrier="gls",
            tracking_numbers=(f"9000{line.external_id}",),
            lines=(FulfilmentLineFact(line_external_id=line.external_id, quantity=1),),
            updated_at=NOON,
        )
        for line in lines
    ]
    record_fulfilments(facts=boxes, source="shop", by=BY, at=NOON)
    found = orders_by_external("shop", ["1"])["1"]
    assert found.shopper is not None
    return found.id, found.shopper.id


@pytest.fixture
def letters(merchant: Merchant, settings: Any) -> list[Letter]:
    """Every letter, sent by a turn of the sender to a real server."""
    settings.CONFIG = settings.CONFIG.model_copy(update={"public_url": SHOP})
    inbox, points = Inbox(), list(shipped_touchpoints().values())
    pools = SmtpPools(allow_private=True, patience=Patience(connect=5, reply=5, send=5, taken=5))
    with mail_server(inbox) as server:
        with merchant_scope(merchant.id):
            keep_sender(
                medium=Medium.EMAIL,
                channel_slug="smtp",
                credentials={
                    "host": server.host,
                    "port": str(server.port),
                    "security": "none",
                    "dkim_domain": "shop.example",
                    "dkim_selector": "am1",
                    "dkim_private_pem": KEY.private_pem,
                },
                address="care@shop.example",
                name="Lindgren, Books & Co.",
                reply_to="help@shop.example",
                by=BY,
                at=NOON,
            )
            change_messaging_settings(MessagingSettings(cap_count=100), by=BY, at=NOON)
            order_id, shopper_id = an_order()
            views = ask(
                *(
                    wanted(
                        shopper_id,
                        each.purpose,
                        touchpoint=each.slug,
                        mood=Mood.NEUTRAL,
                        content=None,
                        order_id=order_id if each.needs_order else None,
                        values=BROUGHT,
                    )
                    for each in points
                )
            )
        run_turn(merchant.id, lines=Lines(OutboundClient(), pools), clock=lambda: NOON)
        pools.close()
    with merchant_scope(merchant.id):
        failed = {view.touchpoint: now_is(view).detail for view in views if now_is(view).status != "taken"}
    assert failed == {}
    taken = {
        str(mail["message-id"]): (raw, mail)
        for _, _, raw in inbox.letters
        if isinstance(mail := message_from_bytes(raw, policy=default), EmailMessage)
    }
    return [
        Letter(each, view, *taken[f"<{view.id.hex}@shop.example>"])
        for each, view in zip(points, views, strict=True)
    ]


def parts(mail: EmailMessage) -> tuple[str, str]:
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    return str(text.get_content()), str(html.get_content())


def test_every_letter_is_whole(letters: list[Letter]) -> None:
    assert len({each.mail["message-id"] for each in letters}) == len(letters) >= 24
    for touchpoint, _, raw, mail in letters:
        assert mail.defects == [], touchpoint.slug
        assert [defect for part in mail.walk() for defect in part.defects] == []
        assert len(raw) < LARGEST, (touchpoint.slug, len(raw))
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        assert mail["from"].addresses[0].addr_spec == "care@shop.example"
        assert mail["from"].addresses[0].display_name == "Lindgren, Books & Co."
        assert mail["reply-to"].addresses[0].addr_spec == "help@shop.example"
        assert mail["to"].addresses[0].addr_spec == "ana@shopper.example"
        assert mail["date"].datetime == NOON
        assert mail["auto-submitted"] == "auto-generated"
        for name in ("from", "to", "subject", "date", "message-id", "reply-to", "mime-version"):
            assert len(mail.get_all(name, [])) == 1, (touchpoint.slug, name)
        text, html = parts(mail)
        assert mail.get_content_type() == "multipart/alternative"
        assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
        assert mail["subject"].strip()
        assert len(text.split()) > 10
        for words in (mail["subject"], text, html):
            assert (
                re.search(r"\{\{|\{%|None|\{\w+\}", re.sub(r"<style.*?</style>", "", words, flags=re.S))
                is None
            )
        # Row 13 of the known failures: nobody is greeted by nothing.
        assert re.search(r"(?:Hello|Hi|Dear)\s*,", text) is None
        assert "Ana" in text


def test_every_signature_holds_and_covers_what_unsubscribes(letters: list[Letter]) -> None:
    def dns(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"am1._domainkey.shop.example."
        return KEY.dns_record.encode()

    for touchpoint, _, raw, mail in letters:
        assert dkim.verify(raw, dnsfunc=dns), touchpoint.slug
        assert not dkim.verify(raw.replace(b"Ana", b"Eve"), dnsfunc=dns)
        signed = re.search(r"\bh=([^;]+)", str(mail["dkim-signature"]))
        assert signed
        names = {name.strip().lower() for name in signed[1].split(":")}
        assert {"from", "to", "subject", "date", "message-id"} <= names
        if touchpoint.purpose is not Purpose.TRANSACTIONAL:
            assert {"list-unsubscribe", "list-unsubscribe-post"} <= names  # RFC 8058, 4


def test_one_click_stands_on_all_that_is_not_part_of_the_purchase(letters: list[Letter]) -> None:
    purposes = set()
    for touchpoint, _, _, mail in letters:
        purposes.add(touchpoint.purpose)
        text, html = parts(mail)
        if touchpoint.purpose is Purpose.TRANSACTIONAL:
            assert (mail["list-unsubscribe"], mail["list-unsubscribe-post"]) == (None, None), touchpoint.slug
            assert "/unsubscribe/" not in text + html
        else:
            assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click", touchpoint.slug
            address = re.fullmatch(r"<(https://[^>]+)>", str(mail["list-unsubscribe"]))
            assert address
            assert address[1] in text
            assert address[1] in html
        for path in ("/preferences/", "/why/"):
            assert f"{SHOP}{path}" in text
            assert f"{SHOP}{path}" in html
    assert purposes == set(Purpose)


def test_row_12_one_click_works_by_post_and_by_nothing_else(
    letters: list[Letter], merchant: Merchant
) -> None:
    """Every address that a letter's head or body holds is opened, as a link scanner does; then one is clicked."""
    client = Client(enforce_csrf_checks=True)

    def consents(shopper_id: UUID) -> dict[tuple[str, str], bool]:
        with merchant_scope(merchant.id):
            return dict(reach([shopper_id])[shopper_id].consents)

    allowed = {("email", "service"): True, ("email", "marketing"): True}
    for touchpoint, view, _, mail in letters:
        way = str(mail["list-unsubscribe"] or "").strip("<>")
        ours = set(re.findall(rf"{re.escape(SHOP)}(/[^\s\"'<>&]*)", "".join(parts(mail))))
        for path in ours | ({urlsplit(way).path} if way else set()):
            client.get(path)
            client.head(path)
        assert consents(view.shopper_id) == allowed, touchpoint.slug
        if not way:
            continue
        answer = client.post(
            urlsplit(way).path,
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 200
        refused = {purpose for (_, purpose), granted in consents(view.shopper_id).items() if not granted}
        assert refused == (
            {"marketing"} if touchpoint.purpose is Purpose.MARKETING else {"marketing", "service"}
        )
        with merchant_scope(merchant.id):
            again = [Answer(medium="email", purpose=each, granted=True) for each in sorted(refused)]
            record_consent(
                shopper_id=view.shopper_id,
                answers=again,
                proof="asked",
                by=BY,
                at=now(),
            )


def test_row_13_without_a_name_nobody_is_greeted_by_nothing(merchant: Merchant) -> None:
    """A name that is missing: the greeting does without, in every letter there is."""
    with merchant_scope(merchant.id):
        change_messaging_settings(MessagingSettings(cap_count=100), by=BY, at=NOON)
        order_id, _ = an_order()
        nobody = a_shopper("", email="x@shopper.example", granted=["marketing"])
        views = ask(
            *(
                wanted(
                    nobody,
                    each.purpose,
                    touchpoint=each.slug,
                    content=None,
                    order_id=order_id if each.needs_order else None,
                    values=BROUGHT,
                )
                for each in shipped_touchpoints().values()
            )
        )
    run_turn(merchant.id, lines=Lines(OutboundClient(), SmtpPools()), clock=lambda: NOON)
    with merchant_scope(merchant.id):
        said = {view.touchpoint: content(view.id) for view in views}
    assert len(said) >= 24
    for touchpoint, words in said.items():
        assert words is not None, touchpoint
        assert words.text.startswith("Hello,\n"), touchpoint
        assert re.search(r"\w \s*,|\bNone\b|\{\{", words.subject + words.text) is None, touchpoint
