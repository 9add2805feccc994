"""Pictures from strangers: decoded within limits, written anew."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from aftermile.kernel.images import ImageUnreadable, Picture, read_picture


def picture(
    mode: str = "RGB", size: tuple[int, int] = (400, 200), kind: str = "PNG", **options: object
) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(out, kind, **options)
    return out.getvalue()


def read(content: bytes, most_bytes: int = 40_000) -> Picture:
    return read_picture(content, width=160, height=160, most_bytes=most_bytes)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_claiming(width: int, height: int) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_it_becomes_a_small_webp_of_the_same_shape(kind: str) -> None:
    found = read(picture(kind=kind))
    again = opened(found.content)
    assert (found.content_type, again.format) == ("image/webp", "WEBP")
    assert (found.width, found.height) == again.size == (160, 80)


def test_it_is_never_made_larger() -> None:
    assert read(picture(size=(20, 10))).width == 20


def test_a_transparent_one_stays_so() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(out, "PNG")
    assert opened(read(out.getvalue()).content).mode == "RGBA"


def test_a_palette_with_a_hole_stays_so() -> None:
    out = io.BytesIO()
    Image.new("P", (50, 50), 0).save(out, "PNG", transparency=0)
    assert opened(read(out.getvalue()).content).mode == "RGBA"


def test_it_fits_the_bytes() -> None:
    found = read(picture(size=(1000, 1000)), most_bytes=2_000)
    assert len(found.content) <= 2_000


def test_one_lying_on_its_side_is_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    assert read(picture(kind="JPEG", exif=exif)).height == 160


def test_what_it_says_about_its_maker_is_dropped() -> None:
    note = PngInfo()
    note.add_text("Comment", "taken at home")
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    for content in (picture(pnginfo=note), picture(kind="JPEG", exif=exif)):
        assert b"taken at home" in content
        assert b"taken at home" not in read(content).content


@pytest.mark.parametrize("size", [(5_000, 5_000), (12_000, 12_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_few_bytes_that_ask_for_gigabytes_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ImageUnreadable):
        read(png_claiming(*size))


def test_a_text_that_unfolds_is_refused() -> None:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    text = chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 80_000_000, 9))
    with pytest.raises(ImageUnreadable):
        read(
            b"\x89PNG\r\n\x1a\n"
            + head
            + text
            + chunk(b"IDAT", zlib.compress(b"\0" * 4))
            + chunk(b"IEND", b"")
        )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"<html><svg/></html>",
        b"%PDF-1.4",
        b"\x89PNG\r\n\x1a\n",
        picture()[:300],
        picture(kind="JPEG")[:300],
        picture(kind="WEBP")[:300],
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n",
    ],
)
def test_what_is_no_whole_picture_is_refused(content: bytes) -> None:
    with pytest.raises(ImageUnreadable):
        read(content)


WHOLE = [picture(size=(30, 30), kind=kind) for kind in ("PNG", "JPEG", "WEBP")]


@settings(max_examples=100)
@given(st.data())
def test_a_broken_picture_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from(WHOLE)))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read(bytes(whole))
    except ImageUnreadable:
        return
    assert found.content_type == "image/webp"


def test_a_drawing_stays_a_drawing() -> None:
    found = read(
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
    )
    assert (found.content_type, found.width) == ("image/svg+xml", 16)


def test_a_harmful_drawing_is_refused_in_words() -> None:
    with pytest.raises(ImageUnreadable, match="This drawing cannot be used: it holds a script"):
        read(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script/></svg>')
