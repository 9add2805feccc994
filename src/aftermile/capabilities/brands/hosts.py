"""Host names as shops type them and as requests carry them."""

from __future__ import annotations

import re
from ipaddress import ip_address

import idna

from aftermile.kernel.errors import Invalid

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
#: Names that never lead to the world (RFC 6761, RFC 6762, RFC 8375).
_NEVER_PUBLIC = ("localhost", "local", "internal", "invalid", "test", "home.arpa", "onion", "arpa")


class DomainUnusable(Invalid):
    """A host name that is none, or none a shop can have here."""

    code = "domain_unusable"


def normal_host(text: str) -> str:
    """Return a host name as it is compared: lower case, IDNA, without port and last dot; "" when it is none.

    For requests, which carry whatever a stranger sent.
    """
    name = text.strip().lower()
    if name.startswith("["):
        return ""
    name, _, port = name.partition(":")
    if port and not port.isdigit():
        return ""
    name = name.rstrip(".")
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode()
        except idna.IDNAError:
            return ""
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        return ""
    return name


def read_host(text: str) -> str:
    """Read what a shop typed as its domain; an address pasted whole is cut down to its host.

    :raises DomainUnusable: no host name, an IP address, or a name that never leads to the world.
    """
    typed = text.strip()
    bare = re.sub(r"^https?://", "", typed, flags=re.IGNORECASE).partition("/")[0].partition("?")[0]
    name = normal_host(bare)
    if not name:
        raise DomainUnusable(f"{typed[:100]!r} is no host name. It looks like track.shop.example.")
    try:
        ip_address(name)
    except ValueError:
        pass
    else:
        raise DomainUnusable("This is an IP address. Choose a name, such as track.shop.example.")
    labels = name.split(".")
    if len(labels) < 2 or labels[-1].isdigit():
        raise DomainUnusable(f"{name} is no full host name. It looks like track.shop.example.")
    if any(name == never or name.endswith(f".{never}") for never in _NEVER_PUBLIC):
        raise DomainUnusable(f"{name} cannot be reached from the internet. Choose a name you own there.")
    return name
