"""Find every channel: the folders beside this file, and the entry points of installed packages.

A package of somebody else's offers its own under the entry point group `aftermile.channels`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from aftermile.connectors import channels as folder
from aftermile.connectors.contracts.channels import Channel

ENTRY_POINT_GROUP = "aftermile.channels"


class UnknownChannel(LookupError):
    """No channel has this slug."""


@cache
def channels() -> Mapping[str, Channel]:
    """Return every channel by its slug.

    :raises ValueError: two channels claim one slug, or an entry point offers something else.
    """
    found: dict[str, Channel] = {}
    for channel in (*_built_in(), *_installed()):
        if channel.slug in found:
            raise ValueError(f"two channels are called {channel.slug!r}")
        found[channel.slug] = channel
    return found


def channel(slug: str) -> Channel:
    """Return one channel.

    :raises UnknownChannel: none is called so.
    """
    try:
        return channels()[slug]
    except KeyError:
        raise UnknownChannel(f"no channel is called {slug!r}") from None


def _built_in() -> Iterator[Channel]:
    for module in pkgutil.iter_modules(folder.__path__):
        if module.ispkg:
            package = import_module(f"{folder.__name__}.{module.name}")
            yield package.channel


def _installed() -> Iterator[Channel]:
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        offered = entry.load()
        if not isinstance(offered, Channel):
            raise ValueError(f"entry point {entry.value!r} offers no Channel")
        yield offered
