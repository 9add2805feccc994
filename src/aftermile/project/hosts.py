"""Which shop a host name belongs to: on a shop's own domain there are its pages for shoppers, and nothing else.

The installation's own names (`allowed_hosts`) have every door. A domain that a shop has verified has that
shop's pages: another shop's addresses, the console and the API do not exist there. A name that is nobody's gets a
kind page, whatever it asks for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host

from aftermile.capabilities.brands.public import challenge, merchant_of_host, normal_host
from aftermile.doors.shopper import answers
from aftermile.kernel.ids import BadPublicId, read_public_id
from aftermile.kernel.tokens import BadToken, read_token

#: Where the shop of a request stands in `request.META`; None or missing: the installation's own host.
SHOP = "AFTERMILE_SHOP"
SHOP_URLS = "aftermile.project.shop_urls"
#: A released domain may still be answered for this long by another process.
REMEMBERED_SECONDS = 20.0
_MOST_REMEMBERED = 10_000
# Asked by machines, under whatever name or address they found us.
_ANY_HOST = frozenset({"/healthz", "/readyz", "/metrics", challenge.PATH})


class ShopHosts:
    """Give each request the doors its host has."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        raw = request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", "")
        if request.path_info in _ANY_HOST or is_own(raw):
            return self._get_response(request)
        host = normal_host(raw)
        try:
            shop = shop_of(host) if host else None
        except (OperationalError, InterfaceError):
            return answers.away(request)
        if shop is None:
            # "*" lets any name in, but a shop's domain is the shop's all the same.
            return (
                self._get_response(request) if "*" in settings.ALLOWED_HOSTS else answers.not_found(request)
            )
        request.META[SHOP] = shop
        request.urlconf = SHOP_URLS
        # Django knows only the installation's own names; this one was verified.
        setattr(request, "get_host", lambda: raw)  # noqa: B010
        return self._get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],  # noqa: ARG002
        args: Sequence[Any],  # noqa: ARG002
        given: Mapping[str, Any],
    ) -> HttpResponse | None:
        """Answer for what is another shop's as for what is not there: no page has to think of it."""
        shop = request.META.get(SHOP)
        if shop is None or _merchant_named(given) in (None, shop):
            return None
        return answers.not_found(request)


def is_own(raw: str) -> bool:
    """Tell whether a Host header names the installation itself."""
    domain, _ = split_domain_port(raw)
    return bool(domain) and validate_host(domain, [name for name in settings.ALLOWED_HOSTS if name != "*"])


def shop_of(host: str) -> UUID | None:
    """Return whose verified domain a host name is; remembered for `REMEMBERED_SECONDS`."""
    moment = time.monotonic()
    held = _remembered.get(host)
    if held is not None and held[0] > moment:
        return held[1]
    shop = merchant_of_host(host)
    with _lock:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        _remembered[host] = (moment + REMEMBERED_SECONDS, shop)
    return shop


def forget_hosts() -> None:
    """Ask anew about every host."""
    with _lock:
        _remembered.clear()


def _merchant_named(given: Mapping[str, Any]) -> UUID | None:
    """Return whose thing an address names by its token or its merchant; None when it names nobody's."""
    try:
        if "merchant" in given:
            return read_public_id("mer", str(given["merchant"]))
        if "token" in given:
            return read_token("t", str(given["token"])).merchant_id
    except (BadPublicId, BadToken):
        return None
    return None


_remembered: dict[str, tuple[float, UUID | None]] = {}
_lock = Lock()
