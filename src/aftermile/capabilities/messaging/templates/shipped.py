"""The shipped set as templates: for every touchpoint and language a source a merchant can read and change."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from aftermile.capabilities.messaging.templates.compiling import compile_source
from aftermile.capabilities.messaging.templates.letters import LETTERS, Go, Letter, Put, Say
from aftermile.capabilities.messaging.templates.phrases import PHRASES, in_liquid
from aftermile.capabilities.messaging.templates.source import Compiled, Source
from aftermile.capabilities.messaging.templates.values import Values
from aftermile.kernel.errors import NotFound
from aftermile.kernel.languages import Tongue, msg

_ORDER = msg("Order {number}")
_HELLO, _HELLO_NAME = msg("Hello,"), msg("Hello {name},")

#: The touchpoints there is a letter for, in the order in which a shopper meets them.
TOUCHPOINTS = tuple(LETTERS)


class TouchpointUnknown(NotFound):
    """There is no letter for this touchpoint."""

    code = "touchpoint_unknown"
    message = "There is no shipped letter for this touchpoint."


def purpose_of(touchpoint: str) -> str:
    """Return the purpose a touchpoint's letter has: transactional, service or marketing.

    :raises TouchpointUnknown: no such letter.
    """
    return _letter(touchpoint).purpose


def needs_order(touchpoint: str) -> bool:
    """Tell whether a touchpoint's letter is only ever sent about an order.

    :raises TouchpointUnknown: no such letter.
    """
    return _letter(touchpoint).names_order


def says_nothing(touchpoint: str, values: Values) -> bool:
    """Tell whether a touchpoint's letter would be empty: care tips without a tip, a survey without a question.

    :raises TouchpointUnknown: no such letter.
    """
    return lacks(_letter(touchpoint).needs, values)


def lacks(needs: str, values: Values) -> bool:
    """Tell whether none of the values is there that a letter says nothing without ("survey", "parcels or orders")."""
    return bool(needs) and not any(_found(each, values) for each in needs.split(" or "))


def _found(name: str, values: Values) -> Any:
    found: Any = values
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else found[part]
    return found


def shipped_source(touchpoint: str, language: str) -> Source:
    """Return the letter of a touchpoint in one language, to be edited; English where we do not speak it.

    :raises TouchpointUnknown: no such letter.
    """
    letter, tongue = _letter(touchpoint), PHRASES.tongue([language])
    return Source(
        subject=_head(letter, "subject", tongue, is_html=False),
        preheader=_head(letter, "preheader", tongue, is_html=True),
        body=_body(letter, tongue),
        text=_text(letter, tongue),
    )


def shipped_short(touchpoint: str, language: str) -> Source:
    """Return the touchpoint as a short message (SMS, WhatsApp, push): one sentence and where to read on.

    :raises TouchpointUnknown: no such letter.
    """
    letter, tongue = _letter(touchpoint), PHRASES.tongue([language])
    said = _head(letter, "subject", tongue, is_html=False)
    link = "{% if links.tracking_page %} {{ links.tracking_page }}{% endif %}"
    name = "" if "{shop}" in letter.subject else "{{ shop.name }}: "
    return Source(subject=said, text=f"{name}{said}{link}")


@lru_cache(maxsize=512)
def shipped(touchpoint: str, language: str) -> Compiled:
    """Return the letter of a touchpoint in one language, compiled (kept in memory).

    :raises TouchpointUnknown: no such letter.
    """
    return compile_source(shipped_source(touchpoint, language), language=language)


def _head(letter: Letter, part: str, tongue: Tongue, *, is_html: bool) -> str:
    """Say the subject, preheader or headline, as it is and as it is for several orders."""
    said = in_liquid(getattr(letter, part), tongue, is_html=is_html)
    if letter.several is None:
        return said
    several = in_liquid(getattr(letter.several, part), tongue, is_html=is_html)
    return f"{{% if orders %}}{several}{{% else %}}{said}{{% endif %}}"


def _letter(touchpoint: str) -> Letter:
    if touchpoint not in LETTERS:
        raise TouchpointUnknown
    return LETTERS[touchpoint]


def _body(letter: Letter, tongue: Tongue) -> str:
    sections = ["<mj-section>\n  <mj-column>"]
    if letter.names_order:
        condition = (
            "{% if orders %}{{ shop.name }}{% elsif order.number %}"
            if letter.several
            else "{% if order.number %}"
        )
        sections.append(
            f'    <mj-text mj-class="eyebrow" css-class="soft">{condition}'
            f"{in_liquid(_ORDER, tongue, is_html=True)}{{% else %}}{{{{ shop.name }}}}{{% endif %}}</mj-text>"
        )
    sections.append(
        f'    <mj-text mj-class="headline" css-class="headline">{_head(letter, "headline", tongue, is_html=True)}'
        "</mj-text>"
    )
    if not letter.is_trouble:
        sections.append(f"    <mj-text>{_hello(tongue, is_html=True)}</mj-text>")
    is_first = is_open = True
    for part in letter.parts:
        if isinstance(part, Put):
            if is_open:
                sections.append("  </mj-column>\n</mj-section>")
                is_open = False
            sections.append(f"{{% block {part.name} %}}")
            continue
        if not is_open:
            sections.append('<mj-section padding="12px 0 0">\n  <mj-column>')
            is_open = True
        if isinstance(part, Go):
            sections.append(
                f'    {{% if {part.address} %}}<mj-button href="{{{{ {part.address} }}}}">'
                f"{in_liquid(part.label, tongue, is_html=True)}</mj-button>{{% endif %}}"
            )
        elif letter.is_trouble and is_first:
            sections[-1] += "\n  </mj-column>\n</mj-section>"
            sections.append(
                '<mj-section>\n  <mj-column mj-class="notice" css-class="notice">\n'
                f'    <mj-text padding="16px 20px">{_said(part, tongue, is_html=True)}</mj-text>\n'
                "  </mj-column>\n</mj-section>\n<mj-section>\n  <mj-column>"
            )
        else:
            sections.append(_paragraph(part, tongue))
        is_first = False
    if is_open:
        sections.append("  </mj-column>\n</mj-section>")
    return "\n".join(sections) + "\n"


def _hello(tongue: Tongue, *, is_html: bool) -> str:
    named = in_liquid(_HELLO_NAME, tongue, is_html=is_html)
    return f"{{% if shopper.first_name %}}{named}{{% else %}}{in_liquid(_HELLO, tongue, is_html=is_html)}{{% endif %}}"


def _paragraph(part: Say, tongue: Tongue) -> str:
    said = _said(part, tongue, is_html=True)
    if part.needs and not part.otherwise:
        inside = said.removeprefix(f"{{% if {part.needs} %}}").removesuffix("{% endif %}")
        return f"    {{% if {part.needs} %}}<mj-text>{inside}</mj-text>{{% endif %}}"
    return f"    <mj-text>{said}</mj-text>"


def _said(part: Say, tongue: Tongue, *, is_html: bool) -> str:
    said = in_liquid(part.sentence, tongue, is_html=is_html)
    if not part.needs:
        return said
    otherwise = f"{{% else %}}{in_liquid(part.otherwise, tongue, is_html=is_html)}" if part.otherwise else ""
    return f"{{% if {part.needs} %}}{said}{otherwise}{{% endif %}}"


def _text(letter: Letter, tongue: Tongue) -> str:
    """Write the text part: the same words in the order in which they are read aloud."""
    parts = [_hello(tongue, is_html=False), _head(letter, "headline", tongue, is_html=False)]
    for part in letter.parts:
        if isinstance(part, Put):
            parts.append(f"{{% block {part.name} %}}")
        elif isinstance(part, Go):
            label = in_liquid(part.label, tongue, is_html=False)
            parts.append(f"{{% if {part.address} %}}{label}:\n{{{{ {part.address} }}}}{{% endif %}}")
        else:
            parts.append(_said(part, tongue, is_html=False))
    return "\n\n".join(parts) + "\n"
