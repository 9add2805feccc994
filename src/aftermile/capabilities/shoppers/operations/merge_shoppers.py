"""Move everything of one shopper to another who turned out to be the same person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from aftermile.capabilities.shoppers.models import Shopper
from aftermile.kernel.rowsets import Row, run, update
from aftermile.kernel.tenancy import current_merchant_id

_BOTH = """gone.merchant_id = %(merchant)s AND kept.merchant_id = %(merchant)s
    AND gone.shopper_id = %(gone)s AND kept.shopper_id = %(kept)s"""
_SAME_CONTACT = f"{_BOTH} AND gone.kind = kept.kind AND gone.value = kept.value"
_SAME_CONSENT = f"""{_BOTH} AND gone.channel = kept.channel AND gone.purpose = kept.purpose
    AND gone.source = kept.source AND gone.granted = kept.granted
    AND gone.recorded_at IS NOT DISTINCT FROM kept.recorded_at"""
_OF_GONE = "SET shopper_id = %(kept)s WHERE merchant_id = %(merchant)s AND shopper_id = %(gone)s"

# What both have would break a unique constraint: it is made one before the rest moves.
_MOVES = (
    f"UPDATE shoppers_identity {_OF_GONE}",
    f"""UPDATE shoppers_contact_point kept SET as_given = least(kept.as_given COLLATE "C", gone.as_given)
    FROM shoppers_contact_point gone WHERE {_SAME_CONTACT}""",
    f"""UPDATE shoppers_contact_point gone SET as_given = kept.as_given
    FROM shoppers_contact_point kept WHERE {_SAME_CONTACT} AND gone.identifies""",
    f"""DELETE FROM shoppers_contact_point gone
    USING shoppers_contact_point kept WHERE {_SAME_CONTACT} AND NOT gone.identifies""",
    f"DELETE FROM shoppers_contact_point kept USING shoppers_contact_point gone WHERE {_SAME_CONTACT}",
    f"UPDATE shoppers_contact_point {_OF_GONE}",
    f"""UPDATE shoppers_consent kept SET heard_at = greatest(kept.heard_at, gone.heard_at)
    FROM shoppers_consent gone WHERE {_SAME_CONSENT}""",
    f"DELETE FROM shoppers_consent gone USING shoppers_consent kept WHERE {_SAME_CONSENT}",
    f"UPDATE shoppers_consent {_OF_GONE}",
    f"UPDATE shoppers_erased_contact {_OF_GONE}",
    """UPDATE shoppers_shopper SET merged_into_id = %(kept)s
    WHERE merchant_id = %(merchant)s AND merged_into_id = %(gone)s""",
)


def move_rows(gone: UUID, kept: UUID, *, blank: Row, at: datetime) -> None:
    """Move the rows of `gone` to `kept`; both are locked. The row of `gone` stays and points the way."""
    with connection.cursor() as cursor:
        for move in _MOVES:
            cursor.execute(move, {"merchant": current_merchant_id(), "gone": gone, "kept": kept})
    pointer = {**blank, "id": gone, "merged_into_id": kept, "changed_at": at}
    del pointer["created_at"]
    run(update(Shopper, [name for name in pointer if name != "id"], [pointer]))
