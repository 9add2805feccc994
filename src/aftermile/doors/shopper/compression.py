"""Pages packed for the way: what begins every page alike is packed once and taken up again."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from functools import lru_cache
from threading import Lock

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


class Kept:
    """The pages sent last, packed, by the version that names all they show: a page somebody comes back to, or whose
    script asks again without knowing its version, is not made anew."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pages: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, version: str) -> bytes | None:
        with self._lock:
            page = self._pages.get(version)
            if page is not None:
                self._pages.move_to_end(version)
            return page

    def put(self, version: str, page: bytes) -> None:
        with self._lock:
            self._pages[version] = page
            if len(self._pages) > self._most:
                self._pages.popitem(last=False)
