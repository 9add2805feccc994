"""The door of this room."""

from __future__ import annotations

from aftermile.insights.operations.rebuild import LogPruned, rebuild
from aftermile.insights.queries import (
    COLUMNS,
    STAGES,
    Accuracy,
    By,
    Of,
    ScoreRow,
    Share,
    accuracy,
    choices,
    scorecard,
    total,
    week_of,
    wilson,
)

__all__ = [
    "COLUMNS",
    "STAGES",
    "Accuracy",
    "By",
    "LogPruned",
    "Of",
    "ScoreRow",
    "Share",
    "accuracy",
    "choices",
    "rebuild",
    "scorecard",
    "total",
    "week_of",
    "wilson",
]
