"""Have a merchant's estimates looked at soon."""

from __future__ import annotations

from uuid import UUID

from aftermile.kernel import jobs

RENEW = "promises.renew"


def queue_renewal(merchant_id: UUID, *, everything: bool = False) -> None:
    """Queue the renewal of one merchant's estimates; one that still waits or runs is not queued again.

    :param everything: look at all that is open, whether due or not.
    """
    key = f"{RENEW}{' everything' if everything else ''}:{merchant_id}"
    jobs.defer_many(
        [jobs.Deferred(name=RENEW, merchant_id=merchant_id, payload={"everything": everything}, only_one=key)]
    )
