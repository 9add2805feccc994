"""What a logo can be read on: many are drawn in near-black, or in white, on nothing."""

from __future__ import annotations

from aftermile.capabilities.brands.colors import Rgb, contrast
from aftermile.capabilities.brands.looks import Ground
from aftermile.capabilities.brands.policy import DARK, LIGHT
from aftermile.kernel.images import Picture, decode

# Below this a shape is lost on its ground; well below what text needs, since logos are large.
_LOST = 1.7
# A logo of which so much is lost needs a ground of its own.
_SHARE = 0.1


def ground_of(picture: Picture) -> Ground:
    """Tell which ground a logo needs: none in particular, a light one, or a dark one."""
    weights = _named(picture.colors) if picture.colors else _painted(picture)
    total = sum(weights.values())
    lost = {
        ground: sum(weight for color, weight in weights.items() if contrast(color, ground) < _LOST)
        for ground in (LIGHT.paper, DARK.paper)
    }
    is_lost = {ground: total > 0 and weight / total >= _SHARE for ground, weight in lost.items()}
    # Lost on both in part: it brings contrasts of its own.
    if is_lost[LIGHT.paper] == is_lost[DARK.paper]:
        return Ground.ANY
    return Ground.LIGHT if is_lost[DARK.paper] else Ground.DARK


def _named(colors: frozenset[str]) -> dict[Rgb, float]:
    # Late: most processes look at no picture.
    from PIL import ImageColor

    weights: dict[Rgb, float] = {}
    for text in colors:
        try:
            weights[ImageColor.getrgb(text)[:3]] = 1.0
        except ValueError:  # such as currentColor, which is black in a picture
            weights[0, 0, 0] = 1.0
    return weights


def _painted(picture: Picture) -> dict[Rgb, float]:
    image = decode(picture.content)
    if image.mode == "RGB":
        return {}  # it covers all of its ground
    image.thumbnail((120, 120))
    raw = image.tobytes()
    weights: dict[Rgb, float] = {}
    has_holes = False
    for at in range(0, len(raw), 4):
        if raw[at + 3] > 127:
            color = (raw[at], raw[at + 1], raw[at + 2])
            weights[color] = weights.get(color, 0.0) + 1.0
        else:
            has_holes = True
    # A picture without a hole brings its own ground.
    return weights if has_holes else {}
