"""Rendering: a compiled template and one person's values make a message. No layout, no styles, no look-ups."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import escape

from aftermile.capabilities.messaging.templates.engine import parsed, run
from aftermile.capabilities.messaging.templates.source import Compiled, Rendered
from aftermile.capabilities.messaging.templates.values import Shop, Values

_LONGEST_SUBJECT = 2_000
# A letter names its shop's colors and font some 60 times: put in once a shop, they are half of the rendering.
_OF_SHOP = re.compile(r"{{ shop\.(?:colors\.)?(\w+) }}")
_LIQUID = re.compile(r"{{|{%|}}|%}")


def render(compiled: Compiled, values: Values) -> Rendered:
    """Render a message.

    :raises TemplateUnrenderable: the template ran too long or grew too large, and was cut off.
    """
    names = values.names()
    subject = run(parsed(compiled.subject, is_html=False), names, limit=_LONGEST_SUBJECT)
    return Rendered(
        # One line, whatever a name holds: a line break would begin another header.
        subject=" ".join(subject.split()),
        text=_tidy(run(parsed(compiled.text, is_html=False), names)),
        html=run(parsed(_in_brand(compiled.html, values.shop), is_html=True), names) if compiled.html else "",
    )


@lru_cache(maxsize=1024)
def _in_brand(html: str, shop: Shop) -> str:
    """Put a shop's own looks into a compiled letter, which is Liquid still."""

    def looks(found: re.Match[str]) -> str:
        name = found[1]
        holder = shop.colors if "colors." in found[0] else shop
        value = getattr(holder, name) if name in holder.__dataclass_fields__ else None
        # What a shop is called is no Liquid, whatever it looks like.
        return (
            str(escape(value)) if isinstance(value, str) and value and not _LIQUID.search(value) else found[0]
        )

    return _OF_SHOP.sub(looks, html)


def _tidy(text: str) -> str:
    """Leave one empty line where a block that vanished left several."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"
