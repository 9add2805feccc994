"""The help page: what it lists, what it says where there is nothing, and what it does not let through."""

from __future__ import annotations

import gzip
import json
import re
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.brands.models import Brand
from aftermile.capabilities.brands.public import change_brand
from aftermile.capabilities.content.public import archive_article
from aftermile.kernel.ids import public_id
from aftermile.kernel.languages import LANGUAGES
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.content.articles import put_out, write
from tests.conftest import NOON

NOBODY = UUID(int=7)


def at(merchant: Merchant, slug: str = "") -> str:
    return f"/help/{public_id('mer', merchant.id)}/{slug}"


def opened(path: str, **headers: str) -> HttpResponse:
    page = Client(headers=headers).get(path)
    assert page.status_code == 200
    return page


def said(path: str, **headers: str) -> str:
    return opened(path, **headers).content.decode()


def test_it_lists_by_kind_what_is_published(merchant: Merchant) -> None:
    put_out(merchant, "faq", title="May I lend it?", position=0)
    put_out(merchant, "guide", title="Read in the bath", position=1)
    write(merchant, title="A draft")
    gone = put_out(merchant, title="Gone")
    with merchant_scope(merchant.id):
        archive_article(article_id=gone.id, by="test", at=NOON)
    html = said(at(merchant))
    assert re.findall(r'<h2 id="\w+">([^<]+)', html) == ["Guides", "Questions and answers"]
    assert re.findall(r"<bdi>([^<]+)", html) == ["Read in the bath", "May I lend it?"]


def test_a_kind_with_many_has_a_page_of_its_own_and_that_more_pages(merchant: Merchant) -> None:
    for number in range(62):
        put_out(merchant, "faq", title=f"Question {number:02}", position=number)
    html = said(at(merchant))
    assert html.count("<bdi>") == 6
    assert f'href="{at(merchant)}?kind=faq">All of Questions and answers (62)' in html
    assert said(f"{at(merchant)}?kind=faq").count("<bdi>") == 60
    assert re.findall(r"<bdi>([^<]+)", said(f"{at(merchant)}?kind=faq&page=2")) == [
        "Question 60",
        "Question 61",
    ]


def test_search_finds_what_is_in_the_text(merchant: Merchant) -> None:
    put_out(merchant, title="Read in the bath", body="Mind the bubbles.")
    put_out(merchant, title="Another", summary="", body="No.")
    html = said(f"{at(merchant)}?q=BUBBLES")
    assert re.findall(r"<bdi>([^<]+)", html) == ["Read in the bath"]
    assert "1 page found" in html
    assert '<meta name="robots" content="noindex, follow">' in html


def test_nothing_found_says_so_and_gives_the_words_back_as_text(merchant: Merchant) -> None:
    html = said(f"{at(merchant)}?q=%3Cscript%3Ex%3C/script%3E%00")
    assert "Nothing was found for “&lt;script&gt;x&lt;/script&gt;”." in html
    assert "<script" not in html


def test_an_empty_shelf_leads_to_a_person(merchant: Merchant) -> None:
    assert "There is nothing to read here yet." in said(at(merchant))


def test_an_article_is_read_in_the_readers_language(merchant: Merchant) -> None:
    texts = {"en": {"title": "Bath", "body": "Up."}, "ar": {"title": "الحمام", "body": "فوق."}}
    put_out(merchant, texts=texts)
    with merchant_scope(merchant.id):
        change_brand(languages=["en", "ar", "de"], by="test", at=NOON)
    assert '<article lang="ar" dir="rtl">' in said(at(merchant, "bath"), **{"accept-language": "ar"})
    german = said(f"{at(merchant, 'bath')}?lang=de")
    assert '<html lang="de"' in german
    assert '<article lang="en" dir="ltr">' in german
    assert "Diese Seite gibt es noch nicht in Ihrer Sprache." in german


def test_what_search_engines_are_told(merchant: Merchant) -> None:
    put_out(
        merchant,
        texts={"en": {"title": "Bath", "summary": "Up.", "body": "x"}, "de": {"title": "Bad", "body": "x"}},
    )
    page = opened(at(merchant, "bath"))
    html = page.content.decode()
    with merchant_scope(merchant.id):
        base = "http" + html.split('<link rel="canonical" href="http')[1].split("/help/")[0]
    assert page["X-Robots-Tag"] == "all"
    assert '<meta name="robots" content="index, follow">' in html
    assert f'<link rel="canonical" href="{base}{at(merchant, "bath")}?lang=en">' in html
    assert f'<link rel="alternate" hreflang="de" href="{base}{at(merchant, "bath")}?lang=de">' in html
    assert '<meta name="description" content="Up.">' in html
    assert "Set-Cookie" not in page.headers


def test_the_shops_own_domain_is_its_one_address(merchant: Merchant) -> None:
    put_out(merchant, title="Bath")
    with merchant_scope(merchant.id):
        change_brand(accent="#123456", by="test", at=NOON)
        Brand.rows().update(host="help.lindgren.example")
    address = f"https://help.lindgren.example{at(merchant, 'bath')}"
    assert f'<link rel="canonical" href="{address}">' in said(at(merchant, "bath"))


def test_a_question_is_marked_up_and_cannot_end_its_script(merchant: Merchant) -> None:
    put_out(merchant, "faq", title="May </script> I?", body="`</script>` & yes")
    html = said(at(merchant, "may-script-i"))
    data = json.loads(html.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert data["mainEntity"][0]["name"] == "May </script> I?"
    assert (
        data["mainEntity"][0]["acceptedAnswer"]["text"] == "<p><code>&lt;/script&gt;</code> &amp; yes</p>\n"
    )
    assert html.count("<script") == 1


def test_a_page_runs_nothing_and_asks_nobody(merchant: Merchant) -> None:
    put_out(merchant, "video", title="Fold", video_url="https://www.videos.example/fold")
    page = opened(at(merchant, "fold"))
    assert "script-src" not in page["Content-Security-Policy"]
    assert "default-src 'none'" in page["Content-Security-Policy"]
    html = page.content.decode()
    assert re.findall(r'(?:src|srcset|action|data|poster)="([^"]+)', html) == []
    link = '<a class="act main" href="https://www.videos.example/fold" target="_blank" rel="noopener noreferrer nofollow">'
    assert link in html
    assert "It opens at videos.example, in a new tab." in html


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_whatever_it_holds(merchant: Merchant, count: int) -> None:
    for number in range(count):
        put_out(merchant, title=f"Guide {number}", picture_url="https://cdn.example/a.jpg")
    with CaptureQueriesContext(connection) as queries:
        said(at(merchant))
    assert len([query for query in queries if query["sql"].startswith("SELECT")]) == 4


def test_the_longest_article_stays_small(merchant: Merchant) -> None:
    words = "Keep the zip clean and the coating dry, then hang it over a line. "
    body = "\n\n".join(f"## Part {n}\n\n" + f"{n} {words}" * 10 for n in range(28))
    put_out(merchant, title="Long", body=body)
    page = opened(at(merchant, "long"), **{"accept-encoding": "gzip"})
    assert len(gzip.decompress(page.content)) > 18_000
    assert len(page.content) < 30_000


def test_there_is_nothing_at_other_addresses(merchant: Merchant, other_merchant: Merchant) -> None:
    put_out(other_merchant, title="Lamps")
    for path in (at(merchant, "lamps"), at(merchant, "no-such"), "/help/mer_x/", "/help/mer_x/lamps"):
        assert Client().get(path).status_code == 404
    nobody = public_id("mer", NOBODY)
    assert Client().get(f"/help/{nobody}/").status_code == 404
    assert Client().post(at(merchant)).status_code == 405


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_it_speaks_every_language(merchant: Merchant, language: str) -> None:
    with merchant_scope(merchant.id):
        change_brand(languages=list(LANGUAGES), by="test", at=NOON)
    put_out(merchant, title="Bath")
    html = said(f"{at(merchant)}?lang={language}")
    assert f'<html lang="{language}"' in html
    assert ("How can we help?" in html) == (language == "en")


def test_odd_pages_and_words_are_taken_calmly(merchant: Merchant) -> None:
    put_out(merchant, title="Bath")
    for query in ("page=0", "page=-1", "page=9999", "page=x", "kind=novel", "q=" + "a" * 3000, "lang=xx"):
        assert Client().get(f"{at(merchant)}?{query}").status_code == 200
