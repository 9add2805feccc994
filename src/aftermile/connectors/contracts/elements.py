"""Walking XML by local names: carriers change prefixes and namespaces, never what a tag is called."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from aftermile.connectors.contracts.reading import text


def local_name(element: Element) -> str:
    """Return an element's tag without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(parent: Element | None, name: str) -> list[Element]:
    """Return the direct children of that local name; none of a missing parent."""
    return [] if parent is None else [child for child in parent if local_name(child) == name]


def child(parent: Element | None, *path: str) -> Element | None:
    """Return the first element along a path of local names, or None where the path ends early."""
    for name in path:
        parent = next(iter(children(parent, name)), None)
    return parent


def child_text(parent: Element | None, *path: str) -> str:
    """Return the trimmed text at a path of local names; "" where there is none."""
    found = child(parent, *path)
    return "" if found is None else text(found.text)


def descendants(parent: Element, name: str) -> Iterator[Element]:
    """Yield every element of that local name below (or at) a parent, in document order."""
    return (element for element in parent.iter() if local_name(element) == name)
