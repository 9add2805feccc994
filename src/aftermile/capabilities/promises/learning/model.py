"""A trained model: answers questions in batches, knows its card, and can be written as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp

import numpy as np

from aftermile.capabilities.promises.learning.cards import Card
from aftermile.capabilities.promises.learning.examples import Columns, columns_of
from aftermile.capabilities.promises.learning.forecasting import (
    QUANTILES,
    Basis,
    Forecast,
    Level,
    Question,
    Stage,
)
from aftermile.capabilities.promises.learning.stages import StageModel
from aftermile.capabilities.promises.learning.stored import ModelUnreadable, read_parts, write_model

__all__ = ["Model", "ModelUnreadable", "read_model"]

_LEVELS = (Level.LANE, Level.REGION, Level.COUNTRY, Level.SHOP)


@dataclass(frozen=True, slots=True)
class Model:
    """What a shop's deliveries have taught, as known at `as_of`."""

    as_of: datetime
    stages: dict[Stage, StageModel]
    card: Card

    def forecast(self, questions: Sequence[Question]) -> list[Forecast | None]:
        """Answer each question, in their order; None where too little was ever seen of its stage.

        Ask many at once: a batch costs little more than a single question.
        """
        answers: list[Forecast | None] = [None] * len(questions)
        for stage, learned in self.stages.items():
            places = [number for number, question in enumerate(questions) if question.stage is stage]
            if places:
                asked = [questions[number] for number in places]
                for number, answer in zip(places, self._answer(learned, asked), strict=True):
                    answers[number] = answer
        return answers

    def write(self) -> bytes:
        """Write the model as data; `read_model` reads it."""
        return write_model(self.as_of, self.stages, self.card)

    def _answer(self, learned: StageModel, questions: list[Question]) -> list[Forecast]:
        columns = columns_of(questions)
        middle, spread = learned.middle_and_spread(columns, self.as_of.timestamp())
        misses = learned.at(np.array(QUANTILES))
        days = np.exp(np.minimum(middle[:, None] + spread[:, None] * misses, 7.0))
        late = learned.late(columns, middle, spread)
        drift = learned.drift(columns)
        answers = []
        for number, question in enumerate(questions):
            quantiles = tuple(
                question.asked_at + timedelta(seconds=round(each * 86_400)) for each in days[number].tolist()
            )
            answers.append(
                Forecast(
                    likely_at=quantiles[len(QUANTILES) // 2],
                    quantiles=quantiles,
                    late_probability=None if question.promised_by is None else float(late[number]),
                    basis=_basis(learned, columns, number, float(drift[number]), float(middle[number])),
                )
            )
        return answers


def read_model(content: bytes) -> Model:
    """Read a model that `Model.write` wrote.

    :raises ModelUnreadable: it is damaged, too large, of another version or no model at all. Nothing in it is run.
    """
    return Model(*read_parts(content))


def _basis(learned: StageModel, columns: Columns, number: int, drift: float, middle: float) -> Basis:
    """Name the nearest level with enough deliveries."""
    days = exp(middle) * (1 - exp(-drift)) if drift else 0.0
    for level in _LEVELS:
        usual = learned.usual.get(level, {}).get(columns.words[level][number])
        if usual is not None:
            return Basis(
                level=level,
                deliveries=usual.deliveries,
                usual_days=(usual.low_days, usual.high_days),
                drift_days=round(days, 2),
            )
    return Basis(level=Level.SHOP, deliveries=0, usual_days=(0.0, 0.0), drift_days=round(days, 2))
