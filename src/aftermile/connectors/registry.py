"""Find every connector: the folders beside this file, and the entry points of installed packages.

A folder `carriers/<slug>/` with a `connector` in its `__init__` is a connector; nothing else needs to be
touched to add one. A package of somebody else's offers its own under the entry point group
`aftermile.connectors`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib import import_module
from importlib.metadata import entry_points

from aftermile.connectors import aggregators, carriers, storefronts
from aftermile.connectors.contracts.sockets import Connector, ConnectorKind

ENTRY_POINT_GROUP = "aftermile.connectors"


class UnknownConnector(LookupError):
    """No connector has this slug."""


@cache
def connectors() -> Mapping[str, Connector]:
    """Return every connector by its slug.

    :raises ValueError: two connectors claim one slug, or an entry point offers something else.
    """
    found: dict[str, Connector] = {}
    for connector in (*_built_in(), *_installed()):
        if connector.slug in found:
            raise ValueError(f"two connectors are called {connector.slug!r}")
        found[connector.slug] = connector
    return found


def connector(slug: str) -> Connector:
    """Return one connector.

    :raises UnknownConnector: none is called so.
    """
    try:
        return connectors()[slug]
    except KeyError:
        raise UnknownConnector(f"no connector is called {slug!r}") from None


@lru_cache(maxsize=4096)  # bounded: its words come from outside
def carrier_of(word: str) -> str:
    """Return our slug for a carrier as some source wrote it, or "" when no carrier is known by it."""
    wanted = _plain(word)
    return _carrier_names().get(wanted, "") if wanted else ""


@cache
def _carrier_names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for found in connectors().values():
        if found.kind is ConnectorKind.CARRIER:
            for name in (found.slug, found.name, *found.aliases):
                names.setdefault(_plain(name), found.slug)
    return names


def _plain(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())


def _built_in() -> Iterator[Connector]:
    for package in (carriers, aggregators, storefronts):
        for module in pkgutil.iter_modules(package.__path__):
            if module.ispkg:
                yield import_module(f"{package.__name__}.{module.name}").connector


def _installed() -> Iterator[Connector]:
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        offered = entry.load()
        if not isinstance(offered, Connector):
            raise ValueError(f"entry point {entry.value!r} offers no Connector")
        yield offered
