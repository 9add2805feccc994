"""What stands, hangs, lies or cooks at the camp."""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.project.demo.pictures.canvas import Drawing, Palette, disc, line, oval, path, rect

_WOOD = "#8a6a48"
_FLAME, _FLAME_HEART = "#f0a03c", "#fbdc7a"


def _tent(p: Palette) -> tuple[str, ...]:
    return (
        line("M30 130 L14 138 M130 130 L146 138", p.shade, 2.5),
        path("M80 38 L136 130 H24 Z", p.main),
        path("M80 38 L136 130 H104 Z", p.shade),
        path("M80 58 L104 130 H56 Z", p.light),
        path("M80 58 L92 130 H56 Z", p.ground),
        line("M80 38 V30", p.trim, 3),
        path("M80 26 L96 31 L80 36 Z", p.trim),
    )


def _tarp(p: Palette) -> tuple[str, ...]:
    return (
        line("M40 56 V138 M120 56 V138", _WOOD, 5),
        line("M14 118 L40 58 M146 118 L120 58", p.shade, 2),
        path("M22 102 L40 54 C66 66 94 66 120 54 L138 102 C104 88 56 88 22 102 Z", p.main),
        path("M80 63 C94 63 108 60 120 54 L138 102 C120 94 100 91 80 91 Z", p.shade),
        line("M40 54 C66 66 94 66 120 54", p.trim, 3),
        disc(40, 54, 3.5, p.trim),
        disc(120, 54, 3.5, p.trim),
    )


def _tent_poles(p: Palette) -> tuple[str, ...]:
    rods = tuple(rect(54 + 13 * place, 26, 7, 104, (p.main, p.light)[place % 2], r=3.5) for place in range(5))
    return (
        line("M57 30 C58 16 70 16 71 30 M84 30 C85 16 97 16 98 30", p.trim, 2.5),
        *rods,
        *(rect(54 + 13 * place, 74, 7, 10, p.shade) for place in range(5)),
        rect(44, 104, 76, 30, p.shade, r=8),
        line("M52 114 H112", p.trim, 3),
    )


def _sleeping_bag(p: Palette) -> tuple[str, ...]:
    return (
        path("M54 42 C54 18 106 18 106 42 C116 60 112 112 104 130 C98 140 62 140 56 130 C48 112 44 60 54 42 Z", p.main),
        path("M60 46 C60 26 100 26 100 46 C100 60 60 60 60 46 Z", p.shade),
        oval(80, 46, 14, 11, p.light),
        line("M52 74 C66 82 94 82 108 74 M52 94 C66 102 94 102 108 94 M54 114 C66 121 94 121 106 114", p.light, 3),
        line("M100 52 C108 72 106 104 100 126", p.trim, 3),
    )  # fmt: skip


def _mat(p: Palette) -> tuple[str, ...]:
    return (
        path("M58 74 H146 V112 H58 Z", p.light),
        line("M84 74 V112 M104 74 V112 M124 74 V112", p.main, 3),
        rect(22, 64, 70, 54, p.shade, r=10),
        disc(52, 90, 34, p.main),
        disc(52, 90, 25, p.light),
        disc(52, 90, 17, p.main),
        disc(52, 90, 9, p.light),
        rect(60, 112, 84, 6, p.shade, r=3),
        rect(47, 54, 9, 12, p.trim, r=3),
    )


def _hammock(p: Palette) -> tuple[str, ...]:
    return (
        rect(20, 20, 10, 122, _WOOD, r=4),
        rect(130, 20, 10, 122, _WOOD, r=4),
        line("M28 50 L48 72 M132 50 L112 72", p.trim, 3),
        path("M40 64 C52 124 108 124 120 64 C112 92 48 92 40 64 Z", p.light),
        path("M40 64 C46 132 114 132 120 64 C110 110 50 110 40 64 Z", p.main),
        line("M58 96 C64 112 70 116 74 116 M102 96 C96 112 90 116 86 116", p.shade, 3),
    )


def _stove(p: Palette) -> tuple[str, ...]:
    return (
        path("M80 24 C94 40 98 48 94 58 C90 68 70 68 66 58 C62 48 74 42 80 24 Z", _FLAME),
        path("M80 42 C87 50 88 56 85 60 C82 64 78 64 75 60 C72 56 76 50 80 42 Z", _FLAME_HEART),
        line("M52 62 L66 76 M108 62 L94 76", p.shade, 5),
        rect(58, 68, 44, 10, p.shade, r=4),
        rect(74, 78, 12, 16, p.light),
        line("M86 86 H106 M106 82 V90", p.trim, 4),
        path("M48 106 C48 90 112 90 112 106 V128 C112 140 48 140 48 128 Z", p.main),
        path("M48 112 H112 V122 H48 Z", p.trim),
    )


def _pot(p: Palette) -> tuple[str, ...]:
    return (
        line("M44 70 C30 10 130 10 116 70", p.shade, 4),
        rect(74, 46, 12, 10, p.trim, r=3),
        path("M42 68 C42 50 118 50 118 68 Z", p.light),
        rect(36, 66, 88, 8, p.shade, r=4),
        path("M42 74 H118 V118 C118 132 106 136 96 136 H64 C54 136 42 132 42 118 Z", p.main),
        path("M100 74 H118 V118 C118 130 108 135 98 136 C104 120 104 96 100 74 Z", p.shade),
        rect(54, 84, 6, 36, p.light, r=3),
    )


def _mug(p: Palette) -> tuple[str, ...]:
    return (
        line("M68 40 C60 32 74 28 66 18 M86 40 C78 32 92 28 84 18", p.hill, 5),
        line("M108 72 C138 66 138 116 108 110", p.main, 9),
        path("M42 52 H112 V120 C112 130 104 136 94 136 H60 C50 136 42 130 42 120 Z", p.main),
        path("M96 52 H112 V120 C112 130 104 136 94 136 H86 C96 116 98 84 96 52 Z", p.shade),
        rect(38, 48, 78, 8, p.trim, r=4),
        path("M54 106 L68 82 L76 94 L84 86 L94 106 Z", p.ground),
    )


def _spork(p: Palette) -> tuple[str, ...]:
    turned = "rotate(32 80 80)"
    shapes = (
        path("M66 20 V40 C66 58 76 60 77 70 L74 132 C74 142 86 142 86 132 L83 70 C84 60 94 58 94 40 V20"
             " H89 V36 H85 V20 H81 V36 H77 V20 H73 V36 H70 V20 Z", p.main),
        path("M80 62 L83 70 L86 132 C86 139 82 141 80 140 Z", p.shade),
        disc(80, 130, 3, p.ground),
    )  # fmt: skip
    return (f'<g transform="{turned}">', *shapes, "</g>")


def _lantern(p: Palette) -> tuple[str, ...]:
    return (
        disc(80, 88, 52, "#fff3c4"),
        line("M62 48 C62 20 98 20 98 48", p.shade, 4),
        rect(62, 44, 36, 12, p.main, r=4),
        path("M60 56 H100 L106 112 H54 Z", "#fff9e6"),
        disc(80, 86, 11, _FLAME_HEART),
        line("M66 56 L62 112 M94 56 L98 112", p.light, 3),
        path("M50 112 H110 V126 C110 132 106 136 100 136 H60 C54 136 50 132 50 126 Z", p.main),
        disc(80, 124, 5, p.trim),
    )


CAMP: Mapping[str, Drawing] = {
    "tent": _tent,
    "tarp": _tarp,
    "tent poles": _tent_poles,
    "sleeping bag": _sleeping_bag,
    "mat": _mat,
    "hammock": _hammock,
    "stove": _stove,
    "pot": _pot,
    "mug": _mug,
    "spork": _spork,
    "lantern": _lantern,
}
