"""Where the claim to a domain stands."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

#: A claim that was never answered for holds a name this long; then another shop may have it.
CLAIM_LASTS = timedelta(days=3)
#: A verified domain that fails its checks for so long is given up.
GIVEN_UP_AFTER = timedelta(days=3)


class DomainState(StrEnum):
    """The claim waits for its first good answer, has had one, or is not checked any more."""

    WAITING = "waiting"
    VERIFIED = "verified"
    FAILED = "failed"
