"""The slip that lies in the parcel: a PDF in the shop's look and the shopper's language.

The template is ours. What the shop and its shoppers wrote is handed over as data and set as plain text: typst runs
nothing of it. Setting takes a third of a second, and the first one longer, for its fonts.
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from aftermile.capabilities.brands.public import BrandView, LogoNotFound, brand, logo_content, theme
from aftermile.capabilities.orders.public import OrderView
from aftermile.capabilities.packing.planning import Plan, Thing, lines_to_pack
from aftermile.capabilities.packing.steps import Layer, Way
from aftermile.kernel.calendars import zone_of
from aftermile.kernel.languages import Phrasebook, Tongue, msg
from aftermile.kernel.merchants import MerchantView

PHRASES = Phrasebook("aftermile.capabilities.packing")
_WAYS = {Way.UPRIGHT: msg("upright"), Way.ON_SIDE: msg("on its side"), Way.ON_END: msg("on end")}
_LONG_WORD = re.compile(r"\S{16}(?=\S)")
_LOGO_ENDINGS = {"image/webp": "webp", "image/svg+xml": "svg"}
_setting = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What is set: the values of the template, and the files it names."""

    values: dict[str, Any]
    files: dict[str, bytes]


def write_slip(order: OrderView, plan: Plan | None, *, shop: MerchantView, page_url: str) -> bytes:
    """Set an order's packing slip as a PDF.

    :param plan: how it is packed; None leaves the picture out.
    :param page_url: where the shopper sees the order, and sends things back.
    """
    return set_pdf(slip_of(order, plan, shop=shop, page_url=page_url, look=brand()))


def slip_of(
    order: OrderView, plan: Plan | None, *, shop: MerchantView, page_url: str, look: BrandView
) -> Slip:
    """Gather what a slip says, in the language of the order."""
    country = order.shipping_address.country if order.shipping_address else ""
    wishes = [
        tag for tag in (order.language, order.shopper.language if order.shopper else "", shop.language) if tag
    ]
    tongue = PHRASES.tongue(wishes, country=country)
    colors = theme(look).light
    files: dict[str, bytes] = {}
    logo = _logo(look)
    if logo is not None:
        files[logo[0]] = logo[1]
    boxes = []
    for number, planned in enumerate(plan.boxes if plan else ()):
        if planned.picture:
            files[f"box-{number}.svg"] = planned.picture.encode()
        boxes.append(
            {
                "name": f"{planned.times} × {planned.box.name}" if planned.times > 1 else planned.box.name,
                "size": f"{planned.packed.box.length} × {planned.packed.box.width} × {planned.packed.box.height} mm",
                "picture": f"box-{number}.svg" if planned.picture else "",
                "layers": [_layer(layer, plan.things if plan else (), tongue) for layer in planned.layers],
            }
        )
    support = look.support
    contact = " · ".join(filter(None, (support.email, support.phone, support.url)))
    values = {
        "language": tongue.code,
        "direction": tongue.direction,
        "accent": colors.accent_ink,
        "logo": logo[0] if logo else "",
        "shop": _apart(support.name or shop.name, tongue),
        "from": [_apart(_breaking(line), tongue) for line in (shop.name, *support.address_lines)]
        if support.address
        else [],
        "title": tongue.say("Packing slip"),
        "order": tongue.say("Order {number}", number=order.number) if order.number else "",
        "placed": tongue.say(
            "Ordered on {day}", day=tongue.day(order.placed_at.astimezone(zone_of(shop.time_zone)).date())
        )
        if order.placed_at
        else "",
        "to_head": tongue.say("Ship to"),
        "to": [_apart(_breaking(line), tongue) for line in _to(order, tongue)],
        "heads": [tongue.say("Item"), tongue.say("SKU"), tongue.say("Quantity")],
        "items": _items(order, tongue),
        "numbered": plan is not None,  # its things are these lines: the picture names them by number
        "packed_head": tongue.say("How it is packed"),
        "boxes": boxes,
        "thanks": tongue.say("Thank you for your order."),
        "return": tongue.say("Something is missing, or should go back? The page of your order helps:"),
        "page_url": page_url,
        "contact": tongue.say("Questions? {contact}", contact=contact) if contact else "",
    }
    return Slip(values=values, files=files)


def set_pdf(slip: Slip) -> bytes:
    """Set a slip; without its logo, if that is a drawing which only browsers understand."""
    import typst  # 40 MB with its fonts: only where something is set

    try:
        return _set(slip)
    except typst.TypstError:
        if not slip.values["logo"]:
            raise
        return _set(Slip(values={**slip.values, "logo": ""}, files=slip.files))


def _set(slip: Slip) -> bytes:
    import typst

    template = resources.files("aftermile.capabilities.packing").joinpath("templates", "packing", "slip.typ")
    files = {
        "main.typ": template.read_bytes(),
        "slip.json": json.dumps(slip.values).encode(),
        **slip.files,
    }
    with _setting:  # one at a time: each takes a core, and others wait for pages
        return bytes(typst.compile(files, font_paths=_fonts()))


@cache
def _fonts() -> Any:
    """Find the fonts of this machine once; looking takes longer than setting."""
    import typst

    return typst.Fonts()


def _logo(look: BrandView) -> tuple[str, bytes] | None:
    if look.logo is None:
        return None
    try:
        content, content_type = logo_content(look.logo.digest)
    except LogoNotFound:
        return None
    return f"logo.{_LOGO_ENDINGS[content_type]}", content


def _to(order: OrderView, tongue: Tongue) -> list[str]:
    address = order.shipping_address
    if address is None:
        return []
    town = " ".join(filter(None, (address.postal_code, address.city)))
    country = tongue.country(address.country) if address.country else ""
    lines = (address.name, address.company, address.line1, address.line2, town, address.state, country)
    return [line for line in lines if line]


def _items(order: OrderView, tongue: Tongue) -> list[dict[str, Any]]:
    return [
        {
            "title": _apart(line.title or line.sku, tongue),
            "detail": ""
            if line.variant_title.casefold() == "default title"
            else _apart(line.variant_title, tongue),
            "sku": line.sku,
            "quantity": line.quantity - line.cancelled_quantity,
        }
        for line in lines_to_pack(order)
    ]


def _layer(layer: Layer, things: tuple[Thing, ...], tongue: Tongue) -> dict[str, str]:
    where = (
        tongue.say("From {height} mm up", height=layer.height_mm)
        if layer.height_mm
        else tongue.say("On the floor of the box")
    )
    what = [
        f"{put.count} × [{put.item + 1}] {_apart(things[put.item].title, tongue)}, {tongue.say(_WAYS[put.way])}"
        for put in layer.puts
    ]
    return {"where": where, "what": "; ".join(what)}


def _breaking(line: str) -> str:
    """Let a long word break: typst would set it over what stands beside it."""
    return _LONG_WORD.sub(lambda part: f"{part[0]}\u200b", line)


def _apart(text: str, tongue: Tongue) -> str:
    """Keep what others wrote in its own direction: "1 Quay" would be turned round on an Arabic slip."""
    return f"\u2068{text}\u2069" if text and tongue.direction == "rtl" else text
