"""The page at the root: what runs here, and in a demonstration where to look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from aftermile.doors.shopper.answers import page

#: Written into the data folder by the demonstration:
#: {"shop", "api_key", "tales": [{"title", "about", "path"}]}.
DEMO_FILE = "demo.json"
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Say what runs here."""
    config = settings.CONFIG
    if not config.demo:
        return page("shopper/start.html", {})
    told = _told(config.data_dir / DEMO_FILE)
    # Beyond this machine the key stays in the terminal.
    is_private = config.host in _LOOPBACK and request.get_host().rsplit(":", 1)[0].strip("[]") in _LOOPBACK
    return page(
        "shopper/demo.html",
        {
            "shop": told.get("shop", ""),
            "tales": told.get("tales", []),
            "api_key": told.get("api_key", "") if is_private else "",
            "base": f"{request.scheme}://{request.get_host()}",
        },
    )


def _told(file: Path) -> dict[str, Any]:
    """Read what the demonstration has written so far; nothing while it is still being set up."""
    try:
        told = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
