"""Writes the messages that are about to be sent: values for all of them, then each in its template and language."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings

from aftermile.capabilities.messaging.rendering import Rendered, ToRender, Unrenderable, render_with
from aftermile.capabilities.messaging.templates.building import Request, tongue_of, values_for
from aftermile.capabilities.messaging.templates.compiling import compile_source
from aftermile.capabilities.messaging.templates.engine import TemplateUnrenderable
from aftermile.capabilities.messaging.templates.rendering import render
from aftermile.capabilities.messaging.templates.shipped import (
    TOUCHPOINTS,
    needs_order,
    says_nothing,
    shipped,
    shipped_short,
)
from aftermile.capabilities.messaging.templates.values import Values
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel import clock

_SHORT = frozenset({Medium.SMS, Medium.WHATSAPP, Medium.PUSH})


@render_with
def write(messages: Sequence[ToRender], /) -> dict[UUID, Rendered | Unrenderable]:
    """Write messages. In the merchant's open scope; the same few statements however many."""
    known = [
        each for each in messages if each.touchpoint in TOUCHPOINTS and each.medium in (*_SHORT, Medium.EMAIL)
    ]
    values = values_for(
        [
            Request(
                touchpoint=each.touchpoint,
                shopper_name=each.shopper_name,
                languages=each.languages,
                country=each.country,
                time_zone=each.time_zone,
                order_id=each.order_id,
                parcel_id=each.parcel_id,
                values=each.values,
                unsubscribe_url=each.unsubscribe_url,
            )
            for each in known
        ],
        base_url=str(settings.CONFIG.public_url),
        at=clock.now(),
    )
    return {each.message_id: _written(each, seen) for each, seen in zip(known, values, strict=True)}


def _written(message: ToRender, values: Values) -> Rendered | Unrenderable:
    if values.order is None and needs_order(message.touchpoint):
        return Unrenderable("The order this message is about is not there any more.")
    if says_nothing(message.touchpoint, values):
        return Unrenderable("There is nothing to say: what this message would show was not brought along.")
    language = tongue_of(message.languages, message.country).code
    try:
        if message.medium is Medium.EMAIL:
            said = render(shipped(message.touchpoint, language), values)
            return Rendered(subject=said.subject, html=said.html, text=said.text)
        short = compile_source(shipped_short(message.touchpoint, language), language=language)
        said = render(short, values)
    except TemplateUnrenderable as problem:
        return Unrenderable(str(problem))
    return Rendered(subject=said.subject, text=said.text.strip(), url=values.links.tracking_page)
