"""Fetching pictures: the second of the three beats, outside any transaction."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connection

from aftermile.capabilities.catalog.operations.want_pictures import (
    FETCH,
    PORTION,
    keep_pictures,
    plan_fetching,
    prune_pictures,
    take_wanted,
)
from aftermile.capabilities.catalog.picture_queries import has_due_pictures
from aftermile.capabilities.catalog.pictures import KEPT_BYTES, SIDE, Fetched, Wanted
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.http import AddressRefused, OutboundClient, OutboundFailure, TooLarge, outbound_client
from aftermile.kernel.images import ImageUnreadable, read_picture
from aftermile.kernel.merchants import list_merchants
from aftermile.kernel.tenancy import merchant_scope, run_in_scope

#: Shops put originals straight from the camera online.
LARGEST_FILE_BYTES = 12_000_000
_TIMEOUT = (3.05, 5.0)
_DEADLINE_SECONDS = 10.0
#: A job gives way to others after this, and goes on in another.
_SECONDS = 30.0
#: A host that fails so often in a row is left alone until the next time.
_PATIENCE = 2
_NOT_ASKED = "Its server did not answer for others; it is asked later."
_FOR_GOOD = frozenset({400, 401, 403, 404, 405, 410, 451})


@jobs.job(FETCH)
def fetch_pictures(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Fetch a portion of what is due; what is left goes to another job, so that other shops have their turn."""
    wanted = run_in_scope(merchant_id, lambda: take_wanted(at=now()))
    if not wanted:
        return
    _give_connection_back()
    fetched = fetch_all(outbound_client("pictures"), wanted)
    run_in_scope(merchant_id, lambda: keep_pictures(fetched=fetched, at=now()))
    if len(wanted) == PORTION:
        with merchant_scope(merchant_id):
            plan_fetching(turn=int(str(payload["turn"])) + 1)


@jobs.periodic("catalog.fetch_pictures_again", cron="* * * * *")
def fetch_again() -> None:
    """Have fetched, each minute, what is due once more."""
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            if has_due_pictures(at=now()):
                plan_fetching()


@jobs.periodic("catalog.prune_pictures", cron="43 4 * * *")
def prune_all_pictures() -> None:
    """Remove, each day and few at a time, pictures that nothing has named for as long as events are kept."""
    before = now() - timedelta(days=settings.CONFIG.retention_events_days)
    for merchant in list_merchants():
        removed = -1
        while removed:
            with merchant_scope(merchant.id):
                removed = prune_pictures(before=before)


def fetch_all(
    client: OutboundClient, wanted: Sequence[Wanted], *, clock: Callable[[], float] = time.monotonic
) -> list[Fetched]:
    """Fetch pictures one after the other; a host that does not answer is not asked on and on."""
    fetched = []
    failures: Counter[str] = Counter()
    ends = clock() + _SECONDS
    for picture in wanted:
        host = urlsplit(picture.url).netloc
        if failures[host] >= _PATIENCE or clock() > ends:
            fetched.append(Fetched(picture=picture, problem=_NOT_ASKED, again=True, was_asked=False))
            continue
        result = fetch(client, picture)
        failures[host] = failures[host] + 1 if result.problem and result.again else 0
        fetched.append(result)
    return fetched


def fetch(client: OutboundClient, picture: Wanted) -> Fetched:
    """Fetch one picture and make our copy of it; never raises for what a server does."""
    try:
        response = client.send(
            "GET",
            picture.url,
            headers={"Accept": "image/webp,image/png,image/jpeg,image/svg+xml"},
            timeout=_TIMEOUT,
            deadline_seconds=_DEADLINE_SECONDS,
            retries=0,
            max_response_bytes=LARGEST_FILE_BYTES,
            follow_redirects=True,
        )
    except (AddressRefused, TooLarge) as failure:
        return Fetched(picture=picture, problem=f"{failure}.")
    except OutboundFailure as failure:
        return Fetched(picture=picture, problem=f"{failure}.", again=True)
    if not response.is_success:
        # Some shops upload the picture after they have told of the product: a first "not found" is not the last word.
        again = response.status not in _FOR_GOOD or picture.tries == 0
        return Fetched(picture=picture, problem=f"Its server answers {response.status}.", again=again)
    try:
        copy = read_picture(
            response.body, width=SIDE, height=SIDE, most_bytes=KEPT_BYTES, svg_bytes=KEPT_BYTES
        )
    except ImageUnreadable as problem:
        return Fetched(picture=picture, problem=problem.message)
    return Fetched(
        picture=picture,
        content=copy.content,
        content_type=copy.content_type,
        width=copy.width,
        height=copy.height,
    )


def _give_connection_back() -> None:
    if not connection.in_atomic_block:  # which it is in tests only
        connection.close()
