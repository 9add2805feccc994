"""Payloads as they come on a bad day: every list doubled and shuffled."""

from __future__ import annotations

import copy
import json
from collections import defaultdict
from random import Random
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.ElementTree import fromstring


def doubled_and_shuffled(body: bytes, seed: int) -> bytes:
    """Return a JSON or XML body with every list of objects (or of like elements) doubled and shuffled."""
    chance = Random(seed)
    try:
        root = fromstring(body)
    except ParseError:
        return json.dumps(_disordered(json.loads(body), chance)).encode()
    _disorder_elements(root, chance)
    return bytes(tostring(root))


def _disordered(value: object, chance: Random) -> object:
    if isinstance(value, dict):
        return {key: _disordered(entry, chance) for key, entry in value.items()}
    if not isinstance(value, list) or not any(isinstance(entry, dict) for entry in value):
        return value
    entries = [_disordered(entry, chance) for entry in value for _ in range(2)]
    chance.shuffle(entries)
    return entries


def _disorder_elements(parent: Element, chance: Random) -> None:
    for child in parent:
        _disorder_elements(child, chance)
    by_tag: dict[str, list[int]] = defaultdict(list)
    for index, child in enumerate(parent):
        by_tag[child.tag].append(index)
    children = list(parent)
    for indexes in by_tag.values():
        if len(indexes) > 1:
            moved = [children[index] for index in indexes]
            chance.shuffle(moved)
            for index, child in zip(indexes, moved, strict=True):
                children[index] = child
            children.extend(copy.deepcopy(child) for child in moved)
    parent[:] = children
