"""Keep and drop views of lists."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.capabilities.search.filters import Listing
from aftermile.capabilities.search.models import SavedView
from aftermile.capabilities.search.queries import SavedViewView
from aftermile.kernel.errors import Invalid
from aftermile.kernel.ids import uuid7

_LONGEST_NAME = 60
_LONGEST_QUERY = 2000


class ViewUnusable(Invalid):
    """A view without a name, or with one that is too long."""

    code = "view_unusable"


def keep_view(
    *, listing: Listing, name: str, query: str, owner_id: UUID | None, at: datetime
) -> SavedViewView:
    """Keep a list's filters under a name; the same name again replaces them.

    :param owner_id: whose view it is; None: everybody's.
    :raises ViewUnusable: no name, or one too long.
    """
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME or len(query) > _LONGEST_QUERY:
        raise ViewUnusable(f"Give the view a name of at most {_LONGEST_NAME} letters.")
    row, _ = SavedView.rows().update_or_create(
        listing=listing,
        owner_id=owner_id,
        name=name,
        defaults={"query": query.removeprefix("?")},
        create_defaults={"id": uuid7(), "query": query.removeprefix("?"), "created_at": at},
    )
    return SavedViewView(id=row.id, listing=listing, name=row.name, query=row.query, owner_id=row.owner_id)


def drop_view(*, view_id: UUID, owner_id: UUID | None) -> SavedViewView | None:
    """Remove a view of this owner (None: everybody's) and return it, so that it can be kept again; None without."""
    row = SavedView.rows().filter(id=view_id, owner_id=owner_id).first()
    if row is None:
        return None
    row.delete()
    return SavedViewView(
        id=view_id, listing=Listing(row.listing), name=row.name, query=row.query, owner_id=row.owner_id
    )
