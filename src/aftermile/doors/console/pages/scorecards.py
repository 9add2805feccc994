"""Scorecards: promised against kept by carrier, lane and week, and our estimates beside the carriers' own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path

from aftermile.capabilities.team.public import Permission
from aftermile.doors.console import words
from aftermile.doors.console.csv_file import csv_file
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Page
from aftermile.doors.console.scorecards.drawing import Bullet, bars, bullet, lines
from aftermile.doors.console.scorecards.standing import Standing, of_100, slipping, standing
from aftermile.doors.console.staff_only import console_page
from aftermile.insights.public import (
    COLUMNS,
    Accuracy,
    By,
    Of,
    ScoreRow,
    accuracy,
    choices,
    scorecard,
    total,
    week_of,
)
from aftermile.kernel.calendars import zone_of

#: How many weeks back, and how they are called.
_SPANS = {4: "4 weeks", 13: "13 weeks", 26: "26 weeks", 52: "a year"}
_USUAL_SPAN = 13
#: What the trade calls a good carrier; carriers that promise it in a contract promise 95 to 98.
_AGREED = (80, 85, 90, 92, 95, 97, 98, 99)
_USUALLY_AGREED = 95
#: More lines cannot be told apart, and more lanes nobody reads at a glance: the table has them all.
_MOST_LINES, _MOST_LANES = 6, 12
_HEAT_WEEKS = 13
#: A week with fewer promises says nothing by itself: it is not drawn, and not colored.
_FEW = 5
_STAGES = {
    "ordered": "When ordered",
    "handed_over": "Handed over",
    "in_transit": "On its way",
    "out_for_delivery": "Out for delivery",
}
_SOURCES = {"carrier": "Carrier", "model": "Our model", "rule": "Our rules"}
_HEADS = (
    "carrier", "service", "origin_country", "origin_region", "destination_country", "destination_region", "week",
    "promises_due", "kept", "broken", "came", "came_early", "came_in_window", "came_late", "days_order_to_door",
    "days_hand_over_to_door",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what cannot be read is what is usual."""

    of: Of
    span: int
    agreed: int
    carrier: str
    country: str

    def query(self, **changed: object) -> str:
        """Write the address's query, with changes; what is usual is left out."""
        values = {
            "weeks": self.span,
            "agreed": self.agreed,
            "carrier": self.carrier,
            "to": self.country,
        } | changed
        usual = {"weeks": _USUAL_SPAN, "agreed": _USUALLY_AGREED, "carrier": "", "to": ""}
        given = {name: value for name, value in values.items() if value != usual.get(name)}
        return f"?{urlencode(given)}" if given else "?"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    name: str
    url: str
    carrier: str
    promised: int
    kept: str
    between: str  # where chance alone leaves the share
    standing: Standing
    bullet: Bullet
    early: str
    late: str
    nine_of_ten: str
    door_days: str
    transit_days: str


@dataclass(frozen=True, slots=True)
class Cell:
    look: str  # a class of the sheet
    text: str
    told: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    name: str
    cells: tuple[Cell, ...]
    promised: int


@dataclass(frozen=True, slots=True)
class AccuracyRow:
    stage: str
    is_first: bool  # of its stage
    source: str
    estimates: int
    error: str
    bar: str  # length of its bar, percent
    tone: str
    bias: str
    covered: str
    width: str


@console_page(Permission.INSIGHTS_READ)
def scorecards(request: HttpRequest, desk: Desk) -> Page:
    """Show how carriers keep promises, and how our estimates and theirs held."""
    asked = _asked(request, desk)
    weeks = _weeks(asked.of)
    of_carriers = _by_carrier(scorecard(asked.of, By.CARRIER, By.WEEK))
    by_carrier = [total(rows, key=(carrier,)) for carrier, rows in sorted(of_carriers.items())]
    whole = total(by_carrier)
    hot = slipping(of_carriers)
    busiest = sorted(by_carrier, key=lambda row: -row.promised)[:_MOST_LINES]
    shown = asked.carrier or hot or (busiest[0].key[0] if busiest else "")
    carriers, countries = choices(asked.of)
    lanes = scorecard(asked.of, By.LANE)
    services = scorecard(asked.of, By.SERVICE)
    drawn = {
        words.carrier(row.key[0]) or "Unknown": _shares(of_carriers[row.key[0]], weeks)
        for row in busiest
        if row.promised
    }
    return Page(
        template="console/scorecards/scorecards.html",
        title=_title(hot, whole),
        place="scorecards",
        values={
            "has_any": bool(whole.promised or whole.came),
            "lead": _lead(whole, asked),
            "here": desk.url("console-scorecards"),
            "file": desk.url("console-scorecards-file") + asked.query(),
            "asked": asked,
            "spans": [(value, label, value == asked.span) for value, label in _SPANS.items()],
            "agreements": [(value, value == asked.agreed) for value in _AGREED],
            "carriers": [
                (slug, words.carrier(slug) or "Unknown", slug == asked.carrier) for slug in carriers
            ],
            "countries": [
                (code, words.country(code) or "Unknown", code == asked.country) for code in countries
            ],
            "rows": [_row(row, asked, desk) for row in sorted(by_carrier, key=lambda row: -row.promised)],
            "lines": lines(weeks, drawn, agreed=asked.agreed, hot=words.carrier(hot) if hot else None),
            "week_names": list(drawn),
            "week_rows": [
                (
                    f"{week:%b} {week.day}",
                    ["–" if shares[place] is None else f"{shares[place]:.0f}" for shares in drawn.values()],
                )
                for place, week in enumerate(weeks)
            ],
            "days_off": bars(whole.days_off),
            "heat_carrier": words.carrier(shown) or "Unknown",
            "heat_choices": [
                (words.carrier(row.key[0]) or "Unknown", asked.query(carrier=row.key[0]), row.key[0] == shown)
                for row in busiest
            ],
            "heat_weeks": [f"{week:%b} {week.day}" for week in weeks[-_HEAT_WEEKS:]],
            "few": _FEW,
            "heat": _heat(asked.of, shown, weeks[-_HEAT_WEEKS:]),
            "lanes": [
                _lane_row(row, asked, desk)
                for row in sorted(lanes, key=lambda row: -row.promised)[:_MOST_LANES]
            ],
            "lanes_shown": f"{_MOST_LANES} of {len(lanes):,}; the CSV has all"
            if len(lanes) > _MOST_LANES
            else "",
            "services": [
                _service_row(row, asked, desk)
                for row in sorted(services, key=lambda row: -row.promised)[:_MOST_LANES]
            ]
            if any(row.key[1] for row in services)
            else [],
            "accuracy": _accuracy(accuracy(asked.of, beside_carrier=False)),
            "accuracy_beside": _accuracy(accuracy(asked.of, beside_carrier=True)),
        },
        parts={"cards": "console/scorecards/_cards.html"},
    )


@console_page(Permission.INSIGHTS_READ)
def as_file(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Give every count behind the scorecards as CSV: one row per carrier, service, lane and week."""
    asked = _asked(request, desk)
    rows = scorecard(asked.of, By.LANE, By.SERVICE, By.WEEK)
    names = tuple(dict.fromkeys(name for by in (By.LANE, By.SERVICE, By.WEEK) for name in COLUMNS[by]))
    return csv_file(
        f"scorecards-{asked.of.first}-to-{asked.of.last + timedelta(days=6)}.csv",
        _HEADS,
        (_file_row(dict(zip(names, row.key, strict=True)), row) for row in rows),
    )


def _asked(request: HttpRequest, desk: Desk) -> Asked:
    given = request.GET
    span = _one_of(given.get("weeks", ""), _SPANS, _USUAL_SPAN)
    carrier, country = given.get("carrier", "")[:100], given.get("to", "")[:2].upper()
    last = week_of(desk.at.astimezone(zone_of(desk.merchant.time_zone)).date())
    of = Of(
        first=last - timedelta(weeks=span - 1),
        last=last,
        carrier=carrier or None,
        destination_country=country or None,
    )
    return Asked(of, span, _one_of(given.get("agreed", ""), _AGREED, _USUALLY_AGREED), carrier, country)


def _one_of(given: str, known: Mapping[int, str] | Sequence[int], usual: int) -> int:
    return int(given) if given.isdecimal() and len(given) < 4 and int(given) in known else usual


def _title(hot: str | None, whole: ScoreRow) -> str:
    if hot:
        return f"{words.carrier(hot)} is slipping"
    if whole.kept_share is None:
        return "Carriers"
    return f"Carriers keep {of_100(whole.kept_share)} of 100 promises"


def _lead(whole: ScoreRow, asked: Asked) -> str:
    if not whole.promised:
        return ""
    span = "In a year" if asked.span == 52 else f"In {asked.span} weeks"
    kept = (
        f"{span} {whole.kept:,} of {whole.promised:,} promises were kept, {of_100(whole.kept_share)} of 100."
    )
    late = whole.late_by(0.9)
    if late is None:
        return kept
    return f"{kept} Nine of ten parcels came {'by their last promised day' if late <= 0 else _at_most(late)}."


def _at_most(days: int) -> str:
    return f"at most {days} day{'' if days == 1 else 's'} after it"


def _row(row: ScoreRow, asked: Asked, desk: Desk) -> Row:
    slug = str(row.key[0])
    return _table_row(row, words.carrier(slug) or "Unknown", slug, asked, desk)


def _service_row(row: ScoreRow, asked: Asked, desk: Desk) -> Row:
    slug, service = (str(part) for part in row.key)
    return _table_row(row, service or "Not said", slug, asked, desk)


def _lane_row(row: ScoreRow, asked: Asked, desk: Desk) -> Row:
    slug, *lane = (str(part) for part in row.key)
    return _table_row(row, _lane(lane), slug, asked, desk)


def _table_row(row: ScoreRow, name: str, slug: str, asked: Asked, desk: Desk) -> Row:
    share = row.kept_share
    stands = standing(row, asked.agreed)
    nine = row.late_by(0.9)
    return Row(
        name=name,
        url=f"{desk.url('console-shipments')}?{urlencode({'carrier': slug})}" if slug else "",
        carrier=words.carrier(slug) or "Unknown",
        promised=row.promised,
        kept=of_100(share),
        between=f"{share.low * 100:.0f} to {share.high * 100:.0f}" if share else "",
        standing=stands,
        bullet=bullet(
            share.value * 100 if share else None, agreed=asked.agreed, tone=stands.tone.replace("ok", "calm")
        ),
        early=_part(row.early, row),
        late=_part(row.late, row),
        nine_of_ten="–" if nine is None else "in time" if nine <= 0 else f"+{nine} d",
        door_days=_days(row.door_days),
        transit_days=_days(row.transit_days),
    )


def _part(count: int, row: ScoreRow) -> str:
    came = row.early + row.in_window + row.late
    return f"{100 * count / came:.1f}" if came else "–"


def _days(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _lane(parts: Sequence[str]) -> str:
    start, end = _place(parts[0], parts[1]), _place(parts[2], parts[3])
    return f"{start} → {end}"


def _place(country: str, region: str) -> str:
    name = words.country(country) if country else "Unknown"
    return f"{name}, {region}" if region else name


def _weeks(of: Of) -> list[date]:
    return [of.first + timedelta(weeks=n) for n in range((of.last - of.first).days // 7 + 1)]


def _by_carrier(rows: Sequence[ScoreRow]) -> dict[str, list[ScoreRow]]:
    found: defaultdict[str, list[ScoreRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.key[1]):
        found[row.key[0]].append(row)
    return found


def _shares(rows: Sequence[ScoreRow], weeks: Sequence[date]) -> list[float | None]:
    shares = {row.key[-1]: row.kept_share for row in rows if row.promised >= _FEW}
    return [share.value * 100 if (share := shares.get(week)) else None for week in weeks]


def _heat(of: Of, carrier: str, weeks: Sequence[date]) -> list[HeatRow]:
    narrowed = Of(first=weeks[0], last=of.last, carrier=carrier, destination_country=of.destination_country)
    lanes: defaultdict[tuple[str, ...], dict[date, ScoreRow]] = defaultdict(dict)
    for row in scorecard(narrowed, By.LANE, By.WEEK):
        _, *lane, week = row.key
        lanes[tuple(lane)][week] = row
    rows = [
        HeatRow(
            _lane(lane),
            tuple(_cell(of_weeks.get(week)) for week in weeks),
            sum(row.promised for row in of_weeks.values()),
        )
        for lane, of_weeks in lanes.items()
    ]
    return sorted((row for row in rows if row.promised), key=lambda row: -row.promised)[:_MOST_LANES]


def _cell(row: ScoreRow | None) -> Cell:
    if row is None or row.kept_share is None:
        return Cell("", "", "nothing due")
    share = row.kept_share.value * 100
    look = "h1" if share >= 95 else "h2" if share >= 90 else "h3" if share >= 80 else "h4"
    look = look if row.promised >= _FEW else "few"
    return Cell(look, of_100(row.kept_share).split(".")[0], f"{row.kept} of {row.promised} kept")


def _accuracy(found: Sequence[Accuracy]) -> list[AccuracyRow]:
    most = max((row.mean_absolute_error for row in found), default=0.0) or 1.0
    seen: set[str] = set()
    told = []
    for row in found:
        told.append(
            AccuracyRow(
                stage=_STAGES.get(row.stage, words.spelled(row.stage)),
                is_first=row.stage not in seen,
                source=_SOURCES.get(row.source, words.spelled(row.source)),
                estimates=row.estimates,
                error=f"{row.mean_absolute_error:.1f}",
                bar=f"{100 * row.mean_absolute_error / most:.1f}%",
                tone="calm" if row.source == "carrier" else "accent",
                bias=_bias(row.bias),
                covered=f"{row.covered.value * 100:.0f}",
                width=f"{row.width:.1f}",
            )
        )
        seen.add(row.stage)
    return told


def _bias(days: float) -> str:
    if abs(days) < 0.05:
        return "none"
    return f"{abs(days):.1f} {'later' if days > 0 else 'earlier'}"


def _file_row(key: Mapping[str, Any], row: ScoreRow) -> list[object]:
    return [
        *(key[name] for name in _HEADS[:7]),
        row.promised, row.kept, row.broken, row.came, row.early, row.in_window, row.late,
        _days(row.door_days).replace("–", ""), _days(row.transit_days).replace("–", ""),
    ]  # fmt: skip


urls = [
    path("scorecards/", scorecards, name="console-scorecards"),
    path("scorecards/file/", as_file, name="console-scorecards-file"),
]
