"""Take in what sources say about products."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.catalog.events import ProductChanged, ProductRemoved
from aftermile.capabilities.catalog.models import Product, Variant
from aftermile.capabilities.catalog.reading import (
    PRODUCT_FIELDS,
    VARIANT_FIELDS,
    ProductReading,
    read_product,
)
from aftermile.connectors.contracts.facts import ProductFact
from aftermile.kernel.events import publish
from aftermile.kernel.ids import uuid7
from aftermile.kernel.rowsets import (
    Row,
    id_array,
    ids_in,
    insert,
    run,
    select,
    text_array,
    texts_in,
    update,
)
from aftermile.kernel.versions import has_version, merge, undated_key

_COLUMNS = ("source", "external_id", *PRODUCT_FIELDS, "version", "older", "created_at", "changed_at")
_WRITTEN = (*PRODUCT_FIELDS, "version", "older", "changed_at")
_VARIANT_WRITTEN = (*VARIANT_FIELDS, "version", "older")
_VARIANT_COLUMNS = ("product_id", "source", "external_id", *_VARIANT_WRITTEN)


def record_products(*, facts: Sequence[ProductFact], source: str, by: str, at: datetime) -> list[UUID]:
    """Take in a batch of products with their variants; return their ids in the order given.

    Facts may come in any order and twice. What changes nothing writes nothing and publishes nothing. A
    variant that a fact does not name is left alone: no source says that it named all of them.

    :param source: whose external ids these are ("shop", or a connection's public id).
    :raises FactOutOfBounds: an id or a measure that no column can hold; `details.index` says whose.
    """
    groups = _read(facts, at)
    if not groups:
        return []
    known = _find(source, groups)
    new = [_new(source, external_id, at) for external_id in groups if external_id not in known]
    for product in new:
        product.take_all(groups[product.external_id], at)
    won = _insert(new)
    products = [product for product in new if product.external_id in won]
    if len(won) < len(new):
        known |= _find(source, {product.external_id for product in new} - won)
    locked = _lock(row_id for external_id, row_id in known.items() if external_id not in won)
    for product in locked:
        product.take_all(groups[product.external_id], at)
    products += locked
    _write(products, at)
    by_external_id = {product.external_id: product for product in products}
    _publish([by_external_id[external_id] for external_id in groups], by=by, at=at)
    return [by_external_id[fact.external_id].row["id"] for fact in facts]


@dataclass(slots=True)
class _Product:
    row: Row
    is_new: bool = False
    touched: bool = False
    variants: dict[str, Row] = field(default_factory=dict)
    changed: dict[str, None] = field(default_factory=dict)
    new_variants: list[Row] = field(default_factory=list)
    touched_variants: dict[UUID, Row] = field(default_factory=dict)

    @property
    def external_id(self) -> str:
        return str(self.row["external_id"])

    def take_all(self, readings: Iterable[ProductReading], at: datetime) -> None:
        for reading in readings:
            self._take(reading, at)

    def _take(self, reading: ProductReading, at: datetime) -> None:
        row, version = self.row, reading.version
        if reading.is_undated_deletion:
            version = undated_key(row["version"], at=at, rank=1)
        counts = has_version(version)
        before = (row["version"], row["older"])
        changed = merge(row, reading.said, version, fields=PRODUCT_FIELDS)
        if self.is_new or changed or (counts and before != (row["version"], row["older"])):
            self.touched = True
        for external_id, said in reading.variants.items():
            variant = self.variants.get(external_id)
            is_new = variant is None
            if variant is None:
                variant = self.variants[external_id] = _blank_variant(row, external_id)
                self.new_variants.append(variant)
            before = (variant["version"], variant["older"])
            news = merge(variant, said, version, fields=VARIANT_FIELDS)
            if is_new or news:
                changed.append("variants")
            elif not counts or before == (variant["version"], variant["older"]):
                continue
            self.touched_variants[variant["id"]] = variant
        self.changed.update(dict.fromkeys(changed))


def _read(facts: Sequence[ProductFact], at: datetime) -> dict[str, list[ProductReading]]:
    seen: Counter[str] = Counter()
    groups: dict[str, list[ProductReading]] = {}
    for index, fact in enumerate(facts):
        reading = read_product(fact, at=at, index=index, place=seen[fact.external_id])
        seen[fact.external_id] += 1
        groups.setdefault(fact.external_id, []).append(reading)
    return groups


def _find(source: str, external_ids: Iterable[str]) -> dict[str, UUID]:
    (found,) = run(
        select(
            Product,
            ("external_id", "id"),
            f"source = %s AND {texts_in('external_id')}",
            [source, text_array(external_ids)],
        )
    )
    return {row["external_id"]: row["id"] for row in found}


def _new(source: str, external_id: str, at: datetime) -> _Product:
    row: Row = {
        "id": uuid7(),
        "source": source,
        "external_id": external_id,
        "title": "",
        "url": "",
        "image_url": "",
        "category": "",
        "vendor": "",
        "tags": [],
        "attributes": {},
        "removed": False,
        "version": "",
        "older": {},
        "created_at": at,
        "changed_at": at,
    }
    return _Product(row, is_new=True)


def _blank_variant(product: Row, external_id: str) -> Row:
    return {
        "id": uuid7(),
        "product_id": product["id"],
        "source": product["source"],
        "external_id": external_id,
        "title": "",
        "sku": "",
        "barcode": "",
        "price_minor": None,
        "currency": "",
        "weight_grams": None,
        "length_mm": None,
        "width_mm": None,
        "height_mm": None,
        "version": "",
        "older": {},
    }


def _insert(products: Iterable[_Product]) -> set[str]:
    rows = sorted((product.row for product in products), key=lambda row: str(row["external_id"]))
    (written,) = run(
        insert(
            Product,
            ("id", *_COLUMNS),
            rows,
            on_conflict="ON CONFLICT (merchant_id, source, external_id) DO NOTHING",
            returning=("external_id",),
        )
    )
    return {external_id for (external_id,) in written}


def _lock(ids: Iterable[UUID]) -> list[_Product]:
    ordered = sorted(ids)
    if not ordered:
        return []
    wanted = id_array(ordered)
    rows, variants = run(
        select(Product, ("id", *_COLUMNS), ids_in("id"), [wanted], then="ORDER BY id FOR NO KEY UPDATE"),
        select(Variant, ("id", *_VARIANT_COLUMNS), ids_in("product_id"), [wanted]),
    )
    products = {row["id"]: _Product(row) for row in rows}
    for variant in variants:
        products[variant["product_id"]].variants[variant["external_id"]] = variant
    return list(products.values())


def _write(products: Iterable[_Product], at: datetime) -> None:
    rows, new_variants, changed_variants = [], [], []
    for product in products:
        if product.changed:
            product.row["changed_at"] = at
        if not product.is_new and (product.touched or product.changed):
            rows.append(product.row)
        made = {variant["id"] for variant in product.new_variants}
        new_variants += product.new_variants
        changed_variants += [row for row_id, row in product.touched_variants.items() if row_id not in made]
    run(
        update(Product, _WRITTEN, rows),
        insert(Variant, ("id", *_VARIANT_COLUMNS), new_variants),
        update(Variant, _VARIANT_WRITTEN, changed_variants),
    )


def _publish(products: Iterable[_Product], *, by: str, at: datetime) -> None:
    events: list[object] = []
    for product in products:
        if not product.changed and not product.is_new:
            continue
        named = {
            "product_id": product.row["id"],
            "source": product.row["source"],
            "external_id": product.row["external_id"],
        }
        if product.row["removed"] and "removed" in product.changed:
            events.append(ProductRemoved(**named))
        else:
            events.append(ProductChanged(**named, created=product.is_new, changed=tuple(product.changed)))
    publish(*events, by=by, at=at)
