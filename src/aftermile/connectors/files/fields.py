"""What can be read from a file: its kinds, their fields, and the words shops use for them.

The words come from the exports of Shopify (orders, customers, products) and WooCommerce (products; orders
by the two usual export plugins), the tables of Olist, and what shops in German, French, Spanish,
Portuguese, Italian and Dutch call their columns. Capitals, accents and signs do not matter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class FileKind(StrEnum):
    """What one row of a file is."""

    ORDERS = "orders"
    ORDER_LINES = "order_lines"
    ORDERS_WITH_LINES = "orders_with_lines"  # a row per line; the order's cells on the first or on all
    SHOPPERS = "shoppers"
    PRODUCTS = "products"  # a row per product or per variant
    SHIPMENTS = "shipments"
    TRACKING_EVENTS = "tracking_events"
    REFUNDS = "refunds"


class CellType(StrEnum):
    TEXT = "text"
    SEVERAL = "several"
    COUNT = "count"
    FLAG = "flag"
    MEASURE = "measure"
    MONEY = "money"
    MOMENT = "moment"
    SCAN = "scan"  # a moment whose wording is kept
    DAY = "day"
    CURRENCY = "currency"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a row may say. `words` are plain (see `plain`), the surest first."""

    name: str
    type: CellType
    words: tuple[str, ...]


def plain(header: str) -> str:
    """Reduce a header to small letters and digits: `Nº de Pedido` and `n de pedido` are one."""
    decomposed = unicodedata.normalize("NFKD", header.casefold().replace("ß", "ss"))
    return "".join(letter for letter in decomposed if letter.isalnum() and not unicodedata.combining(letter))


def _field(name: str, words: str = "", type: CellType = CellType.TEXT) -> Field:  # noqa: A002
    listed = (name, *(word for word in words.split("|") if word.strip()))
    return Field(name, type, tuple(dict.fromkeys(plain(word) for word in listed)))


_T = CellType

_ORDER_KEY = (
    _field("order_id", "id|bestell-id|bestellungs-id|id commande|id pedido|pedido id|id ordine"),
    _field(
        "number",
        "name|order number|order no|order #|order|bestellnummer|bestellung|auftragsnummer|numéro de commande|"
        "commande|número de pedido|pedido|numero ordine|ordine|bestelnummer",
    ),
)
_ORDER_REFERENCE = (
    _field("order_id", "order|bestell-id|id commande|id pedido|pedido id|id ordine"),
    _field(
        "number",
        "order number|order no|order #|order name|bestellnummer|auftragsnummer|numéro de commande|"
        "número de pedido|numero ordine|bestelnummer",
    ),
)
_CURRENCY = _field("currency", "order currency|währung|devise|moneda|moeda|valuta", _T.CURRENCY)
_CONTACT = (
    _field(
        "email",
        "e-mail|customer email|billing email|email (billing)|e-mail-adresse|courriel|correo electrónico|"
        "email address",
    ),
    _field(
        "phone",
        "telephone|telefon|téléphone|teléfono|telefone|telefono|telefoonnummer|customer phone|billing phone|"
        "phone (billing)|phone number",
    ),
    _field("first_name", "customer first name|vorname|prénom|nombre|nome|voornaam"),
    _field("last_name", "customer last name|surname|nachname|nom|nom de famille|apellidos|sobrenome|cognome"),
    _field("language", "locale|customer locale|sprache|langue|idioma|lingua|taal"),
)

_PARTS = {
    "name": "name|full name",
    "first_name": "first name|vorname|prénom",
    "last_name": "last name|nachname|nom",
    "company": "company|firma|société|empresa|azienda|bedrijf",
    "line1": "address1|address 1|address|street|address 1&2|straße|strasse|adresse|calle|endereço|indirizzo",
    "line2": "address2|address 2|adresszusatz|complemento",
    "city": "city|ort|stadt|ville|ciudad|cidade|città|plaats",
    "state": "province|state|state code|province name|bundesland|région|provincia|estado",
    "postal_code": "zip|postcode|postal code|zip code|plz|postleitzahl|code postal|código postal|cep|cap",
    "country": "country|country code|land|pays|país|paese",
    "phone": "phone|telefon|téléphone",
}
_SIDES = {
    "shipping": ("shipping", "delivery", "ship to", "liefer", "versand", "livraison", "envío", "entrega"),
    "billing": ("billing", "bill to", "rechnungs", "rechnung", "facturation", "facturación", "fatturazione"),
}


def _address(side: str, *, bare: bool = False) -> tuple[Field, ...]:
    """Return the fields of an address, named with its side before or after; `bare` words count too."""

    def words(part: str, listed: str) -> str:
        each = listed.split("|")
        sided = [f"{name} {word}" for name in _SIDES[side] for word in each]
        sided += [f"{word} ({name})" for name in _SIDES[side][:2] for word in each]
        no_bare = part in ("name", "first_name", "last_name", "phone")
        return "|".join([*sided, *([] if no_bare or not bare else each)])

    return tuple(
        _field(f"{side}_{part}", words(part, listed), _T.COUNTRY if part == "country" else _T.TEXT)
        for part, listed in _PARTS.items()
    )


_ORDER = (
    _field(
        "placed_at",
        "created at|order purchase timestamp|order date|date created|order created at|purchase date|"
        "purchased at|bestelldatum|date de commande|fecha de pedido|fecha del pedido|data do pedido|"
        "data ordine|besteldatum|date|datum|fecha|data|created",
        _T.MOMENT,
    ),
    _field("updated_at", "modified|date modified|last modified|order modified date|geändert am", _T.MOMENT),
    _CURRENCY,
    _field(
        "shopper_key",
        "customer id|customer|customer user id|customer user|user id|kundennummer|kunden-id|id client|"
        "id cliente|klantnummer|shopper id",
    ),
    _field("shopper_name", "customer name|kunde|nom du client|nombre del cliente|nome do cliente"),
    *_CONTACT,
    _field("accepts_marketing", "buyer accepts marketing|newsletter", _T.FLAG),
    _field(
        "subtotal", "order subtotal|order subtotal amount|zwischensumme|sous-total|cart subtotal", _T.MONEY
    ),
    _field(
        "shipping_price",
        "shipping|shipping total|order shipping amount|order shipping|shipping cost|versandkosten|"
        "frais de port|gastos de envío|frete|spese di spedizione|verzendkosten",
        _T.MONEY,
    ),
    _field("tax", "taxes|tax total|total tax|order total tax amount|mwst|tva|iva|btw", _T.MONEY),
    _field(
        "discount",
        "cart discount amount|discount total|order discount|discount amount|rabatt|remise|descuento|desconto|"
        "sconto|korting",
        _T.MONEY,
    ),
    _field(
        "total",
        "order total|order total amount|grand total|total price|gesamtbetrag|gesamtsumme|gesamt|"
        "montant total|importe total|valor total|totale|totaal|amount|betrag",
        _T.MONEY,
    ),
    _field("status", "order status|bestellstatus|statut|estado|stato|état"),
    _field("financial_status", "payment status|zahlungsstatus"),
    _field("fulfilment_status", "fulfillment status|versandstatus"),
    _field("cancelled_at", "canceled at|storniert am", _T.MOMENT),
    _field("cancel_reason", "cancellation reason|stornogrund"),
    *_address("shipping", bare=True),
    *_address("billing"),
    _field("shipping_method", "shipping method title|versandart|mode de livraison|método de envío"),
    _field("promised_earliest_date", "earliest delivery date|delivery from", _T.DAY),
    _field(
        "promised_latest_date",
        "order estimated delivery date|estimated delivery date|promised delivery date|promised date|"
        "latest delivery date|delivery until|delivery by|lieferdatum|zugesagtes lieferdatum|"
        "date de livraison prévue|fecha de entrega estimada|previsão de entrega",
        _T.DAY,
    ),
    _field("tags", "schlagworte|étiquettes", _T.SEVERAL),
    _field("note", "notes|customer note|bemerkung|bemerkungen"),
    _field(
        "shipped_at",
        "fulfilled at|ship date|shipped date|date shipped|shipping date|versanddatum|versendet am|"
        "date d'expédition|fecha de envío|data de envio",
        _T.MOMENT,
    ),
    _field("handed_over_at", "order delivered carrier date|carrier pickup date|picked up at", _T.SCAN),
    _field(
        "delivered_at",
        "order delivered customer date|delivered date|delivered on|zugestellt am|date de livraison|"
        "fecha de entrega|data de entrega",
        _T.SCAN,
    ),
)
_TRACKING = (
    _field(
        "tracking_numbers",
        "tracking number|tracking|tracking code|tracking no|sendungsnummer|trackingnummer|numéro de suivi|"
        "número de seguimiento|código de rastreio|código de rastreamento|codice di tracciamento",
        _T.SEVERAL,
    ),
    _field("tracking_url", "tracking link|tracking urls|sendungsverfolgung"),
    _field(
        "carrier",
        "tracking company|shipping carrier|carrier name|versanddienstleister|transporteur|transportista|"
        "transportadora|corriere|vervoerder|courier",
    ),
    _field("service", "carrier service|shipping service|service level"),
)
_LINE = (
    _field("line_id", "order item id|line item id|item id|line number|position|pos|positionsnummer"),
    _field(
        "title",
        "lineitem name|product name|item name|product|item|article|artikel|artikelname|artikelbezeichnung|"
        "produkt|produktname|bezeichnung|produit|producto|produto|prodotto",
    ),
    _field(
        "quantity",
        "lineitem quantity|qty|item quantity|quantity (- refund)|menge|anzahl|quantité|cantidad|quantidade|"
        "quantità|aantal",
        _T.COUNT,
    ),
    _field("sku", "lineitem sku|item sku|product sku|artikelnummer|référence|referencia"),
    _field("product_id", "produkt-id|id produit|id producto"),
    _field("variant_id", "variation id"),
    _field("variant_title", "lineitem variant|variation|variante"),
    _field(
        "unit_price",
        "lineitem price|price|item cost|item price|preis|einzelpreis|prix|prix unitaire|precio|preço|prezzo|"
        "prijs",
        _T.MONEY,
    ),
    _field("line_discount", "lineitem discount|item discount", _T.MONEY),
    _field("line_total", "item total|order line total|zeilensumme|positionssumme", _T.MONEY),
    _field("line_shipping_price", "freight value|line shipping|item shipping", _T.MONEY),
    _field("image_url", "image|product image|bild"),
    _field("requires_shipping", "lineitem requires shipping", _T.FLAG),
    _field("cancelled_quantity", "canceled quantity|cancelled|canceled", _T.COUNT),
    _field("seller", "seller id|vendor"),
)
_MEASURES = tuple(
    _field(f"{part}_{unit}", f"product {part} {unit}|{part} ({unit})|variant {part} {unit}", _T.MEASURE)
    for part in ("length", "width", "height")
    for unit in ("mm", "cm", "m", "in")
)

FIELDS: Mapping[FileKind, tuple[Field, ...]] = {
    FileKind.ORDERS: (*_ORDER_KEY, *_ORDER, *_TRACKING),
    FileKind.ORDER_LINES: (*_ORDER_REFERENCE, *_LINE, _CURRENCY),
    FileKind.ORDERS_WITH_LINES: (*_ORDER_KEY, *_LINE, *_ORDER, *_TRACKING),
    FileKind.SHOPPERS: (
        _field(
            "shopper_id",
            "customer unique id|customer id|customer|id|user id|kundennummer|id client|id cliente",
        ),
        _field("shopper_key", "customer id|customer key"),
        _field("name", "full name|customer name|kunde"),
        *_CONTACT,
        _field("country", "default address country code|country code|land|pays|país|paese", _T.COUNTRY),
        # Shops whose customer rows stand for one order each (Olist) keep the delivery address there.
        _field("shipping_postal_code", "customer zip code prefix"),
        _field("shipping_city", "customer city"),
        _field("shipping_state", "customer state"),
        _field("shipping_country", "customer country", _T.COUNTRY),
        _field("accepts_marketing", "accepts email marketing|newsletter", _T.FLAG),
        _field("accepts_sms", "accepts sms marketing", _T.FLAG),
        _field("tags", "schlagworte", _T.SEVERAL),
        _field("updated_at", "modified|date modified|last modified", _T.MOMENT),
    ),
    FileKind.PRODUCTS: (
        _field("product_id", "id|handle|produkt-id|id produit|artikelnummer"),
        _field("title", "name|product name|produktname|bezeichnung|titel|titre|título|nome"),
        _field("url", "product url|permalink|link"),
        _field("image_url", "image src|image|images|product image url|bild"),
        _field(
            "category", "product category name|product category|categories|type|kategorie|catégorie|categoria"
        ),
        _field("vendor", "brand|brands|manufacturer|hersteller|marke|marque|marca"),
        _field("tags", "schlagworte", _T.SEVERAL),
        _field("variant_id", "variation id"),
        _field("variant_title", "variant|variation"),
        _field("sku", "variant sku|product sku"),
        _field("barcode", "variant barcode|ean|gtin|upc|gtin, upc, ean, or isbn"),
        _field("price", "variant price|regular price|preis|prix|precio|preço|prezzo|prijs", _T.MONEY),
        _CURRENCY,
        _field(
            "weight_g", "product weight g|variant grams|grams|weight grams|weight (g)|gewicht (g)", _T.MEASURE
        ),
        _field("weight_kg", "weight (kg)|gewicht (kg)|poids (kg)|peso (kg)", _T.MEASURE),
        _field("weight_lb", "weight (lbs)|weight (lb)", _T.MEASURE),
        _field("weight_oz", "weight (oz)", _T.MEASURE),
        *_MEASURES,
    ),
    FileKind.SHIPMENTS: (
        _field("shipment_id", "id|fulfillment id|fulfilment id|sendungs-id"),
        *_ORDER_REFERENCE,
        *_TRACKING,
        _field("status", "shipment status|fulfillment status|versandstatus"),
        _field("direction", "type|richtung"),
        _field(
            "shipped_at",
            "fulfilled at|ship date|shipped date|date shipped|shipping date|versanddatum|versendet am|"
            "date d'expédition|fecha de envío|data de envio|date",
            _T.MOMENT,
        ),
        _field("handed_over_at", "order delivered carrier date|carrier pickup date|picked up at", _T.SCAN),
        _field("delivered_at", "delivered date|delivered on|zugestellt am|date de livraison", _T.SCAN),
    ),
    FileKind.TRACKING_EVENTS: (
        _field("shipment_id", "fulfillment id|fulfilment id|sendungs-id"),
        *_ORDER_REFERENCE,
        *_TRACKING,
        _field(
            "occurred_at",
            "event time|event date|scan time|scanned at|happened at|checkpoint time|timestamp|datetime|"
            "date time|zeitpunkt|date|datum|time",
            _T.SCAN,
        ),
        _field("code", "event code|status code|scan code"),
        _field("status", "milestone|tag|subtag"),
        _field("description", "message|event|beschreibung|ereignis|details"),
        _field("event_id", "scan id"),
        _field("city", "ort|ville|ciudad|cidade"),
        _field("state", "province|region"),
        _field("postal_code", "zip|postcode|plz"),
        _field("country", "country code|land|pays|país", _T.COUNTRY),
        _field("location", "place|depot|facility|standort"),
    ),
    FileKind.REFUNDS: (
        _field("refund_id", "id|erstattungs-id"),
        *_ORDER_REFERENCE,
        _field(
            "amount", "refund amount|refunded amount|refund|refund total|erstattung|remboursement", _T.MONEY
        ),
        _CURRENCY,
        _field("reason", "refund reason|grund|motif|motivo"),
        _field("refunded_at", "refund date|processed at|created at|date|datum", _T.MOMENT),
        _field("line_id", "order item id|line item id|item id"),
        _field("quantity", "qty|menge|anzahl", _T.COUNT),
    ),
}

_THE_ORDER = ("order_id", "number")
#: Of each group a file must have at least one field, or its rows cannot be told apart.
REQUIRED: Mapping[FileKind, tuple[tuple[str, ...], ...]] = {
    FileKind.ORDERS: (_THE_ORDER,),
    FileKind.ORDER_LINES: (_THE_ORDER,),
    FileKind.ORDERS_WITH_LINES: (_THE_ORDER,),
    FileKind.SHOPPERS: (("shopper_id", "email", "phone"),),
    FileKind.PRODUCTS: (("product_id", "sku"),),
    FileKind.SHIPMENTS: (("shipment_id", "tracking_numbers", "order_id", "number"),),
    FileKind.TRACKING_EVENTS: (("tracking_numbers", "shipment_id"), ("occurred_at",)),
    FileKind.REFUNDS: (_THE_ORDER,),
}
_ABOUT_ORDER = ("placed_at", "total", "status", "shopper_key", "email", "promised_latest_date")
_ABOUT_LINE = ("title", "sku", "product_id", "variant_id")
#: What besides gives a kind away, when it has to be told from the headers alone.
TELLING: Mapping[FileKind, tuple[tuple[str, ...], ...]] = {
    FileKind.ORDERS: (_ABOUT_ORDER,),
    FileKind.ORDER_LINES: (_ABOUT_LINE, ("quantity", "unit_price", "line_total", "line_id")),
    FileKind.ORDERS_WITH_LINES: (_ABOUT_LINE, ("quantity", "unit_price", "line_total"), _ABOUT_ORDER),
    FileKind.SHOPPERS: (("email", "phone", "name", "last_name", "shopper_key", "country"),),
    FileKind.PRODUCTS: (("title", "category", "price", "vendor", "weight_g", "weight_kg"),),
    FileKind.SHIPMENTS: (_THE_ORDER, ("tracking_numbers", "carrier", "shipped_at", "shipment_id")),
    FileKind.TRACKING_EVENTS: (("code", "status", "description"),),
    FileKind.REFUNDS: (("amount", "refund_id"), ("amount", "reason", "refunded_at", "quantity")),
}
