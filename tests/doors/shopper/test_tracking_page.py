"""The page as it is sent: complete, small, private, and walled off."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.brands.public import change_brand
from aftermile.capabilities.orders.models import Order
from aftermile.doors.assets import assets
from aftermile.doors.shopper import views
from aftermile.kernel.ids import public_id
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from aftermile.kernel.tokens import mint_token
from tests.conftest import NOON
from tests.doors.shopper.conftest import Sell

CLIENT = Client()


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def text_of(content: bytes) -> str:
    """The words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", content.decode()).split())


def test_it_says_where_the_order_is(merchant: Merchant, sell: Sell) -> None:
    with time_machine.travel(NOON + timedelta(days=90)):  # within the year, which it names otherwise
        page = CLIENT.get(f"/t/{sell(merchant)}")
    assert page.status_code == 200
    words = text_of(page.content)
    for told in (
        "Order #1",
        "There has been no news for a long time",
        "The Long Way",
        "1PARCEL0",
        "Arrived at the sorting center",
        "Lindgren Books",
    ):
        assert told in words
    assert '<time datetime="2026-03-02T10:00+01:00">Mon, 2 Mar, 10:00</time>' in page.content.decode()


def test_it_tells_nothing_of_the_person_but_letters_and_the_city(merchant: Merchant, sell: Sell) -> None:
    words = text_of(CLIENT.get(f"/t/{sell(merchant)}").content)
    assert "R. E., Bremen" in words
    for secret in ("Ekberg", "Lindenweg", "28195", "rae1@example.org"):
        assert secret not in words


def test_every_answer_is_private_and_loads_nothing_foreign(merchant: Merchant, sell: Sell) -> None:
    find = f"/find/{public_id('mer', merchant.id)}/"
    for path, status in ((f"/t/{sell(merchant)}", 200), ("/t/nonsense", 404), (find, 200)):
        page = CLIENT.get(path)
        assert page.status_code == status
        policy = dict(part.split(" ", 1) for part in page["Content-Security-Policy"].split("; "))
        html = page.content.decode()
        sheets = [
            f"'sha256-{digest(sheet)}'" for sheet in re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
        ]
        assert policy.pop("style-src").split() == sheets
        runs = {"script-src": "'self'", "connect-src": "'self'"} if path.startswith("/t/t_") else {}
        assert policy == runs | {
            "default-src": "'none'",
            "img-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'self'" if path == find else "'none'",
            "frame-ancestors": "'none'",
        }
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["Cache-Control"] == "private, no-store"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert page["Vary"] == "Accept-Encoding, Accept-Language"
        assert page["Content-Language"] == "en"
        assert not page.cookies
        assert "noindex" in html
        assert not re.search(r"<script>|style=|https?://[^\"]*\.(?:js|css|png|woff)", html)


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


def test_a_page_with_all_it_needs_fits_in_thirty_kilobytes(merchant: Merchant, sell: Sell) -> None:
    """Over the wire: the page with its sheet inside, the script and the icon. As a rule it is a third of that."""
    page = CLIENT.get(f"/t/{sell(merchant, parcels=3)}", headers={"accept-encoding": "gzip"})
    script, icon = assets()["shopper/refresh.js"], assets()["shopper/icon.svg"]
    assert len(script.compressed) < 1_000
    assert len(page.content) + len(script.compressed) + len(icon.compressed) < 12_000


def test_a_packed_page_is_the_page(merchant: Merchant, sell: Sell) -> None:
    path = f"/t/{sell(merchant)}"
    packed = CLIENT.get(path, headers={"accept-encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == CLIENT.get(path).content


def test_who_has_the_page_is_told_that_it_is_the_same(merchant: Merchant, sell: Sell) -> None:
    path = f"/t/{sell(merchant)}"
    page = CLIENT.get(path)
    assert (
        f'<body data-version="{page["ETag"]}">'.replace('""', '"')
        == re.search("<body[^>]*>", page.content.decode().replace("&quot;", ""))[0]
    )  # type: ignore[index]
    again = CLIENT.get(path, headers={"if-none-match": page["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = CLIENT.get(path, {"lang": "de"}, headers={"if-none-match": page["ETag"]})
    assert other.status_code == 200


def test_the_script_is_found_and_may_be_kept_for_good(merchant: Merchant, sell: Sell) -> None:
    page = CLIENT.get(f"/t/{sell(merchant)}")
    address = re.search(r'src="(/assets/shopper-refresh\.[0-9a-f]+\.js)"', page.content.decode())
    assert address is not None
    assert CLIENT.get(address[1])["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("asked", "accepted", "spoken"),
    [
        ("", "", "en"),
        ("", "de-AT,en;q=0.5", "de"),
        ("", "tlh, de;q=0.3, *;q=0.1", "de"),
        ("de", "en", "de"),
        ("xx", "de", "de"),
        ("", "de;q=nonsense", "en"),
    ],
)
def test_it_speaks_the_readers_language(
    merchant: Merchant, sell: Sell, asked: str, accepted: str, spoken: str
) -> None:
    page = CLIENT.get(f"/t/{sell(merchant)}?lang={asked}", headers={"accept-language": accepted})
    html = page.content.decode()
    assert page["Content-Language"] == spoken
    assert f'<html lang="{spoken}" dir="ltr">' in html
    assert ("Seit langem gibt es nichts Neues" in html) == (spoken == "de")
    assert f'<b lang="{spoken}" aria-current="true">' in html


def test_the_orders_own_language_goes_first(merchant: Merchant, sell: Sell) -> None:
    page = CLIENT.get(f"/t/{sell(merchant, language='de-CH')}", headers={"accept-language": "en"})
    assert page["Content-Language"] == "de"


def test_an_erased_order_says_that_it_was_erased(merchant: Merchant, sell: Sell) -> None:
    token = sell(merchant)
    with merchant_scope(merchant.id):
        Order.rows().filter(page_token=token).update(erased_at=NOON)
    page = CLIENT.get(f"/t/{token}")
    assert page.status_code == 410
    assert "This order was erased" in text_of(page.content)
    assert "Nothing else is lost" in text_of(page.content)


def test_head_answers_like_get_without_the_page(merchant: Merchant, sell: Sell) -> None:
    head = CLIENT.head(f"/t/{sell(merchant)}")
    assert (head.status_code, head.content) == (200, b"")
    assert CLIENT.post(f"/t/{sell(merchant)}").status_code == 405


def test_words_from_outside_stay_words(merchant: Merchant, sell: Sell) -> None:
    page = CLIENT.get(f"/t/{sell(merchant, title='<img src=x onerror=alert(1)> & co')}").content.decode()
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; co" in page


def test_the_shops_postal_address_stands_at_the_foot(merchant: Merchant, sell: Sell) -> None:
    address = f"/t/{sell(merchant)}"
    assert "<address>" not in CLIENT.get(address).content.decode()
    with merchant_scope(merchant.id):
        change_brand(support_address="1 Quay & <b>\nBergen", by="test", at=NOON)
    foot = CLIENT.get(address).content.decode().split("<footer>")[1]
    assert " · <bdi>1 Quay &amp; &lt;b&gt;</bdi> · <bdi>Bergen</bdi></address>" in foot


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
    def away(read: object) -> None:
        raise OperationalError("gone")

    token = sell(merchant)
    monkeypatch.setattr(views, "answered", away)
    page = CLIENT.get(f"/t/{token}")
    assert (page.status_code, page["Retry-After"]) == (503, "10")
    assert "Nothing is lost" in text_of(page.content)
