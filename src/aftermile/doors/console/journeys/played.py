"""What a journey would have done, as staff see it: in figures, by day, and shopper by shopper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from aftermile.capabilities.journeys.public import Played, PlayedMessage
from aftermile.capabilities.messaging.public import Decision, Touchpoint, say_check
from aftermile.capabilities.orders.public import orders
from aftermile.capabilities.shoppers.public import shopper_summaries
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.journeys.standing import left_for
from aftermile.doors.console.messages_told import REASONS
from aftermile.kernel.ids import public_id

_HEIGHT, _BAR, _GAP = 100, 10, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The figures of a play."""

    entered: int
    held_out: int
    waiting: int
    finished: int
    left: tuple[tuple[str, int], ...]
    sent: int
    withheld: tuple[tuple[str, int], ...]
    is_cut_off: bool
    events: int

    @property
    def withheld_count(self) -> int:
        return sum(count for _, count in self.withheld)

    @property
    def left_count(self) -> int:
        return sum(count for _, count in self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One day: who would have entered, what would have been sent or not; and its bars in the drawing's own units."""

    day: date
    entered: int
    sent: int
    withheld: int
    x: int
    sent_y: float
    sent_height: float
    withheld_y: float
    withheld_height: float
    entered_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """Who would have got what, when; or why not."""

    name: str
    shopper_url: str
    orders: tuple[tuple[str, str], ...]
    title: str
    at: datetime
    tone: str
    word: str
    why: str


def summary(played: Played) -> Summary:
    """Count what a play came to."""
    withheld: dict[str, int] = {}
    for each in played.messages:
        reason = each.verdict.reason
        if reason is not None:
            said = next((words for name, words in REASONS.items() if name == reason), str(reason))
            withheld[said] = withheld.get(said, 0) + 1
    return Summary(
        entered=len(played.entered),
        held_out=played.held_out,
        waiting=played.waiting,
        finished=played.ended.get("done", 0),
        left=tuple(
            (left_for(reason), count) for reason, count in sorted(played.ended.items()) if reason != "done"
        ),
        sent=sum(_goes_out(each) for each in played.messages),
        withheld=tuple(sorted(withheld.items(), key=lambda each: -each[1])),
        is_cut_off=played.cut_off,
        events=played.events,
    )


def by_day(played: Played, zone: ZoneInfo) -> list[DayRow]:
    """Count a play by day of the shop, with the bars of its drawing."""
    entered: dict[date, int] = {}
    sent: dict[date, int] = {}
    withheld: dict[date, int] = {}
    for _, _, at in played.entered:
        _count(entered, at, zone)
    for each in played.messages:
        goes_out = _goes_out(each)
        _count(sent if goes_out else withheld, each.verdict.at if goes_out else each.asked_at, zone)
    first, last = played.since.astimezone(zone).date(), played.until.astimezone(zone).date()
    last = max([last, *sent])
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    most = max([1, *(max(entered.get(day, 0), sent.get(day, 0) + withheld.get(day, 0)) for day in days)])
    rows = []
    for n, day in enumerate(days):
        high = _HEIGHT * sent.get(day, 0) / most
        over = _HEIGHT * withheld.get(day, 0) / most
        rows.append(
            DayRow(
                day=day,
                entered=entered.get(day, 0),
                sent=sent.get(day, 0),
                withheld=withheld.get(day, 0),
                x=n * (_BAR + _GAP),
                sent_y=round(_HEIGHT - high, 1),
                sent_height=round(high, 1),
                withheld_y=round(_HEIGHT - high - over, 1),
                withheld_height=round(over, 1),
                entered_y=round(_HEIGHT - _HEIGHT * entered.get(day, 0) / most, 1),
            )
        )
    return rows


def chart_width(rows: Sequence[DayRow]) -> int:
    """Return how wide the drawing of days is."""
    return max(1, len(rows)) * (_BAR + _GAP)


def letters(messages: Sequence[PlayedMessage], desk: Desk, known: dict[str, Touchpoint]) -> list[LetterRow]:
    """Write the messages of a play as lines: a constant number of statements."""
    people = shopper_summaries({each.shopper_id for each in messages}) if messages else {}
    about = orders({order for each in messages for order in each.order_ids})

    def order_of(order_id: UUID) -> tuple[str, str] | None:
        found = about.get(order_id)
        if found is None:
            return None
        return found.number or "without a number", desk.url("console-order", public_id("ord", found.id))

    rows = []
    for each in messages:
        person = people.get(each.shopper_id)
        title = known[each.touchpoint].title if each.touchpoint in known else each.touchpoint
        goes_out, is_late = _goes_out(each), each.verdict.decision is not Decision.SEND
        reason = each.verdict.reason
        failed = next((check for check in each.verdict.checks if check.name == reason), None)
        rows.append(
            LetterRow(
                name=person.name if person else "",
                shopper_url=desk.url("console-shopper", public_id("shp", person.id)) if person else "",
                orders=tuple(said for order in each.order_ids if (said := order_of(order))),
                title=title,
                at=each.verdict.at if goes_out else each.asked_at,
                tone="watch" if not goes_out else "ok",
                word="Not sent" if not goes_out else "Sent, later" if is_late else "Sent",
                why=say_check(failed) if failed else "",
            )
        )
    return rows


def _goes_out(each: PlayedMessage) -> bool:
    return each.verdict.decision is not Decision.WITHHOLD


def _count(counted: dict[date, int], at: datetime, zone: ZoneInfo) -> None:
    day = at.astimezone(zone).date()
    counted[day] = counted.get(day, 0) + 1
