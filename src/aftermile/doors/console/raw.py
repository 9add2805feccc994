"""Raw records made readable, and nothing in them run: laid out as text, secrets in headers covered."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

#: Characters shown on a page; the file has all.
MOST_SHOWN = 100_000
_DEEPEST = 60
_SECRET = re.compile(r"sign|hmac|token|secret|auth|cookie|key|credential|password", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>|[^<]+")


@dataclass(frozen=True, slots=True)
class Laid:
    """A body as it is shown."""

    text: str
    kind: str  # "JSON", "XML", "An HTML page" or "Text"
    extension: str
    is_cut: bool
    size: int  # bytes


def laid_out(body: bytes) -> Laid:
    """Lay a body out for reading: JSON and XML indented, anything else as it is."""
    text = body.decode("utf-8", errors="replace")
    kind, extension, shown = "Text", "txt", text
    opening = text.lstrip("\ufeff \t\r\n")[:1]
    if opening in {"{", "["}:
        kind, extension, shown = "JSON", "json", _json(text)
    elif opening == "<":
        kind, extension, shown = "XML", "xml", _xml(text)
        if re.match(r"\s*<(!doctype )?html", text, re.IGNORECASE):
            kind, extension = "An HTML page", "txt"
    # Control characters would be invisible, or turn the text around.
    shown = "".join(_visible(letter) for letter in shown[:MOST_SHOWN])
    return Laid(shown, kind, extension, len(text) > MOST_SHOWN, len(body))


def covered(headers: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """Return headers as (name, value, whether it is covered), by name; what proves the sender is not shown."""
    told = []
    for name in sorted(headers):
        hidden = bool(_SECRET.search(name))
        told.append((name, "" if hidden else str(headers[name]), hidden))
    return told


def _json(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _xml(text: str) -> str:
    """Indent by the tags as they are written. Nothing is parsed, so nothing in it can be expanded or fetched."""
    lines: list[str] = []
    depth = 0
    for part in _TAG.findall(text[: 2 * MOST_SHOWN]):
        said = part.strip()
        if not said:
            continue
        if said.startswith("</"):
            depth = max(0, depth - 1)
        if not said.startswith("<") and lines:
            lines[-1] += said
            continue
        if said.startswith("</") and lines and not lines[-1].rstrip().endswith(">"):
            lines[-1] += said
            continue
        lines.append("  " * min(depth, _DEEPEST) + said)
        if not said.startswith(("</", "<?", "<!")) and not said.endswith("/>"):
            depth += 1
    return "\n".join(lines)


def _visible(letter: str) -> str:
    if letter in "\n\t" or letter.isprintable():
        return letter
    return "\ufffd"
