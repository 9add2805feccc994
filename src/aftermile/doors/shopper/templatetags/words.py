"""Sentences in templates: `{% say "Write to {shop}" shop=page.shop %}`, in the page's tongue."""

from __future__ import annotations

from django import template
from django.template import Context

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Context, sentence: str, **names: object) -> str:
    """Say a sentence in the tongue of the page; the answer is escaped like any other value."""
    said: str = context["tongue"].say(sentence, **names)
    return said
