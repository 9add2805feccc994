"""Writes the messages that are about to be sent: values for all of them, then each in its template and language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from aftermile.capabilities.messaging.rendering import Rendered, ToRender, Unrenderable, render_with
from aftermile.capabilities.messaging.template_views import WRITTEN_MEDIA
from aftermile.capabilities.messaging.templates.building import Request, tongue_of, values_for
from aftermile.capabilities.messaging.templates.compiling import compile_source
from aftermile.capabilities.messaging.templates.engine import TemplateUnrenderable
from aftermile.capabilities.messaging.templates.published import Own, language_of, own_words
from aftermile.capabilities.messaging.templates.rendering import render
from aftermile.capabilities.messaging.templates.shipped import (
    TOUCHPOINTS,
    lacks,
    needs_order,
    says_nothing,
    shipped,
    shipped_short,
)
from aftermile.capabilities.messaging.templates.source import Compiled
from aftermile.capabilities.messaging.templates.values import Values
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel import clock

_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@render_with
def write(messages: Sequence[ToRender], /) -> dict[UUID, Rendered | Unrenderable]:
    """Write messages: in the shop's own words where it has any. In its open scope; the same few statements however many."""
    own = own_words([each.touchpoint for each in messages])
    known = [
        each
        for each in messages
        if each.medium in WRITTEN_MEDIA
        and (each.touchpoint in TOUCHPOINTS or each.touchpoint in own.needs_order)
    ]
    tongues = [_language(each, own) for each in known]
    values = values_for(
        [
            Request(
                touchpoint=each.touchpoint,
                shopper_name=each.shopper_name,
                languages=(wish,),
                country=each.country,
                time_zone=each.time_zone,
                order_id=each.order_id,
                parcel_id=each.parcel_id,
                order_ids=_order_ids(each),
                values=each.values,
                preferences_url=each.preferences_url,
                unsubscribe_url=each.unsubscribe_url,
                why_url=each.why_url,
            )
            for each, (_, wish) in zip(known, tongues, strict=True)
        ],
        base_url=messages[0].base_url if messages else "",
        at=clock.now(),
    )
    return {
        each.message_id: _written(each, seen, own, language, wish)
        for each, seen, (language, wish) in zip(known, values, tongues, strict=True)
    }


def _language(message: ToRender, own: Own) -> tuple[str, str]:
    words = own.words.get((message.touchpoint, message.medium))
    return language_of(
        message.languages, words.compiled if words else (), is_shipped=message.touchpoint in TOUCHPOINTS
    )


def _order_ids(message: ToRender) -> tuple[UUID, ...]:
    """Read of which orders a message tells; what does not read as an id is passed over."""
    given = message.about.get("order_ids")
    return (
        tuple(UUID(each) for each in given if isinstance(each, str) and _ID.fullmatch(each))
        if isinstance(given, list | tuple)
        else ()
    )


def _written(
    message: ToRender, values: Values, own: Own, language: str, wish: str
) -> Rendered | Unrenderable:
    is_shipped = message.touchpoint in TOUCHPOINTS
    words = own.words.get((message.touchpoint, message.medium))
    asks_for_order = needs_order(message.touchpoint) if is_shipped else own.needs_order[message.touchpoint]
    if values.order is None and asks_for_order:
        return Unrenderable("The order this message is about is not there any more.")
    template = words.compiled[language] if words and language else None
    if template is None and not is_shipped:
        return Unrenderable("Nothing is published yet that this message could say on this medium.")
    if lacks(words.needs, values) if words and template else says_nothing(message.touchpoint, values):
        return Unrenderable(
            "There is nothing to say: what this message would show is not there.", is_empty=True
        )
    try:
        said = render(template or _shipped(message, tongue_of([wish], message.country).code), values)
    except TemplateUnrenderable as problem:
        return Unrenderable(str(problem))
    if message.medium is Medium.EMAIL:
        return Rendered(subject=said.subject, html=said.html, text=said.text)
    return Rendered(subject=said.subject, text=said.text.strip(), url=values.links.tracking_page)


def _shipped(message: ToRender, language: str) -> Compiled:
    if message.medium is Medium.EMAIL:
        return shipped(message.touchpoint, language)
    return compile_source(shipped_short(message.touchpoint, language), language=language)
