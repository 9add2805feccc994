"""Colors: how light one is, how well two can be told apart, and how to make one lighter without changing its hue.

Sources: WCAG 2.2, "relative luminance" and "contrast ratio"; Oklab and OKLCH after Björn Ottosson, "A perceptual
color space for image processing" (2020), with his matrices.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache

Rgb = tuple[int, int, int]

BLACK: Rgb = (0, 0, 0)
WHITE: Rgb = (255, 255, 255)
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def read_hex(text: str) -> Rgb:
    """Read `#1f5f4a`, `1f5f4a` or `#abc`.

    :raises ValueError: no such color.
    """
    found = _HEX.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no color such as #1f5f4a")
    digits = found[1]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
    return red, green, blue


def write_hex(color: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)


def luminance(color: Rgb) -> float:
    """Return the relative luminance: 0 is black, 1 is white."""
    red, green, blue = (_LINEAR[channel] for channel in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio: 1 is the same, 21 is black on white. Text needs 4.5, parts of controls 3."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(color: Rgb, grounds: Iterable[Rgb]) -> float:
    """Return the contrast with the ground on which a color is hardest to see."""
    return min(contrast(color, ground) for ground in grounds)


def mix(color: Rgb, into: Rgb, share: float) -> Rgb:
    """Mix a share (0 to 1) of one color into another."""
    red, green, blue = (round(b + (a - b) * share) for a, b in zip(color, into, strict=True))
    return red, green, blue


def shifted(color: Rgb, lightness: float) -> Rgb:
    """Give a color another lightness (OKLCH, 0 to 1); it keeps its hue, and as much chroma as the screen has."""
    _, chroma, hue = _to_oklch(color)
    return _fitted(min(max(lightness, 0.0), 1.0), chroma, hue)


def lightness(color: Rgb) -> float:
    """Return how light a color looks (OKLCH, 0 to 1)."""
    return _to_oklch(color)[0]


def readable(color: Rgb, grounds: tuple[Rgb, ...], least: float) -> Rgb:
    """Return the color itself, or the nearest lightness at which it stands out by `least` from every ground.

    The grounds are all light or all dark: the color moves away from them.
    """
    if least_contrast(color, grounds) >= least:
        return color
    away = 0.0 if luminance(grounds[0]) > 0.18 else 1.0
    _, chroma, hue = _to_oklch(color)
    near = lightness(color)
    # Halving finds the border; rounding to whole channels may fall short of it, so it is kept on the far side.
    far, best = away, BLACK if away == 0.0 else WHITE
    for _ in range(20):
        middle = (near + far) / 2
        candidate = _fitted(middle, chroma, hue)
        if least_contrast(candidate, grounds) >= least:
            far, best = middle, candidate
        else:
            near = middle
    return best


def _linear(channel: int) -> float:
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


_LINEAR = tuple(_linear(channel) for channel in range(256))


def _encoded(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


@lru_cache(maxsize=1024)
def _to_oklch(color: Rgb) -> tuple[float, float, float]:
    red, green, blue = (_LINEAR[channel] for channel in color)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    light = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return light, math.hypot(a, b), math.atan2(b, a)


def _fitted(light: float, chroma: float, hue: float) -> Rgb:
    """Return the screen color of this lightness and hue, with less chroma where the screen has not so much."""
    least, most = 0.0, chroma
    if _is_on_screen(_to_linear(light, most, hue)):
        return _to_rgb(_to_linear(light, most, hue))
    for _ in range(16):
        middle = (least + most) / 2
        if _is_on_screen(_to_linear(light, middle, hue)):
            least = middle
        else:
            most = middle
    return _to_rgb(_to_linear(light, least, hue))


def _to_linear(light: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _is_on_screen(linear: tuple[float, float, float]) -> bool:
    return all(-0.0001 <= value <= 1.0001 for value in linear)


def _to_rgb(linear: tuple[float, float, float]) -> Rgb:
    red, green, blue = (round(255 * _encoded(min(max(value, 0.0), 1.0))) for value in linear)
    return red, green, blue
