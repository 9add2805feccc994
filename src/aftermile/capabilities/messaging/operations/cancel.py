"""Take wishes back."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from aftermile.capabilities.messaging.models import Message
from aftermile.capabilities.messaging.states import Status


def cancel_messages(*, message_ids: Collection[UUID]) -> int:
    """Do not send messages that are still planned; return how many that were.

    What is being sent or was sent stays as it is. The same `once_key` still means the cancelled message.
    """
    planned = Message.rows().filter(id__in=message_ids, status=Status.PLANNED)
    return planned.update(status=Status.CANCELLED)
