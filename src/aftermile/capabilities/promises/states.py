"""Where an estimate comes from, why it changed, and how a model lives: data."""

from __future__ import annotations

from django.db.models import TextChoices


class Source(TextChoices):
    """Who says when a parcel comes."""

    CARRIER = "carrier"
    MODEL = "model"
    RULE = "rule"


class Precision(TextChoices):
    """How exactly an estimate is meant: whole days, or hours of a day."""

    DAY = "day"
    MOMENT = "moment"


class Confidence(TextChoices):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Reason(TextChoices):
    """Why an estimate is another one than before. There is no change without one."""

    FIRST = "first"  # there was none
    SCAN = "scan"  # the carrier reported something about the parcel
    CARRIER = "carrier"  # the carrier named other days, or none any more
    SILENCE = "silence"  # time passed and it did not come
    MODEL = "model"  # another model answers
    RULE = "rule"  # the shop's own rules say something else
    TRUST = "trust"  # the shop trusts another source first


class Outcome(TextChoices):
    """What became of a promise."""

    WAITING = "waiting"
    KEPT = "kept"
    BROKEN = "broken"
    NONE = "none"  # nothing was promised


class ModelState(TextChoices):
    LIVE = "live"  # it answers
    REFUSED = "refused"  # it did not beat the one that answers
    RETIRED = "retired"  # a better one took its place, or staff turned it off
    DAMAGED = "damaged"  # its bytes can no longer be read: rules answer


#: What a model may become.
MOVES: dict[ModelState, frozenset[ModelState]] = {
    ModelState.LIVE: frozenset({ModelState.RETIRED, ModelState.DAMAGED}),
    ModelState.REFUSED: frozenset({ModelState.LIVE, ModelState.DAMAGED}),
    ModelState.RETIRED: frozenset({ModelState.LIVE, ModelState.DAMAGED}),
    ModelState.DAMAGED: frozenset(),
}
