"""The door of this room."""

from __future__ import annotations

from aftermile.capabilities.brands.events import BrandChanged
from aftermile.capabilities.brands.looks import FONT_STACKS, Font, Ground, Tone
from aftermile.capabilities.brands.policy import Scheme, Theme, compute_theme
from aftermile.capabilities.brands.queries import (
    BrandView,
    DomainView,
    FooterLink,
    LogoNotFound,
    LogoView,
    PageTexts,
    Support,
    brand,
    domain,
    logo_content,
    merchant_of_host,
    texts_in,
    theme,
)
from aftermile.capabilities.brands.states import DomainState

__all__ = [
    "FONT_STACKS",
    "BrandChanged",
    "BrandView",
    "DomainState",
    "DomainView",
    "Font",
    "FooterLink",
    "Ground",
    "LogoNotFound",
    "LogoView",
    "PageTexts",
    "Scheme",
    "Support",
    "Theme",
    "Tone",
    "brand",
    "compute_theme",
    "domain",
    "logo_content",
    "merchant_of_host",
    "texts_in",
    "theme",
]
