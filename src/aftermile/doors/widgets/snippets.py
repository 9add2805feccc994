"""What a shop copies into its own site: the look-up as an element, as a plain form, and as a link."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from aftermile.capabilities.brands.public import BrandView
from aftermile.doors.shopper.phrases import PHRASES
from aftermile.kernel.ids import public_id


@dataclass(frozen=True, slots=True)
class Snippets:
    """Lines to copy, and the addresses they name. All work without an account or a key."""

    element: str
    form: str
    link: str
    look_up: str
    script: str
    demonstration: str


def snippets(brand: BrandView, merchant_id: UUID, language: str) -> Snippets:
    """Write what a shop copies; with words in a language, and at the shop's own domain where it has one."""
    base, key = shop_base(brand), public_id("mer", merchant_id)
    script = base + reverse("look-up-script", args=[key])
    look_up = f"{base}/" if brand.host else base + reverse("find", args=[key])
    say = PHRASES.tongue([language]).say
    link = _filled('<a href="{to}">{words}</a>', to=look_up, words=say("Where is my order?"))
    return Snippets(
        element=f"<aftermile-look-up>{link}</aftermile-look-up>\n"
        + _filled('<script async src="{script}"></script>', script=script),
        form=_filled(
            '<form method="post" action="{to}" target="_blank">\n'
            '  <label>{number} <input name="number" autocomplete="off" required></label>\n'
            '  <label>{contact} <input name="contact" autocomplete="email" required></label>\n'
            "  <button>{show}</button>\n"
            "</form>",
            to=look_up,
            number=say("Order number"),
            contact=say("E-mail, phone number or postcode"),
            show=say("Show my order"),
        ),
        link=link,
        look_up=look_up,
        script=script,
        demonstration=base + reverse("look-up-demo", args=[key]),
    )


def _filled(lines: str, **values: str) -> str:
    # Plain text: pages that show it escape it once more.
    return lines.format(**{name: escape(value) for name, value in values.items()})


def shop_base(brand: BrandView) -> str:
    """Return how addresses of a shop's pages begin, without a last slash: its own domain, else the installation's."""
    own = str(settings.CONFIG.public_url)
    if not brand.host:
        return own
    parts = urlsplit(own)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{brand.host}{port}"
