"""Open a shop in an installation: a merchant, its API key, its connections, an endpoint that hears of all.

A program of its own (`python -m tests.scenarios.opening`), because the Django of the tests has another
database. Prints what was made as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping


def main(name: str, wanted: Mapping[str, Mapping[str, str]]) -> None:
    """Make the merchant, one connection for each connector of `wanted` with these credentials, an endpoint."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "aftermile.project.settings"
    django.setup()

    from aftermile.doors.webhooks.operations.keep_endpoint import make_endpoint
    from aftermile.intake.public import connect
    from aftermile.kernel.access import create_key
    from aftermile.kernel.clock import now
    from aftermile.kernel.merchants import create_merchant
    from aftermile.kernel.tenancy import merchant_scope

    merchant = create_merchant(
        name=name, time_zone="Europe/Berlin", currency="EUR", country="DE", language="de", at=now()
    )
    addresses = {}
    with merchant_scope(merchant.id):
        _, key = create_key(name="scenario", scopes=["*"], at=now())
        for connector, credentials in wanted.items():
            made = connect(
                connector=connector, name="", credentials=credentials, by="staff:scenario", at=now()
            )
            addresses[connector] = made.address
        # Nobody listens there, and this machine is refused anyhow: what counts is the messages written.
        make_endpoint(url="http://127.0.0.1:9999/", by="staff:scenario", at=now())
    json.dump({"id": str(merchant.id), "key": key, "addresses": addresses}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
