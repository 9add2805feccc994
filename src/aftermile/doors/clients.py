"""Where a request came from."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address to count a client's tries by, "" when it cannot be told.

    Behind proxies of the operator's (setting `trusted_proxies`) it is what the outermost of them wrote; anything
    further left in `X-Forwarded-For` is the client's own invention. Of an IPv6 address only the network counts (a /64
    is one household's): otherwise one client would have as many tries as there are stars.
    """
    written = request.META.get("REMOTE_ADDR", "")
    if settings.CONFIG.trusted_proxies:
        forwarded = [
            each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",") if each.strip()
        ]
        if forwarded:
            written = forwarded[-min(settings.CONFIG.trusted_proxies, len(forwarded))]
    try:
        address = ip_address(written.strip("[]"))
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False).network_address)
    return str(address)
