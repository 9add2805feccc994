"""Scorecards: promised against kept by carrier, lane and week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from ninja import Query, Router
from pydantic import Field

from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.shapes.scorecards import ScorecardGiven, accuracy_given, score_given
from aftermile.insights.public import By, Of, accuracy, scorecard, week_of
from aftermile.kernel.calendars import zone_of
from aftermile.kernel.clock import now
from aftermile.kernel.merchants import current_merchant

router = Router(tags=["Insights"])

_Weeks = Annotated[int, Field(ge=1, le=104, description="How many weeks, up to and with `until`'s.")]
_Bys = Annotated[list[By], Query(description="What there is a row for each of; several make them together.")]


@endpoint(router, "GET", "/scorecards", scope="insights:read", returns=ScorecardGiven)
def read_scorecard(
    by: _Bys = [By.CARRIER],  # noqa: B006 - ninja copies it
    weeks: _Weeks = 13,
    until: date | None = None,
    carrier: str | None = None,
    service: str | None = None,
    destination_country: str | None = None,
) -> ScorecardGiven:
    """Compare what was promised and estimated with what came.

    Weeks begin on Monday by the shop's clock; without `until` the last one is the week of today.
    """
    last = week_of(until or now().astimezone(zone_of(current_merchant().time_zone)).date())
    of = Of(
        first=last - timedelta(weeks=weeks - 1),
        last=last,
        carrier=carrier,
        service=service,
        destination_country=destination_country,
    )
    return ScorecardGiven(
        first_week=of.first,
        last_week=of.last,
        data=[score_given(row, by) for row in scorecard(of, *by)],
        accuracy=[accuracy_given(row) for row in accuracy(of, beside_carrier=False)],
        accuracy_beside_carrier=[accuracy_given(row) for row in accuracy(of, beside_carrier=True)],
    )
