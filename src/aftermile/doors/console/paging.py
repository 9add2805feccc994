"""The way through a long list: keyset, with the cursor and every filter in the address."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

#: Rows of one page.
SIZE = 50


@dataclass(frozen=True, slots=True)
class Paging:
    """What `_pages.html` draws."""

    size: int
    told: str  # "50 orders", "The next 50 orders"
    first_url: str
    next_url: str

    @property
    def is_needed(self) -> bool:
        return bool(self.first_url or self.next_url)


def paging(request: HttpRequest, *, next_cursor: str, told: str = "", size: int = SIZE) -> Paging:
    """Make the links of a page of a list; `next_cursor` is empty on the last one.

    The cursor stands in the address as `after`; the other parameters stay as they are.
    """
    here = request.GET.copy()
    is_first = "after" not in here
    here.pop("after", None)
    first_url = "" if is_first else _url(request, here)
    if next_cursor:
        here["after"] = next_cursor
    return Paging(size, told, first_url, _url(request, here) if next_cursor else "")


def _url(request: HttpRequest, query: QueryDict) -> str:
    return f"{request.path}?{query.urlencode()}" if query else request.path
