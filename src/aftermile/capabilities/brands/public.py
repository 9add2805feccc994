"""The door of this room."""

from __future__ import annotations

from aftermile.capabilities.brands import challenge
from aftermile.capabilities.brands.choices import LONGEST, BrandUnreadable
from aftermile.capabilities.brands.colors import contrast, read_hex
from aftermile.capabilities.brands.events import BrandChanged
from aftermile.capabilities.brands.hosts import DomainUnusable, normal_host
from aftermile.capabilities.brands.looks import (
    FONT_STACKS,
    LARGEST_RADIUS_PX,
    MOST_FOOTER_LINKS,
    Font,
    Ground,
    Tone,
)
from aftermile.capabilities.brands.operations.change_brand import (
    NothingToRestore,
    change_brand,
    restore_brand,
)
from aftermile.capabilities.brands.operations.change_logo import LARGEST_LOGO_BYTES, remove_logo, set_logo
from aftermile.capabilities.brands.operations.domains import (
    DomainNotFound,
    DomainTaken,
    claim_domain,
    own_name,
    release_domain,
)
from aftermile.capabilities.brands.page_reads import reading_brand, watching_brand
from aftermile.capabilities.brands.policy import Scheme, Theme, compute_theme
from aftermile.capabilities.brands.queries import (
    BrandView,
    DomainView,
    FooterLink,
    LogoNotFound,
    LogoView,
    PageTexts,
    Support,
    all_claims,
    brand,
    brand_with,
    domain,
    logo_content,
    merchant_of_host,
    texts_in,
    theme,
)
from aftermile.capabilities.brands.report import Finding, report
from aftermile.capabilities.brands.states import DomainState

__all__ = [
    "FONT_STACKS",
    "LARGEST_LOGO_BYTES",
    "LARGEST_RADIUS_PX",
    "LONGEST",
    "MOST_FOOTER_LINKS",
    "BrandChanged",
    "BrandUnreadable",
    "BrandView",
    "DomainNotFound",
    "DomainState",
    "DomainTaken",
    "DomainUnusable",
    "DomainView",
    "Finding",
    "Font",
    "FooterLink",
    "Ground",
    "LogoNotFound",
    "LogoView",
    "NothingToRestore",
    "PageTexts",
    "Scheme",
    "Support",
    "Theme",
    "Tone",
    "all_claims",
    "brand",
    "brand_with",
    "challenge",
    "change_brand",
    "claim_domain",
    "compute_theme",
    "contrast",
    "domain",
    "logo_content",
    "merchant_of_host",
    "normal_host",
    "own_name",
    "read_hex",
    "reading_brand",
    "release_domain",
    "remove_logo",
    "report",
    "restore_brand",
    "set_logo",
    "texts_in",
    "theme",
    "watching_brand",
]
