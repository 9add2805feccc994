"""What is carried: packs, bags, bottles, sticks."""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.project.demo.pictures.canvas import Drawing, Palette, disc, line, oval, path, rect


def _backpack(p: Palette) -> tuple[str, ...]:
    return (
        line("M66 42 C66 22 94 22 94 42", p.shade, 6),
        rect(40, 74, 12, 44, p.shade, r=6),
        rect(108, 74, 12, 44, p.shade, r=6),
        path("M50 56 C50 36 110 36 110 56 V124 C110 134 104 138 96 138 H64 C56 138 50 134 50 124 Z", p.main),
        path("M50 56 C50 36 110 36 110 56 V72 C96 80 64 80 50 72 Z", p.light),
        rect(58, 94, 44, 34, p.shade, r=8),
        line("M64 104 H96", p.light, 3),
        rect(77, 66, 6, 24, p.trim, r=3),
        disc(80, 92, 5, p.trim),
    )


def _daypack(p: Palette) -> tuple[str, ...]:
    return (
        line("M70 48 C70 32 90 32 90 48", p.shade, 5),
        path("M54 70 C54 40 106 40 106 70 V122 C106 132 100 136 92 136 H68 C60 136 54 132 54 122 Z", p.main),
        path("M62 98 C62 90 98 90 98 98 V118 C98 124 94 128 88 128 H72 C66 128 62 124 62 118 Z", p.light),
        line("M62 72 C70 64 90 64 98 72", p.trim, 3),
        line("M68 100 H92", p.shade, 3),
    )


def _drybag(p: Palette) -> tuple[str, ...]:
    return (
        path("M50 64 C56 58 104 58 110 64 L114 124 C114 138 46 138 46 124 Z", p.main),
        path("M96 60 C102 60 108 62 110 64 L114 124 C114 130 102 134 90 135 Z", p.shade),
        rect(52, 44, 56, 20, p.light, r=5),
        line("M56 54 H104", p.shade, 3),
        rect(72, 38, 16, 10, p.trim, r=3),
        line("M64 86 H90 M64 96 H82", p.light, 4),
    )


def _mapcase(p: Palette) -> tuple[str, ...]:
    return (
        line("M52 44 C40 10 120 10 108 44", p.shade, 4),
        rect(42, 40, 76, 96, p.main, r=10),
        rect(50, 56, 60, 72, "#f4efe2", r=4),
        path(
            "M50 104 C64 90 76 112 92 98 S110 96 110 96 V124 a4 4 0 0 1 -4 4 H54 a4 4 0 0 1 -4 -4 Z", p.light
        ),
        line("M58 74 C70 66 78 84 90 74 S104 70 104 68", p.shade, 2.5),
        line("M66 96 C74 82 88 92 96 82", p.trim, 3),
        disc(96, 82, 4, p.trim),
        rect(66, 44, 28, 6, p.light, r=3),
    )


def _bottle(p: Palette) -> tuple[str, ...]:
    return (
        rect(68, 24, 24, 18, p.trim, r=5),
        line("M92 30 C106 30 106 46 96 46", p.trim, 4),
        path("M64 44 H96 C104 54 108 60 108 70 V128 C108 134 104 138 98 138 H62 C56 138 52 134 52 128 V70"
             " C52 60 56 54 64 44 Z", p.main),
        path("M92 44 H96 C104 54 108 60 108 70 V128 C108 134 104 138 98 138 H90 Z", p.shade),
        rect(60, 66, 7, 58, p.light, r=3.5),
        path("M70 108 L80 92 L86 100 L92 94 L98 108 Z", p.ground),
    )  # fmt: skip


def _trekking_poles(p: Palette) -> tuple[str, ...]:
    def pole(turn: str) -> tuple[str, ...]:
        return (
            rect(77, 22, 6, 116, p.main, r=3, turn=turn),
            rect(77, 60, 6, 34, p.light, turn=turn),
            rect(74, 18, 12, 30, p.shade, r=6, turn=turn),
            rect(68, 122, 24, 5, p.trim, r=2.5, turn=turn),
        )

    return (*pole("18 80 80"), *pole("-18 80 80"))


def _compass(p: Palette) -> tuple[str, ...]:
    return (
        rect(46, 34, 68, 100, p.light, r=14),
        rect(54, 42, 52, 22, p.ground, r=6),
        line("M60 53 H100", p.shade, 2),
        disc(80, 96, 34, p.main),
        disc(80, 96, 27, "#f7f4ec"),
        path("M80 74 L87 96 H73 Z", p.trim),
        path("M80 118 L87 96 H73 Z", p.shade),
        disc(80, 96, 4, p.main),
        line("M80 70 V66 M80 126 V122 M54 96 H50 M110 96 H106", p.ground, 3),
    )


def _head_torch(p: Palette) -> tuple[str, ...]:
    return (
        line("M34 84 C40 40 120 40 126 84", p.main, 12),
        line("M34 84 C44 116 62 118 66 112", p.shade, 8),
        line("M126 84 C116 116 98 118 94 112", p.shade, 8),
        path("M80 100 L40 142 H120 Z", "#fff3c4"),
        rect(56, 76, 48, 36, p.shade, r=12),
        disc(80, 94, 14, p.light),
        disc(80, 94, 9, "#fff7d9"),
        oval(96, 82, 4, 3, p.trim),
    )


CARRIED: Mapping[str, Drawing] = {
    "backpack": _backpack,
    "daypack": _daypack,
    "drybag": _drybag,
    "mapcase": _mapcase,
    "bottle": _bottle,
    "trekking poles": _trekking_poles,
    "compass": _compass,
    "head torch": _head_torch,
}
