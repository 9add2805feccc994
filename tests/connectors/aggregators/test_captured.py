"""Captured exchanges with AfterShip and EasyPost: every tracking in them reads as it should."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import yaml

from aftermile.connectors.aggregators.aftership import connector as aftership
from aftermile.connectors.aggregators.easypost import connector as easypost
from aftermile.connectors.contracts.facts import ProblemKind, TrackingReport, Translation
from aftermile.connectors.contracts.sockets import Connector, Unreadable
from aftermile.connectors.contracts.words import Milestone
from tests.connectors.aggregators.records import record
from tests.connectors.folding import milestone_of
from tests.shared_data import shared_data

# Number, milestone, scans, first and last moment in UTC.
Parcel = tuple[str, Milestone, int, str, str]

_WAITING: Parcel = ("HH19260817", Milestone.PENDING, 0, "", "")
_OTHER: Parcel = ("19260817", Milestone.PENDING, 0, "", "")
_TO_SPAIN: Parcel = ("3SKAAG5995399", Milestone.IN_TRANSIT, 6, "2021-03-20T14:29:27", "2021-03-25T09:59:00")
_NEW: Parcel = ("3SKAAG5995399", Milestone.PENDING, 0, "", "")
_LAST_SCAN: Parcel = ("3SKAAG5995399", Milestone.IN_TRANSIT, 1, "2021-03-25T09:59:00", "2021-03-25T09:59:00")

AFTERSHIP: dict[str, tuple[Parcel, ...]] = {
    "TrackingTestCase.test_create_tracking": (_WAITING,),
    "TrackingTestCase.test_get_last_checkpoint": (_OTHER,),
    "TrackingTestCase.test_get_tracking": (_WAITING,),
    "TrackingTestCase.test_list_trackings": (_WAITING, _WAITING),
    "TrackingTestCase.test_retrack": (_OTHER,),
    "TrackingTestCase.test_update_tracking": (_OTHER,),
    "TrackingWithAdditionalFieldsTestCase.test_create_tracking": (_NEW,),
    "TrackingWithAdditionalFieldsTestCase.test_get_last_checkpoint": (_LAST_SCAN,),
    "TrackingWithAdditionalFieldsTestCase.test_get_tracking": (_TO_SPAIN, _TO_SPAIN),
    "TrackingWithAdditionalFieldsTestCase.test_get_tracking_by_id": (_TO_SPAIN,),
    "TrackingWithAdditionalFieldsTestCase.test_update_tracking": (_TO_SPAIN,),
}


def _announced(number: str, first: str, last: str) -> Parcel:
    return (number, Milestone.INFO_RECEIVED, 2, first, last)


def _test_parcel(first: str, last: str) -> Parcel:
    return _announced("EZ1000000001", first, last)


EASYPOST: dict[str, tuple[Parcel, ...]] = {
    "test_claim_cancel": (
        ("9400100208303109500683", Milestone.PENDING, 0, "", ""),
        _announced("9400100208303109500683", "2025-02-06T19:48:03", "2025-02-07T08:25:03"),
    ),
    "test_claim_create": (
        ("9400100208303109500669", Milestone.PENDING, 0, "", ""),
        _announced("9400100208303109500669", "2025-02-06T19:47:57", "2025-02-07T08:24:57"),
    ),
    "test_claim_retrieve": (
        ("9400100208303109500676", Milestone.PENDING, 0, "", ""),
        _announced("9400100208303109500676", "2025-02-06T19:48:00", "2025-02-07T08:25:00"),
    ),
    "test_tracker_all": (
        _announced("9400100208303109500782", "2025-02-06T19:48:46", "2025-02-07T08:25:46"),
        _announced("9400100208303109500775", "2025-02-06T19:48:43", "2025-02-07T08:25:43"),
        _announced("9400100208303109500768", "2025-02-06T19:48:38", "2025-02-07T08:25:38"),
        _announced("9400100208303109500751", "2025-02-06T19:48:37", "2025-02-07T08:25:37"),
        _announced("9400100208303109500744", "2025-02-06T19:48:35", "2025-02-07T08:25:35"),
    ),
    "test_tracker_create": (_test_parcel("2025-02-06T19:48:26", "2025-02-07T08:25:26"),),
    "test_tracker_delete": (_test_parcel("2025-10-05T21:59:07", "2025-10-06T10:36:07"),),
    "test_tracker_get_next_page": (
        _announced("9400100208303109500782", "2025-02-06T19:48:46", "2025-02-07T08:25:46"),
        _announced("9400100208303109500775", "2025-02-06T19:48:43", "2025-02-07T08:25:43"),
        _announced("9400100208303109500768", "2025-02-06T19:48:38", "2025-02-07T08:25:38"),
        _announced("9400100208303109500751", "2025-02-06T19:48:37", "2025-02-07T08:25:37"),
        _announced("9400100208303109500744", "2025-02-06T19:48:35", "2025-02-07T08:25:35"),
        _announced("9400100208303109500737", "2025-02-06T19:48:34", "2025-02-07T08:25:34"),
        _announced("9400100208303109500720", "2025-02-06T19:48:32", "2025-02-07T08:25:32"),
        _announced("9400100208303109500713", "2025-02-06T19:48:30", "2025-02-07T08:25:30"),
        _announced("9434600208303109492683", "2025-02-06T19:48:30", "2025-02-07T08:25:30"),
        _test_parcel("2025-02-06T19:48:26", "2025-02-07T08:25:26"),
    ),
    "test_tracker_retrieve": (
        _test_parcel("2025-02-06T19:48:26", "2025-02-07T08:25:26"),
        _test_parcel("2025-02-06T19:48:26", "2025-02-07T08:25:26"),
    ),
    "test_tracker_retrieve_batch": (
        _test_parcel("2025-10-05T21:59:07", "2025-10-06T10:36:07"),
        _test_parcel("2025-10-05T21:59:07", "2025-10-06T10:36:07"),
    ),
}


def answers(source: str, name: str) -> Iterator[bytes]:
    cassette = yaml.safe_load(shared_data("carriers", source, f"{name}.yaml").read_text("utf-8"))
    for exchange in cassette["interactions"]:
        body = exchange["response"]["body"]["string"]
        raw = body.encode() if isinstance(body, str) else body
        yield gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw


def read(connector: Connector, name: str) -> list[Translation]:
    return [connector.translate(record(body)) for body in answers(connector.slug, name)]


def parcel(report: TrackingReport) -> Parcel:
    moments = sorted(event.time.occurred_at for event in report.events)
    return (
        report.tracking_number,
        milestone_of(report.events, report.summary),
        len(moments),
        _written(moments[0]) if moments else "",
        _written(moments[-1]) if moments else "",
    )


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat()


def parcels(translations: list[Translation]) -> tuple[Parcel, ...]:
    return tuple(
        parcel(fact) for found in translations for fact in found.facts if isinstance(fact, TrackingReport)
    )


@pytest.mark.parametrize("name", AFTERSHIP)
def test_aftership(name: str) -> None:
    found = read(aftership, name)
    assert parcels(found) == AFTERSHIP[name]
    assert [problem for translation in found for problem in translation.problems] == []
    assert {word.what for translation in found for word in translation.unknown} <= {"carrier"}


@pytest.mark.parametrize("name", EASYPOST)
def test_easypost(name: str) -> None:
    found = read(easypost, name)
    assert parcels(found) == EASYPOST[name]
    assert {word.what for translation in found for word in translation.unknown} <= {"topic"}


def test_every_captured_exchange_is_read_and_no_tracking_is_missed() -> None:
    for connector, expected in ((aftership, AFTERSHIP), (easypost, EASYPOST)):
        for file in sorted(shared_data("carriers", connector.slug).glob("*.yaml")):
            if file.stem in expected or "internal_error" in file.stem:
                continue
            assert parcels(read(connector, file.stem)) == (), file.stem


def test_an_aftership_parcel_comes_with_carrier_places_and_weight() -> None:
    (found,) = read(aftership, "TrackingWithAdditionalFieldsTestCase.test_get_tracking_by_id")
    (report,) = found.facts
    assert isinstance(report, TrackingReport)
    assert (report.carrier, report.carrier_name, report.weight_grams) == ("postnl", "postnl-3s", 1160)
    assert [event.place.country for event in report.events] == ["", "", "NL", "NL", "NL", "ES"]
    assert report.destination is not None
    assert report.destination.country == "ES"


def test_offset_and_utc_renderings_of_the_same_scans_are_the_same_moments() -> None:
    offset, utc = (
        read(aftership, f"TrackingWithAdditionalFieldsTestCase.{name}")[0].facts[0]
        for name in ("test_get_tracking_by_id", "test_update_tracking")
    )
    assert isinstance(offset, TrackingReport)
    assert isinstance(utc, TrackingReport)
    assert [event.time.occurred_at for event in offset.events] == [
        event.time.occurred_at for event in utc.events
    ]


def test_errors_are_told_apart() -> None:
    found = read(easypost, "test_event_retrieve_payload")
    assert [(problem.kind, problem.code) for each in found for problem in each.problems] == [
        (ProblemKind.NOT_FOUND, "PAYLOAD.NOT_FOUND")
    ]
    name = "TrackingWithAdditionalFieldsTestCase.test_get_tracking_with_internal_error"
    with pytest.raises(Unreadable):
        read(aftership, name)
