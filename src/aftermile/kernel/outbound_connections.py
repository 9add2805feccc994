"""Pooled connections that check the address they open and keep to a deadline.

Everything is done at the socket, below HTTP and TLS: there is no moment between the check of an address and
its use, and a peer that drips a byte now and then cannot outlast the deadline, not even in its headers.
"""

from __future__ import annotations

import os
import socket
import ssl
import threading
import time
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from aftermile.kernel.outbound_addresses import AddressPolicy

_POOLS, _CONNECTIONS_PER_POOL = 64, 8


class NoAddressAllowed(Exception):
    """The host resolves, but only to addresses the policy forbids."""


class _Patience(threading.local):
    """How long the calling thread's present request may wait: for one read, and all in all."""

    read_seconds: float = 10
    deadline: float = float("inf")  # by time.monotonic()

    def left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return left


patience = _Patience()


class _KeepsDeadline(socket.socket):
    """Before each step that may block, wait no longer than the deadline allows."""

    def recv_into(self, *arguments: Any) -> int:
        self.settimeout(min(patience.read_seconds, patience.left()))
        return super().recv_into(*arguments)

    def send(self, *arguments: Any) -> int:
        self.settimeout(min(patience.read_seconds, patience.left()))
        return super().send(*arguments)

    def sendall(self, *arguments: Any) -> None:
        self.settimeout(patience.left())
        super().sendall(*arguments)


class _PlainSocket(_KeepsDeadline):
    pass


class TlsSocket(_KeepsDeadline, ssl.SSLSocket):
    """A socket under TLS that keeps to the thread's deadline (`patience`)."""


def connection_pools(policy: AddressPolicy, ca_file: str = "") -> urllib3.PoolManager:
    """Make a thread-safe pool of connections: the 64 hosts used last, 8 idle connections to each.

    `ca_file` names certificates to trust instead of the machine's.
    """

    class GuardedConnection(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _open(self, policy)

    class GuardedTlsConnection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _open(self, policy)

    class GuardedPool(urllib3.HTTPConnectionPool):
        ConnectionCls = GuardedConnection

    class GuardedTlsPool(urllib3.HTTPSConnectionPool):
        ConnectionCls = GuardedTlsConnection

    # The environment's proxies are not used: a proxy would connect for us, and no address could be checked.
    pools = urllib3.PoolManager(
        num_pools=_POOLS, maxsize=_CONNECTIONS_PER_POOL, retries=False, ssl_context=_tls_context(ca_file)
    )
    pools.pool_classes_by_scheme = {"http": GuardedPool, "https": GuardedTlsPool}
    return pools


def _open(connection: HTTPConnection, policy: AddressPolicy) -> socket.socket:
    # Without brackets, so that ::1 resolves.
    host = connection.host.strip("[]")
    try:
        found = socket.getaddrinfo(host, connection.port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise NameResolutionError(
            host, connection, error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
        ) from error
    allowed = [entry for entry in found if policy.allows(host, str(entry[4][0]))]
    if not allowed:
        raise NoAddressAllowed(host)

    connect_seconds = connection.timeout if isinstance(connection.timeout, int | float) else 10.0
    failure: OSError = OSError("no address")
    for family, kind, protocol, _, address in allowed:
        opened = _PlainSocket(family, kind, protocol)
        try:
            for option in connection.socket_options or ():
                opened.setsockopt(*option)
            opened.settimeout(min(connect_seconds, patience.left()))
            opened.connect(address)
        except OSError as error:
            opened.close()
            failure = error
        else:
            return opened
    if isinstance(failure, TimeoutError):
        raise ConnectTimeoutError(connection, "no connection in time") from failure
    raise NewConnectionError(connection, str(failure)) from failure


def _tls_context(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file or fallback_certificates())
    context.sslsocket_class = TlsSocket
    return context


def fallback_certificates() -> str | None:
    """Name certifi's certificates where the machine has none of its own (Python on macOS, bare images)."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile or (paths.capath and any(os.scandir(paths.capath))):
        return None
    import certifi

    return certifi.where()
