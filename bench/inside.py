"""Tasks that need the application's own code, run in a process of their own: `python -m bench.inside TASK`.

Arguments come as JSON on standard input; the answer is the last line of standard output.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any
from uuid import UUID

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "aftermile.project.settings"
django.setup()

# Only now: these need Django's settings.
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.team.public import Role, add_member, create_account
from aftermile.doors.assets import address
from aftermile.intake.public import connect
from aftermile.kernel.access import create_key
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id
from aftermile.kernel.merchants import create_merchant
from aftermile.kernel.tenancy import merchant_scope
from bench import inside_estimates as estimates
from bench import inside_journeys as journeys
from bench import inside_quotes as quotes
from bench.payloads import CREDENTIALS


def open_shop(connectors: list[str]) -> dict[str, Any]:
    """Make a merchant with an API key and connections."""
    merchant = create_merchant(
        name="Bench", time_zone="Europe/Berlin", currency="EUR", country="DE", language="de", at=now()
    )
    with merchant_scope(merchant.id):
        _, api_key = create_key(name="bench", scopes=["*"], at=now())
        made = {
            slug: connect(connector=slug, name=slug, credentials=CREDENTIALS[slug], by="bench:1", at=now())
            for slug in connectors
        }
    return {
        "merchant_id": str(merchant.id),
        "api_key": api_key,
        "addresses": {slug: f"/in/{view.address}" for slug, view in made.items()},
        "connection_ids": {slug: str(view.id) for slug, view in made.items()},
    }


def count_queries(paths: list[str], api_key: str) -> list[int]:
    """Return how many statements each page or answer takes, once everything is warm."""
    client = Client(headers={"Authorization": f"Bearer {api_key}", "Host": "localhost"})
    counts = []
    for path in paths:
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        counts.append(len(queries))
    return counts


def static_address() -> str:
    """Return where a static file is served."""
    return address("console/console.css")


def open_desk(merchant_id: str) -> dict[str, str]:
    """Sign somebody in who may read a shop's orders; return the cookie and where the shop's pages begin."""
    person = create_account(email="bench@example.com", name="Bench", password=None, at=now())
    with merchant_scope(UUID(merchant_id)):
        add_member(user_id=person.id, role=Role.READ_ONLY, at=now())
    client = Client(headers={"Host": "localhost"})
    client.force_login(get_user_model().objects.get(id=person.id))
    name = settings.SESSION_COOKIE_NAME
    return {
        "cookie": name,
        "session": client.cookies[name].value,
        "base": f"/console/{public_id('mer', UUID(merchant_id))}/",
    }


_TASKS = {
    "open_shop": open_shop, "count_queries": count_queries, "static_address": static_address, "open_desk": open_desk,
    "send_by": journeys.send_by, "switch_on": journeys.switch_on, "fill_shoppers": journeys.fill_shoppers,
    "write_to_everybody": journeys.write_to_everybody, "sleepers": journeys.sleepers,
    "more_sleepers": journeys.more_sleepers, "claim": journeys.claim, "fill_profiles": journeys.fill_profiles,
    "count_segments": journeys.count_segments, "fill_moving": estimates.fill_moving,
    "keep_trained": estimates.keep_trained, "renew_all": estimates.renew_all, "alarms": estimates.alarms,
    "fill_shipping": quotes.fill_shipping, "quote_purely": quotes.quote_purely,
}  # fmt: skip

if __name__ == "__main__":
    answer = _TASKS[sys.argv[1]](**json.load(sys.stdin))  # type: ignore[operator]
    sys.stdout.write(json.dumps(answer) + "\n")
