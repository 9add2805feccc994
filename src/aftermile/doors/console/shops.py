"""Which shop to work in: the last one, the only one, or a choice."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from aftermile.capabilities.team.public import person_view, roles_of, shops_of
from aftermile.doors.console import answers
from aftermile.kernel.ids import public_id

_MOST_SHOWN = 100


@require_safe
def enter(request: HttpRequest) -> HttpResponse:
    """Go to the shop one was at last, or to the only one; else let the person choose."""
    if not request.user.is_authenticated:
        return answers.to_sign_in(request)
    keys = [public_id("mer", merchant_id) for merchant_id in roles_of(request.user.id)]
    last = request.session.get("last_shop")
    if last in keys or (last and request.user.is_operator):
        return HttpResponseRedirect(f"{reverse('console')}{last}/")
    if len(keys) == 1 and not request.user.is_operator:
        return HttpResponseRedirect(f"{reverse('console')}{keys[0]}/")
    return HttpResponseRedirect(reverse("console-shops"))


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Show the shops a person may enter; an operator finds them by name."""
    if not request.user.is_authenticated:
        return answers.to_sign_in(request)
    person = person_view(request.user)
    find = request.GET.get("q", "").strip()[:100]
    shops = shops_of(person, find=find, limit=_MOST_SHOWN + 1)
    return answers.alone(
        request,
        "console/shops.html",
        {
            "person": person,
            "find": find,
            "is_cut": len(shops) > _MOST_SHOWN,
            "shops": [
                (shop.name, answers.role_name(shop.role), f"{reverse('console')}{public_id('mer', shop.id)}/")
                for shop in shops[:_MOST_SHOWN]
            ],
        },
    )
