"""Write the folder of a new carrier: small, working, and passing the conformance suite at once."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template


class BadSlug(ValueError):
    """A slug that could not be a connector's. The message says what one looks like."""


class FolderTaken(FileExistsError):
    """The folder to be written exists already."""


def scaffold_carrier(slug: str, name: str, into: Path, tests_into: Path | None = None) -> list[Path]:
    """Write a new carrier's folder below `into`, and a test below `tests_into` if given; return the files.

    The reader understands a plain JSON answer (see its `samples.py`), so that everything passes before
    anything is changed. Nothing else needs touching: the registry finds the folder.

    :raises BadSlug: the slug is not lower case words joined by dashes, or the name has no letter.
    :raises FolderTaken: the carrier's folder or its test exists already; nothing is written.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", slug):
        raise BadSlug(f"{slug!r} is no slug: use lower case words joined by dashes, such as 'canada-post'")
    shown = " ".join(name.split())
    if not any(letter.isalpha() for letter in shown) or set(shown) & set('"\\'):
        raise BadSlug(f"{name!r} is no carrier's name")
    package = slug.replace("-", "_")
    files = {into / package / path: text for path, text in _FILES.items()}
    if tests_into is not None:
        files[tests_into / f"test_{package}.py"] = _TEST
    for path in (into / package, *files):
        if path.exists():
            raise FolderTaken(f"{path} exists already")
    words = {"slug": slug, "package": package, "name": shown}
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(text).substitute(words), encoding="utf-8")
    return sorted(files)


_INIT = '''\
"""$name: which API, which version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import quote

from aftermile.connectors.carriers.$package.reader import translate
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    CredentialField,
    OutboundRequest,
    Poll,
    PollLimits,
)


def _request(numbers: Sequence[str], credentials: Mapping[str, str], token: str) -> OutboundRequest:
    del token  # only carriers with `authorize` have one
    return OutboundRequest(
        method="GET",
        url=f"https://api.example.com/parcels/{quote(numbers[0], safe='')}",
        headers={"Authorization": f"Bearer {credentials['api_key']}", "Accept": "application/json"},
    )


connector = Connector(
    slug="$slug",
    name="$name",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    credentials=(CredentialField(name="api_key", label="API key"),),
    poll=Poll(
        request=_request,
        limits=PollLimits(numbers_per_request=1, requests_per_minute=30, every=timedelta(hours=2)),
    ),
    setup=("Say here where the operator finds the API key.",),
    home_time_zone="",
    website="",
)
'''

_STATUS = '''\
"""What $name's codes mean.

Source: name the carrier's document here, with its version.
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.words import SubStatus

# `None`: known, and moves nothing.
BY_EVENT: Mapping[str, SubStatus | None] = {
    "ANNOUNCED": SubStatus.LABEL_CREATED,
    "ACCEPTED": SubStatus.ACCEPTED,
    "SORTED": SubStatus.ARRIVED_AT_FACILITY,
    "OUT_FOR_DELIVERY": SubStatus.OUT_FOR_DELIVERY,
    "DELIVERED": SubStatus.DELIVERED,
    "NOTE": None,
}
UNMOVING = frozenset(code for code, word in BY_EVENT.items() if word is None)

PROBLEMS: Mapping[str, ProblemKind] = {
    "not_found": ProblemKind.NOT_FOUND,
    "unauthorized": ProblemKind.UNAUTHORIZED,
}
'''

_READER = '''\
"""Read $name's tracking answers."""

from __future__ import annotations

from typing import Any

from aftermile.connectors.carriers.$package import status
from aftermile.connectors.contracts.countries import country_code
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    Place,
    ProblemKind,
    TrackingEventFact,
    TrackingReport,
    Translation,
)
from aftermile.connectors.contracts.reading import (
    items,
    read_json_object,
    read_scans,
    scan_time,
    section,
    text,
)
from aftermile.connectors.contracts.sockets import RawRecord, Unreadable


def translate(record: RawRecord) -> Translation:
    """Read one answer: any number of parcels, or an error.

    :raises Unreadable: not JSON, or neither parcels nor an error in it.
    """
    answer = read_json_object(record.body)
    error = section(answer, "error")
    if error:
        code = text(error.get("code"))
        kind = status.PROBLEMS.get(code, ProblemKind.OTHER)
        problem = CarrierProblem(kind=kind, code=code, message=text(error.get("message")))
        return Translation(problems=(problem,))
    parcels = [parcel for parcel in items(answer.get("parcels")) if text(parcel.get("number"))]
    if not parcels:
        raise Unreadable("neither parcels nor an error is in it")
    read = [_parcel(parcel) for parcel in parcels]
    return Translation(
        facts=tuple(translation.facts[0] for translation in read),
        unknown=tuple(word for translation in read for word in translation.unknown),
    )


def _parcel(parcel: dict[str, Any]) -> Translation:
    events, unknown = read_scans(parcel.get("scans"), _scan, status.UNMOVING)
    number = text(parcel.get("number"))
    report = TrackingReport(tracking_number=number, carrier="$slug", events=events)
    return Translation(facts=(report,), unknown=unknown)


def _scan(scan: dict[str, Any]) -> TrackingEventFact:
    place = Place(city=text(scan.get("city")), country=country_code(scan.get("country")))
    code = text(scan.get("code"))
    return TrackingEventFact(
        time=scan_time(scan.get("at"), place=place),
        code=code,
        description=text(scan.get("text")),
        sub_status=status.BY_EVENT.get(code),
        place=place,
    )
'''

_SAMPLES = '''\
"""One parcel, as $name would tell it. Write payloads of your own; never paste in captured ones."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer=b"""{"parcels": [{"number": "X0000000001", "scans": [
      {"at": "2026-03-06T08:05:00+01:00", "code": "OUT_FOR_DELIVERY", "text": "Out", "city": "Graz", "country": "AT"},
      {"at": "2026-03-05T21:30:00+01:00", "code": "SORTED", "text": "Sorted", "city": "Wien", "country": "AT"},
      {"at": "2026-03-05T16:20:00", "code": "ACCEPTED", "text": "Accepted", "city": "Linz", "country": "AT"}]}]}""",
    scans="parcels/0/scans",
    code=("code",),
    moment=("at",),
    description="text",
    place="city",
    errors={
        ProblemKind.NOT_FOUND: b\'{"error": {"code": "not_found", "message": "No such parcel"}}\',
        ProblemKind.UNAUTHORIZED: b\'{"error": {"code": "unauthorized", "message": "Key refused"}}\',
    },
)
'''

_README = """\
# $name

Reads answers of the tracking API, one number a request. Say here which endpoint and version.

Sources: name the carrier's documents.

Quirks

- Say what surprised you: how times are written, which codes mislead, how "not found" is answered.
"""

_TEST = '''\
"""What is special about $name. The conformance suite tests the rest."""

from __future__ import annotations

from datetime import UTC, datetime

from aftermile.connectors.carriers.$package import connector
from aftermile.connectors.carriers.$package.samples import samples
from aftermile.connectors.contracts.facts import TrackingReport
from aftermile.connectors.contracts.sockets import RawRecord


def test_local_time_is_read_where_it_was_written() -> None:
    record = RawRecord(kind="", body=samples.answer, received_at=datetime(2026, 3, 7, tzinfo=UTC))

    (report,) = connector.translate(record).facts

    assert isinstance(report, TrackingReport)
    assert min(event.time.occurred_at for event in report.events) == datetime(2026, 3, 5, 15, 20, tzinfo=UTC)
'''

_FILES = {
    Path("__init__.py"): _INIT,
    Path("status.py"): _STATUS,
    Path("reader.py"): _READER,
    Path("samples.py"): _SAMPLES,
    Path("README.md"): _README,
}
