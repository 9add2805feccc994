"""Change how a shop looks and sounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from aftermile.capabilities.brands.choices import read_choices
from aftermile.capabilities.brands.operations.own_brand import VALUES, keep, locked_brand
from aftermile.capabilities.brands.queries import BrandView, brand_view
from aftermile.kernel.errors import Conflict


class NothingToRestore(Conflict):
    """The brand was never changed."""

    code = "nothing_to_restore"
    message = "There is no earlier brand to go back to."


def change_brand(
    *,
    by: str,
    at: datetime,
    accent: str | None = None,
    radius_px: int | None = None,
    font: str | None = None,
    tone: str | None = None,
    logo_alt: str | None = None,
    footer_links: Sequence[Mapping[str, str]] | None = None,
    support_name: str | None = None,
    support_email: str | None = None,
    support_phone: str | None = None,
    support_url: str | None = None,
    support_hours: str | None = None,
    support_address: str | None = None,
    texts: Mapping[str, Mapping[str, str]] | None = None,
    languages: Sequence[str] | None = None,
) -> BrandView:
    """Change what is given of the open merchant's brand and leave the rest; the same again changes nothing.

    :param footer_links: all of them, as `{"label", "url"}`.
    :param texts: all of them, by language, as `{"intro", "help"}`.
    :raises BrandUnreadable: `details` has a sentence for each field that cannot be used; nothing was changed.
    """
    given = {
        "accent": accent,
        "radius_px": radius_px,
        "font": font,
        "tone": tone,
        "logo_alt": logo_alt,
        "footer_links": footer_links,
        "support_name": support_name,
        "support_email": support_email,
        "support_phone": support_phone,
        "support_url": support_url,
        "support_hours": support_hours,
        "support_address": support_address,
        "texts": texts,
        "languages": languages,
    }
    values = read_choices({name: value for name, value in given.items() if value is not None})
    row = locked_brand(at)
    keep(row, values, by=by, at=at)
    return brand_view(row)


def restore_brand(*, by: str, at: datetime) -> BrandView:
    """Take the last change back, logo included; called again, it makes the change anew.

    :raises NothingToRestore: nothing was ever changed.
    """
    row = locked_brand(at)
    if row.previous is None:
        raise NothingToRestore
    keep(row, {name: row.previous[name] for name in VALUES if name in row.previous}, by=by, at=at)
    return brand_view(row)
