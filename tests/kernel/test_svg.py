"""Drawings from strangers: what is refused, what is dropped, what is kept."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from aftermile.kernel.svg import SvgUnsafe, check_svg

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 24 12">'
)
DOT = '<circle cx="6" cy="6" r="5"/>'


def drawing(inside: str, head: str = HEAD) -> bytes:
    return f"{head}{inside}</svg>".encode()


def check(inside: str, head: str = HEAD) -> str:
    return check_svg(drawing(inside, head), most_bytes=100_000).content.decode()


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("<script>alert(1)</script>", "script"),
        ('<script href="https://evil.example/x.js"/>', "script"),
        ('<g xmlns:h="http://www.w3.org/1999/xhtml"><h:script>alert(1)</h:script></g>', "script"),
        ('<circle r="5" onload="alert(1)"/>', "onload"),
        ('<g OnClick="alert(1)"><circle r="5"/></g>', "onclick"),
        ("<foreignObject><p>hello</p></foreignObject>", "foreignObject"),
        ('<a href="https://evil.example"><circle r="5"/></a>', "link"),
        ('<image href="https://evil.example/pixel.png"/>', "picture inside"),
        ('<image xlink:href="data:image/png;base64,AAAA"/>', "picture inside"),
        ('<use href="https://evil.example/a.svg#x"/>', "elsewhere"),
        ('<use xlink:href="//evil.example/a.svg#x"/>', "elsewhere"),
        ('<use href="data:image/svg+xml,x"/>', "elsewhere"),
        ('<rect width="5" height="5" fill="url(https://evil.example/#x)"/>', "elsewhere"),
        ('<rect width="5" height="5" style="fill:url( \'//evil.example/#x\')"/>', "elsewhere"),
        ("<style>@import 'https://evil.example/a.css';</style>", "styles"),
        ("<style>@font-face{font-family:x;src:url(#a)}</style>", "styles"),
        (r"<style>rect{fill:u\72l(https://evil.example)}</style>", "styles"),
        ("<style>rect{background:image-set('https://evil.example/a.png' 1x)}</style>", "elsewhere"),
        ('<rect width="5" height="5" fill="javascript:alert(1)"/>', "script"),
        ('<circle r="5"><set attributeName="r" to="9"/></circle>', "changes itself"),
        ('<circle r="5"><animate attributeName="href" to="x"/></circle>', "moves"),
        ("", "draws nothing"),
        ("<title>Nothing</title><defs/>", "draws nothing"),
    ],
)
def test_what_could_do_harm_is_refused_and_named(inside: str, why: str) -> None:
    with pytest.raises(SvgUnsafe, match=why):
        check(inside)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg",
        b"<html><body>hello</body></html>",
        b'<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>',  # no namespace: no drawing to a browser
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">&a;</svg>',
        b'<!DOCTYPE svg SYSTEM "http://evil.example/x.dtd" [ ]><svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<?xml version="1.0" encoding="utf-7"?>+ADw-svg/+AD4-',
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)" viewBox="0 0 1 1"><path d="M0 0"/></svg>',
    ],
)
def test_what_is_no_plain_drawing_is_refused(content: bytes) -> None:
    with pytest.raises(SvgUnsafe):
        check_svg(content, most_bytes=100_000)


def test_entities_that_unfold_are_never_unfolded() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE svg [<!ENTITY l0 "ha">{laughs}]>{HEAD}<text>&l9;</text></svg>'.encode()
    with pytest.raises(SvgUnsafe, match="document type"):
        check_svg(bomb, most_bytes=100_000)


def test_uses_that_unfold_are_counted() -> None:
    steps = "".join(
        f'<g id="g{n}">{f"<use href=&quot;#g{n - 1}&quot;/>" * 10}</g>'.replace("&quot;", '"')
        for n in range(1, 9)
    )
    with pytest.raises(SvgUnsafe, match="shapes"):
        check(f'<g id="g0">{DOT}</g>{steps}')


def test_a_part_that_contains_itself_is_refused() -> None:
    with pytest.raises(SvgUnsafe, match="contains itself"):
        check('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>')


def test_a_long_chain_of_uses_is_refused_without_an_accident() -> None:
    chain = "".join(f'<g id="g{n}"><use href="#g{n + 1}"/></g>' for n in range(2000))
    with pytest.raises(SvgUnsafe, match="too deeply"):
        check(chain)


def test_deep_nesting_is_refused_without_an_accident() -> None:
    with pytest.raises(SvgUnsafe, match="too deeply"):
        check("<g>" * 10_000 + DOT + "</g>" * 10_000)


def test_one_that_is_too_large_is_refused() -> None:
    with pytest.raises(SvgUnsafe, match="bytes"):
        check_svg(drawing(DOT), most_bytes=20)


def test_what_drawing_needs_is_kept_and_an_editors_notes_are_not() -> None:
    inside = (
        '<metadata><x xmlns="urn:x">secret</x></metadata>'
        '<sodipodi:namedview xmlns:sodipodi="http://sodipodi.example/">notes</sodipodi:namedview>'
        "<!-- by someone -->"
        '<defs><linearGradient id="a"><stop offset="0" stop-color="#1f5f4a"/></linearGradient></defs>'
        '<circle cx="6" cy="6" r="5" fill="url(#a)"/><use xlink:href="#a"/>'
    )
    written = check(inside)
    assert 'fill="url(#a)"' in written
    assert "linearGradient" in written
    assert [word for word in ("secret", "notes", "someone", "namedview", "metadata") if word in written] == []
    # What was written can be read again, and is then the same.
    again = check_svg(written.encode(), most_bytes=100_000)
    assert again.content.decode() == written


def test_another_librarys_prefixes_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = '<defs><circle id="a" r="5"/></defs><use xlink:href="#a"/>'
    alone = check(inside)
    assert alone.startswith("<svg ")
    assert '<use xlink:href="#a"' in alone
    monkeypatch.setattr(ET, "_namespace_map", {})
    ET.register_namespace("svg", "http://www.w3.org/2000/svg")
    assert check(inside) == alone


def test_a_plain_doctype_is_what_drawing_programs_write() -> None:
    head = (
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
    )
    assert "DOCTYPE" not in check(DOT, f'<?xml version="1.0"?>\n{head}{HEAD}')


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('viewBox="0 0 240 120"', (240, 120)),
        ('viewBox="0,0,240,120" width="100%" height="100%"', (240, 120)),
        ('width="240px" height="120"', (240, 120)),
        ('viewBox="0 0 2.4 1.2"', (32, 16)),
        ('viewBox="0 0 24000 12000"', (4096, 2048)),
    ],
)
def test_it_says_how_large_it_is(attributes: str, size: tuple[int, int]) -> None:
    found = check_svg(
        drawing(DOT, f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>'), most_bytes=100_000
    )
    assert (found.width, found.height) == size
    assert f'width="{size[0]}" height="{size[1]}"'.encode() in found.content


@pytest.mark.parametrize(
    "attributes",
    ["", 'width="100%" height="100%"', 'viewBox="0 0 0 0"', 'viewBox="0 0 1 1000"', 'viewBox="0 0 1e999 1"'],
)
def test_one_without_a_size_is_refused(attributes: str) -> None:
    with pytest.raises(SvgUnsafe, match=r"large|long"):
        check_svg(drawing(DOT, f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>'), most_bytes=100_000)


def test_it_tells_its_colors() -> None:
    inside = '<path d="M0 0" fill="#FFF"/><path d="M0 0" style="stroke: Red; fill:none"/>'
    assert check_svg(drawing(inside), most_bytes=100_000).colors == {"#fff", "red"}
    assert check_svg(drawing(DOT), most_bytes=100_000).colors == {"#000000"}
