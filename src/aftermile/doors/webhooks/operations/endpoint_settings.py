"""What an endpoint may be set to: addresses, event types and headers, checked before they are kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from aftermile.doors.webhooks.payloads import EDD_REVISE, TRACKING_UPDATE
from aftermile.doors.webhooks.states import Format
from aftermile.kernel.errors import Invalid
from aftermile.kernel.events import outside_events

LONGEST_URL = 2_000
MOST_HEADERS = 5
_LONGEST_HEADER_VALUE = 1_000
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
# Ours, the connection's own, and those receivers verify us by.
_OUR_HEADERS = frozenset(
    (
        *("accept-encoding", "content-encoding", "content-length", "content-type", "host", "user-agent"),
        *("connection", "expect", "te", "trailer", "transfer-encoding", "upgrade"),
    )
)
_OUR_PREFIXES = ("webhook-", "aftership-", "as-", "proxy-")


class EndpointUrlUnusable(Invalid):
    """The address is not one webhooks can be sent to."""

    code = "webhook_url_unusable"


class WebhookEventTypeUnknown(Invalid):
    """An event type does not exist, or does not exist in this format; the message lists those that do."""

    code = "webhook_event_type_unknown"


class HeadersUnusable(Invalid):
    """A header cannot be sent, or there are more than five."""

    code = "webhook_headers_unusable"


def check_url(url: str) -> None:
    """Check an address as far as it shows without asking the network.

    Where its name leads to is judged at each attempt, by `kernel.outbound_addresses`.

    :raises EndpointUrlUnusable: no http or https, no host, a password in it, invisible signs, too long.
    """
    if len(url) > LONGEST_URL or not url.isprintable() or " " in url:
        raise EndpointUrlUnusable(
            f"The address has spaces, invisible signs or more than {LONGEST_URL} characters."
        )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise EndpointUrlUnusable(
            "The address cannot be read: it looks like https://shop.example/hooks."
        ) from None
    if parts.scheme not in {"https", "http"} or not host:
        raise EndpointUrlUnusable("The address must begin with https:// or http:// and name a host.")
    if parts.username is not None or parts.password is not None:
        raise EndpointUrlUnusable("The address holds a user name or password: send them in a header instead.")
    if port is not None and port not in {80, 443} and port < 1024:
        raise EndpointUrlUnusable(f"Port {port} is not for HTTP: use 80, 443, or 1024 and above.")


def check_event_types(format_: Format, event_types: Collection[str]) -> None:
    """Check what an endpoint wants to hear of; nothing named means everything.

    :raises WebhookEventTypeUnknown: no such event.
    """
    known = {TRACKING_UPDATE, EDD_REVISE} if format_ is Format.AFTERSHIP else outside_events().keys()
    strange = sorted(set(event_types) - known)
    if strange:
        raise WebhookEventTypeUnknown(
            f"There is no event {strange[0]!r}; there are {', '.join(sorted(known))}."
        )


def check_headers(headers: Mapping[str, str]) -> None:
    """Check the headers a merchant wants on each request.

    :raises HeadersUnusable: too many, one of ours, or nothing HTTP can carry.
    """
    if len(headers) > MOST_HEADERS:
        raise HeadersUnusable(f"At most {MOST_HEADERS} headers can be added, not {len(headers)}.")
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise HeadersUnusable(f"{name[:100]!r} is no name of a header.")
        if name.lower() in _OUR_HEADERS or name.lower().startswith(_OUR_PREFIXES):
            raise HeadersUnusable(f"{name} is set by us and cannot be chosen.")
        if not 0 < len(value) <= _LONGEST_HEADER_VALUE or not value.isascii() or not value.isprintable():
            raise HeadersUnusable(
                f"The value of {name} must have 1 to {_LONGEST_HEADER_VALUE} letters, digits and signs of ASCII."
            )
    if len({name.lower() for name in headers}) < len(headers):
        raise HeadersUnusable("One header is named twice.")
