"""The door of this room."""

from __future__ import annotations

from aftermile.capabilities.promises.evaluating.evaluate import DataUnreadable, Evaluation, evaluate
from aftermile.capabilities.promises.evaluating.marks import Marks
from aftermile.capabilities.promises.events import (
    DelayPredicted,
    DelayTakenBack,
    DeliveryMeasured,
    EstimateRevised,
    Expected,
    Measured,
    PromiseBroken,
    PromiseKept,
    StageEstimates,
)
from aftermile.capabilities.promises.learning.forecasting import (
    Basis,
    Forecast,
    Goods,
    Level,
    Place,
    Question,
    Stage,
)
from aftermile.capabilities.promises.live_model import LiveModel, live_model_or_none
from aftermile.capabilities.promises.operations.model_life import (
    ModelNotFound,
    ModelNotUsable,
    retire_model,
    use_model,
)
from aftermile.capabilities.promises.operations.queue_renewal import queue_renewal
from aftermile.capabilities.promises.operations.train import queue_training, train
from aftermile.capabilities.promises.page_reads import reading_estimates, watching_estimates
from aftermile.capabilities.promises.policy import Window, carriers_word
from aftermile.capabilities.promises.queries import (
    DelayTold,
    EstimateView,
    ModelView,
    RevisionView,
    TrainingView,
    count_open,
    delays_told,
    estimates,
    estimates_of_orders,
    models,
    newest_is_damaged,
    revisions,
    training,
)
from aftermile.capabilities.promises.quoting.asking import (
    MOST_LINES,
    MOST_PIECES,
    Asked,
    Item,
    QuoteUnreadable,
    SkuUnknown,
)
from aftermile.capabilities.promises.quoting.policy import (
    Forecasts,
    MethodQuote,
    NotOffered,
    Quote,
    never_later,
    quote_by,
    shipping_place,
)
from aftermile.capabilities.promises.quoting.query import quote
from aftermile.capabilities.promises.shown import last_expected, our_days, with_our_days
from aftermile.capabilities.promises.states import Confidence, ModelState, Outcome, Precision, Reason, Source
from aftermile.capabilities.promises.tasks import renew
from aftermile.capabilities.promises.trust import (
    EstimateSettings,
    EstimateSettingsUnreadable,
    change_estimate_settings,
    estimate_settings,
    restore_estimate_settings,
)

__all__ = [
    "MOST_LINES",
    "MOST_PIECES",
    "Asked",
    "Basis",
    "Confidence",
    "DataUnreadable",
    "DelayPredicted",
    "DelayTakenBack",
    "DelayTold",
    "DeliveryMeasured",
    "EstimateRevised",
    "EstimateSettings",
    "EstimateSettingsUnreadable",
    "EstimateView",
    "Evaluation",
    "Expected",
    "Forecast",
    "Forecasts",
    "Goods",
    "Item",
    "Level",
    "LiveModel",
    "Marks",
    "Measured",
    "MethodQuote",
    "ModelNotFound",
    "ModelNotUsable",
    "ModelState",
    "ModelView",
    "NotOffered",
    "Outcome",
    "Place",
    "Precision",
    "PromiseBroken",
    "PromiseKept",
    "Question",
    "Quote",
    "QuoteUnreadable",
    "Reason",
    "RevisionView",
    "SkuUnknown",
    "Source",
    "Stage",
    "StageEstimates",
    "TrainingView",
    "Window",
    "carriers_word",
    "change_estimate_settings",
    "count_open",
    "delays_told",
    "estimate_settings",
    "estimates",
    "estimates_of_orders",
    "evaluate",
    "last_expected",
    "live_model_or_none",
    "models",
    "never_later",
    "newest_is_damaged",
    "our_days",
    "queue_renewal",
    "queue_training",
    "quote",
    "quote_by",
    "reading_estimates",
    "renew",
    "restore_estimate_settings",
    "retire_model",
    "revisions",
    "shipping_place",
    "train",
    "training",
    "use_model",
    "watching_estimates",
    "with_our_days",
]
