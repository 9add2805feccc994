"""The model that answers for a shop: read once per process and version, within a bound of memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from aftermile.capabilities.promises.learning.forecasting import Forecast, Question
from aftermile.capabilities.promises.models import ModelVersion
from aftermile.capabilities.promises.states import ModelState
from aftermile.kernel.reads import Read, answered
from aftermile.kernel.rowsets import select

#: Bytes of written models that a process keeps read; in memory they are about three times as large.
MOST_BYTES = 24_000_000


class AnyModel(Protocol):
    """What answers questions about deliveries."""

    def forecast(self, questions: Sequence[Question], /) -> Sequence[Forecast | None]:
        """Answer each question, in order; None where too little was seen of its like."""


@dataclass(frozen=True, slots=True)
class LiveModel:
    """A model that answers, and which version it is."""

    version_id: UUID
    number: int
    model: AnyModel


class DamagedModel(Exception):
    """The live model's bytes cannot be read: rules answer until another is trained."""

    def __init__(self, version_id: UUID, why: str) -> None:
        super().__init__(why)
        self.version_id = version_id


#: One that cannot be read is kept as what is wrong with it: no quote fetches it again to find the same.
_kept: OrderedDict[UUID, tuple[int, LiveModel | str]] = OrderedDict()
_lock = threading.Lock()


def live_model() -> LiveModel | None:
    """Return the model that answers for the open shop; None: it has none. One query, a second one for a new version.

    :raises DamagedModel: its bytes cannot be read.
    """
    return answered(reading_live_model())


def reading_live_model() -> Read[LiveModel | None]:
    """Read the model that answers for the open shop, together with other reads.

    :raises DamagedModel: its bytes cannot be read.
    """
    (rows,) = yield [
        select(ModelVersion, ("id", "number", "size_bytes"), "state = %s", [ModelState.LIVE.value])
    ]
    if not rows:
        return None
    version_id, number, size = rows[0]["id"], rows[0]["number"], rows[0]["size_bytes"]
    with _lock:
        found = _kept.get(version_id)
        if found is not None:
            _kept.move_to_end(version_id)
    if found is None:
        content = bytes(ModelVersion.rows().filter(id=version_id).values_list("content", flat=True).get())
        model = _read(content)
        found = (0, model) if isinstance(model, str) else (size, LiveModel(version_id, number, model))
        with _lock:
            _kept[version_id] = found
            while len(_kept) > 1 and sum(held for held, _ in _kept.values()) > MOST_BYTES:
                _kept.popitem(last=False)
    if isinstance(found[1], str):
        raise DamagedModel(version_id, found[1])
    return found[1]


def reading_live_model_or_none() -> Read[LiveModel | None]:
    """Read the model that answers; None, too, where it is damaged."""
    try:
        return (yield from reading_live_model())
    except DamagedModel:
        return None


def live_model_or_none() -> LiveModel | None:
    """Return the model that answers for the open shop; None: it has none, or it is damaged, and rules answer."""
    try:
        return live_model()
    except DamagedModel:
        return None


def is_trained() -> bool:
    """Tell whether the open shop has a model that answers: one query."""
    return ModelVersion.rows().filter(state=ModelState.LIVE).exists()


def _read(content: bytes) -> AnyModel | str:
    """Read a model, or say why it cannot be."""
    # Numbers are crunched by libraries that web and worker processes do without until a model is asked.
    from aftermile.capabilities.promises.learning.model import ModelUnreadable, read_model

    try:
        return read_model(content)
    except ModelUnreadable as problem:
        return str(problem)
