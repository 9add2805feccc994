"""Which addresses we may connect to: the public internet, and what the operator has named.

Merchants and their programs type addresses (webhook endpoints, shops) that this server then connects to from
inside the operator's network. Judged is the address a name resolves to, at the moment of connecting.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

# IANA's registries of special-purpose addresses, as far as Python 3.11's `is_global` does not know them.
_MORE_SPECIAL_V4 = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments; 192.0.0.192 is a metadata service
    IPv4Network("192.88.99.0/24"),  # 6to4 relays
    IPv4Network("168.63.129.16/32"),  # Azure's wire server: public by number, internal by nature
)
_GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")
_MORE_SPECIAL_V6 = (
    IPv6Network("2002::/16"),  # 6to4: an IPv4 address in disguise
    IPv6Network("3fff::/20"),  # documentation
)
_NAT64 = IPv6Network("64:ff9b::/96")

# Where clouds hand out credentials to whoever asks from inside. Never opened wholesale, only by name.
_METADATA = (
    ip_network("169.254.0.0/16"),
    ip_network("100.100.100.200/32"),
    ip_network("168.63.129.16/32"),
    ip_network("192.0.0.192/32"),
    ip_network("fe80::/10"),
    ip_network("fd00:ec2::254/128"),
    ip_network("fd20:ce::254/128"),
)


class AddressPolicy:
    """Public addresses, plus what is allowed by name.

    `allow_private` is a collection of networks (`10.1.0.0/16`), addresses and host names (`erp.example`);
    True allows every private address except the clouds' metadata services (for tests). With
    `only_this_machine` nothing is allowed but its loopback, whatever else is said (for a demonstration, whose
    parcels and people are made up).
    """

    def __init__(
        self, allow_private: bool | Collection[str] = False, *, only_this_machine: bool = False
    ) -> None:
        self._everything_private = allow_private is True
        self._only_this_machine = only_this_machine
        self._networks: list[IPv4Network | IPv6Network] = []
        self._names: set[str] = set()
        for entry in () if isinstance(allow_private, bool) else allow_private:
            try:
                self._networks.append(ip_network(entry, strict=False))
            except ValueError:
                self._names.add(entry.lower().rstrip("."))

    def allows(self, host: str, address: str) -> bool:
        """Tell whether a connection to this address may be opened, `host` being the name it was found by."""
        as_found = ip_address(address)
        ip = _plain(as_found)
        if self._only_this_machine:
            return ip.is_loopback
        if host.lower().rstrip(".") in self._names:
            return True
        if any(ip in network or as_found in network for network in self._networks):
            return True
        if self._everything_private:
            return not any(ip in network for network in _METADATA)
        return _is_public(ip)

    def refusal(self, host: str) -> str:
        """Say why none of a host's addresses is allowed."""
        if self._only_this_machine:
            return f"{host} is not this machine, and a demonstration reaches nobody else."
        return f"{host} is inside a private network. The operator can allow it by name."


def _plain(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Take an IPv4 address out of the IPv6 address it is wrapped in (mapped, or NAT64)."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    if not ip.is_global or ip.is_multicast:
        return False
    if isinstance(ip, IPv4Address):
        return not ip.is_reserved and not any(ip in network for network in _MORE_SPECIAL_V4)
    return ip in _GLOBAL_UNICAST_V6 and not any(ip in network for network in _MORE_SPECIAL_V6)
