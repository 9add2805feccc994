"""The bar of the demonstration, for pages that live in played time: `{% load demonstration %}{% time_bar %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.template.context import RequestContext

from aftermile.doors.assets import address
from aftermile.doors.shopper.demonstration import told
from aftermile.doors.shopper.start import shown_time

register = template.Library()


@register.inclusion_tag("shopper/_time_bar.html", takes_context=True)
def time_bar(context: RequestContext) -> dict[str, Any]:
    """Show what time it is in a demonstration, and buttons to move it; nothing anywhere else.

    The page needs `request` in its context, and a policy that allows sheets of ours and forms to ourselves.
    """
    if not settings.CONFIG.demo:
        return {"clock": None}
    known = told(settings.CONFIG.data_dir)
    return {
        "clock": shown_time(),
        "is_settled": known.get("is_settled", False),
        "day": known.get("days_told", 0),
        "days": known.get("days", 0),
        "next": context["request"].get_full_path(),
        "sheet": address("shopper/time.css"),
    }
