"""Templates being written: what is wrong with them, what they look like, and how they are compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, replace
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.messaging.templates.blocks import BLOCKS
from aftermile.capabilities.messaging.templates.building import Request, values_for
from aftermile.capabilities.messaging.templates.compiling import TemplateUncompilable, compile_source
from aftermile.capabilities.messaging.templates.engine import TemplateUnrenderable
from aftermile.capabilities.messaging.templates.letters import LETTERS
from aftermile.capabilities.messaging.templates.linting import problems_of
from aftermile.capabilities.messaging.templates.phrases import PHRASES
from aftermile.capabilities.messaging.templates.rendering import render
from aftermile.capabilities.messaging.templates.samples import full
from aftermile.capabilities.messaging.templates.shipped import shipped_short, shipped_source
from aftermile.capabilities.messaging.templates.source import Compiled, Preview, Problem, Source
from aftermile.capabilities.messaging.templates.values import Order, Seen, Values
from aftermile.capabilities.messaging.touchpoints import Touchpoint
from aftermile.connectors.contracts.channels import Medium

#: What only a journey or a later room brings along: in a preview it is made up.
_BROUGHT = ("content", "recommendation", "points", "survey", "offer", "product")


def languages() -> tuple[str, ...]:
    """Return the languages that letters are shipped, and can be written, in."""
    return PHRASES.languages


def shipped(touchpoint: str, medium: Medium, language: str) -> Source | None:
    """Return what we ship for a touchpoint, to begin from; None where we ship nothing."""
    if touchpoint not in LETTERS or language not in PHRASES.languages:
        return None
    made = shipped_source if medium is Medium.EMAIL else shipped_short
    return made(touchpoint, language)


def problems(about: Touchpoint, medium: Medium, language: str, source: Source) -> list[Problem]:
    """Return what keeps a source from being published."""
    if medium is Medium.EMAIL and not source.body.strip():
        return [Problem("body", 1, "There is no letter yet. Write a few sentences between mj-text.")]
    return problems_of(source, language=language, purpose=about.purpose.value, has_order=about.needs_order)


def compiled(sources: Mapping[str, Source]) -> dict[str, dict[str, str]]:
    """Compile the sources of every language, as versions keep them."""
    return {
        language: asdict(compile_source(source, language=language)) for language, source in sources.items()
    }


def read_compiled(kept: Mapping[str, Mapping[str, str]]) -> dict[str, Compiled]:
    """Read what a version keeps compiled."""
    return {language: Compiled(**parts) for language, parts in kept.items()}


def still_needs(touchpoint: str, sources: Mapping[str, Source]) -> str:
    """Tell without which value a shop's own words say nothing: that of our letter, as long as they show it."""
    letter = LETTERS.get(touchpoint)
    if letter is None or not letter.needs:
        return ""
    names = {name.partition(".")[0] for name in letter.needs.split(" or ")}
    is_shown = any(name in source.body + source.text for source in sources.values() for name in names)
    return letter.needs if is_shown else ""


def preview(
    source: Source,
    *,
    touchpoint: str,
    language: str,
    order_id: UUID | None,
    name: str,
    is_optional: bool,
    base_url: str,
    at: datetime,
) -> Preview:
    """Write a draft for a real order, else for a made-up one. In the shop's scope; never raises for what is in it."""
    made_up = full()
    request = Request(
        touchpoint=touchpoint,
        shopper_name=name,
        languages=(language,),
        order_id=order_id,
        values={},
        preferences_url=made_up.links.preferences,
        unsubscribe_url=made_up.links.unsubscribe if is_optional else "",
        why_url=made_up.links.why,
    )
    (seen,) = values_for([request], base_url=base_url, at=at)
    try:
        template = compile_source(source, language=language)
        return Preview(said=render(template, _filled(seen, made_up, request)))
    except (TemplateUncompilable, TemplateUnrenderable) as problem:
        return Preview(said=None, cut_off=str(problem))


def _filled(seen: Values, made_up: Values, request: Request) -> Values:
    """Fill what an order does not bring along; without an order, everything."""
    if request.order_id is not None:
        return replace(seen, **{each: getattr(made_up, each) for each in _BROUGHT if not getattr(seen, each)})
    links = replace(made_up.links, unsubscribe=request.unsubscribe_url)
    letter = LETTERS.get(request.touchpoint)
    if letter is None or letter.several is None:
        return replace(made_up, shop=seen.shop, links=links, orders=())
    number = made_up.orders[0].number
    return replace(made_up, shop=seen.shop, links=links, order=Order(number=number), parcel=None, parcels=())


def names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of all blocks and values; of a list its name alone."""
    return tuple(BLOCKS), tuple(_names(full(), ""))


def _names(value: Seen, before: str) -> Iterator[str]:
    for each in fields(value):
        held = getattr(value, each.name)
        if isinstance(held, Seen):
            if each.name != "colors":
                yield from _names(held, f"{before}{each.name}.")
        elif each.name not in ("markup", "extra", "font", "radius_px"):
            yield f"{before}{each.name}"
