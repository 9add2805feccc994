"""A packed box as a picture: SVG, seen from the front corner, its near walls left out.

Colors are presentation attributes, so that the picture stands alone in a PDF; a page's sheet overrides them by class
(`.pack-art .k0`), for dark paper too. Each thing carries the number of its item: no color has to be told from another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from aftermile.capabilities.packing.fitting.words import Box, Packed, Placed

_WIDTH = 360.0
_MARGIN = 10.0
_COS, _SIN = math.cos(math.pi / 6), math.sin(math.pi / 6)
#: More are a pattern nobody can count.
MOST_DRAWN = 300
#: Grounds of the kinds in turn; ink can be read on each (7:1 or more).
COLORS = ("#cfe3d6", "#f3dcc0", "#d5def2", "#ecd3de", "#e6e2b8", "#d6d3ea", "#c9e4e6", "#e2dcd3")
_INK, _LINE, _WALL = "#1b1c1a", "#4c5049", "#8a8f86"
_SHADES = (0.0, 0.08, 0.16)  # top, left, right

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _View:
    scale: float
    left: float
    top: float

    def at(self, x: float, y: float, z: float) -> Point:
        """Project: x runs to the lower right, y to the lower left, z upwards."""
        return self.left + (x - y) * _COS * self.scale, self.top + ((x + y) * _SIN - z) * self.scale


def draw(packed: Packed, *, label: str) -> str:
    """Draw a packed box; empty when more is in it than can be drawn.

    :param label: what it shows, for whoever hears the page; plain text.
    """
    if len(packed.placed) > MOST_DRAWN:
        return ""
    box = packed.box
    length, width, height = box.size
    scale = (_WIDTH - 2 * _MARGIN) / ((length + width) * _COS)
    tall = ((length + width) * _SIN + height) * scale
    if tall > _WIDTH * 1.2:
        scale *= _WIDTH * 1.2 / tall
    across = (length + width) * _COS * scale + 2 * _MARGIN
    down = ((length + width) * _SIN + height) * scale + 2 * _MARGIN
    view = _View(scale, _MARGIN + width * _COS * scale, _MARGIN + height * scale)
    head = (
        f'<svg class="pack-art" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across:.0f} {down:.0f}"'
        f' role="img" aria-label="{_escaped(label)}" font-family="sans-serif" stroke-linejoin="round">'
    )
    parts = [
        head,
        *_walls(view, box),
        *(_thing(view, each) for each in _from_behind(packed.placed)),
        *_near_edges(view, box),
        "</svg>",
    ]
    return "".join(parts)


def _walls(view: _View, box: Box) -> list[str]:
    length, width, height = box.size
    floor = [view.at(0, 0, 0), view.at(length, 0, 0), view.at(length, width, 0), view.at(0, width, 0)]
    one = [view.at(0, 0, 0), view.at(length, 0, 0), view.at(length, 0, height), view.at(0, 0, height)]
    other = [view.at(0, 0, 0), view.at(0, width, 0), view.at(0, width, height), view.at(0, 0, height)]
    return [
        f'<path class="wall" d="{_outline(face)}" fill="none" stroke="{_WALL}"/>'
        for face in (floor, one, other)
    ]


def _near_edges(view: _View, box: Box) -> list[str]:
    length, width, height = box.size
    top = [view.at(length, 0, height), view.at(length, width, height), view.at(0, width, height)]
    lines = [top, [view.at(length, width, 0), view.at(length, width, height)]]
    return [
        f'<path class="near" d="{_outline(line, closed=False)}" fill="none" stroke="{_WALL}" stroke-dasharray="3 3"/>'
        for line in lines
    ]


def _thing(view: _View, placed: Placed) -> str:
    _, x, y, z, length, width, height = placed
    right, near, top = x + length, y + width, z + height
    faces = (
        [(x, y, top), (right, y, top), (right, near, top), (x, near, top)],
        [(x, near, z), (right, near, z), (right, near, top), (x, near, top)],
        [(right, y, z), (right, near, z), (right, near, top), (right, y, top)],
    )
    kind = placed.item % len(COLORS)
    drawn = []
    for corners, shade in zip(faces, _SHADES, strict=True):
        outline = _outline([view.at(*corner) for corner in corners])
        drawn.append(f'<path d="{outline}" fill="{COLORS[kind]}" stroke="{_LINE}" stroke-width=".8"/>')
        if shade:
            drawn.append(f'<path class="shade" d="{outline}" fill="#000000" fill-opacity="{shade}"/>')
    size = min(15.0, min(length, width) * view.scale * 0.55)
    if size >= 4:
        middle, line = view.at(x + length / 2, y + width / 2, top)
        drawn.append(
            f'<text x="{middle:.1f}" y="{line + size * 0.35:.1f}" font-size="{size:.1f}" text-anchor="middle"'
            f' fill="{_INK}">{placed.item + 1}</text>'
        )
    return f'<g class="k{kind}">{"".join(drawn)}</g>'


def _from_behind(placed: Sequence[Placed]) -> list[Placed]:
    """Order things so that each is drawn after all that it hides a part of.

    Of two cuboids apart from each other, one lies behind a plane between them. Things can hide each other in a ring
    (three sticks, each over the next); a ring is broken at the one furthest away.
    """
    left = sorted(placed, key=lambda each: (each.x + each.y + each.z, each))
    behind = {
        number: {other for other, b in enumerate(left) if other != number and _hides(a, b)}
        for number, a in enumerate(left)
    }
    order: list[Placed] = []
    while behind:
        free = [number for number, others in behind.items() if not others] or [min(behind)]
        for number in free:
            order.append(left[number])
            del behind[number]
        for others in behind.values():
            others.difference_update(free)
    return order


def _hides(front: Placed, back: Placed) -> bool:
    """Tell whether one is in front of the other, as far as a plane between them says so in one direction only."""
    ahead = (
        front.x >= back.x + back.length or front.y >= back.y + back.width or front.z >= back.z + back.height
    )
    behind = (
        back.x >= front.x + front.length
        or back.y >= front.y + front.width
        or back.z >= front.z + front.height
    )
    return ahead and not behind


def _outline(points: Sequence[Point], *, closed: bool = True) -> str:
    written = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f"M{written}{'Z' if closed else ''}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
