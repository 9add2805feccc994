"""What became of a brand's color, in words: where it is used as it is, and where another shade had to take its place."""

from __future__ import annotations

from dataclasses import dataclass

from aftermile.capabilities.brands.colors import WHITE, contrast, lightness, read_hex
from aftermile.capabilities.brands.looks import Font
from aftermile.capabilities.brands.policy import PART, TEXT, Scheme, compute_theme


@dataclass(frozen=True, slots=True)
class Finding:
    """One use of the color. `ratio`: its contrast with what it stands on, to one decimal, never rounded up."""

    use: str
    sentence: str
    color: str
    ground: str
    ratio: float
    is_changed: bool


def report(accent: str) -> tuple[Finding, ...]:
    """Tell how a color is used, in light and dark.

    :raises ValueError: `accent` is no color.
    """
    theme = compute_theme(accent, 0, Font.SYSTEM)
    chosen = theme.light.accent
    return (*_findings("light", chosen, theme.light), *_findings("dark", chosen, theme.dark))


def _findings(name: str, chosen: str, scheme: Scheme) -> tuple[Finding, ...]:
    letters = "White" if read_hex(scheme.on_accent) == WHITE else "Dark"
    button = (
        f"{letters} letters on your color."
        if scheme.accent == chosen
        else f"{letters} letters on a lighter shade: your own would be hard to see on a dark page."
    )
    links = _shade(chosen, scheme.accent_ink, scheme, TEXT, "text")
    lines = _shade(chosen, scheme.accent_edge, scheme, PART, "a line")
    return (
        _finding(f"Buttons, {name}", button, scheme.on_accent, scheme.accent, scheme.accent != chosen),
        _finding(f"Links, {name}", links, scheme.accent_ink, scheme.paper, scheme.accent_ink != chosen),
        _finding(f"Lines, {name}", lines, scheme.accent_edge, scheme.paper, scheme.accent_edge != chosen),
    )


def _shade(chosen: str, used: str, scheme: Scheme, least: float, role: str) -> str:
    if used == chosen:
        return "Your color as it is."
    shade = "A lighter shade" if lightness(read_hex(used)) > lightness(read_hex(chosen)) else "A darker shade"
    ratio = _ratio(chosen, scheme.paper)
    if ratio >= least:
        return f"{shade}, easier on the eye."
    return f"{shade}: your own has {ratio:.1f} to 1 there, too little for {role}."


def _finding(use: str, sentence: str, color: str, ground: str, is_changed: bool) -> Finding:
    return Finding(use, sentence, color, ground, _ratio(color, ground), is_changed)


def _ratio(one: str, other: str) -> float:
    return int(contrast(read_hex(one), read_hex(other)) * 10) / 10
