"""Products, shipments, scans and refunds, from the values of a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC
from decimal import Decimal
from zoneinfo import ZoneInfo

from aftermile.connectors.contracts.facts import (
    Direction,
    FulfilmentFact,
    Place,
    ProductFact,
    RefundFact,
    RefundLineFact,
    ScanTime,
    TimeBasis,
    TrackingEventFact,
    TrackingReport,
    UnknownWord,
    VariantFact,
)
from aftermile.connectors.contracts.reading import zone_of
from aftermile.connectors.contracts.words import SubStatus
from aftermile.connectors.files.fields import plain
from aftermile.connectors.files.orders import carrier_named, scans
from aftermile.connectors.files.rows import Values
from aftermile.connectors.files.words import DIRECTIONS, SUB_STATUSES
from aftermile.kernel.money import Money

Unknown = Counter[UnknownWord]

_GRAMS = {"g": Decimal(1), "kg": Decimal(1000), "lb": Decimal("453.59237"), "oz": Decimal("28.349523125")}
_MILLIMETERS = {"mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000), "in": Decimal("25.4")}
_LARGEST_MEASURE = 10**9  # a thousand tons, a thousand kilometers: fits an integer column


def product(product_id: str, rows: list[Values]) -> ProductFact:
    """Read a product from its rows: one, or one a variant, where the first says what they share."""
    shared: Values = {}
    for values in rows:
        for name, value in values.items():
            shared.setdefault(name, value)
    return ProductFact(
        external_id=product_id,
        title=shared.get("title", ""),
        url=shared.get("url", ""),
        image_url=shared.get("image_url", "").split(",")[0].strip(),
        category=shared.get("category", ""),
        vendor=shared.get("vendor", ""),
        tags=shared.get("tags", ()),
        variants=tuple(
            _variant(product_id, values, len(rows)) for values in rows if _is_variant(values, rows)
        ),
    )


def _is_variant(values: Values, rows: list[Values]) -> bool:
    """Tell a variant's row from one that only brings another picture (Shopify writes both)."""
    return len(rows) == 1 or not values.keys().isdisjoint(("variant_id", "sku", "price", "variant_title"))


def _variant(product_id: str, values: Values, rows: int) -> VariantFact:
    own_id = values.get("variant_id") or (values.get("sku") if rows > 1 else None) or product_id
    return VariantFact(
        external_id=own_id,
        title=values.get("variant_title", ""),
        sku=values.get("sku", ""),
        barcode=values.get("barcode", ""),
        price=values.get("price"),
        weight_grams=_measured(values, "weight", _GRAMS),
        length_mm=_measured(values, "length", _MILLIMETERS),
        width_mm=_measured(values, "width", _MILLIMETERS),
        height_mm=_measured(values, "height", _MILLIMETERS),
    )


def _measured(values: Values, what: str, units: dict[str, Decimal]) -> int | None:
    """Return a measure in whole grams or millimeters; 0 means that nobody measured."""
    for unit, factor in units.items():
        if measured := values.get(f"{what}_{unit}"):
            return int(min(round(measured * factor), _LARGEST_MEASURE))
    return None


def shipment(
    shipment_id: str, order_id: str, rows: list[Values], unknown: Unknown
) -> tuple[FulfilmentFact, list[TrackingReport]]:
    """Read a shipment from its rows (one a parcel), and the scans they tell in columns of their own."""
    first = rows[0]
    carrier_name = first.get("carrier", "")
    carrier = carrier_named(carrier_name, unknown)
    handed_over: ScanTime | None = first.get("handed_over_at")
    status = first.get("status", "")
    fulfilment = FulfilmentFact(
        external_id=shipment_id,
        order_external_id=order_id,
        carrier=carrier,
        carrier_name=carrier_name,
        service=first.get("service", ""),
        tracking_numbers=_each(number for values in rows for number in values.get("tracking_numbers", ())),
        tracking_urls=_each(values["tracking_url"] for values in rows if "tracking_url" in values),
        direction=_direction(first.get("direction", ""), unknown),
        source_status=status,
        cancelled=plain(status) in ("cancelled", "canceled", "storniert"),
        shipped_at=first.get("shipped_at") or (handed_over.occurred_at if handed_over else None),
    )
    reports = [
        TrackingReport(
            tracking_number=numbers[0] if len(numbers := values.get("tracking_numbers", ())) == 1 else "",
            carrier=carrier,
            carrier_name=carrier_name,
            fulfilment_external_id=shipment_id,
            order_external_id=order_id,
            events=events,
            direction=fulfilment.direction,
        )
        for values in rows
        if (events := scans(values))
    ]
    return fulfilment, reports


def tracking_report(order_id: str, rows: list[Values], unknown: Unknown) -> TrackingReport:
    """Read the scans of one parcel, one a row."""
    first = rows[0]
    carrier_name = first.get("carrier", "")
    return TrackingReport(
        tracking_number=next(iter(first.get("tracking_numbers", ())), ""),
        carrier=carrier_named(carrier_name, unknown),
        carrier_name=carrier_name,
        fulfilment_external_id=first.get("shipment_id", ""),
        order_external_id=order_id,
        service=first.get("service", ""),
        events=tuple(_event(values, unknown) for values in rows),
    )


def refund(refund_id: str, order_id: str, rows: list[Values]) -> RefundFact:
    """Read a refund from its rows: one, or one a line."""
    first = rows[0]
    amounts: list[Money] = [values["amount"] for values in rows if "amount" in values]
    lines = tuple(
        RefundLineFact(
            line_external_id=values["line_id"],
            quantity=values.get("quantity", 1),
            amount=_positive(values.get("amount")),
        )
        for values in rows
        if "line_id" in values
    )
    whole = None
    if amounts and all(amount.currency == amounts[0].currency for amount in amounts):
        whole = amounts[0]
        for amount in amounts[1:]:
            whole += amount
    return RefundFact(
        external_id=refund_id,
        order_external_id=order_id,
        amount=_positive(whole),
        reason=first.get("reason", ""),
        refunded_at=first.get("refunded_at"),
        lines=lines,
    )


def _event(values: Values, unknown: Unknown) -> TrackingEventFact:
    place = Place(
        city=values.get("city", ""),
        state=values.get("state", ""),
        postal_code=values.get("postal_code", ""),
        country=values.get("country", ""),
        name=values.get("location", ""),
    )
    code, word = values.get("code", ""), values.get("status", "")
    return TrackingEventFact(
        time=_at_place(values["occurred_at"], place),
        code=code or word,
        description=values.get("description", ""),
        sub_status=_sub_status(word or code, unknown),
        place=place,
        external_id=values.get("event_id", ""),
    )


def _at_place(time: ScanTime, place: Place) -> ScanTime:
    """Read a local time in its place's zone, where neither the cell nor the operator named one."""
    zone = zone_of(place.country, place.state) if time.basis is TimeBasis.ASSUMED else ""
    if not zone:
        return time
    local = time.occurred_at.replace(tzinfo=ZoneInfo(zone))
    return ScanTime(
        occurred_at=local.astimezone(UTC),
        reported=time.reported,
        basis=TimeBasis.PLACE,
        precision=time.precision,
    )


def _sub_status(word: str, unknown: Unknown) -> SubStatus | None:
    found = SUB_STATUSES.get(plain(word)) if word else None
    if word and found is None:
        unknown[UnknownWord(what="status", word=word)] += 1
    return found


def _direction(word: str, unknown: Unknown) -> Direction:
    found = DIRECTIONS.get(plain(word)) if word else Direction.OUTBOUND
    if found is None:
        unknown[UnknownWord(what="direction", word=word)] += 1
    return found or Direction.OUTBOUND


def _positive(amount: Money | None) -> Money | None:
    """Return what was given back as a positive amount: some exports write refunds negative."""
    return Money(abs(amount.amount_minor), amount.currency) if amount else None


def _each(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
