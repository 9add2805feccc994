"""What a message said, packed small: letters resemble nothing so much as themselves."""

from __future__ import annotations

import json
import zlib

from aftermile.capabilities.messaging.rendering import Rendered

# The fastest level: letters shrink to a fifth by it, and to a sixth by the slowest in twenty times the time.
_LEVEL = 1


def pack(rendered: Rendered) -> str:
    """Pack a rendering, as PostgreSQL reads bytes from text."""
    said = {"subject": rendered.subject, "html": rendered.html, "text": rendered.text}
    return "\\x" + zlib.compress(json.dumps(said).encode(), _LEVEL).hex()


def unpack(packed: bytes) -> Rendered:
    """Read what was packed."""
    return Rendered(**json.loads(zlib.decompress(packed)))
