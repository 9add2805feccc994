"""Whatever color a shop chooses, nobody loses a word."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aftermile.capabilities.brands.colors import (
    contrast,
    lightness,
    luminance,
    read_hex,
    readable,
    shifted,
    write_hex,
)
from aftermile.capabilities.brands.looks import FONT_STACKS, Font, Ground
from aftermile.capabilities.brands.policy import PART, TEXT, Scheme, compute_theme

channels = st.integers(0, 255)
colors = st.tuples(channels, channels, channels)

TEXTS = [("on_accent", "accent"), ("on_accent", "accent_hover")] + [
    (text, ground) for text in ("ink", "soft", "accent_ink") for ground in ("paper", "card", "accent_wash")
]
PARTS = [("accent_edge", ground) for ground in ("paper", "card", "accent_wash")]


def ratio(scheme: Scheme, one: str, other: str) -> float:
    return contrast(read_hex(getattr(scheme, one)), read_hex(getattr(scheme, other)))


@given(colors)
@example((255, 230, 0))
@example((0, 0, 0))
@example((255, 255, 255))
@example((30, 0, 150))
def test_no_accent_makes_a_text_or_a_part_unreadable(color: tuple[int, int, int]) -> None:
    theme = compute_theme(write_hex(color), 14, Font.SYSTEM)
    for scheme in (theme.light, theme.dark):
        assert {pair: ratio(scheme, *pair) for pair in TEXTS if ratio(scheme, *pair) < TEXT} == {}
        assert {pair: ratio(scheme, *pair) for pair in PARTS if ratio(scheme, *pair) < PART} == {}


@given(colors)
def test_in_light_the_button_has_the_very_color(color: tuple[int, int, int]) -> None:
    assert compute_theme(write_hex(color), 14, Font.SYSTEM).light.accent == write_hex(color)


@given(colors)
def test_in_dark_the_button_stands_out(color: tuple[int, int, int]) -> None:
    assert ratio(compute_theme(write_hex(color), 14, Font.SYSTEM).dark, "accent", "card") >= PART


@given(colors)
def test_a_pointer_over_the_button_shows(color: tuple[int, int, int]) -> None:
    theme = compute_theme(write_hex(color), 14, Font.SYSTEM)
    assert theme.light.accent != theme.light.accent_hover
    assert theme.dark.accent != theme.dark.accent_hover


@given(colors)
def test_a_color_that_can_be_read_already_is_left_alone(color: tuple[int, int, int]) -> None:
    white = (255, 255, 255)
    found = readable(color, (white,), TEXT)
    assert (found == color) is (contrast(color, white) >= TEXT)
    assert contrast(found, white) >= TEXT


@given(colors)
def test_its_own_lightness_gives_the_color_back(color: tuple[int, int, int]) -> None:
    back = shifted(color, lightness(color))
    assert max(abs(a - b) for a, b in zip(color, back, strict=True)) <= 1


def test_the_formulas_agree_with_their_sources() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == 21.0
    # WebAIM's examples: #777777 just fails on white, #767676 just passes.
    assert round(contrast((0x77, 0x77, 0x77), (255, 255, 255)), 2) == 4.48
    assert round(contrast((0x76, 0x76, 0x76), (255, 255, 255)), 2) == 4.54
    assert round(luminance((255, 0, 0)), 4) == 0.2126
    # CSS Color 4: red is oklch(62.8% ...), lime 86.6%, blue 45.2%.
    assert [round(lightness(each), 3) for each in ((255, 0, 0), (0, 255, 0), (0, 0, 255))] == [
        0.628,
        0.866,
        0.452,
    ]


@pytest.mark.parametrize("text", ["#1F5f4A", "1f5f4a", " #1f5f4a "])
def test_colors_are_read_as_people_write_them(text: str) -> None:
    assert write_hex(read_hex(text)) == "#1f5f4a"


def test_short_colors_are_read_too() -> None:
    assert write_hex(read_hex("#abc")) == "#aabbcc"


@pytest.mark.parametrize("text", ["", "green", "#12345", "#1f5f4a;}", "#1f5f4g", "rgb(0,0,0)"])
def test_what_is_no_color_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no color"):
        read_hex(text)


def test_the_sheet_is_custom_properties_and_nothing_else() -> None:
    css = compute_theme("#1f5f4a", 8, Font.DIDONE, Ground.LIGHT).css
    declarations = re.findall(r"([a-z-]+):([^;{}]+);", css)
    assert {name for name, _ in declarations if not name.startswith("--")} == {"color-scheme"}
    assert "--radius:8px;" in css
    assert f"--font:{FONT_STACKS[Font.DIDONE]};" in css
    assert "--accent:#1f5f4a;" in css
    # Nothing that could end the style element it is put into.
    assert set("<&\\") & set(css) == set()


@pytest.mark.parametrize(
    ("ground", "light_plate", "dark_plate"),
    [
        (Ground.ANY, "transparent", "transparent"),
        (Ground.LIGHT, "transparent", "#ffffff"),
        (Ground.DARK, "#1b1d1a", "transparent"),
    ],
)
def test_a_logo_gets_the_ground_it_needs(ground: Ground, light_plate: str, dark_plate: str) -> None:
    theme = compute_theme("#1f5f4a", 8, Font.SYSTEM, ground)
    assert (theme.light.logo_plate, theme.dark.logo_plate) == (light_plate, dark_plate)


def test_every_stack_ends_in_a_family_every_device_has() -> None:
    assert set(FONT_STACKS) == set(Font)
    assert {stack.rsplit(", ", 1)[1] for stack in FONT_STACKS.values()} == {
        "sans-serif",
        "serif",
        "monospace",
    }
