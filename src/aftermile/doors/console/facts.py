"""What a source told, in a few words: what it is of, what it is called, and a detail."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import (
    Deletion,
    Fact,
    FulfilmentFact,
    OrderFact,
    PrivacyRequest,
    ProductFact,
    RefundFact,
    ShopperFact,
    TrackingReport,
)


def in_words(fact: Fact) -> tuple[str, str, str]:
    """Tell a fact."""
    match fact:
        case OrderFact():
            count = len(fact.lines)
            detail = ", ".join(
                each
                for each in (
                    f"{count} line{'' if count == 1 else 's'}",
                    fact.source_status or fact.financial_status,
                    f"{len(fact.fulfilments)} handed over" if fact.fulfilments else "",
                )
                if each
            )
            return "Order", fact.number or fact.external_id, detail
        case FulfilmentFact():
            detail = "cancelled" if fact.cancelled else fact.carrier_name or fact.carrier
            return "Hand-over", ", ".join(fact.tracking_numbers) or fact.external_id, detail
        case RefundFact():
            return "Refund", fact.external_id, f"of order {fact.order_external_id}"
        case TrackingReport():
            count = len(fact.events)
            name = fact.tracking_number or fact.fulfilment_external_id
            return "Scans", name, f"{count} scan{'' if count == 1 else 's'}"
        case ProductFact():
            return "Product", fact.title or fact.external_id, "removed" if fact.deleted else ""
        case ShopperFact():
            return "Shopper", fact.external_id or "a guest", ""
        case PrivacyRequest():
            return "Privacy request", fact.external_id, fact.kind.replace("_", " ")
        case Deletion():
            return "Removal", fact.external_id, fact.what
