"""The directory of carriers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aftermile.connectors import registry
from aftermile.connectors.contracts.facts import Translation
from aftermile.connectors.contracts.sockets import Connector, ConnectorKind
from aftermile.connectors.recognition import couriers
from aftermile.connectors.recognition.formats import FORMATS
from aftermile.connectors.recognition.posts import POSTS


@pytest.fixture(autouse=True)
def _fresh_directory() -> Iterator[None]:
    couriers.cache_clear()
    yield
    couriers.cache_clear()


def _with_connectors(monkeypatch: pytest.MonkeyPatch, *connectors: Connector) -> None:
    monkeypatch.setattr(registry, "connectors", lambda: {found.slug: found for found in connectors})


def test_every_carrier_a_number_can_name_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_connectors(monkeypatch)
    named = {row.carrier for row in FORMATS if row.carrier} | {slug for slug, _ in POSTS.values()}
    assert named - set(couriers()) == set()


def test_every_entry_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_connectors(monkeypatch)
    for slug, courier in couriers().items():
        assert courier.slug == slug
        assert courier.name
        assert all(len(country) == 2 and country.isupper() for country in courier.countries), slug
        if courier.tracking_url:
            assert courier.tracking_url.count("{tracking_number}") == 1, slug
            assert courier.tracking_url.format(tracking_number="1").startswith("https://"), slug
    listed = [courier.aftership_slug for courier in couriers().values() if courier.aftership_slug]
    assert len(listed) == len(set(listed))


def test_what_a_connector_says_of_itself_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    ups = Connector(
        slug="ups",
        name="United Parcel Service",
        kind=ConnectorKind.CARRIER,
        translate=lambda _: Translation(),
        phone="+1 000",
    )
    newcomer = Connector(
        slug="newcomer",
        name="Newcomer",
        kind=ConnectorKind.CARRIER,
        translate=lambda _: Translation(),
        countries=("DE",),
    )
    shop = Connector(
        slug="shop", name="Shop", kind=ConnectorKind.STOREFRONT, translate=lambda _: Translation()
    )
    _with_connectors(monkeypatch, ups, newcomer, shop)

    known = couriers()
    assert (known["ups"].name, known["ups"].phone) == ("United Parcel Service", "+1 000")
    assert (known["ups"].website, known["ups"].aftership_slug) == ("https://www.ups.com", "ups")
    assert (known["newcomer"].name, known["newcomer"].countries) == ("Newcomer", ("DE",))
    assert "shop" not in known
    assert list(known) == sorted(known)
