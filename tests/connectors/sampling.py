"""Take a connector's sample answer apart, change one scan of it, and put it together again."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.ElementTree import fromstring

from aftermile.connectors.contracts.samples import Samples

GONE = object()  # set a field to this to remove it


class Answer:
    """A sample answer whose scans can be changed one at a time; JSON and XML behave alike."""

    def __init__(self, samples: Samples) -> None:
        self._path = samples.scans.split("/")
        try:
            self.root: Any = fromstring(samples.answer)
            self.is_xml = True
        except ParseError:
            self.root = json.loads(samples.answer)
            self.is_xml = False

    @property
    def count(self) -> int:
        return len(self._scans(self.root))

    def leaves(self) -> list[str]:
        """Return the paths of all single values in the first scan."""
        scan = self._scans(self.root)[0]
        return sorted(set(_xml_leaves(scan, "") if self.is_xml else _json_leaves(scan, "")))

    def value(self, index: int, path: str) -> Any:
        """Return what a scan's field holds; "" when it has none."""
        holder: Any = self._scans(self.root)[index]
        for step in path.split("/"):
            if self.is_xml:
                holder = holder.get(step[1:], "") if step.startswith("@") else _child(holder, step)
            else:
                holder = holder.get(step) if isinstance(holder, dict) else None
            if holder is None:
                return ""
        return (holder.text or "") if isinstance(holder, Element) else holder

    def with_fields(self, index: int, fields: dict[str, Any]) -> bytes:
        """Return the answer with some fields of one scan changed."""

        def change(scan: Any) -> Any:
            for path, value in fields.items():
                (_set_xml if self.is_xml else _set_json)(scan, path.split("/"), value)
            return scan

        return self.with_scan(index, change)

    def with_scan(self, index: int, change: Callable[[Any], Any]) -> bytes:
        """Return the answer with one scan replaced by what `change` makes of it; `GONE` removes it."""
        root = copy.deepcopy(self.root)
        scans = self._scans(root)
        changed = change(scans[index])
        if self.is_xml:
            if changed is GONE:
                self._parent(root).remove(scans[index])
            return bytes(tostring(root))
        holder = self._json_list(root)
        if changed is GONE:
            del holder[index]
        else:
            holder[index] = changed
        return json.dumps(root).encode()

    def without_scans(self) -> bytes:
        root = copy.deepcopy(self.root)
        if self.is_xml:
            parent = self._parent(root)
            for scan in self._scans(root):
                parent.remove(scan)
            return bytes(tostring(root))
        self._json_list(root).clear()
        return json.dumps(root).encode()

    def _scans(self, root: Any) -> list[Any]:
        if self.is_xml:
            return [child for child in self._parent(root) if _name(child) == self._path[-1]]
        return self._json_list(root)

    def _parent(self, root: Element) -> Element:
        for step in self._path[:-1]:
            found = list(root)[int(step)] if step.isdecimal() else _child(root, step)
            assert found is not None, f"the sample has no {step!r}"
            root = found
        return root

    def _json_list(self, root: Any) -> list[Any]:
        for step in self._path:
            root = root[int(step) if isinstance(root, list) else step] if step else root
        assert isinstance(root, list)
        return root


def _json_leaves(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, entry in value.items():
            yield f"{path}{key}"
            yield from _json_leaves(entry, f"{path}{key}/")


def _xml_leaves(element: Element, path: str) -> Iterator[str]:
    for name in element.attrib:
        yield f"{path}@{name}"
    for child in element:
        yield f"{path}{_name(child)}"
        yield from _xml_leaves(child, f"{path}{_name(child)}/")


def _set_json(scan: Any, steps: list[str], value: Any) -> None:
    for step in steps[:-1]:
        scan = scan.setdefault(step, {})
    if value is GONE:
        scan.pop(steps[-1], None)
    else:
        scan[steps[-1]] = value


def _set_xml(scan: Element, steps: list[str], value: Any) -> None:
    for step in steps[:-1]:
        found = _child(scan, step)
        assert found is not None, f"the sample's scan has no {step!r}"
        scan = found
    last = steps[-1]
    written = "" if value is None or value is GONE else value if isinstance(value, str) else json.dumps(value)
    if last.startswith("@"):
        scan.attrib.pop(last[1:], None)
        if value is not GONE:
            scan.set(last[1:], written)
        return
    field = _child(scan, last)
    if field is None:
        return
    if value is GONE:
        scan.remove(field)
    else:
        field.text = written
        del field[:]


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if _name(child) == name), None)


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
