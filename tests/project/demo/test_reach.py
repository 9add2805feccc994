"""A demonstration reaches this machine, and no carrier, shop or mailbox."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from aftermile.project.demo.goods import SHOP_DOMAIN
from aftermile.project.demo.world import World
from tests.project.demo.test_world import START

_PROGRAM = """
import json, socket
import django
django.setup()
from django.conf import settings
from aftermile.kernel import clock
from aftermile.kernel.http import AddressRefused, OutboundFailure, outbound_client
from aftermile.project.demo.urls import urlpatterns
from django.urls import resolve

opened = []
socket.socket.connect = lambda *arguments: opened.append(arguments)
socket.getaddrinfo = lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]
refused = []
for purpose in ("webhooks", "carriers", "pictures", "domains"):
    for url in ("https://api.ups.com/track", "https://hooks.example/", "http://10.0.0.1/"):
        try:
            outbound_client(purpose).send("POST", url)
        except AddressRefused:
            refused.append(url)
        except OutboundFailure:
            pass
print(json.dumps({
    "refused": len(refused),
    "opened": len(opened),
    "follows": clock._followed is not None,
    "time": resolve("/demo/time").url_name if settings.CONFIG.demo else "",
}))
"""


def installation(folder: Path, **settings: str) -> dict[str, object]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AFTERMILE_")}
    done = subprocess.run(
        [sys.executable, "-P", "-c", _PROGRAM],
        env={
            **kept,
            "AFTERMILE_DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "aftermile.project.settings",
            **settings,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def test_a_demonstration_is_refused_every_address_beyond_this_machine(tmp_path: Path) -> None:
    found = installation(tmp_path, AFTERMILE_DEMO="true", AFTERMILE_OUTBOUND_ALLOW_PRIVATE="10.0.0.0/8")
    assert found == {"refused": 12, "opened": 0, "follows": True, "time": "demo-time"}


def test_any_other_installation_reads_the_machines_clock(tmp_path: Path) -> None:
    found = installation(tmp_path, AFTERMILE_DEMO="false")
    assert found == {"refused": 0, "opened": 12, "follows": False, "time": ""}


def test_nothing_in_it_has_an_address_outside() -> None:
    assert SHOP_DOMAIN.endswith(".example")
    for order in World(2026, START).history():
        assert order.shopper.email.endswith(".example")
