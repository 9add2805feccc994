"""Tags for the console's templates: icons, marks of a state, addresses, moments, numbers."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from aftermile.doors.console import moments
from aftermile.doors.console.accounts.passkeys import PasskeyPlace, passkey_place
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.marks import TONES
from aftermile.doors.console.shell import face

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon that says nothing by itself: a word stands beside it, or the control has a label."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#i-{}"/></svg>', face()["icons"], name
    )


@register.simple_tag
def mark(tone: str) -> SafeString:
    """Draw the shape of a tone (marks.py)."""
    return format_html(
        '<svg class="mark" viewBox="0 0 12 12" aria-hidden="true"><use href="{}#m-{}"/></svg>',
        face()["icons"],
        _tone(tone),
    )


@register.simple_tag
def state(tone: str, word: str, *, pill: bool = False) -> SafeString:
    """Say a state: its shape, its color, and always the word."""
    return format_html(
        '<span class="state {}{}">{}{}</span>', "pill " if pill else "", _tone(tone), mark(tone), word
    )


@register.simple_tag(takes_context=True)
def address(context: template.Context, name: str, *args: object) -> str:
    """Write the address of a page of the present shop: `{% address "console-order" order.key %}`."""
    desk: Desk = context["desk"]
    return desk.url(name, *args)


@register.simple_tag(takes_context=True)
def moment(context: template.Context, at: datetime | None, style: str = "short") -> SafeString | str:
    """Write a moment in the shop's time zone; `style` is short, full, day, time or ago (moments.py)."""
    if at is None:
        return ""
    desk: Desk | None = context.get("desk")
    zone = ZoneInfo(desk.merchant.time_zone) if desk else ZoneInfo("UTC")
    told = moments.tell(at, style=style, zone=zone, now=desk.at if desk else at)
    return format_html('<time datetime="{}" title="{}">{}</time>', told.iso, told.full, told.text)


@register.simple_tag(takes_context=True)
def passkeys_here(context: template.Context) -> PasskeyPlace:
    """Tell whether passkeys work at this page's address: `{% passkeys_here as passkeys %}`."""
    request: HttpRequest = context["request"]
    return passkey_place(request)


@register.filter
def number(value: int | None) -> str:
    """Write a number with its thousands apart: 1,204."""
    return "" if value is None else f"{value:,}"


@register.filter
def may_break(text: str) -> SafeString:
    """Let a line end before the @ of an e-mail address, rather than anywhere in it."""
    return format_html_join(mark_safe("<wbr>@"), "{}", ((part,) for part in text.split("@")))


@register.filter
def initials(name: str) -> str:
    """Write who somebody is in two letters."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@register.filter
def browser(user_agent: str) -> str:
    """Say in two words which browser on which system a session is of."""
    names = (
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    )
    systems = (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    )
    name = next((said for sign, said in names if sign in user_agent), "A browser")
    system = next((said for sign, said in systems if sign in user_agent), "an unknown system")
    return f"{name} on {system}"


def _tone(tone: str) -> str:
    if tone not in TONES:
        raise KeyError(f"{tone!r} is no tone; there are {', '.join(TONES)}")
    return tone
