"""A registry of two carriers, so that these tests know nothing of the connectors beside them."""

from __future__ import annotations

import pytest

from aftermile.connectors import registry
from aftermile.connectors.contracts.facts import Translation
from aftermile.connectors.contracts.sockets import Connector, ConnectorKind


def _carrier(slug: str, name: str, zone: str) -> Connector:
    return Connector(
        slug=slug,
        name=name,
        kind=ConnectorKind.CARRIER,
        translate=lambda _: Translation(),
        home_time_zone=zone,
    )


@pytest.fixture(autouse=True)
def _two_carriers(monkeypatch: pytest.MonkeyPatch) -> None:
    carriers = {
        "ups": _carrier("ups", "UPS", ""),
        "usps": _carrier("usps", "USPS", ""),
        "postnl": _carrier("postnl", "PostNL", "Europe/Amsterdam"),
        "dhl-express": _carrier("dhl-express", "DHL Express", ""),
    }
    plain = {slug.replace("-", ""): slug for slug in carriers}
    monkeypatch.setattr(registry, "connectors", lambda: carriers)
    monkeypatch.setattr(
        registry, "carrier_of", lambda word: plain.get(word.casefold().replace("-", "").replace(" ", ""), "")
    )
