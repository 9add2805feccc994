"""What stands around every page: sheets, scripts, icons, navigation and notices."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.http import HttpRequest

from aftermile.doors.assets import address
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.navigation import entries, settings_list
from aftermile.doors.console.toasts import told

PREFIX = "/console/"

# No eval and no style element of its own, so that the strict policy can stay strict. An answer that refuses is
# shown as well: it says what is wrong.
_HTMX = json.dumps(
    {
        "allowEval": False,
        "includeIndicatorStyles": False,
        "historyCacheSize": 0,  # a page with shoppers' names is not left behind in the browser
        "refreshOnHistoryMiss": True,
        "scrollBehavior": "auto",
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "4..", "swap": True, "error": False},
            {"code": "...", "swap": False, "error": True},
        ],
    }
)


@cache
def face() -> dict[str, str]:
    """Return the addresses of the console's files."""
    return {
        "style": address("console/console.css"),
        "icon": address("console/icon.svg"),
        "icons": address("console/icons.svg"),
        "script": address("console/console.js"),
        "letters": address("console/letters.css"),
        "letters_script": address("console/letters.js"),
        "journeys": address("console/journeys.css"),
        "journeys_script": address("console/journeys.js"),
        "scorecards": address("console/scorecards.css"),
        "htmx": address("htmx.js"),
        "htmx_config": _HTMX,
        "webauthn_json": address("webauthn/json.js"),
        "webauthn_forms": address("webauthn/forms.js"),
        "webauthn_onload": address("webauthn/onload.js"),
    }


def around(desk: Desk, request: HttpRequest, place: str, section: str = "") -> dict[str, Any]:
    """Return what the shell of a shop's page is written from."""
    return {
        "desk": desk,
        "navigation": entries(desk, place),
        "place": place,
        "settings_sections": settings_list(desk, section) if section else [],
        "toasts": told(request),
        "find": request.GET.get("q", ""),
    }


def for_account_pages(request: HttpRequest) -> dict[str, Any]:
    """Give the console's files to every template of the console, also to allauth's pages (a context processor)."""
    if not request.path_info.startswith(PREFIX):
        return {}
    # Taken only by the pages that stand alone: a shop's pages show the same notices in their shell.
    return {"face": face(), "request": request, "notices": lambda: told(request)}
