"""Opening lines to mail servers, for sending and for fetching: which addresses and ports, which certificates.

Walls: as with HTTP (`kernel.outbound_addresses`) only public addresses are connected to, judged at the moment
of connecting. Ports below 1024 are those of mail alone. Certificates are verified.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Collection
from functools import lru_cache

from aftermile.kernel.outbound_addresses import AddressPolicy
from aftermile.kernel.outbound_connections import fallback_certificates


class NoLine(Exception):
    """No line to a server came about; the message says why, and what can be done."""


def open_line(
    host: str, port: int, *, ports: Collection[int], policy: AddressPolicy, seconds: float
) -> socket.socket:
    """Connect to a server, unprotected yet; `ports` are those allowed below 1024.

    :raises NoLine: no address we connect to, or nobody there.
    """
    if port not in ports and not 1024 <= port <= 65535:
        usual = ", ".join(map(str, sorted(ports)))
        raise NoLine(f"{host}: port {port} is not for mail ({usual}, or 1024 and above)")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NoLine(f"{host} is not found: check the spelling of the server's name") from None
    allowed = [entry for entry in found if policy.allows(host, str(entry[4][0]))]
    if not allowed:
        raise NoLine(policy.refusal(host))
    deadline = time.monotonic() + seconds
    for family, kind, protocol, _, address in allowed:
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(max(0.1, deadline - time.monotonic()))
            connection.connect(address)
            # A command and the end of a letter are small: waiting to fill a packet only costs time.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError:
            connection.close()
        else:
            return connection
    raise NoLine(f"{host} takes no connection on port {port}")


def protect(
    connection: socket.socket,
    host: str,
    *,
    ca_file: str,
    seconds: float,
    kind: type[ssl.SSLSocket] = ssl.SSLSocket,
) -> ssl.SSLSocket:
    """Go on under TLS; `ca_file` names certificates to trust instead of the machine's.

    :raises NoLine: no TLS, or no valid certificate.
    """
    try:
        connection.settimeout(seconds)
        context = _tls_context(ca_file, kind)  # type: ignore[arg-type]  # a class is hashable, whatever its objects are
        return context.wrap_socket(connection, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        raise NoLine(f"{host} has no valid certificate: {error.verify_message}") from None
    except (OSError, ValueError) as error:
        raise NoLine(f"{host} does not begin TLS ({type(error).__name__})") from None


@lru_cache(maxsize=16)
def _tls_context(ca_file: str, kind: type[ssl.SSLSocket]) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file or fallback_certificates())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = kind
    return context
