"""When to come again, in words."""

from __future__ import annotations

from aftermile.kernel.languages import Tongue


def come_again(seconds: int, tongue: Tongue) -> str:
    """Say how long to wait, in whole minutes."""
    return tongue.count(
        "Please come again in {n} minute.", "Please come again in {n} minutes.", max(1, -(-seconds // 60))
    )
