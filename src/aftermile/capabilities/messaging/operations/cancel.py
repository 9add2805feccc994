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


def cancel_caused(*, named: str, values: Collection[str]) -> int:
    """Do not send planned messages whose `cause` has one of these values under a name; return how many that were.

    One statement over what is planned: a journey that was stopped, a run that ended before its message went out.
    """
    if not values:
        return 0
    planned = Message.rows().filter(**{"status": Status.PLANNED, f"cause__{named}__in": list(values)})
    return planned.update(status=Status.CANCELLED)
