"""Reading what others wrote: JSON, XML and local times, with limits and without guessing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterable, Mapping
from datetime import UTC, date, datetime, time, tzinfo
from functools import cache
from importlib import resources
from typing import Any, TypeVar
from xml.etree.ElementTree import Element, ParseError
from zoneinfo import ZoneInfo

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from aftermile.connectors.contracts.facts import (
    Place,
    ScanTime,
    TimeBasis,
    TimePrecision,
    TrackingEventFact,
    UnknownWord,
)
from aftermile.connectors.contracts.sockets import Unreadable

MAX_DEPTH = 64
_STRINGS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")
# An escaped NUL, but not the text "u0000" after an escaped backslash.
_ESCAPED_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
# Scans outside these years are typing errors of the source (0001-01-01 and 9999-12-31 do occur).
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100


def read_json(body: bytes) -> Any:
    """Read a JSON body.

    :raises Unreadable: not UTF-8, not JSON, `NaN` or `Infinity`, a NUL, or nested deeper than `MAX_DEPTH`.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"not UTF-8 text (byte {error.start})") from None
    if _depth_exceeds(text, MAX_DEPTH):
        raise Unreadable(f"nested deeper than {MAX_DEPTH} levels")
    if "\\u0000" in text or "\x00" in text:
        # PostgreSQL's text and jsonb cannot hold it; nothing of meaning is lost.
        text = _ESCAPED_NUL.sub(r"\1", text).replace("\x00", "")
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from None


def read_json_object(body: bytes) -> dict[str, Any]:
    """Read a JSON body that must be an object.

    :raises Unreadable: see `read_json`; or something else than an object.
    """
    found = read_json(body)
    if not isinstance(found, dict):
        raise Unreadable("a JSON object was expected")
    return found


def read_xml(body: bytes) -> Element:
    """Read an XML body; entities, external references and document types with either are refused.

    :raises Unreadable: not XML, or XML of a kind that is refused.
    """
    try:
        root: Element = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise Unreadable(f"not readable XML: {error}") from None
    return root


def text(value: object) -> str:
    """Return a value as trimmed text; None and containers become ""."""
    if type(value) is str and value.isascii() and "\x00" not in value:  # nearly always, and read often
        return value.strip()
    if value is None or isinstance(value, (dict, list, bool)):
        return ""
    written = str(value).replace("\x00", "").strip()
    # Half of a surrogate pair is valid JSON, and nothing that stores UTF-8 takes it.
    return written if written.isascii() else written.encode("utf-8", "replace").decode("utf-8")


def items(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list, or the one object that stands where a list may stand."""
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        return [entry for entry in value if isinstance(entry, dict)]
    return []


Scan = TypeVar("Scan", dict[str, Any], Element)


def read_scans(
    scans: object, read: Callable[[Scan], TrackingEventFact], known: Container[str] = ()
) -> tuple[tuple[TrackingEventFact, ...], tuple[UnknownWord, ...]]:
    """Read a list of scans with `read`, so that an odd one costs only itself.

    `scans` is a list, or the one object that stands where a list may stand, or None. What cannot be read
    comes back as `UnknownWord(what="scan")` with the reason; a code that has no meaning and is not in
    `known` (where codes live that are known to move nothing) as `UnknownWord(what="status")`.
    """
    events: list[TrackingEventFact] = []
    unknown: list[UnknownWord] = []
    for scan in scans if isinstance(scans, list) else [] if scans is None else [scans]:
        if not isinstance(scan, (dict, Element)):
            unknown.append(UnknownWord(what="scan", word=f"a {type(scan).__name__} is no scan"))
            continue
        try:
            event = read(scan)  # type: ignore[arg-type]  # a list holds one kind: the reader knows which
        except MomentUnreadable as error:
            unknown.append(UnknownWord(what="scan", word=str(error)[:200]))
            continue
        events.append(event)
        if event.code and event.sub_status is None and event.code not in known:
            unknown.append(UnknownWord(what="status", word=event.code))
    return tuple(events), tuple(dict.fromkeys(unknown))


def section(value: object, *path: str) -> dict[str, Any]:
    """Walk nested objects; whatever is missing or of another kind reads as an empty object."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


# -- moments ---------------------------------------------------------------------------------------

_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}")


class MomentUnreadable(ValueError):
    """A text that is no moment, or one no parcel could have been scanned at."""


def scan_time(
    reported: object,
    *,
    place: Place | None = None,
    home_zone: str = "",
    formats: Iterable[str] = (),
) -> ScanTime:
    """Turn a carrier's written time into a true moment, the original kept.

    `reported` is ISO 8601 or one of the `strptime` `formats`; where date and time are separate fields,
    join them with a space. A stated offset is believed. Local time is read in the zone of the scan's
    place, else in the carrier's `home_zone`, else as UTC (`TimeBasis` tells which). A date alone is noon
    of that day, so that no zone moves it to another day.

    :raises MomentUnreadable: not a moment, or outside 1990 to 2100.
    """
    written = text(reported)
    moment, precision = _parse(written, tuple(formats))
    basis = TimeBasis.STATED
    if moment.tzinfo is None:
        zone, basis = _zone(place, home_zone)
        moment = moment.replace(tzinfo=zone)
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise MomentUnreadable(f"{written!r} is no believable time of a scan")
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return ScanTime(occurred_at=moment, reported=written, basis=basis, precision=precision)


def moment(reported: object, *, formats: Iterable[str] = ()) -> datetime | None:
    """Return a source's own timestamp in UTC; None when absent or unreadable. No offset reads as UTC."""
    written = text(reported)
    if not written:
        return None
    try:
        return scan_time(written, formats=formats).occurred_at
    except MomentUnreadable:
        return None


def day(reported: object, *, formats: Iterable[str] = ()) -> date | None:
    """Return the calendar day a text names, as written: a date stays a date. None when there is none."""
    written = text(reported)
    if not written:
        return None
    try:
        return _parse(written, tuple(formats))[0].date()
    except MomentUnreadable:
        return None


def _parse(written: str, formats: tuple[str, ...]) -> tuple[datetime, TimePrecision]:
    if not written:
        raise MomentUnreadable("no time is given")
    for form in formats:
        try:
            found = datetime.strptime(written, form)  # noqa: DTZ007 - its zone is settled by the caller
        except ValueError:
            continue
        only_day = not any(mark in form for mark in ("%H", "%I", "%X", "%c", "%T"))
        return (found.replace(hour=12), TimePrecision.DAY) if only_day else (found, TimePrecision.MOMENT)
    try:
        if _DAY.fullmatch(written):
            return datetime.combine(date.fromisoformat(written), time(12)), TimePrecision.DAY
        return datetime.fromisoformat(written), TimePrecision.MOMENT
    except ValueError:
        raise MomentUnreadable(f"{written!r} is no moment we can read") from None


def _zone(place: Place | None, home_zone: str) -> tuple[tzinfo, TimeBasis]:
    name = zone_of(place.country, place.state) if place else ""
    if name:
        return ZoneInfo(name), TimeBasis.PLACE
    if home_zone:
        return ZoneInfo(home_zone), TimeBasis.CARRIER
    return UTC, TimeBasis.ASSUMED


# Source: tz database `zone1970.tab` comments, and the states' own laws for those it lumps together.
# A state split between zones is given the zone of most of its people.
_STATE_ZONES: Mapping[str, Mapping[str, str]] = {
    "US": {
        **dict.fromkeys(
            "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV".split(), "America/New_York"
        ),
        **dict.fromkeys("AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI".split(), "America/Chicago"),
        **dict.fromkeys("CO ID MT NM UT WY".split(), "America/Denver"),
        **dict.fromkeys("CA NV OR WA".split(), "America/Los_Angeles"),
        "AZ": "America/Phoenix",
        "AK": "America/Anchorage",
        "HI": "Pacific/Honolulu",
        "PR": "America/Puerto_Rico",
    },
    "CA": {
        **dict.fromkeys("ON QC".split(), "America/Toronto"),
        **dict.fromkeys("NB NS PE".split(), "America/Halifax"),
        "NL": "America/St_Johns",
        "MB": "America/Winnipeg",
        "SK": "America/Regina",
        "AB": "America/Edmonton",
        "BC": "America/Vancouver",
        "YT": "America/Whitehorse",
        "NT": "America/Edmonton",
        "NU": "America/Iqaluit",
    },
    "AU": {
        "NSW": "Australia/Sydney",
        "ACT": "Australia/Sydney",
        "VIC": "Australia/Melbourne",
        "QLD": "Australia/Brisbane",
        "SA": "Australia/Adelaide",
        "WA": "Australia/Perth",
        "TAS": "Australia/Hobart",
        "NT": "Australia/Darwin",
    },
    "BR": {
        **dict.fromkeys(
            "AP PA TO MA PI CE RN PB PE AL SE BA MG ES RJ SP PR SC RS GO DF".split(), "America/Sao_Paulo"
        ),
        **dict.fromkeys("MT MS".split(), "America/Cuiaba"),
        **dict.fromkeys("AM RO RR".split(), "America/Manaus"),
        "AC": "America/Rio_Branco",
    },
}
# Countries with several zones of which one holds nearly all of the parcels (overseas parts aside).
_MAIN_ZONES = {
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
    "AR": "America/Argentina/Buenos_Aires",
    "VN": "Asia/Ho_Chi_Minh",
    "PS": "Asia/Hebron",
    "GL": "America/Nuuk",
}


def zone_of(country: str, state: str = "") -> str:
    """Return the IANA zone of a place, or "" when country and state do not settle it."""
    code = country.strip().upper()
    by_state = _STATE_ZONES.get(code)
    if by_state is not None:
        return by_state.get(state.strip().upper(), "")
    return _MAIN_ZONES.get(code) or _single_zones().get(code, "")


@cache
def _single_zones() -> Mapping[str, str]:
    """Countries with one zone, from the tz database that the `tzdata` package carries."""
    zones: dict[str, list[str]] = {}
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            code, _, name = line.split("\t")[:3]
            zones.setdefault(code, []).append(name)
    return {code: names[0] for code, names in zones.items() if len(names) == 1}


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)  # json.loads() would make one for each body


def _depth_exceeds(written: str, limit: int) -> bool:
    """Tell without parsing whether brackets outside strings nest deeper than `limit`."""
    if written.count("[") + written.count("{") <= limit:
        return False
    depth = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub("", written)):
        depth += 1 if bracket in "[{" else -1
        if depth > limit:
            return True
    return False
