"""What the status codes of mail servers mean for an address."""

from __future__ import annotations

import re

# Source: RFC 3463 (enhanced status codes), RFC 7505 (5.1.10) and the IANA registry of them. Only codes that
# speak of the address itself: policy, content, size, a full box or a broken route may be better next time.
_ADDRESS_IS_DEAD = frozenset(
    {
        "5.1.1",  # no such mailbox
        "5.1.2",  # no such domain
        "5.1.3",  # no valid address
        "5.1.6",  # mailbox has moved, no forwarding
        "5.1.10",  # the domain takes no mail at all (null MX)
        "5.2.1",  # mailbox disabled
    }
)
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")


def enhanced_code(text: str) -> str:
    """Return the first enhanced status code of a text, such as "5.1.1", or ""."""
    found = _ENHANCED.search(text)
    return f"{found[1]}.{int(found[2])}.{int(found[3])}" if found else ""


def is_address_dead(code: str) -> bool:
    """Tell whether an enhanced status code says that no mail will ever arrive at the address."""
    return code in _ADDRESS_IS_DEAD
