"""Set and remove the logo."""

from __future__ import annotations

import hashlib
from datetime import datetime

from aftermile.capabilities.brands.grounds import ground_of
from aftermile.capabilities.brands.looks import Ground
from aftermile.capabilities.brands.models import Logo
from aftermile.capabilities.brands.operations.own_brand import forget_old_logos, keep, locked_brand
from aftermile.capabilities.brands.queries import BrandView, brand_view
from aftermile.kernel.images import ImageUnreadable, read_picture

#: What may be sent.
LARGEST_LOGO_BYTES = 4_000_000
#: What is kept: three times as large as pages show it, for the sharpest screens.
_WIDTH, _HEIGHT = 720, 216
_KEPT_BYTES = 40_000
_LOGOS_KEPT = 20


def set_logo(*, content: bytes, by: str, at: datetime) -> BrandView:
    """Give the brand a logo: PNG, JPEG or WebP, written anew as WebP, or a checked SVG. The same again changes nothing.

    :raises ImageUnreadable: no such picture, a damaged one, one too large, or a drawing that could do harm.
    """
    if len(content) > LARGEST_LOGO_BYTES:
        raise ImageUnreadable(
            f"This file has {len(content) / 1e6:.1f} MB. A logo may have {LARGEST_LOGO_BYTES // 1_000_000}."
        )
    picture = read_picture(content, width=_WIDTH, height=_HEIGHT, most_bytes=_KEPT_BYTES)
    ground = ground_of(picture)
    digest = hashlib.blake2b(picture.content, digest_size=16).hexdigest()
    row = locked_brand(at)
    if not Logo.rows().filter(digest=digest).exists():
        Logo(
            digest=digest,
            content=picture.content,
            content_type=picture.content_type,
            width=picture.width,
            height=picture.height,
            ground=ground,
            created_at=at,
        ).save(force_insert=True)
    values = {
        "logo_digest": digest,
        "logo_type": picture.content_type,
        "logo_width": picture.width,
        "logo_height": picture.height,
        "logo_ground": ground.value,
    }
    keep(row, values, by=by, at=at)
    shown = {digest, (row.previous or {}).get("logo_digest", "")}
    forget_old_logos(shown, most=_LOGOS_KEPT)
    return brand_view(row)


def remove_logo(*, by: str, at: datetime) -> BrandView:
    """Show the shop's name in place of a logo. Without one nothing changes."""
    row = locked_brand(at)
    nothing = {
        "logo_digest": "",
        "logo_type": "",
        "logo_width": 0,
        "logo_height": 0,
        "logo_ground": Ground.ANY.value,
    }
    keep(row, nothing, by=by, at=at)
    return brand_view(row)
