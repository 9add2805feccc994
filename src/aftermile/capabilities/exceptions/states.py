"""What an exception is, how it may end, and who may move it where: data."""

from __future__ import annotations

from django.db.models import TextChoices


class State(TextChoices):
    OPEN = "open"
    SNOOZED = "snoozed"  # put off until a moment
    DONE = "done"


class Ending(TextChoices):
    """How an exception ended: the first ones by a person, the others by themselves."""

    CONTACTED = "contacted"  # the shopper knows
    MARKED_LOST = "marked_lost"
    DISMISSED = "dismissed"
    DELIVERED = "delivered"
    MOVED = "moved"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"  # the parcel is no longer tracked
    BECAME = "became"  # another exception of the same parcel took its place
    GATHERED = "gathered"  # it is one of many that stand still: their incident tells of it
    NO_LONGER = "no_longer"  # it is none by today's promise, estimate or thresholds


BY_A_PERSON = frozenset({Ending.CONTACTED, Ending.MARKED_LOST, Ending.DISMISSED})


class Act(TextChoices):
    """What people do with exceptions."""

    SNOOZE = "snooze"
    WAKE = "wake"
    ASSIGN = "assign"
    CONTACT = "contact"
    MARK_LOST = "mark_lost"
    DISMISS = "dismiss"
    REOPEN = "reopen"
    UNDO = "undo"


#: From which states an act may be done. What comes by itself ends whatever is not done yet.
MOVES: dict[Act, frozenset[State]] = {
    Act.SNOOZE: frozenset({State.OPEN, State.SNOOZED}),
    Act.WAKE: frozenset({State.SNOOZED}),
    Act.ASSIGN: frozenset({State.OPEN, State.SNOOZED}),
    Act.CONTACT: frozenset({State.OPEN, State.SNOOZED}),
    Act.MARK_LOST: frozenset({State.OPEN, State.SNOOZED}),
    Act.DISMISS: frozenset({State.OPEN, State.SNOOZED}),
    Act.REOPEN: frozenset({State.DONE}),
}
