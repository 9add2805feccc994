"""The figures of one trial on the past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The figures of one split. Errors, bias (positive: forecast too late) and widths are in days."""

    begin: datetime
    deliveries: int
    error: float
    bias: float
    covered_80: float
    width_80: float
    covered_90: float
    width_90: float
    late_share: float
    late_auc: float
    late_precision: float
    promise_error: float
    rolling_error: float
    #: As wide as the region's own quantiles must be to cover as much as ours did.
    rolling_width_80: float
    rolling_width_90: float
