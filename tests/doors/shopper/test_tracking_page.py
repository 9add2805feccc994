"""The page as it is sent: complete, small, private, and walled off."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftermile.doors.shopper import views
from aftermile.doors.shopper.assets import assets
from aftermile.kernel.models import Merchant
from aftermile.kernel.tokens import mint_token
from tests.doors.shopper.conftest import Sell

CLIENT = Client()


def text_of(content: bytes) -> str:
    """The words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", content.decode()).split())


def test_it_says_where_the_order_is(merchant: Merchant, sell: Sell) -> None:
    page = CLIENT.get(f"/t/{sell(merchant)}")
    assert page.status_code == 200
    words = text_of(page.content)
    for told in (
        "Order #1",
        "On its way to you",
        "The Long Way",
        "1PARCEL0",
        "Arrived at the sorting center",
        "Lindgren Books",
    ):
        assert told in words
    assert '<time datetime="2026-03-02T10:00+01:00">Mon 2 Mar, 10:00</time>' in page.content.decode()


def test_it_tells_nothing_of_the_person_but_letters_and_the_city(merchant: Merchant, sell: Sell) -> None:
    words = text_of(CLIENT.get(f"/t/{sell(merchant)}").content)
    assert "R. E., Bremen" in words
    for secret in ("Ekberg", "Lindenweg", "28195", "rae1@example.org"):
        assert secret not in words


def test_every_answer_is_private_and_loads_nothing_foreign(merchant: Merchant, sell: Sell) -> None:
    for path, status in ((f"/t/{sell(merchant)}", 200), ("/t/nonsense", 404), ("/", 200)):
        page = CLIENT.get(path)
        assert page.status_code == status
        assert page["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
            " frame-ancestors 'none'"
        )
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["Cache-Control"] == "private, no-store"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert not page.cookies
        html = page.content.decode()
        assert "noindex" in html
        assert not re.search(r"<script|style=|https?://[^\"]*\.(?:js|css|png|woff)", html)


def test_an_address_nobody_has_reveals_nothing(merchant: Merchant, sell: Sell) -> None:
    """Mistyped, made up, well-formed, of a deleted order: byte for byte the same."""
    deleted = sell(merchant, number="2", deleted=True)
    made_up = mint_token("t", merchant.id).text
    answers = [CLIENT.get(f"/t/{token}") for token in (deleted, made_up, made_up[:-1] + "0", "t_", "x" * 400)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_another_shops_page_is_another_shops(
    merchant: Merchant, other_merchant: Merchant, sell: Sell
) -> None:
    """The same order id in two shops: each token opens its own; one shop's token in the other's name none."""
    ours, theirs = sell(merchant, title="The Long Way"), sell(other_merchant, title="Brass lamp")
    assert "Brass lamp" in text_of(CLIENT.get(f"/t/{theirs}").content)
    assert "Brass lamp" not in text_of(CLIENT.get(f"/t/{ours}").content)
    assert CLIENT.get(f"/t/{mint_token('t', other_merchant.id).text}").status_code == 404


def test_more_parcels_cost_no_more_queries(merchant: Merchant, sell: Sell) -> None:
    counts = []
    for parcels in (1, 3):
        token = sell(merchant, parcels=parcels, number=str(parcels))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = CLIENT.get(f"/t/{token}")
        assert text_of(page.content).count("PARCEL") == parcels
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_page_fits_in_thirty_kilobytes_with_its_sheet(merchant: Merchant, sell: Sell) -> None:
    page = CLIENT.get(f"/t/{sell(merchant, parcels=3)}")
    sheet = assets()["shopper.css"]
    assert len(sheet.compressed) < 3_000
    assert len(page.content) + len(sheet.compressed) < 30_000


def test_the_sheet_is_found_and_may_be_kept_for_good(merchant: Merchant, sell: Sell) -> None:
    page = CLIENT.get(f"/t/{sell(merchant)}")
    address = re.search(r'href="(/t/assets/shopper\.[0-9a-f]+\.css)"', page.content.decode())
    assert address is not None
    plain = CLIENT.get(address[1])
    packed = CLIENT.get(address[1], headers={"accept-encoding": "gzip, br"})
    assert plain["Cache-Control"] == "public, max-age=31536000, immutable"
    assert gzip.decompress(packed.content) == plain.content == assets()["shopper.css"].content
    assert CLIENT.get("/t/assets/shopper.css").status_code == 404


def test_head_answers_like_get_without_the_page(merchant: Merchant, sell: Sell) -> None:
    head = CLIENT.head(f"/t/{sell(merchant)}")
    assert (head.status_code, head.content) == (200, b"")
    assert CLIENT.post(f"/t/{sell(merchant)}").status_code == 405


def test_words_from_outside_stay_words(merchant: Merchant, sell: Sell) -> None:
    page = CLIENT.get(f"/t/{sell(merchant, title='<img src=x onerror=alert(1)> & co')}").content.decode()
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; co" in page


def test_the_page_is_well_formed(merchant: Merchant, sell: Sell) -> None:
    class Nesting(HTMLParser):
        open_: list[str]
        h1 = 0

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.h1 += tag == "h1"
            if tag not in {"meta", "link", "br", "img"}:
                self.open_.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open_.pop() == tag

    parser = Nesting()
    parser.open_ = []
    parser.feed(CLIENT.get(f"/t/{sell(merchant, parcels=2)}").content.decode())
    assert (parser.open_, parser.h1) == ([], 1)


def test_while_the_database_is_away_it_says_that_nothing_is_lost(
    merchant: Merchant, sell: Sell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(token: str) -> None:
        raise OperationalError("gone")

    token = sell(merchant)
    monkeypatch.setattr(views, "order_by_page_token", away)
    page = CLIENT.get(f"/t/{token}")
    assert (page.status_code, page["Retry-After"]) == (503, "10")
    assert "Nothing is lost" in text_of(page.content)
