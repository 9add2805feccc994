"""Tables as they are kept and edited: rows of plain values, read into the plan; what is wrong is said by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, TypeVar

from aftermile.capabilities.shipping.areas import Area
from aftermile.capabilities.shipping.plan import (
    CarrierWeek,
    Kind,
    Method,
    Origin,
    Peak,
    Rate,
    ReturnTerms,
    ShippingPlan,
    Table,
    Transit,
    Zone,
)
from aftermile.kernel.calendars import CalendarUnknown, zone_of
from aftermile.kernel.errors import Invalid
from aftermile.kernel.languages import LANGUAGES
from aftermile.kernel.money import LARGEST_AMOUNT_MINOR
from aftermile.kernel.working_calendar import MOST_PROCESSING_DAYS, USUAL_WEEK, Span

Row = Mapping[str, Any]
T = TypeVar("T")

MOST_ROWS = 2_000
MOST_AREAS = 300
MOST_METHODS = 50
MOST_TRANSIT_DAYS = 120
MOST_EXTRA_DAYS = 60
MOST_RETURN_DAYS = 3_650
LONGEST_NAME = 80
LONGEST_RETURN_TEXT = 300
HEAVIEST_GRAMS = 100_000_000
LONGEST_SPAN_DAYS = 366
_MASK = re.compile(r"[01]{7}")
_KEY = re.compile(r"[^a-z0-9]+")


class ShippingTableUnreadable(Invalid):
    """A table that cannot be kept; `details` says by row, counted from 0, and column what is wrong: `3.name`."""

    code = "shipping_table_unreadable"
    message = "Some cells cannot be kept; see what is said beside each of them."


@dataclass(slots=True)
class _Cells:
    """The cells of one row, read one after the other; what is wrong is gathered."""

    place: int
    row: Row
    problems: dict[str, str]
    used: set[str] = field(default_factory=set)

    def text(self, name: str, *, longest: int = LONGEST_NAME, required: str = "") -> str:
        given = self.row.get(name) or ""
        if not isinstance(given, str):
            return self._wrong(name, "Write a text.", "")
        given = " ".join(given.split())
        if len(given) > longest:
            return self._wrong(name, f"At most {longest} letters.", "")
        return self._wrong(name, required, "") if required and not given else given

    def number(
        self, name: str, least: int, most: int, *, said: str = "", required: bool = False
    ) -> int | None:
        given = self.row.get(name)
        if given in (None, ""):
            return self._wrong(name, f"Give {said or 'a number'}.", None) if required else None
        if isinstance(given, bool) or not isinstance(given, int):
            return self._wrong(
                name, f"“{str(given)[:20]}” is no {said.removeprefix('a ') or 'whole number'}.", None
            )
        if not least <= given <= most:
            return self._wrong(
                name, f"Give {least} to {most}." if most < 10**6 else f"Not below {least}.", None
            )
        return given

    def one_of(self, name: str, known: Iterable[str], *, said: str) -> str:
        given = self.text(name)
        return (
            given if not given or given in known else self._wrong(name, f"“{given[:40]}” is no {said}.", "")
        )

    def areas(self, name: str, *, required: bool = True) -> tuple[Area, ...]:
        """Read areas as a text with commas, or a list of texts."""
        given = self.row.get(name) or ""
        parts = (
            given.replace(";", ",").replace("\n", ",").split(",") if isinstance(given, str) else list(given)
        )
        written = [part.strip() for part in parts if isinstance(part, str) and part.strip()]
        if len(written) > MOST_AREAS:
            return self._wrong(name, f"At most {MOST_AREAS} areas.", ())
        if not written:
            return self._wrong(name, "Name countries, such as DE, AT.", ()) if required else ()
        try:
            return tuple(dict.fromkeys(Area.read(each) for each in written))
        except ValueError as problem:
            return self._wrong(name, str(problem), ())

    def day(self, name: str) -> date | None:
        given = self.row.get(name)
        try:
            found = given if isinstance(given, date) else date.fromisoformat(str(given or ""))
            return found if 2000 <= found.year <= 2100 else self._wrong(name, "Between 2000 and 2100.", None)
        except ValueError:
            return self._wrong(name, "Give a day.", None)

    def by_language(self, name: str) -> Mapping[str, str]:
        """Read one text for each language; those without a text are left out."""
        given = self.row.get(name) or {}
        if not isinstance(given, Mapping):
            return self._wrong(name, "Write a text for each language.", {})
        strange = next((code for code in given if code not in LANGUAGES), None)
        if strange is not None:
            known = ", ".join(LANGUAGES)
            return self._wrong(
                name, f"“{str(strange)[:20]}” is no language of shoppers; write one of {known}: its name.", {}
            )
        cells = _Cells(self.place, given, {})
        texts = {code: cells.text(code) for code in LANGUAGES if code in given}
        for problem in cells.problems.values():
            return self._wrong(name, problem, {})
        return {code: text for code, text in texts.items() if text}

    def week(self, name: str) -> str:
        given = self.row.get(name, USUAL_WEEK)
        if not isinstance(given, str) or not _MASK.fullmatch(given) or "1" not in given:
            return self._wrong(name, "Choose at least one day.", USUAL_WEEK)
        return given

    def time(self, name: str) -> time | None:
        given = self.text(name)
        try:
            return time.fromisoformat(given).replace(second=0, microsecond=0, tzinfo=None) if given else None
        except ValueError:
            return self._wrong(name, "Write a time such as 15:00.", None)

    def time_zone(self, name: str) -> str:
        given = self.text(name)
        try:
            return zone_of(given).key if given else ""
        except CalendarUnknown:
            return self._wrong(name, "Write a time zone such as Europe/Berlin.", "")

    def spans(self, name: str) -> tuple[Span, ...]:
        """Read days as lists of first, last and note."""
        try:
            found = tuple(
                Span(date.fromisoformat(first), date.fromisoformat(last), str(note)[:100])
                for first, last, note in self.row.get(name) or ()
            )
        except (ValueError, TypeError):
            return self._wrong(name, "Write days such as 2026-12-24, several with commas.", ())
        if (
            any(not 0 <= (span.last - span.first).days < LONGEST_SPAN_DAYS for span in found)
            or len(found) > 100
        ):
            return self._wrong(name, "Each from a first to a last day, within a year; at most 100.", ())
        return found

    def _wrong(self, name: str, problem: str, instead: T) -> T:
        self.problems.setdefault(f"{self.place}.{name}", problem)
        return instead

    def wrong(self, name: str, problem: str) -> None:
        self._wrong(name, problem, None)


@dataclass(frozen=True, slots=True)
class Known:
    """What other tables have that a table names."""

    methods: frozenset[str] = frozenset()
    zones: Mapping[str, Zone] = field(default_factory=dict)


def read_plan(tables: Mapping[Table, Sequence[Row]]) -> ShippingPlan:
    """Read all tables as they are kept.

    A line that names what another table no longer has is left out: `check_table` does not let it come to that.
    """
    problems: dict[str, str] = {}
    zones = {zone.key: zone for zone in _zones(tables.get(Table.ZONES, ()), Known(), problems)}
    methods = tuple(_methods(tables.get(Table.METHODS, ()), Known(), problems))
    known = Known(frozenset(each.key for each in methods), zones)
    returns = _returns(tables.get(Table.RETURNS, ()), known, problems)
    return ShippingPlan(
        methods=methods,
        zones=tuple(zones.values()),
        rates=tuple(_rates(tables.get(Table.RATES, ()), known, problems)),
        transit=tuple(_transit(tables.get(Table.TRANSIT, ()), known, problems)),
        carriers=tuple(_carriers(tables.get(Table.CARRIERS, ()), known, problems)),
        peaks=tuple(_peaks(tables.get(Table.PEAKS, ()), known, problems)),
        origins=tuple(_origins(tables.get(Table.ORIGINS, ()), known, problems)),
        returns=returns[0] if returns else ReturnTerms(),
    )


def check_table(table: Table, rows: Sequence[Row], plan: ShippingPlan) -> list[dict[str, Any]]:
    """Make sure that a table can be kept beside the others, and return its rows as they are kept.

    Rows of methods and zones that have no key get one, made of their names.

    :raises ShippingTableUnreadable: `details` says by row and column what is wrong.
    """
    if len(rows) > (MOST_METHODS if table is Table.METHODS else MOST_ROWS):
        most = MOST_METHODS if table is Table.METHODS else MOST_ROWS
        raise ShippingTableUnreadable(details={"": f"At most {most} rows can be kept."})
    if table in (Table.METHODS, Table.ZONES):
        rows = _with_keys(rows)
    known = Known(frozenset(each.key for each in plan.methods), {zone.key: zone for zone in plan.zones})
    problems: dict[str, str] = {}
    read = _READERS[table](rows, known, problems)
    if not problems:
        _check_whole(table, read, plan, problems)
    if problems:
        raise ShippingTableUnreadable(details=dict(problems))
    return [_kept(each) for each in read]


def _check_whole(table: Table, read: Sequence[Any], plan: ShippingPlan, problems: dict[str, str]) -> None:
    """Find what single cells do not show: names twice, lines of other tables that would hang in the air."""
    if table in (Table.METHODS, Table.ZONES):
        names: set[str] = set()
        for place, each in enumerate(read):
            if each.name.casefold() in names:
                problems[f"{place}.name"] = f"“{each.name}” stands here twice."
            names.add(each.name.casefold())
        keys = {each.key for each in read}
        if table is Table.METHODS:
            gone = {rate.method for rate in plan.rates} - keys - {""}
            named = {each.key: each.name for each in plan.methods}
        else:
            gone = (
                ({rate.zone for rate in plan.rates} | {line.to_zone for line in plan.transit}) - keys - {""}
            )
            named = {each.key: each.name for each in plan.zones}
        if gone:
            said = ", ".join(sorted(named.get(key, key) for key in gone))
            problems[""] = f"{said}: rates or transit times still name it. Take those lines away first."


def _with_keys(given: Sequence[Row]) -> list[dict[str, Any]]:
    rows = [dict(row) for row in given]
    taken = {str(row.get("key") or "") for row in rows} - {""}
    seen: set[str] = set()
    for row in rows:
        key = str(row.get("key") or "")
        if not key or key in seen:
            stem = _KEY.sub("-", str(row.get("name") or "").casefold()).strip("-")[:40] or "row"
            key, count = stem, 1
            while key in taken:
                count += 1
                key = f"{stem}-{count}"
            taken.add(key)
        seen.add(key)
        row["key"] = key
    return rows


def _methods(rows: Sequence[Row], _known: Known, problems: dict[str, str]) -> list[Method]:
    found = []
    for place, row in enumerate(rows):
        cells = _Cells(place, row, problems)
        kind = cells.one_of("kind", tuple(Kind), said="kind of method") or Kind.DELIVERY
        found.append(
            Method(
                key=cells.text("key"),
                name=cells.text("name", required="Give the name that shoppers see."),
                kind=Kind(kind),
                carrier=cells.text("carrier").lower(),
                service=cells.text("service"),
                is_active=bool(row.get("is_active", True)),
                names=cells.by_language("names"),
            )
        )
    return found


def _zones(rows: Sequence[Row], _known: Known, problems: dict[str, str]) -> list[Zone]:
    found = []
    for place, row in enumerate(rows):
        cells = _Cells(place, row, problems)
        name = cells.text("name", required="Give the zone a name.")
        found.append(Zone(key=cells.text("key"), name=name, areas=cells.areas("areas")))
    return found


def _rates(rows: Sequence[Row], known: Known, problems: dict[str, str]) -> list[Rate]:
    found = []
    for place, row in enumerate(rows):
        cells = _Cells(place, row, problems)
        amounts = {
            name: cells.number(name, 0, LARGEST_AMOUNT_MINOR, said="amount such as 4.90")
            for name in ("value_from_minor", "value_to_minor", "price_minor", "free_from_minor")
        }
        weights = {
            name: cells.number(name, 0, HEAVIEST_GRAMS, said="weight such as 2.5")
            for name in ("weight_from_grams", "weight_to_grams")
        }
        for what, unit in (("weight", "grams"), ("value", "minor")):
            bounds = {**amounts, **weights}
            least, most = bounds[f"{what}_from_{unit}"], bounds[f"{what}_to_{unit}"]
            if least is not None and most is not None and most < least:
                cells.wrong(f"{what}_to_{unit}", "Ends before it begins.")
        if amounts["free_from_minor"] is not None and amounts["price_minor"] is None:
            cells.wrong("price_minor", "Give the price below the threshold.")
        found.append(
            Rate(
                method=cells.one_of("method", known.methods, said="method of yours"),
                zone=cells.one_of("zone", known.zones, said="zone of yours"),
                tag=cells.text("tag"),
                **amounts,
                **weights,
            )
        )
    return found


def _transit(rows: Sequence[Row], known: Known, problems: dict[str, str]) -> list[Transit]:
    found = []
    for place, row in enumerate(rows):
        cells = _Cells(place, row, problems)
        to_zone = cells.one_of("to_zone", known.zones, said="zone of yours")
        areas = known.zones[to_zone].areas if to_zone else cells.areas("to")
        origins = cells.areas("origin", required=False)
        if len(origins) > 1:
            cells.wrong("origin", "One area, or none for any.")
        least = cells.number("least", 0, MOST_TRANSIT_DAYS, said="number of days", required=True)
        most = cells.number("most", 0, MOST_TRANSIT_DAYS, said="number of days", required=True)
        likely = cells.number("likely", 0, MOST_TRANSIT_DAYS, said="number of days")
        if least is None or most is None:
            continue
        if most < least:
            cells.wrong("most", "Ends before it begins.")
        if likely is None:
            likely = (least + most + 1) // 2
        elif not least <= likely <= most:
            cells.wrong("likely", "Lies outside its window.")
        found.append(
            Transit(
                carrier=cells.text("carrier").lower(),
                service=cells.text("service"),
                to_zone=to_zone,
                to=areas,
                origin=origins[0] if origins else Area(),
                least=least,
                likely=likely,
                most=most,
            )
        )
    return found


def _carriers(rows: Sequence[Row], _known: Known, problems: dict[str, str]) -> list[CarrierWeek]:
    found = []
    for place, row in enumerate(rows):
        cells = _Cells(place, row, problems)
        found.append(
            CarrierWeek(
                carrier=cells.text("carrier").lower(),
                service=cells.text("service"),
                weekmask=cells.week("weekmask"),
                observes_holidays=bool(row.get("observes_holidays", True)),
                closed=cells.spans("closed"),
            )
        )
    return found


def _peaks(rows: Sequence[Row], _known: Known, problems: dict[str, str]) -> list[Peak]:
    found = []
    for place, row in enumerate(rows):
        cells = _Cells(place, row, problems)
        first, last = cells.day("first"), cells.day("last")
        extra = cells.number("extra_days", 1, MOST_EXTRA_DAYS, said="number of days", required=True)
        note = cells.text("note", longest=100)
        if first is None or last is None or extra is None:
            continue
        if not 0 <= (last - first).days < LONGEST_SPAN_DAYS:
            cells.wrong("last", "Not before the first day, and within a year.")
        found.append(
            Peak(span=Span(first, last, note), extra_days=extra, carrier=cells.text("carrier").lower())
        )
    return found


def _origins(rows: Sequence[Row], _known: Known, problems: dict[str, str]) -> list[Origin]:
    found = []
    for place, row in enumerate(rows):
        cells = _Cells(place, row, problems)
        areas = cells.areas("area")
        if len(areas) > 1:
            cells.wrong("area", "One area a line.")
        found.append(
            Origin(
                area=areas[0] if areas else Area(),
                weekmask=cells.week("weekmask"),
                observes_holidays=bool(row.get("observes_holidays", True)),
                closed=cells.spans("closed"),
                cut_off=cells.time("cut_off"),
                processing_days=cells.number(
                    "processing_days", 0, MOST_PROCESSING_DAYS, said="number of days"
                ),
                time_zone=cells.time_zone("time_zone"),
            )
        )
    return found


def _returns(rows: Sequence[Row], _known: Known, problems: dict[str, str]) -> list[ReturnTerms]:
    found = []
    for place, row in enumerate(rows[:1]):
        cells = _Cells(place, row, problems)
        texts = _Cells(place, row.get("texts") or {}, problems)
        said = {code: texts.text(code, longest=LONGEST_RETURN_TEXT) for code in LANGUAGES}
        found.append(
            ReturnTerms(
                days=cells.number("days", 0, MOST_RETURN_DAYS, said="number of days"),
                is_free=bool(row.get("is_free")),
                texts={code: text for code, text in said.items() if text},
            )
        )
    return found


_READERS: dict[Table, Callable[[Sequence[Row], Known, dict[str, str]], Sequence[Any]]] = {
    Table.METHODS: _methods,
    Table.ZONES: _zones,
    Table.RATES: _rates,
    Table.TRANSIT: _transit,
    Table.CARRIERS: _carriers,
    Table.PEAKS: _peaks,
    Table.ORIGINS: _origins,
    Table.RETURNS: _returns,
}


def _kept(line: Any) -> dict[str, Any]:
    """Write a line as it is kept."""
    match line:
        case Zone():
            return {"key": line.key, "name": line.name, "areas": [area.written for area in line.areas]}
        case Transit():
            return {
                "carrier": line.carrier,
                "service": line.service,
                "to_zone": line.to_zone,
                "to": [] if line.to_zone else [area.written for area in line.to],
                "origin": [line.origin.written] if line.origin != Area() else [],
                "least": line.least,
                "likely": line.likely,
                "most": line.most,
            }
        case Peak():
            return {
                "first": str(line.span.first),
                "last": str(line.span.last),
                "extra_days": line.extra_days,
                "note": line.span.note,
                "carrier": line.carrier,
            }
        case CarrierWeek():
            return {
                "carrier": line.carrier,
                "service": line.service,
                "weekmask": line.weekmask,
                "observes_holidays": line.observes_holidays,
                "closed": [[str(span.first), str(span.last), span.note] for span in line.closed],
            }
        case Origin():
            return {
                "area": line.area.written,
                "weekmask": line.weekmask,
                "observes_holidays": line.observes_holidays,
                "closed": [[str(span.first), str(span.last), span.note] for span in line.closed],
                "cut_off": f"{line.cut_off:%H:%M}" if line.cut_off else "",
                "processing_days": line.processing_days,
                "time_zone": line.time_zone,
            }
        case ReturnTerms():
            return {"days": line.days, "is_free": line.is_free, "texts": dict(line.texts)}
        case Method():
            names = ("key", "name", "kind", "carrier", "service", "is_active")
            return {name: getattr(line, name) for name in names} | {"names": dict(line.names)}
        case _:
            return {name: getattr(line, name) for name in line.__dataclass_fields__}
