"""What surrounds every page: whose it is, in which tongue, and in which look."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse

from aftermile.capabilities.brands.public import BrandView, texts_in, theme
from aftermile.capabilities.brands.public import Tone as Voice
from aftermile.doors.shopper.brand_files import logo_address, logo_size
from aftermile.doors.shopper.phrases import PHRASES
from aftermile.kernel.ids import public_id
from aftermile.kernel.languages import LANGUAGES, Tongue, accepted_languages
from aftermile.kernel.merchants import MerchantView

_NO_DIGIT = re.compile(r"[^0-9+]")


@dataclass(frozen=True, slots=True)
class LanguageLink:
    code: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a person of the shop; any part may be empty."""

    name: str = ""
    email: str = ""
    phone: str = ""
    page: str = ""
    hours: str = ""

    @property
    def is_known(self) -> bool:
        return bool(self.email or self.phone or self.page)

    @property
    def phone_digits(self) -> str:
        return _NO_DIGIT.sub("", self.phone)


@dataclass(frozen=True, slots=True)
class Logo:
    address: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class FooterLink:
    text: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """The frame of a page. Of nobody's page (a wrong address), all but the tongue is empty."""

    tongue: Tongue
    languages: tuple[LanguageLink, ...] = ()
    chosen: str = ""  # the language the reader chose by hand, to be kept on the next page
    shop: str = ""
    theme: str = ""  # CSS custom properties
    logo: Logo | None = None
    contact: Contact = Contact()
    voice: Voice = Voice.PLAIN
    intro: str = ""
    help: str = ""
    footer: tuple[FooterLink, ...] = ()
    address: tuple[str, ...] = ()  # the shop's, postal, by its lines
    look_up: str = ""  # where orders of this shop are looked up


def face_of_nobody(request: HttpRequest) -> Face:
    """Frame a page that is no shop's, in the reader's own language."""
    chosen = _chosen(request)
    tongue = PHRASES.tongue([chosen, *accepted_languages(request.headers.get("Accept-Language", ""))])
    return Face(tongue=tongue, chosen=chosen)


def face_of_shop(
    request: HttpRequest,
    merchant: MerchantView,
    look: BrandView,
    *,
    wishes: Iterable[str] = (),
    country: str = "",
    path: str = "",
) -> Face:
    """Frame a page of a shop, in its look or in one that is tried on.

    :param wishes: languages that go before those of the reader's browser: the order's own.
    :param country: where the reader is, for how days and money are written; else where the shop is.
    :param path: where the languages lead; else to this page.
    """
    chosen = _chosen(request)
    spoken = [code for code in PHRASES.languages if code in look.languages] or [merchant.language]
    browser = accepted_languages(request.headers.get("Accept-Language", ""))
    tongue = PHRASES.tongue(
        [*_spoken([chosen, *wishes, *browser, merchant.language], spoken), *spoken],
        country=country or merchant.country,
    )
    path = path or request.path
    face = Face(
        tongue=tongue,
        languages=tuple(LanguageLink(code, LANGUAGES[code], f"{path}?lang={code}") for code in spoken)
        if len(spoken) > 1
        else (),
        chosen=chosen,
        shop=merchant.name,
        look_up=look_up_address(merchant, request),
    )
    return _dressed(face, merchant, look)


def look_up_address(merchant: MerchantView, request: HttpRequest) -> str:
    """Tell where a shop's orders are looked up: on its own host at the root."""
    if "AFTERMILE_SHOP" in request.META:
        return "/"
    return reverse("find", args=[public_id("mer", merchant.id)])


def with_language(address: str, face: Face) -> str:
    """Keep the language a reader chose by hand when a page leads to another."""
    return f"{address}?lang={face.chosen}" if face.chosen else address


def _dressed(face: Face, merchant: MerchantView, look: BrandView) -> Face:
    said, support = texts_in(look, face.tongue.code), look.support
    address = logo_address(look, merchant.id)
    return replace(
        face,
        logo=Logo(address, look.logo.alt or face.shop, *logo_size(look)) if look.logo else None,
        theme=theme(look).css,
        contact=Contact(support.name, support.email, support.phone, support.url, support.hours),
        voice=look.tone,
        intro=said.intro,
        help=said.help,
        footer=tuple(FooterLink(link.label, link.url) for link in look.footer_links),
        address=support.address_lines,
    )


def _chosen(request: HttpRequest) -> str:
    chosen = request.GET.get("lang", "")
    return chosen if chosen in PHRASES.languages else ""


def _spoken(wishes: Iterable[str], spoken: Collection[str]) -> list[str]:
    """Leave out languages that a shop does not offer its pages in."""
    return [wish for wish in wishes if wish[:2].lower() in spoken]
