"""Lists: newest first, in pages that begin behind a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from pydantic import Field

from aftermile.doors.api.fields import Given
from aftermile.kernel.ids import public_id

DEFAULT_LIMIT = 50


class HasId(Protocol):
    @property
    def id(self) -> UUID: ...


T = TypeVar("T")
V = TypeVar("V", bound=HasId)


class Page(Given, Generic[T]):
    """One page of a list, newest first."""

    data: list[T]
    next_cursor: str | None = Field(
        description="Send it as `cursor` for the next page; null on the last one."
    )


def cut(views: Sequence[V], limit: int, prefix: str) -> tuple[Sequence[V], str | None]:
    """Split what was read (one more than asked for) into the page and the cursor of the next one."""
    if len(views) <= limit:
        return views, None
    page = views[:limit]
    return page, public_id(prefix, page[-1].id)
