"""Daily care of articles."""

from __future__ import annotations

from aftermile.capabilities.catalog.public import want_pictures
from aftermile.capabilities.content.shelf import shown_pictures
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.merchants import list_merchants
from aftermile.kernel.tenancy import merchant_scope


@jobs.periodic("content.keep_pictures", cron="13 3 * * *")
def keep_pictures() -> None:
    """Name the articles' pictures each day: the catalog lets go of those that nothing names."""
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            want_pictures(urls=shown_pictures(), at=now())
