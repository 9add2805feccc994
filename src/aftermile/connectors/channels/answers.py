"""What the answers of HTTP services say of a message, where the service has no finer word."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aftermile.connectors.contracts.channels import Outcome
from aftermile.kernel.handover import Result

#: Longer pauses than a day are an error of the peer's.
_LONGEST_PAUSE_SECONDS = 86_400
# Answers of something in front of the service, which may have passed the message on before it gave up.
_FROM_A_GATEWAY = frozenset({502, 504})
# Ours to mend (a wrong key, an unpaid bill), or a matter of patience: the message is as good as before.
_LATER = frozenset({401, 402, 403, 408, 425, 429})


def outcome_of_status(
    status: int,
    *,
    detail: str = "",
    code: str = "",
    external_id: str = "",
    repeats_harmlessly: bool = False,
    retry_after_seconds: int | None = None,
) -> Outcome:
    """Read an HTTP status. Source: RFC 9110, section 15; RFC 6585 (429).

    A redirect is NEVER: services do not move, and following one would hand the message to another.
    """
    if 200 <= status <= 299:
        return Outcome(result=Result.TAKEN, external_id=external_id, code=code, detail=detail)
    if status in _FROM_A_GATEWAY and not repeats_harmlessly:
        result = Result.UNKNOWN
    elif status in _LATER or 500 <= status <= 599:
        result = Result.LATER
    else:
        result = Result.NEVER
    return Outcome(
        result=result,
        code=code or str(status),
        detail=detail or f"answered {status}",
        retry_after_seconds=retry_after_seconds,
    )


def retry_after_seconds(headers: Mapping[str, str]) -> int | None:
    """Return the seconds a peer asks us to wait (Retry-After as a number), at most a day."""
    written = headers.get("retry-after", "").strip()
    return min(int(written), _LONGEST_PAUSE_SECONDS) if re.fullmatch(r"[0-9]{1,9}", written) else None


_PERSONAL = re.compile(r"\S+@\S+|\+?\d[\d ()-]{6,}\d")


def without_people(text: str) -> str:
    """Take e-mail addresses and telephone numbers out of a service's words, and keep 200 letters of it."""
    return _PERSONAL.sub("(address)", text.replace("\x00", ""))[:200]
