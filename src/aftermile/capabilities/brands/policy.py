"""The theme: how a brand's one accent colors a page without ever making a word unreadable.

The page's own paper, ink and lines are fixed, in light and dark. The accent comes in several guises, each
computed for what it is used for, so that a merchant may choose any color at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from aftermile.capabilities.brands.colors import (
    BLACK,
    WHITE,
    Rgb,
    contrast,
    lightness,
    mix,
    read_hex,
    readable,
    shifted,
    write_hex,
)
from aftermile.capabilities.brands.looks import FONT_STACKS, Font, Ground

#: The least contrast of text, and of the parts of controls. Source: WCAG 2.2, success criteria 1.4.3 and 1.4.11.
TEXT = 4.5
PART = 3.0


@dataclass(frozen=True, slots=True)
class Paper:
    """The fixed colors of a page."""

    paper: Rgb
    card: Rgb
    ink: Rgb
    soft: Rgb
    line: Rgb
    #: How much of the accent is in the wash.
    wash_share: float
    #: How far the accent is moved away from the paper as a ground (0: not at all), a part and a text.
    ground: float
    part: float
    text: float


def _paper(colors: str, *, wash_share: float, ground: float, part: float, text: float) -> Paper:
    paper, card, ink, soft, line = map(read_hex, colors.split())
    return Paper(paper, card, ink, soft, line, wash_share, ground, part, text)


LIGHT = _paper("#faf9f6 #ffffff #1b1c1a #565a53 #e4e2db", wash_share=0.09, ground=0, part=PART, text=TEXT)
# A dark accent would be a hole in dark paper, and at the bare minimum a dull light.
DARK = _paper("#121311 #1b1d1a #f0efe9 #b3b7ae #31342f", wash_share=0.13, ground=5.5, part=TEXT, text=7.0)


@dataclass(frozen=True, slots=True)
class Scheme:
    """The colors of a page, light or dark, as `#rrggbb`.

    | | what it is for |
    |---|---|
    | `accent`, `accent_hover` | the ground of the main button; in light the very color the merchant chose |
    | `on_accent` | text and icons on either |
    | `accent_edge` | lines, dots, borders and focus rings on paper, card or wash: 3:1 or more |
    | `accent_ink` | the accent as text and links on paper, card or wash: 4.5:1 or more |
    | `accent_wash` | a faint ground for pictures and marked days; ink, soft and accent_ink can be read on it |
    | `logo_plate` | the ground a logo needs here, or "transparent" |
    """

    accent: str
    accent_hover: str
    on_accent: str
    accent_edge: str
    accent_ink: str
    accent_wash: str
    paper: str
    card: str
    ink: str
    soft: str
    line: str
    logo_plate: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A brand's look, computed. `css` is the whole sheet of custom properties."""

    light: Scheme
    dark: Scheme
    radius_px: int
    font_stack: str

    @property
    def css(self) -> str:
        """Write the custom properties on the root of a page: light, and dark for those who prefer it."""
        return self.css_on(":root")

    def css_on(self, selector: str) -> str:
        """Write the custom properties on what a selector names.

        Its attribute `data-scheme` of "light" or "dark" holds against what the device prefers.
        """
        shared = f"--radius:{self.radius_px}px;--font:{self.font_stack};"
        dark = f"color-scheme:dark;{_declared(self.dark)}"
        return (
            f"{selector}{{color-scheme:light;{shared}{_declared(self.light)}}}\n"
            f'@media (prefers-color-scheme:dark){{{selector}:not([data-scheme="light"]){{{dark}}}}}\n'
            f'{selector}[data-scheme="dark"]{{{dark}}}\n'
        )


@lru_cache(maxsize=4096)
def compute_theme(accent: str, radius_px: int, font: Font, ground: Ground = Ground.ANY) -> Theme:
    """Compute a theme from what a brand chose.

    :raises ValueError: `accent` is no color.
    """
    color = read_hex(accent)
    return Theme(
        _scheme(color, LIGHT, DARK.card if ground is Ground.DARK else None),
        _scheme(color, DARK, LIGHT.card if ground is Ground.LIGHT else None),
        radius_px,
        FONT_STACKS[font],
    )


def _scheme(color: Rgb, paper: Paper, plate: Rgb | None) -> Scheme:
    fill = readable(color, (paper.paper, paper.card), paper.ground)
    wash = mix(fill, paper.card, paper.wash_share)
    grounds = (paper.paper, paper.card, wash)
    on_accent = _text_on(fill)
    return Scheme(
        accent=write_hex(fill),
        accent_hover=write_hex(_hover(fill, on_accent)),
        on_accent=write_hex(on_accent),
        accent_edge=write_hex(readable(color, grounds, paper.part)),
        accent_ink=write_hex(readable(color, grounds, paper.text)),
        accent_wash=write_hex(wash),
        paper=write_hex(paper.paper),
        card=write_hex(paper.card),
        ink=write_hex(paper.ink),
        soft=write_hex(paper.soft),
        line=write_hex(paper.line),
        logo_plate=write_hex(plate) if plate else "transparent",
    )


def _text_on(fill: Rgb) -> Rgb:
    if contrast(WHITE, fill) >= TEXT:
        return WHITE
    tinted = shifted(fill, 0.22)
    return tinted if contrast(tinted, fill) >= TEXT else BLACK


def _hover(fill: Rgb, on_accent: Rgb) -> Rgb:
    """Move away from the text on it; where there is no room left, toward it as far as it stays readable."""
    step = -0.06 if on_accent == WHITE else 0.06
    away = shifted(fill, lightness(fill) + step)
    if away != fill and contrast(away, on_accent) >= TEXT and contrast(away, fill) > 1.04:
        return away
    toward = mix(on_accent, fill, 0.14)
    return toward if contrast(toward, on_accent) >= TEXT else away


def _declared(scheme: Scheme) -> str:
    plate = scheme.logo_plate
    return (
        "".join(
            f"--{name.replace('_', '-')}:{getattr(scheme, name)};" for name in Scheme.__dataclass_fields__
        )
        + f"--logo-pad:{'0px' if plate == 'transparent' else '6px'};"
    )
