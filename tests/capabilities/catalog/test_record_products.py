from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftermile.capabilities.catalog.models import Product, Variant
from aftermile.capabilities.catalog.public import (
    ProductChanged,
    ProductNotFound,
    ProductRemoved,
    ProductView,
    list_products,
    product,
    products,
    products_by_external,
    record_products,
    remove_products,
    variants_by_external,
)
from aftermile.connectors.contracts.facts import ProductFact, VariantFact
from aftermile.kernel.bounds import FactOutOfBounds
from aftermile.kernel.ids import uuid7
from aftermile.kernel.money import Money
from tests.capabilities.shop import (
    BY,
    counted,
    fresh_merchant,
    later,
    log,
    log_types,
    scope,
    shuffled_and_split,
    writes,
)
from tests.conftest import NOON

PIPPI = ProductFact(
    external_id="p1",
    title="Pippi",
    url="https://books.example/pippi",
    image_url="https://books.example/pippi.jpg",
    category="Children",
    vendor="Rabén",
    tags=("classic",),
    variants=(
        VariantFact(
            external_id="v1",
            title="Hardcover",
            sku="PIPPI-H",
            barcode="9789129657531",
            price=Money(1290, "EUR"),
            weight_grams=310,
            length_mm=210,
            width_mm=140,
            height_mm=15,
        ),
        VariantFact(external_id="v2", title="Paperback"),
    ),
    updated_at=NOON,
    attributes={"status": "active"},
)


def tell(merchant: Any, *facts: ProductFact, source: str = "shop", at: Any = NOON) -> list[UUID]:
    with scope(merchant):
        return record_products(facts=facts, source=source, by=BY, at=at)


def remove(merchant: Any, *external_ids: str, at: Any = NOON, removed_at: Any = None) -> list[UUID]:
    with scope(merchant):
        return remove_products(external_ids=external_ids, source="shop", by=BY, at=at, removed_at=removed_at)


def only(merchant: Any) -> ProductView:
    with scope(merchant):
        (view,) = list_products()
        return view


def test_a_product_is_kept_with_everything_told(merchant: Any) -> None:
    (product_id,) = tell(merchant, PIPPI)
    kept = only(merchant)
    assert (kept.id, kept.source, kept.external_id) == (product_id, "shop", "p1")
    assert (kept.title, kept.url, kept.image_url) == (PIPPI.title, PIPPI.url, PIPPI.image_url)
    assert (kept.category, kept.vendor, kept.tags) == ("Children", "Rabén", ("classic",))
    assert (kept.attributes, kept.removed) == ({"status": "active"}, False)
    hardcover, paperback = kept.variants
    assert (hardcover.external_id, hardcover.title, hardcover.sku) == ("v1", "Hardcover", "PIPPI-H")
    assert (hardcover.barcode, hardcover.price_minor, hardcover.currency) == ("9789129657531", 1290, "EUR")
    assert (hardcover.weight_grams, hardcover.length_mm, hardcover.width_mm, hardcover.height_mm) == (
        310,
        210,
        140,
        15,
    )
    assert (paperback.external_id, paperback.price_minor, paperback.weight_grams) == ("v2", None, None)
    assert log_types(merchant) == ["product.changed"]


@pytest.mark.parametrize(
    "fact", [PIPPI, replace(PIPPI, updated_at=None)], ids=["versioned", "without version"]
)
def test_the_same_again_changes_nothing(merchant: Any, fact: ProductFact) -> None:
    tell(merchant, fact)
    before = only(merchant)
    with counted() as queries:
        tell(merchant, fact, fact, at=later(days=1))
    assert not any("UPDATE catalog" in sql or "INSERT" in sql for sql in writes(queries))
    assert only(merchant) == before
    assert log_types(merchant) == ["product.changed"]


def test_a_newer_fact_stands_and_an_older_one_only_fills(merchant: Any) -> None:
    tell(merchant, replace(PIPPI, title="Pippi Longstocking", vendor="", updated_at=later(hours=2)))
    tell(merchant, replace(PIPPI, variants=(replace(PIPPI.variants[1], sku="PIPPI-P", title="Soft"),)))
    kept = only(merchant)
    assert (kept.title, kept.vendor) == ("Pippi Longstocking", "Rabén")
    assert [(each.title, each.sku) for each in kept.variants] == [
        ("Hardcover", "PIPPI-H"),
        ("Paperback", "PIPPI-P"),
    ]
    assert log(merchant)[-1] == ProductChanged(
        product_id=kept.id, source="shop", external_id="p1", created=False, changed=("vendor", "variants")
    )


def test_a_removed_product_is_marked_and_may_come_back(merchant: Any) -> None:
    (product_id,) = tell(merchant, PIPPI)
    assert remove(merchant, "p1", at=later(hours=1)) == [product_id]
    remove(merchant, "p1", at=later(hours=1))
    assert (only(merchant).removed, only(merchant).title) == (True, "Pippi")
    assert log(merchant)[-1] == ProductRemoved(product_id=product_id, source="shop", external_id="p1")
    assert log_types(merchant).count("product.removed") == 1
    tell(merchant, replace(PIPPI, updated_at=later(hours=2)))
    assert only(merchant).removed is False


def test_a_product_removed_before_it_was_told_stays_removed(merchant: Any) -> None:
    remove(merchant, "p1", removed_at=later(hours=1))
    tell(merchant, PIPPI)
    assert (only(merchant).removed, only(merchant).title) == (True, "Pippi")


def test_where_a_source_has_no_versions_the_last_word_stands(merchant: Any) -> None:
    undated = replace(PIPPI, updated_at=None)
    tell(merchant, undated)
    remove(merchant, "p1", at=later(hours=1))
    assert only(merchant).removed is True
    tell(merchant, replace(undated, title="Pippi again"), at=later(hours=2))
    assert (only(merchant).removed, only(merchant).title) == (False, "Pippi again")


@pytest.mark.parametrize(
    "odd",
    [
        replace(PIPPI, external_id=""),
        replace(PIPPI, external_id="x" * 501),
        replace(PIPPI, variants=(VariantFact(external_id=""),)),
        replace(PIPPI, variants=(VariantFact(external_id="v", weight_grams=10**16),)),
    ],
)
def test_what_no_column_holds_is_refused_with_its_place(merchant: Any, odd: ProductFact) -> None:
    with pytest.raises(FactOutOfBounds) as refusal:
        tell(merchant, PIPPI, odd)
    assert refusal.value.details == {"index": 1}
    with scope(merchant):
        assert list_products() == []


def test_products_and_variants_are_found_by_their_sources_ids(merchant: Any) -> None:
    (product_id,) = tell(merchant, PIPPI)
    tell(merchant, PIPPI, source="con_x")
    twin = replace(PIPPI, external_id="p2", variants=(VariantFact(external_id="v1", title="Another"),))
    tell(merchant, twin)
    with scope(merchant):
        assert products_by_external("shop", ["p1", "p9"]) == {"p1": product(product_id)}
        assert products([product_id]) == {product_id: product(product_id)}
        variants = variants_by_external("shop", ["v1", "v9"])
        assert {name: (each.product_id, each.title) for name, each in variants.items()} == {
            "v1": (product_id, "Hardcover")
        }
        assert [each.external_id for each in list_products(source="con_x")] == ["p1"]
        assert [each.id for each in list_products(source="shop", external_id="p1")] == [product_id]
        assert products([]) == products_by_external("shop", []) == variants_by_external("shop", []) == {}
        with pytest.raises(ProductNotFound):
            product(uuid7())


@pytest.mark.parametrize("how_many", [1, 3])
def test_a_list_takes_as_many_statements_for_one_as_for_three(merchant: Any, how_many: int) -> None:
    tell(merchant, *(replace(PIPPI, external_id=str(number)) for number in range(how_many)))
    with scope(merchant), counted() as queries:
        assert len(list_products()) == how_many
    assert len(queries) == 2


def test_a_list_is_paged_from_the_newest(merchant: Any) -> None:
    ids = tell(merchant, *(replace(PIPPI, external_id=str(number)) for number in range(3)))
    with scope(merchant):
        first = [each.id for each in list_products(limit=2)]
        assert first + [each.id for each in list_products(after=first[-1])] == ids[::-1]


def test_another_merchants_products_do_not_exist(merchant: Any, other_merchant: Any) -> None:
    (ours,) = tell(merchant, PIPPI)
    with scope(other_merchant):
        assert list_products() == []
        assert products([ours]) == {}
        assert variants_by_external("shop", ["v1"]) == {}
        with connection.cursor() as cursor:  # the second wall, without our manager
            for model in (Product, Variant):
                cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
                assert cursor.fetchone() == (0,)


product_facts = st.builds(
    lambda external_id, minute, title, tags, deleted, variants: ProductFact(
        external_id=external_id,
        updated_at=later(minutes=minute),
        title=title,
        tags=tags,
        deleted=deleted,
        variants=tuple(variants),
    ),
    st.sampled_from(["p1", "p2"]),
    st.integers(1, 4),
    st.sampled_from(["", "Pippi", "Madita"]),
    st.sampled_from([(), ("a",), ("b",)]),
    st.booleans(),
    st.lists(
        st.builds(
            VariantFact,
            external_id=st.sampled_from(["v1", "v2"]),
            sku=st.sampled_from(["", "A", "B"]),
            weight_grams=st.sampled_from([None, 0, 5]),
        ),
        max_size=2,
        unique_by=lambda variant: variant.external_id,
    ),
)


def known_of(merchant: Any) -> list[Any]:
    with scope(merchant):
        return sorted(
            (
                view.external_id,
                view.title,
                view.tags,
                view.removed,
                [(each.external_id, each.sku, each.weight_grams) for each in view.variants],
            )
            for view in list_products()
        )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(product_facts, min_size=1, max_size=6), st.integers(1, 5), st.randoms(use_true_random=False))
def test_the_order_of_arrival_and_repeats_do_not_matter(
    db: None, facts: list[ProductFact], batch: int, random: Any
) -> None:
    plain, shuffled = fresh_merchant(), fresh_merchant()
    tell(plain, *facts)
    order = [*range(len(facts))] * 2
    random.shuffle(order)
    for dealt in shuffled_and_split(facts, order, batch):
        tell(shuffled, *dealt)
    assert known_of(shuffled) == known_of(plain)


@pytest.mark.django_db(transaction=True)
def test_threads_that_record_the_same_products_make_each_once() -> None:
    merchant = fresh_merchant()
    facts = [replace(PIPPI, external_id=str(number)) for number in range(30)]
    start, failures = Barrier(3), []

    def record(turn: int) -> None:
        ordered = facts[turn * 9 :] + facts[: turn * 9]
        try:
            start.wait()
            tell(merchant, *(ordered if turn % 2 else ordered[::-1]))
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=record, args=(turn,)) for turn in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with scope(merchant):
        assert (Product.rows().count(), Variant.rows().count()) == (30, 60)
    assert log_types(merchant).count("product.changed") == 30
