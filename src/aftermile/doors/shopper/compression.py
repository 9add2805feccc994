"""Pages packed for the way: what begins every page alike is packed once and taken up again."""

from __future__ import annotations

import zlib
from functools import lru_cache

# 16 + 15: gzip with the largest window. Beyond level 6 a page of this size loses no byte more.
_GZIP = 16 + zlib.MAX_WBITS
_LEVEL = 6
_HEAD_ENDS = "</style>"


def packed(html: str) -> bytes:
    """Compress a page as gzip. Its head up to the sheet, most of it, is the same on page after page."""
    end = html.find(_HEAD_ENDS) + len(_HEAD_ENDS)
    begun, first = _begun(html[:end])
    compressor = begun.copy()
    return first + compressor.compress(html[end:].encode()) + compressor.flush()


@lru_cache(maxsize=64)
def _begun(head: str) -> tuple[zlib._Compress, bytes]:
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return compressor, compressor.compress(head.encode())
