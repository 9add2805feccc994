"""Why a forecast is what it is, in words."""

from __future__ import annotations

from dataclasses import dataclass

from aftermile.capabilities.promises.learning.forecasting import Forecast, Lane, Level, Place, Question, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The parts of the sentence, and the sentence in English."""

    level: Level
    deliveries: int
    low_days: int
    high_days: int
    origin: str
    destination: str
    carrier: str
    slower_days: int  # of late; negative is faster
    sentence: str


_SINCE = {
    Stage.ORDERED: "after the order",
    Stage.HANDED_OVER: "after hand-over",
    Stage.IN_TRANSIT: "from the last scan on",
    Stage.OUT_FOR_DELIVERY: "once out for delivery",
}


def explain(question: Question, forecast: Forecast) -> Explanation:
    """Explain a forecast: "Usually 4 to 6 days after the order from SP to BA; Acme has been a day slower of late."."""
    basis = forecast.basis
    low, high = (max(round(each), 0) for each in basis.usual_days)
    slower = round(basis.drift_days)
    origin, destination = _ends(question.lane, basis.level)
    carrier = question.lane.carrier
    sentence = f"Usually {_span(low, high)} {_SINCE[question.stage]}"
    if origin:
        sentence += f" from {origin}"
    if destination:
        sentence += f" to {destination}"
    if slower:
        pace = "slower" if slower > 0 else "faster"
        size = "a day" if abs(slower) == 1 else f"{abs(slower)} days"
        sentence += f"; {carrier or 'deliveries'} {'has' if carrier else 'have'} been {size} {pace} of late"
    return Explanation(
        level=basis.level, deliveries=basis.deliveries, low_days=low, high_days=high, origin=origin,
        destination=destination, carrier=carrier, slower_days=slower, sentence=sentence + ".",
    )  # fmt: skip


def _ends(lane: Lane, level: Level) -> tuple[str, str]:
    if level is Level.SHOP:
        return "", ""
    if level is Level.COUNTRY:
        return lane.origin.country, lane.destination.country
    return (_name(lane.origin) if level is Level.LANE else ""), _name(lane.destination)


def _name(place: Place) -> str:
    return place.region or place.country


def _span(low: int, high: int) -> str:
    if high == 0:
        return "the same day"
    if low == high:
        return f"{low} day{'' if low == 1 else 's'}"
    return f"{low} to {high} days"
