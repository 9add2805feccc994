"""Writing for shoppers: what to begin from, what is wrong with it, what it looks like, and a try to oneself.

Templates are 6 MB: a process loads them when somebody writes, not before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.brands.public import brand
from aftermile.capabilities.messaging.links import pages_url
from aftermile.capabilities.messaging.states import Purpose
from aftermile.capabilities.messaging.template_views import TemplateView
from aftermile.capabilities.messaging.templates.source import Preview, Problem, Source
from aftermile.capabilities.messaging.touchpoints import Touchpoint
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.languages import LANGUAGES

_FIRST_BODY = """<mj-section>
  <mj-column>
    <mj-text mj-class="headline" css-class="headline">A headline</mj-text>
    <mj-text>{% if shopper.first_name %}Hello {{ shopper.first_name }},{% else %}Hello,{% endif %}</mj-text>
    <mj-text>What you want to say.</mj-text>
  </mj-column>
</mj-section>
{% block contact %}
"""
_FIRST_TEXT = """{% if shopper.first_name %}Hello {{ shopper.first_name }},{% else %}Hello,{% endif %}

What you want to say.

{% block contact %}
"""


def writing_languages() -> Mapping[str, str]:
    """Return the languages letters can be written in, by their own names."""
    return LANGUAGES


def starting_source(view: TemplateView, language: str) -> tuple[Source, bool]:
    """Return what an edit of a language begins with, and whether those are the shop's own words.

    Its own words are the draft's or those that count; else what we ship; else a first letter to write on.
    """
    own = view.newest.get(language)
    if own is not None:
        return own, True
    from aftermile.capabilities.messaging.templates import drafting

    shipped = drafting.shipped(view.touchpoint.slug, view.medium, language)
    if shipped is not None:
        return shipped, False
    if view.medium is Medium.EMAIL:
        return Source(subject=view.touchpoint.title, body=_FIRST_BODY, text=_FIRST_TEXT), False
    return Source(text="{{ shop.name }}: "), False


def draft_problems(about: Touchpoint, medium: Medium, language: str, source: Source) -> list[Problem]:
    """Return what keeps a source from being published; never raises for what is in it, and ends in seconds."""
    from aftermile.capabilities.messaging.templates import drafting

    return drafting.problems(about, medium, language, source)


def lacks_postal_address(said: Iterable[Touchpoint]) -> bool:
    """Tell whether something of it is marketing and the shop has no postal address to put below: a query at most.

    The sender's is asked for by law: 15 U.S.C. § 7704(a)(5)(A)(iii) (CAN-SPAM), Directive 2000/31/EC, articles 5 and 6.
    """
    return any(each.purpose is Purpose.MARKETING for each in said) and not brand().support.address


def hides_postal_address(about: Touchpoint, source: Source) -> bool:
    """Tell whether a letter is marketing, has a foot of its own in place of ours, and does not name the address there."""
    return (
        about.purpose is Purpose.MARKETING
        and source.is_whole_document
        and "shop.postal_address" not in source.body
    )


def preview_draft(
    source: Source,
    *,
    touchpoint: Touchpoint,
    language: str,
    order_id: UUID | None = None,
    shopper_name: str = "",
    at: datetime,
) -> Preview:
    """Write a source for a real order, or a made-up one, as a shopper would get it. In the shop's open scope."""
    from aftermile.capabilities.messaging.templates import drafting

    return drafting.preview(
        source,
        touchpoint=touchpoint.slug,
        language=language,
        order_id=order_id,
        name=shopper_name,
        is_optional=touchpoint.purpose is not Purpose.TRANSACTIONAL,
        base_url=pages_url(),
        at=at,
    )


def blocks_and_values() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the blocks, and of the values with what each holds ("order.number"), for the writer's side."""
    from aftermile.capabilities.messaging.templates import drafting

    return drafting.names()
