"""The logo: what is kept, what it can be read on, and what is refused."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image, ImageDraw

from aftermile.capabilities.brands.models import Logo
from aftermile.capabilities.brands.public import (
    Ground,
    LogoNotFound,
    brand,
    logo_content,
    remove_logo,
    restore_brand,
    set_logo,
)
from aftermile.kernel.images import ImageUnreadable
from tests.capabilities.shop import later, log, scope
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

BY = "staff:usr_test"


def lettering(color: tuple[int, ...], ground: tuple[int, ...] = (0, 0, 0, 0), kind: str = "PNG") -> bytes:
    image = Image.new("RGBA", (600, 200), ground)
    ImageDraw.Draw(image).rectangle((40, 40, 500, 150), fill=color)
    out = io.BytesIO()
    (image if kind == "PNG" else image.convert("RGB")).save(out, kind)
    return out.getvalue()


def drawn(color: str) -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20">'
        f'<rect width="50" height="10" fill="{color}"/></svg>'
    ).encode()


def test_it_is_kept_small_and_served_by_its_digest(merchant: Any, other_merchant: Any) -> None:
    with scope(merchant):
        found = set_logo(content=lettering((30, 95, 74, 255)), by=BY, at=NOON).logo
        assert found is not None
        assert (found.content_type, found.width, found.height) == ("image/webp", 600, 200)
        content, content_type = logo_content(found.digest)
        assert content_type == "image/webp"
        assert Image.open(io.BytesIO(content)).size == (600, 200)
        assert brand().logo == found
    with scope(other_merchant), pytest.raises(LogoNotFound):
        logo_content(found.digest)
    assert log(merchant)[0].changed == ("logo",)


@pytest.mark.parametrize(
    ("content", "ground"),
    [
        (lettering((20, 20, 20, 255)), Ground.LIGHT),
        (lettering((255, 255, 255, 255)), Ground.DARK),
        (lettering((30, 95, 74, 255)), Ground.ANY),
        (lettering((20, 20, 20, 255), (255, 255, 255, 255)), Ground.ANY),
        (lettering((20, 20, 20, 255), (255, 255, 255, 255), "JPEG"), Ground.ANY),
        (drawn("#111"), Ground.LIGHT),
        (drawn("black"), Ground.LIGHT),
        (drawn("white"), Ground.DARK),
        (drawn("currentColor"), Ground.LIGHT),
        (drawn("#1f7f5a"), Ground.ANY),
    ],
)
def test_it_tells_on_what_it_can_be_read(merchant: Any, content: bytes, ground: Ground) -> None:
    with scope(merchant):
        found = set_logo(content=content, by=BY, at=NOON).logo
    assert found is not None
    assert found.ground is ground


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"GIF89a", drawn("x") * 2, drawn('red" onload="alert(1)'), b"x" * 4_000_001],
)
def test_what_cannot_be_a_logo_changes_nothing(merchant: Any, content: bytes) -> None:
    with scope(merchant):
        with pytest.raises(ImageUnreadable):
            set_logo(content=content, by=BY, at=NOON)
        assert brand().logo is None


def test_the_same_again_changes_nothing(merchant: Any) -> None:
    with scope(merchant):
        first = set_logo(content=drawn("red"), by=BY, at=NOON)
        assert set_logo(content=drawn("red"), by=BY, at=later(hours=1)) == first
    assert len(log(merchant)) == 1


def test_the_one_before_comes_back(merchant: Any) -> None:
    with scope(merchant):
        first = set_logo(content=drawn("red"), by=BY, at=NOON).logo
        set_logo(content=drawn("blue"), by=BY, at=later(hours=1))
        back = restore_brand(by=BY, at=later(hours=2)).logo
        assert back == first
        assert back is not None
        assert logo_content(back.digest)[1] == "image/svg+xml"


def test_it_can_be_removed_and_brought_back(merchant: Any) -> None:
    with scope(merchant):
        first = set_logo(content=drawn("red"), by=BY, at=NOON).logo
        assert remove_logo(by=BY, at=later(hours=1)).logo is None
        assert remove_logo(by=BY, at=later(hours=2)).logo is None
        assert restore_brand(by=BY, at=later(hours=3)).logo == first


def test_only_the_newest_are_kept(merchant: Any) -> None:
    with scope(merchant):
        for number in range(25):
            last = set_logo(content=drawn(f"#1f5f{number:02d}"), by=BY, at=later(hours=number)).logo
        assert Logo.rows().count() == 20
        assert last is not None
        assert logo_content(last.digest)
