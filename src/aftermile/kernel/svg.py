"""Drawings from strangers: an SVG may hold scripts, ask other servers, or unfold into millions of shapes.

What could do harm is refused by name, so that who made the drawing can mend it; what is not needed to draw
(an editor's notes) is left out. The result is written anew from what was understood.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

_SVG_NAMESPACE = "http://www.w3.org/2000/svg"
_SVG = f"{{{_SVG_NAMESPACE}}}"
_XLINK_NAMESPACE = "http://www.w3.org/1999/xlink"
_XLINK_HREF = f"{{{_XLINK_NAMESPACE}}}href"

_DRAWN = frozenset(
    "svg g path rect circle ellipse line polyline polygon text tspan textPath defs symbol use title desc style"
    " linearGradient radialGradient stop clipPath mask pattern marker filter feGaussianBlur feOffset feBlend"
    " feColorMatrix feComposite feFlood feMerge feMergeNode feMorphology feDropShadow feComponentTransfer feFuncR"
    " feFuncG feFuncB feFuncA".split()
)
_HARMFUL = {
    "script": "it holds a script",
    "foreignObject": "it holds a web page inside (foreignObject)",
    "iframe": "it holds a web page inside (iframe)",
    "a": "it holds a link",
    "image": "it holds a picture inside; trace it, or send it as PNG",
    "feImage": "it holds a picture inside (feImage)",
    "animate": "it moves (animate)",
    "animateMotion": "it moves (animateMotion)",
    "animateTransform": "it moves (animateTransform)",
    "set": "it changes itself (set)",
    "handler": "it holds a script (handler)",
    "listener": "it holds a script (listener)",
}
_SHAPES = frozenset(
    f"{_SVG}{name}" for name in "path rect circle ellipse line polyline polygon text use".split()
)
_MOST_SHAPES = 5_000
_MOST_DEPTH = 60
_MOST_REFERENCES_IN_A_ROW = 100
_FILTERS_AT_MOST = 20

# What drawing programs write at the top: a name, and nothing declared in brackets.
_HARMLESS_DOCTYPE = re.compile(rb"<!DOCTYPE\s+svg[^\[\]<>]*>")
_URL = re.compile(r"url\(\s*['\"]?\s*([^'\")\s]*)", re.IGNORECASE)
# An escape can spell any of the words looked for.
_CSS_HARM = re.compile(
    r"@import|@font-face|expression\s*\(|javascript:|behavior\s*:|-moz-binding|\\", re.IGNORECASE
)
_LENGTH = re.compile(
    r"\s*\+?([0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?)\s*(px|pt|pc|mm|cm|in|em|ex|%)?\s*", re.IGNORECASE
)


class SvgUnsafe(ValueError):
    """A drawing that is refused; the message says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A checked drawing. `width` and `height` have its proportions; `colors` are those it names, as written."""

    content: bytes
    width: int
    height: int
    colors: frozenset[str]


def check_svg(content: bytes, *, most_bytes: int) -> Drawing:
    """Check a drawing and write it anew without what drawing does not need.

    :raises SvgUnsafe: it is none, or has a script, an event, a link, a reference to elsewhere, or too much in it.
    """
    if len(content) > most_bytes:
        raise SvgUnsafe(f"it has {len(content):,} bytes, and {most_bytes:,} are the most")
    try:
        root: Element = fromstring(_HARMLESS_DOCTYPE.sub(b"", content, count=1), forbid_dtd=True)
    except DefusedXmlException:
        raise SvgUnsafe("it declares a document type; save it as plain SVG") from None
    except (ParseError, ValueError, LookupError):
        raise SvgUnsafe("it cannot be read as XML") from None
    if root.tag != f"{_SVG}svg":
        raise SvgUnsafe("it is no SVG")
    _clean(root, depth=0)
    _check_count(root)
    width, height = _size(root)
    colors = frozenset(_colors(root))
    return Drawing(_written(root), width, height, colors)


def _written(root: Element) -> bytes:
    """A checked drawing as a file; changes `root`.

    What prefixes ElementTree writes is set once for the whole process, and other libraries set them as well:
    the names are written out here.
    """
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        if _XLINK_HREF in element.attrib:
            element.set("xlink:href", element.attrib.pop(_XLINK_HREF))
            root.set("xmlns:xlink", _XLINK_NAMESPACE)
    root.set("xmlns", _SVG_NAMESPACE)
    written: bytes = tostring(root, encoding="utf-8")
    return written


def _clean(element: Element, *, depth: int) -> None:
    """Refuse what is harmful in an element and all below it; drop what is foreign."""
    if depth > _MOST_DEPTH:
        raise SvgUnsafe("its parts are nested too deeply")
    for name, value in list(element.attrib.items()):
        if not _keeps_attribute(name, value):
            del element.attrib[name]
    if element.tag == f"{_SVG}style":
        _check_css(element.text or "")
    for child in list(element):
        local = child.tag.removeprefix(_SVG) if isinstance(child.tag, str) else ""
        # In any namespace: HTML's script inside a drawing is one as well.
        bare = local.rpartition("}")[2]
        if bare in _HARMFUL:
            raise SvgUnsafe(_HARMFUL[bare])
        if local not in _DRAWN:
            element.remove(child)
            continue
        _clean(child, depth=depth + 1)


def _keeps_attribute(name: str, value: str) -> bool:
    local = name.rpartition("}")[2].lower()
    if local.startswith("on"):
        raise SvgUnsafe(f"it reacts to events ({local})")
    if local in {"href", "src"}:
        if not value.strip().startswith("#"):
            raise SvgUnsafe("it refers to something elsewhere")
        return name in {"href", _XLINK_HREF}
    if "}" in name:
        return name == "{http://www.w3.org/XML/1998/namespace}space"
    if local == "style":
        _check_css(value)
    elif "javascript:" in value.lower():
        raise SvgUnsafe("it holds a script")
    else:
        _check_urls(value)
    return True


def _check_css(text: str) -> None:
    if _CSS_HARM.search(text):
        raise SvgUnsafe("its styles load or run something (@import, @font-face, or an escape)")
    _check_urls(text)


def _check_urls(text: str) -> None:
    if any(not target.startswith("#") for target in _URL.findall(text)):
        raise SvgUnsafe("it refers to something elsewhere")
    if "image-set(" in text.lower() or "\\" in text:
        raise SvgUnsafe("it refers to something elsewhere")


def _check_count(root: Element) -> None:
    """Count the shapes as they are drawn: a `use` draws all it refers to, each time anew."""
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    counted: dict[int, int] = {}
    open_: set[int] = set()

    def drawn(element: Element) -> int:
        key = id(element)
        if len(open_) > _MOST_REFERENCES_IN_A_ROW:
            raise SvgUnsafe("its parts refer to each other too deeply")
        if key in open_:
            raise SvgUnsafe("a part of it contains itself")
        if key not in counted:
            open_.add(key)
            total = 1 + sum(drawn(child) for child in element)
            # Gradients and patterns refer as well: counted alike, which errs on the safe side.
            for reference in _references(element):
                if (target := named.get(reference)) is not None:
                    total += drawn(target)
            open_.remove(key)
            counted[key] = total
        return counted[key]

    if not any(element.tag in _SHAPES for element in root.iter()):
        raise SvgUnsafe("it draws nothing")
    if drawn(root) > _MOST_SHAPES:
        raise SvgUnsafe(f"it draws more than {_MOST_SHAPES:,} shapes")
    if sum(element.tag == f"{_SVG}filter" for element in root.iter()) > _FILTERS_AT_MOST:
        raise SvgUnsafe("it has too many filters")


def _references(element: Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        if name in {"href", _XLINK_HREF}:
            yield value.strip().removeprefix("#")
        elif "url(" in value.lower():
            yield from (target.removeprefix("#") for target in _URL.findall(value))


def _size(root: Element) -> tuple[int, int]:
    box = [
        float(part) for part in re.findall(r"-?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?", root.get("viewBox", ""))
    ]
    if len(box) == 4:
        width, height = box[2], box[3]
    else:
        width, height = _length(root.get("width", "")), _length(root.get("height", ""))
        # Without it a drawing is cut off where it is shown smaller.
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    if not (math.isfinite(width) and math.isfinite(height) and 0 < width < 1e6 and 0 < height < 1e6):
        raise SvgUnsafe("it does not say how large it is (viewBox)")
    if not 1 / 50 < width / height < 50:
        raise SvgUnsafe("it is far too long or too tall")
    scale = min(1.0, 4096 / max(width, height)) * max(1.0, 16 / min(width, height))
    shown = max(1, round(width * scale)), max(1, round(height * scale))
    # Pages size it by these; a drawing that says 100% would fill whatever it is put into.
    root.set("width", str(shown[0]))
    root.set("height", str(shown[1]))
    return shown


def _length(text: str) -> float:
    found = _LENGTH.fullmatch(text)
    if found is None or found[2] == "%":
        raise SvgUnsafe("it does not say how large it is (viewBox)")
    return float(found[1])


def _colors(root: Element) -> Iterator[str]:
    """Gather the colors a drawing names; a shape that names none is black."""
    paints = re.compile(r"(?:fill|stroke|stop-color|color)\s*:\s*([^;}]+)", re.IGNORECASE)
    is_named = False
    for element in root.iter():
        said = [element.get(name) for name in ("fill", "stroke", "stop-color", "color")]
        said += paints.findall(element.get("style", ""))
        if element.tag == f"{_SVG}style":
            said += paints.findall(element.text or "")
        for color in said:
            if color and (plain := color.strip().lower()) not in {"none", "inherit", "transparent"}:
                is_named = True
                if not plain.startswith("url("):
                    yield plain
    if not is_named:
        yield "#000000"
