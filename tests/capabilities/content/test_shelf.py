"""What fits a purchase, what the help page lists, and at which cost."""

from __future__ import annotations

from typing import Any

import pytest

from aftermile.capabilities.catalog.public import record_products
from aftermile.capabilities.content.models import Shelf
from aftermile.capabilities.content.public import (
    ArticleNotFound,
    Card,
    Kind,
    Purchase,
    archive_article,
    articles_for,
    reading_article,
    reading_help,
)
from aftermile.connectors.contracts.facts import ProductFact
from aftermile.kernel.reads import answered
from tests.capabilities.content.articles import BY, product, put_out, write
from tests.capabilities.shop import counted, later, scope
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def titles(cards: tuple[Card, ...]) -> list[str]:
    return [card.title for card in cards]


def fitting(merchant: Any, **purchase: Any) -> list[str]:
    with scope(merchant):
        (cards,) = articles_for([Purchase(source="shop", limit=10, **purchase)])
    return titles(cards)


def tell_products(merchant: Any, *facts: ProductFact) -> None:
    with scope(merchant):
        record_products(facts=facts, source="shop", by=BY, at=NOON)


def test_the_very_product_comes_first_then_its_kind_then_the_shop(merchant: Any) -> None:
    tell_products(
        merchant, ProductFact(external_id="7", title="Ronia", category="Novels ", tags=("Hardcover",))
    )
    put_out(merchant, "care_tips", title="For all")
    put_out(merchant, "care_tips", title="Hardcovers", placements=[{"about": "tag", "value": "HARDCOVER"}])
    put_out(merchant, "faq", title="Novels", placements=[{"about": "type", "value": "novels"}])
    put_out(merchant, "guide", title="Ronia", placements=[product("shop", "7"), {"about": "shop"}])
    put_out(merchant, title="Another book", placements=[product("shop", "8")])
    put_out(merchant, title="Same id elsewhere", placements=[product("con_x", "7")])
    kinds = (Kind.CARE_TIPS, Kind.GUIDE, Kind.FAQ)
    assert fitting(merchant, product_external_ids=("7",), kinds=kinds) == [
        "Ronia", "Hardcovers", "Novels", "For all",
    ]  # fmt: skip
    assert fitting(merchant, product_external_ids=("7",), kinds=(Kind.FAQ,)) == ["Novels"]
    assert fitting(merchant, product_external_ids=("9",), kinds=kinds) == ["For all", "Ronia"]


def test_within_a_kind_staff_decide(merchant: Any) -> None:
    for position, title in ((2, "Third"), (0, "First"), (1, "Second")):
        put_out(merchant, title=title, position=position)
    assert fitting(merchant) == ["First", "Second", "Third"]


def test_drafts_and_archived_articles_fit_nothing(merchant: Any) -> None:
    write(merchant, title="Draft")
    gone = put_out(merchant, title="Gone")
    with scope(merchant):
        archive_article(article_id=gone.id, by=BY, at=later(hours=1))
    assert fitting(merchant) == []


def test_each_reader_has_their_language(merchant: Any) -> None:
    put_out(merchant, texts={"en": {"title": "Lamp", "body": "x"}, "de": {"title": "Lampe", "body": "x"}})
    assert fitting(merchant, languages=("de-AT", "en")) == ["Lampe"]
    assert fitting(merchant, languages=("ja", "en")) == ["Lamp"]


def test_no_shop_sees_anothers(merchant: Any, other_merchant: Any) -> None:
    put_out(merchant, title="Books")
    put_out(other_merchant, title="Lamps")
    assert (fitting(merchant), fitting(other_merchant)) == (["Books"], ["Lamps"])
    with scope(other_merchant), pytest.raises(ArticleNotFound):
        answered(reading_article("books", []))


@pytest.mark.parametrize("count", [1, 40])
def test_many_purchases_cost_what_one_costs(merchant: Any, count: int) -> None:
    tell_products(merchant, *(ProductFact(external_id=str(each), category="Novels") for each in range(count)))
    put_out(merchant, title="Novels", placements=[{"about": "type", "value": "Novels"}])
    put_out(merchant, title="All")
    purchases = [Purchase(source="shop", product_external_ids=(str(each),)) for each in range(count)]
    with scope(merchant), counted() as queries:
        found = articles_for(purchases)
    assert [titles(cards) for cards in found] == [["Novels", "All"]] * count
    assert len([each for each in queries.captured_queries if "SELECT" in each["sql"]]) == 4


def test_a_shop_without_articles_is_asked_once(merchant: Any) -> None:
    with scope(merchant), counted() as queries:
        assert articles_for([Purchase(), Purchase()]) == [(), ()]
    assert len([each for each in queries.captured_queries if "SELECT" in each["sql"]]) == 1


def test_the_help_page_finds_by_words_in_the_readers_language(merchant: Any) -> None:
    put_out(
        merchant,
        position=1,
        texts={"en": {"title": "Bath", "body": "Keep *dry*."}, "de": {"title": "Bad", "body": "Löschen"}},
    )
    put_out(merchant, "faq", position=2, title="Lend?", summary="", body="Dry humor.")

    def found(words: str, *languages: str, kind: Kind | None = None) -> list[str]:
        with scope(merchant):
            return [card.title for card in answered(reading_help(languages, kind=kind, words=words))]

    assert found("") == ["Bath", "Lend?"]
    assert found("DRY", "en") == ["Bath", "Lend?"]
    assert found("dry keep", "en") == ["Bath"]
    assert found("dry", "de") == ["Lend?"]
    assert found("loeschen", "de") == ["Bad"]
    assert found("%", "en") == []
    assert found("dry", "en", kind=Kind.FAQ) == ["Lend?"]


def test_a_shelf_is_watched(merchant: Any) -> None:
    """What shoppers do not see writes nothing there. (In a test all is one transaction, so its moment tells.)"""

    def shelf() -> list[Any]:
        with scope(merchant):
            return list(Shelf.rows().values_list("abouts", "changed_at"))

    assert shelf() == []
    made = put_out(merchant)
    assert shelf() == [(["shop"], NOON)]
    write(merchant, title="Draft", at=later(hours=1))
    assert shelf() == [(["shop"], NOON)]
    with scope(merchant):
        archive_article(article_id=made.id, by=BY, at=later(hours=2))
    assert shelf() == [([], later(hours=2))]
