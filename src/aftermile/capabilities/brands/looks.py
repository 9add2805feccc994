"""What a brand may choose from: fonts, tones, languages, and what holds until it chooses."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

DEFAULT_ACCENT = "#1f5f4a"
DEFAULT_RADIUS_PX = 14
LARGEST_RADIUS_PX = 24
MOST_FOOTER_LINKS = 6


class Tone(StrEnum):
    """How the pages address a shopper. Picks among greetings; what happened is told the same in each."""

    PLAIN = "plain"
    WARM = "warm"
    FORMAL = "formal"


class Font(StrEnum):
    """A stack of fonts that devices bring along: nothing is downloaded."""

    SYSTEM = "system"
    HUMANIST = "humanist"
    GEOMETRIC = "geometric"
    GROTESQUE = "grotesque"
    ROUNDED = "rounded"
    OLD_STYLE = "old_style"
    BOOK = "book"
    DIDONE = "didone"
    SLAB = "slab"
    MONO = "mono"


class Ground(StrEnum):
    """What a logo can be read on: its own letters may be as dark, or as light, as the page."""

    ANY = "any"
    LIGHT = "light"
    DARK = "dark"


_ALL_SCRIPTS = '"Noto Sans", sans-serif'

#: CSS values of `font-family`. Each ends in a family that has every script.
FONT_STACKS = MappingProxyType(
    {
        Font.SYSTEM: f'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, {_ALL_SCRIPTS}',
        Font.HUMANIST: f'Seravek, "Gill Sans Nova", Ubuntu, Calibri, "DejaVu Sans", {_ALL_SCRIPTS}',
        Font.GEOMETRIC: f'Avenir, Montserrat, Corbel, "URW Gothic", "Century Gothic", {_ALL_SCRIPTS}',
        Font.GROTESQUE: f'"Helvetica Neue", Helvetica, Arial, "Liberation Sans", {_ALL_SCRIPTS}',
        Font.ROUNDED: f'ui-rounded, "SF Pro Rounded", Nunito, Quicksand, "Arial Rounded MT Bold", {_ALL_SCRIPTS}',
        Font.OLD_STYLE: '"Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", "Noto Serif", serif',
        Font.BOOK: 'Charter, "Bitstream Charter", Cambria, Georgia, "Noto Serif", serif',
        Font.DIDONE: 'Didot, "Bodoni MT", "Bodoni 72", "Noto Serif Display", "URW Palladio L", "Noto Serif", serif',
        Font.SLAB: 'Rockwell, "Rockwell Nova", "Roboto Slab", "DejaVu Serif", "Sitka Small", "Noto Serif", serif',
        Font.MONO: 'ui-monospace, "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono", monospace',
    }
)
