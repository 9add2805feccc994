"""What is worn."""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.project.demo.pictures.canvas import Drawing, Palette, disc, line, oval, path, rect

_TOP = (
    "M62 36 L40 46 C34 49 31 53 29 60 L20 98 L40 104 L48 78 V134 H112 V78 L120 104 L140 98 L131 60"
    " C129 53 126 49 120 46 L98 36 C92 46 68 46 62 36 Z"
)


def _shirt(p: Palette) -> tuple[str, ...]:
    return (
        path(
            "M62 38 L34 50 L24 82 L44 88 L48 80 V134 H112 V80 L116 88 L136 82 L126 50 L98 38 C92 50 68 50 62 38 Z",
            p.main,
        ),
        path("M112 80 V134 H94 C104 110 106 92 104 62 Z", p.shade),
        line("M62 38 C68 52 92 52 98 38", p.light, 4),
        path("M58 74 L64 66 L67 70 L70 67 L74 74 Z", p.trim),
    )


def _jacket(p: Palette) -> tuple[str, ...]:
    return (
        path("M58 40 C56 16 104 16 102 40 C96 54 64 54 58 40 Z", p.shade),
        path("M64 40 C64 26 96 26 96 40 C90 48 70 48 64 40 Z", p.ground),
        path(_TOP, p.main),
        path("M80 44 C90 44 96 40 98 36 L120 46 C126 49 129 53 131 60 L140 98 L120 104 L112 78 V134 H80 Z", p.shade),
        line("M80 46 V134", p.trim, 3.5),
        line("M56 112 L70 104 M104 112 L90 104", p.light, 3.5),
        rect(20, 97, 21, 6, p.trim, r=2, turn="16 30 100"),
        rect(119, 97, 21, 6, p.trim, r=2, turn="-16 130 100"),
    )  # fmt: skip


def _fleece(p: Palette) -> tuple[str, ...]:
    return (
        path(_TOP, p.main),
        path("M64 38 C64 26 96 26 96 38 C92 48 68 48 64 38 Z", p.light),
        path("M29 60 L20 98 L40 104 L48 78 V66 Z M131 60 L140 98 L120 104 L112 78 V66 Z", p.shade),
        rect(48, 124, 64, 10, p.shade),
        line("M80 42 V84", p.trim, 3.5),
        disc(80, 86, 4, p.trim),
        rect(88, 62, 16, 14, p.light, r=3),
    )


def _beanie(p: Palette) -> tuple[str, ...]:
    return (
        disc(80, 36, 12, p.trim),
        path("M42 100 C42 30 118 30 118 100 Z", p.main),
        line("M60 92 C60 66 66 50 72 44 M80 92 V42 M100 92 C100 66 94 50 88 44", p.light, 4),
        rect(36, 92, 88, 28, p.shade, r=10),
        line("M52 98 V114 M66 98 V114 M80 98 V114 M94 98 V114 M108 98 V114", p.main, 4),
    )


def _socks(p: Palette) -> tuple[str, ...]:
    def sock(x: int, y: int, fill: str, edge: str) -> tuple[str, ...]:
        leg = f"M{x} {y} h28 v54 c0 8 4 10 16 16 c12 6 10 22 -4 22 h-28 c-10 0 -12 -8 -12 -18 Z"
        return (
            path(leg, fill),
            rect(x - 1, y, 30, 12, edge, r=3),
            line(f"M{x + 2} {y + 24} h24 M{x + 2} {y + 34} h24", edge, 4),
            oval(x + 43, y + 82, 10, 9, edge),
        )

    return (*sock(72, 28, p.shade, p.light), *sock(42, 38, p.main, p.trim))


def _boots(p: Palette) -> tuple[str, ...]:
    return (
        path("M48 34 H86 L90 84 C104 92 128 92 130 110 V120 H44 Z", p.main),
        path("M48 34 H60 L58 120 H44 Z", p.shade),
        rect(46, 28, 42, 14, p.light, r=6),
        line("M72 56 L90 60 M72 68 L92 74 M74 80 L98 86", p.trim, 4),
        path("M40 118 H132 C134 128 130 134 124 134 H48 C42 134 40 128 40 118 Z", p.shade),
        line("M52 134 V128 M66 134 V128 M80 134 V128 M94 134 V128 M108 134 V128", p.light, 4),
    )


WORN: Mapping[str, Drawing] = {
    "shirt": _shirt,
    "jacket": _jacket,
    "fleece": _fleece,
    "beanie": _beanie,
    "socks": _socks,
    "boots": _boots,
}
