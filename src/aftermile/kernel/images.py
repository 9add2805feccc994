"""Pictures from strangers: looked at, taken apart and written anew, so that nothing but the picture is kept.

What a file is told to be does not count, only what it is. Raster pictures are decoded within limits and
encoded as WebP; drawings (SVG) go through `kernel.svg`.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aftermile.kernel.errors import Invalid
from aftermile.kernel.svg import SvgUnsafe, check_svg

if TYPE_CHECKING:
    from PIL.Image import Image

_FORMATS = ("PNG", "JPEG", "WEBP")
#: As decoded, 4 bytes each: 64 MB. A file of a few kilobytes can ask for gigabytes.
_MOST_PIXELS = 16_000_000
_BYTES_OF_SVG = 200_000
_QUALITIES = (82, 70, 58, 45, 32)


class ImageUnreadable(Invalid):
    """A file that is no picture we take, or one that is too large or could do harm."""

    code = "image_unreadable"
    message = "This is not a picture we can use. Send a PNG, JPEG, WebP or SVG file."


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is safe to serve.

    Width and height in pixels; those of a drawing are its own units. `colors`: those a drawing names.
    """

    content: bytes = field(repr=False)
    content_type: str
    width: int
    height: int
    colors: frozenset[str] = frozenset()


def read_picture(
    content: bytes, *, width: int, height: int, most_bytes: int, svg_bytes: int = _BYTES_OF_SVG
) -> Picture:
    """Read a picture and write it anew, at most `width` by `height` pixels and `most_bytes` long.

    It keeps its shape and is never made larger. Of a moving picture the first frame is kept.

    :param svg_bytes: the most a drawing may have; it is kept as a drawing.
    :raises ImageUnreadable: no picture, one with too many pixels, or a drawing that could do harm.
    """
    if _looks_like_svg(content):
        try:
            drawing = check_svg(content, most_bytes=svg_bytes)
        except SvgUnsafe as problem:
            raise ImageUnreadable(f"This drawing cannot be used: {problem}.") from None
        return Picture(drawing.content, "image/svg+xml", drawing.width, drawing.height, drawing.colors)
    image = decode(content, near=(width, height))
    image.thumbnail((width, height))
    return Picture(_encoded(image, most_bytes), "image/webp", image.width, image.height)


def decode(content: bytes, *, near: tuple[int, int] | None = None) -> Image:
    """Decode a raster picture into RGB or RGBA, turned the right way up, without its metadata.

    :param near: the size it is wanted at; a JPEG is then decoded at a fraction of its own, at a fraction of the cost.
    :raises ImageUnreadable: no PNG, JPEG or WebP, a broken one, or one with too many pixels.
    """
    # Late: most processes look at no picture.
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        opened = Image.open(io.BytesIO(content), formats=_FORMATS)
        if opened.width * opened.height > _MOST_PIXELS:
            raise ImageUnreadable(
                f"This picture has {opened.width} × {opened.height} pixels, far more than a page can show."
                " Make it smaller first."
            )
        if near is not None:
            longer = 2 * max(near)  # either way round, and with some to spare for good edges
            opened.draft(None, (longer, longer))
        opened.load()
        image = ImageOps.exif_transpose(opened)
    except UnidentifiedImageError:
        raise ImageUnreadable from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ImageUnreadable("This picture has far more pixels than a page can show.") from None
    # What decoders raise for broken files is not told in advance; nothing of ours runs in here.
    except (OSError, ValueError, SyntaxError, EOFError, IndexError):
        raise ImageUnreadable("This picture is damaged or cut off. Save it anew and send it again.") from None
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    return image.convert("RGBA" if has_alpha else "RGB")


def _encoded(image: Image, most_bytes: int) -> bytes:
    """Write WebP: without loss where that fits, else as good as fits, else smaller."""
    while True:
        written = [_webp(image, lossless=True, quality=80)] if _is_flat(image) else []
        for quality in _QUALITIES:
            if written and len(written[-1]) <= most_bytes:
                break
            written.append(_webp(image, lossless=False, quality=quality))
        if len(written[-1]) <= most_bytes or image.width <= 16:
            return written[-1]
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)))


def _is_flat(image: Image) -> bool:
    """Tell whether a picture is drawn in few colors, as logos are: those look best without loss."""
    return image.getcolors(1024) is not None


def _webp(image: Image, *, lossless: bool, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", lossless=lossless, quality=quality, method=6)
    return out.getvalue()


def _looks_like_svg(content: bytes) -> bool:
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith((b"<svg", b"<?xml", b"<!DOCTYPE svg", b"<!--"))
