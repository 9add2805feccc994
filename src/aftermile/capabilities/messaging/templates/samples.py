"""Sample values: a made-up order with everything there is, and one with nothing that may be missing.

For the linter, the editor's first preview and tests; the editor prefers a real order.
"""

from __future__ import annotations

from dataclasses import replace

from aftermile.capabilities.brands.public import Font, Theme, compute_theme
from aftermile.capabilities.messaging.templates.values import (
    Answer,
    Colors,
    Content,
    Line,
    Link,
    Links,
    Offer,
    Order,
    OrderNews,
    Parcel,
    Picture,
    Points,
    Product,
    Shop,
    Shopper,
    Step,
    Support,
    Survey,
    Values,
)

_HOST = "https://shop.example"


def colors_of(theme: Theme) -> Colors:
    """Take what letters need from a brand's theme."""
    light, dark = theme.light, theme.dark
    return Colors(
        accent=light.accent,
        on_accent=light.on_accent,
        ink=light.accent_ink,
        wash=light.accent_wash,
        dark_accent=dark.accent,
        dark_on_accent=dark.on_accent,
        dark_ink=dark.accent_ink,
        dark_wash=dark.accent_wash,
        plate=light.logo_plate,
        dark_plate=dark.logo_plate,
    )


def full() -> Values:
    """Return values with nothing missing."""
    theme = compute_theme("#1f5f4a", 14, Font.SYSTEM)
    picture = Picture(address=f"{_HOST}/pictures/backpack.webp", alt="Ridge 28 backpack")
    return Values(
        shop=Shop(
            name="Fjell & Field",
            colors=colors_of(theme),
            radius_px=14,
            font=theme.font_stack,
            logo=Picture(address=f"{_HOST}/logo.png", alt="Fjell & Field", width=160, height=40),
            home=_HOST,
            footer_links=(
                Link(label="Returns", address=f"{_HOST}/returns"),
                Link(label="Privacy", address=f"{_HOST}/privacy"),
            ),
            support=Support(
                name="Ingrid",
                email="hello@shop.example",
                phone="+49 30 901820",
                address=f"{_HOST}/help",
                hours="Mon–Fri 9:00–17:00",
            ),
            postal_address=("Beispielweg 12", "10999 Berlin", "Germany"),
        ),
        shopper=Shopper(first_name="Ada"),
        order=Order(
            number="10482",
            lines=(
                Line(
                    title="Ridge 28 backpack",
                    variant="Moss green, 28 l",
                    quantity=1,
                    price="€129.00",
                    picture=picture,
                ),
                Line(
                    title="Steel bottle",
                    variant="0.75 l",
                    quantity=2,
                    price="€39.80",
                    picture=replace(picture, alt=""),
                ),
            ),
            placed_on="Sunday, 10 May",
            subtotal="€168.80",
            discount="-€10.00",
            shipping="€4.90",
            tax="€26.11",
            total="€163.70",
            window="Thu 14 – Sat 16 May",
            ship_to=("Ada Example", "Lindenstr. 4", "10969 Berlin"),
        ),
        orders=tuple(
            OrderNews(
                number=number,
                title=f"Order {number}",
                address=f"{_HOST}/t/{number}",
                standing="On its way",
                window="Thursday, 14 May",
                lines=(
                    Line(title="Steel bottle", variant="0.75 l", quantity=2, price="€39.80", picture=picture),
                ),
                titles="Steel bottle, Ridge 28 backpack",
            )
            for number in ("10482", "10491")
        ),
        parcel=_PARCEL,
        parcels=(_PARCEL, replace(_PARCEL, number="00340434161094042558")),
        links=Links(
            tracking_page=f"{_HOST}/t/k7m2p9",
            preferences=f"{_HOST}/preferences/k7m2p9",
            unsubscribe=f"{_HOST}/unsubscribe/k7m2p9",
            why=f"{_HOST}/why/k7m2p9",
        ),
        content=(
            Content(
                title="Fit the straps", address=f"{_HOST}/help/straps", summary="2 minutes", picture=picture
            ),
        ),
        recommendation=(
            Product(title="Rain cover", address=f"{_HOST}/rain-cover", price="€19.00", picture=picture),
        ),
        points=Points(balance="240", earned="60", address=f"{_HOST}/points"),
        survey=Survey(
            question="How likely are you to recommend us?",
            answers=tuple(Answer(label=str(n), address=f"{_HOST}/survey/{n}") for n in range(1, 6)),
        ),
        offer=Offer(worth="10%", code="THANKS-7Q4K", until="31 May", address=f"{_HOST}/offer"),
        product=Product(
            title="Ridge 28 backpack", address=f"{_HOST}/backpack", price="€129.00", picture=picture
        ),
        extra={},
    )


def bare(values: Values, *, has_order: bool = False) -> Values:
    """Return the values without anything that may be missing; of an order, if there must be one, the number is left."""
    shop = replace(values.shop, logo=None, home="", footer_links=(), support=None, postal_address=())
    order = Order(number=values.order.number) if has_order and values.order else None
    return Values(shop=shop, order=order)


_PARCEL = Parcel(
    milestone="in_transit",
    carrier="DHL",
    number="00340434161094042557",
    address="https://carrier.example/00340434161094042557",
    window="Thursday, 14 May",
    hours="10:00–14:00",
    place="Packstation 104, Berlin",
    delivered_on="Thursday, 14 May",
    reason="The carrier reports bad weather.",
    steps=(
        Step(name="Ordered", at="Sun 10 May", is_done=True),
        Step(name="Packed", at="Mon 11 May", is_done=True),
        Step(name="On its way", at="Tue 12 May, 06:12", is_done=True, is_now=True),
        Step(name="Out for delivery"),
        Step(name="Delivered"),
    ),
    titles="Ridge 28 backpack, Steel bottle",
)
