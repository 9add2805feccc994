"""The page at the root: what runs here, and in a demonstration where to look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import reverse
from django.views.decorators.http import require_safe

from aftermile.capabilities.orders.public import orders
from aftermile.capabilities.shipments.public import shipments_of_orders
from aftermile.doors.assets import address
from aftermile.doors.shopper.demonstration import told
from aftermile.doors.shopper.phrases import PHRASES
from aftermile.doors.shopper.presenters.order import tracking_page
from aftermile.doors.shopper.presenters.tone import Tone
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id, read_public_id
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.tenancy import merchant_scope

#: The stories shown with their pictures; the others stand in a list below.
_FEATURED = (
    "Out for delivery",
    "Late",
    "Split into two parcels",
    "Held up by a storm",
    "Held at customs",
    "Lost",
)
_SHOP_ZONE = ZoneInfo("Europe/Berlin")
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
#: While the history is told, the page comes anew so often.
_AGAIN_SECONDS = 3
_HEADERS = {
    # Our own sheets, icon and pictures, and forms to ourselves; no script and nobody else.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'",
    # The forms say where they come from, to us alone.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True, slots=True)
class Story:
    """An order of the cast. `state` is the sentence its page begins with now; "" while it is not known."""

    title: str
    about: str
    path: str
    picture: str
    state: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Person:
    role: str
    label: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class ShownTime:
    iso: str
    words: str


@dataclass(frozen=True, slots=True)
class Start:
    """Everything the opening page of a demonstration shows, as plain values."""

    shop: str
    day: int
    days: int
    is_settled: bool
    stories: Sequence[Story]
    others: Sequence[Story]
    staff: Sequence[Person]
    api_key: str
    base: str
    find: str
    example: Mapping[str, str]
    is_private: bool


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Say what runs here."""
    if not settings.CONFIG.demo:
        return _page("shopper/start.html", {})
    shown = _start(request, told(settings.CONFIG.data_dir))
    response = _page("shopper/demo.html", {"start": shown, "clock": shown_time()})
    if not shown.is_settled:
        response["Refresh"] = str(_AGAIN_SECONDS)
    return response


def is_private(request: HttpRequest) -> bool:
    """Tell whether a request comes from this machine: beyond it, keys and accounts are not handed out."""
    host = request.get_host()
    name = host[: host.rindex("]") + 1] if host.startswith("[") else host.partition(":")[0]
    return settings.CONFIG.host in _LOOPBACK and name.strip("[]") in _LOOPBACK


def refusal(*sentences: str, status: int = 403) -> HttpResponse:
    """Answer a form of the opening page that is not followed, with the way back."""
    return _page("shopper/refused.html", {"sentences": sentences}, status=status)


def shown_time() -> ShownTime:
    """Tell what the demonstration's clock shows at the shop."""
    local = now().astimezone(_SHOP_ZONE)
    return ShownTime(
        local.isoformat(timespec="minutes"), f"{local:%A}, {local.day} {local:%B}, {local:%H:%M}"
    )


def _start(request: HttpRequest, known: Mapping[str, Any]) -> Start:
    tales = {tale["title"]: tale for tale in known.get("tales", [])}
    stories = _stories(known, list(tales.values()))
    ours = is_private(request)
    return Start(
        shop=known.get("shop", ""),
        day=known.get("days_told", 0),
        days=known.get("days", 0),
        is_settled=known.get("is_settled", False),
        stories=[stories[title] for title in _FEATURED if title in stories],
        others=[story for title, story in stories.items() if title not in _FEATURED],
        staff=[
            Person(each["role"], _label(each["role"]), each["name"], each["about"])
            for each in known.get("staff", [])
        ]
        if ours
        else [],
        api_key=known.get("api_key", "") if ours else "",
        base=f"{request.scheme}://{request.get_host()}",
        find=reverse("find", args=[_merchant(known)]) if known else "",
        example=tales.get("On time", {}),
        is_private=ours,
    )


def _label(role: str) -> str:
    return role.replace("_", "-").capitalize()


def _merchant(known: Mapping[str, Any]) -> str:
    return public_id("mer", UUID(known["merchant_id"]))


def _stories(known: Mapping[str, Any], tales: Sequence[Mapping[str, str]]) -> dict[str, Story]:
    """Put the cast together with what the page of each says now."""
    try:
        states = _states(known, tales)
    except (OperationalError, InterfaceError):
        states = {}
    return {
        tale["title"]: Story(
            tale["title"],
            tale["about"],
            tale["path"],
            reverse("demo-picture", args=[tale["picture"]]),
            *states.get(tale["order"], ("", Tone.CALM)),
        )
        for tale in tales
    }


def _states(known: Mapping[str, Any], tales: Sequence[Mapping[str, str]]) -> dict[str, tuple[str, Tone]]:
    if not tales:
        return {}
    tongue = PHRASES.tongue(["en-GB"])
    ids = [read_public_id("ord", tale["order"]) for tale in tales]
    with merchant_scope(UUID(known["merchant_id"])):
        found, shipments, merchant = orders(ids), shipments_of_orders(ids), current_merchant()
        pages = {
            public_id("ord", each): tracking_page(
                found[each], shipments[each], merchant, tongue, now=now(), links_to_carriers=False
            )
            for each in ids
            if each in found
        }
    return {each: (" ".join(page.headlines), page.tone) for each, page in pages.items()}


def _page(template: str, values: dict[str, Any], *, status: int = 200) -> HttpResponse:
    sheets = {
        "tokens": address("shopper/shopper.css"),
        "style": address("shopper/start.css"),
        "icon": address("shopper/icon.svg"),
    }
    return HttpResponse(get_template(template).render({**values, **sheets}), status=status, headers=_HEADERS)
