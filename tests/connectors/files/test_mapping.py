from __future__ import annotations

import pytest

from aftermile.connectors.files.fields import FIELDS, REQUIRED, TELLING, FileKind, plain
from aftermile.connectors.files.mapping import ColumnMapping, missing_required, suggest


def guessed(headers: str) -> tuple[FileKind, dict[str, str]] | None:
    found = suggest([header.strip() for header in headers.split("|")])
    return (found.kind, dict(found.columns)) if found else None


def test_shopifys_export_of_orders_has_a_row_per_line() -> None:
    assert guessed(
        "Name|Email|Financial Status|Fulfilled at|Currency|Subtotal|Shipping|Taxes|Total|Created at|"
        "Lineitem quantity|Lineitem name|Lineitem price|Lineitem sku|Lineitem discount|Billing Name|"
        "Shipping Name|Shipping Street|Shipping Address1|Shipping Zip|Shipping Country|Id|Tags"
    ) == (
        FileKind.ORDERS_WITH_LINES,
        {
            "order_id": "Id",
            "number": "Name",
            "title": "Lineitem name",
            "quantity": "Lineitem quantity",
            "sku": "Lineitem sku",
            "unit_price": "Lineitem price",
            "line_discount": "Lineitem discount",
            "placed_at": "Created at",
            "currency": "Currency",
            "email": "Email",
            "subtotal": "Subtotal",
            "shipping_price": "Shipping",
            "tax": "Taxes",
            "total": "Total",
            "financial_status": "Financial Status",
            "shipping_name": "Shipping Name",
            "shipping_line1": "Shipping Address1",
            "shipping_postal_code": "Shipping Zip",
            "shipping_country": "Shipping Country",
            "billing_name": "Billing Name",
            "tags": "Tags",
            "shipped_at": "Fulfilled at",
        },
    )


def test_a_woocommerce_export_names_the_side_of_an_address_last() -> None:
    assert guessed(
        "Order Number|Order Status|Order Date|First Name (Billing)|City (Billing)|Email (Billing)|"
        "First Name (Shipping)|Postcode (Shipping)|Country Code (Shipping)|Order Total Amount|SKU|Item Name|"
        "Quantity (- Refund)|Item Cost"
    ) == (
        FileKind.ORDERS_WITH_LINES,
        {
            "number": "Order Number",
            "title": "Item Name",
            "quantity": "Quantity (- Refund)",
            "sku": "SKU",
            "unit_price": "Item Cost",
            "placed_at": "Order Date",
            "email": "Email (Billing)",
            "total": "Order Total Amount",
            "status": "Order Status",
            "shipping_first_name": "First Name (Shipping)",
            "shipping_postal_code": "Postcode (Shipping)",
            "shipping_country": "Country Code (Shipping)",
            "billing_first_name": "First Name (Billing)",
            "billing_city": "City (Billing)",
        },
    )


@pytest.mark.parametrize(
    ("headers", "kind", "columns"),
    [
        (
            "Bestellnummer|Bestelldatum|Kundennummer|E-Mail|Gesamtbetrag|Straße|PLZ|Ort",
            FileKind.ORDERS,
            "number placed_at shopper_key email total shipping_line1 shipping_city shipping_postal_code",
        ),
        (
            "Numéro de commande|Date de commande|Courriel|Statut",
            FileKind.ORDERS,
            "number placed_at email status",
        ),
        (
            "Nº de pedido|Pedido ID|Data do pedido|Valor total",
            FileKind.ORDERS,
            "order_id placed_at total",
        ),
        (
            "Bestellnummer|Artikelnummer|Bezeichnung|Menge|Einzelpreis",
            FileKind.ORDER_LINES,
            "number title quantity sku unit_price",
        ),
        (
            "Customer ID|First Name|Last Name|Email|Accepts Email Marketing",
            FileKind.SHOPPERS,
            "shopper_id email first_name last_name accepts_marketing",
        ),
        (
            "ID|Type|SKU|Name|Weight (kg)|Length (cm)|Regular price",
            FileKind.PRODUCTS,
            "product_id title category sku price weight_kg length_cm",
        ),
        (
            "order_id|tracking_number|carrier|shipped_at",
            FileKind.SHIPMENTS,
            "order_id tracking_numbers carrier shipped_at",
        ),
        (
            "tracking_number|timestamp|code|description|city",
            FileKind.TRACKING_EVENTS,
            "tracking_numbers occurred_at code description city",
        ),
        ("Order ID|Refund Amount|Date|Reason", FileKind.REFUNDS, "order_id amount reason refunded_at"),
    ],
)
def test_the_kind_is_told_from_the_headers(headers: str, kind: FileKind, columns: str) -> None:
    found = guessed(headers)
    assert found is not None
    assert (found[0], sorted(found[1])) == (kind, sorted(columns.split()))


@pytest.mark.parametrize(
    "headers", ["a|b|c", "order_id|payment_sequential|payment_value", "seller_id|seller_city", "name|value"]
)
def test_headers_of_another_kind_of_file_suggest_nothing(headers: str) -> None:
    assert guessed(headers) is None


def test_with_the_kind_given_what_fits_is_mapped() -> None:
    found = suggest(["Datum", "Nummer"], FileKind.ORDERS)
    assert found is not None
    assert (found.columns, missing_required(found)) == ({"placed_at": "Datum"}, ("order_id or number",))


def test_a_constant_fills_in_for_a_column() -> None:
    mapping = ColumnMapping(
        kind=FileKind.TRACKING_EVENTS, columns={"occurred_at": "when"}, constants={"shipment_id": "9"}
    )
    assert missing_required(mapping) == ()


def test_a_header_is_reduced_to_letters_and_digits() -> None:
    assert [plain(header) for header in ("Größe (cm)", "N° de Suivi", "order_id")] == [
        "grossecm",
        "ndesuivi",
        "orderid",
    ]


@pytest.mark.parametrize("kind", FileKind)
def test_the_tables_of_fields_agree(kind: FileKind) -> None:
    names = [field.name for field in FIELDS[kind]]
    assert len(set(names)) == len(names)
    assert {name for group in (*REQUIRED[kind], *TELLING[kind]) for name in group} <= set(names)
