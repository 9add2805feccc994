"""Serve a shop where there is no way out to any network; run as a program in a network namespace of its own.

Prints, as JSON, what came of a day there.
"""

from __future__ import annotations

import json
import socket
import struct
import sys
from fcntl import ioctl

from tests.scenarios.installation import installation
from tests.scenarios.senders import Client
from tests.scenarios.webhooks import order_placed, parcel_scanned

_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1
#: Set aside for documentation: nobody answers there, and without a route nobody is even asked.
_OUT_THERE = ("192.0.2.1", 443)


def main() -> None:
    _raise_loopback()
    with installation() as it:
        shop = it.open_shop()
        client = Client(it, shop)
        answers = [client.send(webhook).status for webhook in (order_placed(1), parcel_scanned(1, 3))]
        it.wait_until_drained()
        told = {
            "way out": _way_out(),
            "answers": answers,
            "orders": it.one("SELECT count(*) FROM orders_order"),
            "milestones": [milestone for (milestone,) in it.sql("SELECT milestone FROM shipments_parcel")],
            "doctor": "every merchant's table has its wall" in it.command("doctor"),
            "exit code": it.stop(),
        }
    json.dump(told, sys.stdout)


def _raise_loopback() -> None:
    """Raise `lo`, which is down in a new namespace. Not with `ip`: it is not installed everywhere."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))


def _way_out() -> str:
    try:
        socket.create_connection(_OUT_THERE, timeout=5).close()
    except OSError as error:
        return str(error.strerror)
    return "there is one"


if __name__ == "__main__":
    main()
