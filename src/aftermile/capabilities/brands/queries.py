"""Reads of the brand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import connection

from aftermile.capabilities.brands.choices import check_choices
from aftermile.capabilities.brands.looks import (
    DEFAULT_ACCENT,
    DEFAULT_RADIUS_PX,
    Font,
    Ground,
    Tone,
)
from aftermile.capabilities.brands.models import Brand, Domain, Logo
from aftermile.capabilities.brands.policy import Theme, compute_theme
from aftermile.capabilities.brands.states import DomainState
from aftermile.kernel.errors import NotFound
from aftermile.kernel.languages import LANGUAGES
from aftermile.kernel.tenancy import current_merchant_id


class LogoNotFound(NotFound):
    """There is no such logo here."""

    code = "logo_not_found"
    message = "There is no such logo here; it may have been replaced."


@dataclass(frozen=True, slots=True)
class LogoView:
    """A logo without its bytes. `alt` may be empty: the shop's name says it. Sizes are in its own pixels."""

    digest: str
    content_type: str
    width: int
    height: int
    ground: Ground
    alt: str


@dataclass(frozen=True, slots=True)
class FooterLink:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Support:
    """How to reach a person of the shop. Any part may be empty; falsy when none of e-mail, phone and url is there.

    `address` is postal, with one line under another.
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    url: str = ""
    hours: str = ""
    address: str = ""

    @property
    def address_lines(self) -> tuple[str, ...]:
        return tuple(self.address.splitlines())

    def __bool__(self) -> bool:
        return bool(self.email or self.phone or self.url)


@dataclass(frozen=True, slots=True)
class PageTexts:
    """The shop's own words on its pages, in one language; plain text."""

    intro: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandView:
    """How a shop looks and sounds.

    `languages`: those its pages are offered in, never empty. `texts`: by language, not necessarily all.
    `host`: its own verified domain, or "". `can_restore`: the last change can be taken back.
    """

    accent: str = DEFAULT_ACCENT
    radius_px: int = DEFAULT_RADIUS_PX
    font: Font = Font.SYSTEM
    tone: Tone = Tone.PLAIN
    logo: LogoView | None = None
    footer_links: tuple[FooterLink, ...] = ()
    support: Support = Support()
    texts: Mapping[str, PageTexts] = field(default_factory=lambda: MappingProxyType({}))
    languages: tuple[str, ...] = tuple(LANGUAGES)
    host: str = ""
    can_restore: bool = False
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainView:
    """A claim to a host name.

    `reason` says why it is not verified, or that a verified one fails its checks, and what to do.
    """

    host: str
    state: DomainState
    reason: str
    claimed_at: datetime
    checked_at: datetime | None
    verified_at: datetime | None


def brand() -> BrandView:
    """Return the open merchant's brand: the defaults where it has chosen nothing. One row, by its key.

    Read on every page a shopper opens, hence without models; the same row gives the same view.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SELECT, [current_merchant_id(), current_merchant_id()])
        found = cursor.fetchone()
    return BrandView() if found is None else _view_of(found)


def brand_with(choices: Mapping[str, Any]) -> BrandView:
    """Return the brand as it would be with some choices (those of `change_brand`), for a preview; changes nothing.

    What cannot be used is passed over: somebody is typing.
    """
    row = Brand.rows().filter(id=current_merchant_id()).first() or Brand(id=current_merchant_id())
    for name, value in check_choices(choices)[0].items():
        setattr(row, name, value)
    return brand_view(row)


def theme(shown: BrandView) -> Theme:
    """Return the computed colors of a brand, in light and dark (kept in memory). Its sheet is `theme(...).css`."""
    ground = shown.logo.ground if shown.logo else Ground.ANY
    return compute_theme(shown.accent, shown.radius_px, shown.font, ground)


def texts_in(shown: BrandView, language: str) -> PageTexts:
    """Return the shop's own words in a language ("pt-BR" falls back to "pt"); empty where it has none in it."""
    return shown.texts.get(language) or shown.texts.get(language.split("-")[0]) or PageTexts()


def logo_content(digest: str) -> tuple[bytes, str]:
    """Read a logo of the open merchant: its bytes and their content type.

    :raises LogoNotFound: none has this digest.
    """
    found = Logo.rows().filter(digest=digest).values_list("content", "content_type").first()
    if found is None:
        raise LogoNotFound
    return bytes(found[0]), found[1]


def domain() -> DomainView | None:
    """Return the open merchant's claim to a domain, None when it has made none."""
    row = Domain.objects.filter(merchant_id=current_merchant_id()).first()
    return None if row is None else domain_view(row)


def merchant_of_host(host: str) -> UUID | None:
    """Return whose verified domain a normalized host name is; outside any scope, one indexed row."""
    rows = Domain.objects.filter(host=host, state=DomainState.VERIFIED)
    return rows.values_list("merchant_id", flat=True).first()


def verified_domains() -> list[tuple[UUID, str]]:
    """List all verified domains with whose they are; outside any scope, for background work."""
    rows = Domain.objects.filter(state=DomainState.VERIFIED).order_by("id")
    return list(rows.values_list("merchant_id", "host"))


def all_claims() -> list[tuple[UUID, DomainView]]:
    """List every shop's claim to a domain with whose it is, by the name; outside any scope, for the operator."""
    return [
        (row.merchant_id, domain_view(row)) for row in Domain.objects.order_by("host", "claimed_at", "id")
    ]


def brand_view(row: Brand) -> BrandView:
    values = {column: getattr(row, column) for column in _COLUMNS}
    return _view(values, can_restore=row.previous is not None)


_JSON = ("footer_links", "texts", "languages")
_COLUMNS = (
    *("accent", "radius_px", "font", "tone", "host", "changed_at"),
    *("logo_digest", "logo_type", "logo_width", "logo_height", "logo_ground", "logo_alt"),
    *("support_name", "support_email", "support_phone", "support_url", "support_hours", "support_address"),
    *_JSON,
)
_SELECT = (
    f"SELECT previous IS NOT NULL, {', '.join(_COLUMNS)} FROM brands_brand WHERE merchant_id = %s AND id = %s"
)


@lru_cache(maxsize=1024)
def _view_of(found: tuple[Any, ...]) -> BrandView:
    can_restore, *rest = found
    values = dict(zip(_COLUMNS, rest, strict=True))
    for name in _JSON:  # as text, as Django has the driver hand it over
        values[name] = json.loads(values[name])
    return _view(values, can_restore=can_restore)


def _view(values: Mapping[str, Any], *, can_restore: bool) -> BrandView:
    logo = None
    if values["logo_digest"]:
        logo = LogoView(
            values["logo_digest"],
            values["logo_type"],
            values["logo_width"],
            values["logo_height"],
            Ground(values["logo_ground"]),
            values["logo_alt"],
        )
    support = Support(
        *(values[f"support_{part}"] for part in ("name", "email", "phone", "url", "hours", "address"))
    )
    return BrandView(
        accent=values["accent"],
        radius_px=values["radius_px"],
        font=Font(values["font"]),
        tone=Tone(values["tone"]),
        logo=logo,
        footer_links=tuple(FooterLink(link["label"], link["url"]) for link in values["footer_links"]),
        support=support,
        texts=MappingProxyType({language: PageTexts(**said) for language, said in values["texts"].items()}),
        languages=tuple(values["languages"]) or tuple(LANGUAGES),
        host=values["host"],
        can_restore=can_restore,
        changed_at=values["changed_at"],
    )


def domain_view(row: Domain) -> DomainView:
    return DomainView(
        host=row.host,
        state=DomainState(row.state),
        reason=row.reason,
        claimed_at=row.claimed_at,
        checked_at=row.checked_at,
        verified_at=row.verified_at,
    )
