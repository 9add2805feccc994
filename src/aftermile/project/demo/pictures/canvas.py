"""The few shapes everything is drawn with, on a square of 160, and the colors it comes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape


@dataclass(frozen=True, slots=True)
class Palette:
    """`main` is what the thing is made of, `shade` and `light` its darker and lighter sides, `trim` the rest."""

    ground: str
    hill: str
    main: str
    shade: str
    light: str
    trim: str


PALETTES = {
    "moss": Palette("#dfe8df", "#cbdacd", "#3f6b4f", "#2d503a", "#6b987a", "#d9a441"),
    "slate": Palette("#dee4e8", "#cad4db", "#4d6273", "#38495a", "#7f95a6", "#e08a4f"),
    "sand": Palette("#efe6d6", "#e2d5bd", "#c29a5b", "#9b7640", "#dec08d", "#3f6b4f"),
    "rust": Palette("#f2e0d6", "#e6cdbf", "#b3553a", "#8a3d28", "#d6866b", "#2f4b5a"),
    "lake": Palette("#d9e7ec", "#c2d8e0", "#2f7388", "#215466", "#68a6b8", "#f0b35a"),
    "dusk": Palette("#e4e0ea", "#d3ccde", "#5b4f7a", "#433a5d", "#8d80ad", "#e6a06a"),
    "berry": Palette("#f0dfe2", "#e3cacf", "#97405a", "#732e43", "#c0728a", "#4d6273"),
    "steel": Palette("#e3e5e4", "#d1d5d3", "#8b9794", "#67726f", "#b9c3c0", "#b3553a"),
}

#: A drawing gives its shapes from the back to the front.
Drawing = Callable[[Palette], tuple[str, ...]]


def rect(x: float, y: float, width: float, height: float, fill: str, *, r: float = 0, turn: str = "") -> str:
    """Draw a rectangle; `turn` is degrees and the point to turn around, as in "20 80 80"."""
    turned = f' transform="rotate({turn})"' if turn else ""
    round_ = f' rx="{r}"' if r else ""
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}"{round_} fill="{fill}"{turned}/>'


def oval(x: float, y: float, across: float, down: float, fill: str) -> str:
    return f'<ellipse cx="{x}" cy="{y}" rx="{across}" ry="{down}" fill="{fill}"/>'


def disc(x: float, y: float, r: float, fill: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}"/>'


def path(d: str, fill: str) -> str:
    return f'<path d="{d}" fill="{fill}"/>'


def line(d: str, stroke: str, width: float = 3) -> str:
    return (
        f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{width}"'
        ' stroke-linecap="round" stroke-linejoin="round"/>'
    )


def svg(*shapes: str, title: str) -> str:
    """Put shapes together to a file."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 160" width="320" height="320" role="img">'
        f"<title>{escape(title)}</title>{''.join(shapes)}</svg>\n"
    )
