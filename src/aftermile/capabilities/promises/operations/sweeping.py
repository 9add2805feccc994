"""Once a day all that is open is looked at, whatever became of the event that said so."""

from __future__ import annotations

from datetime import datetime

from aftermile.capabilities.promises.models import Renewal
from aftermile.capabilities.promises.operations.renew import take_renewal
from aftermile.kernel.calendars import zone_of
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.tenancy import current_merchant_id


def begin_sweep(*, at: datetime) -> bool:
    """Tell whether this is the first renewal of the shop's day, and note that there was one."""
    today = at.astimezone(zone_of(current_merchant().time_zone)).date()
    if take_renewal()["swept_on"] == today:
        return False
    Renewal.rows().filter(id=current_merchant_id()).update(swept_on=today)
    return True
