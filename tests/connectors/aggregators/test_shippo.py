"""Shippo: what its tracks say, and the two ways to prove a webhook."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from aftermile.connectors.aggregators.shippo import connector
from aftermile.connectors.aggregators.shippo.signature import HEADER, sign, verify
from aftermile.connectors.aggregators.shippo.status import SUBSTATUSES, meaning
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    DeliveryEstimate,
    Place,
    ProblemKind,
    Translation,
    UnknownWord,
)
from aftermile.connectors.contracts.sockets import Accepted, Refused, Unreadable
from aftermile.connectors.contracts.words import Milestone, SubStatus
from tests.connectors.aggregators.records import NOW, only_report, record, request
from tests.connectors.aggregators.shippo_bodies import scan, track, webhook

BODY = json.dumps(webhook("track_updated", track())).encode()
SECRET = {"webhook_secret": "s3cret"}


def translate(body: object) -> Translation:
    return connector.translate(record(body))


def test_a_webhook_reads_as_a_report() -> None:
    report = only_report(
        translate(
            webhook(
                "track_updated",
                track(
                    scan("PRE_TRANSIT", "information_received", "2026-01-01T08:00:00Z", object_id="o1"),
                    scan(
                        "TRANSIT",
                        "out_for_delivery",
                        "2026-01-02T08:00:00Z",
                        object_id="o2",
                        status_details="Out for delivery",
                        location={"city": "Austin", "state": "TX", "zip": "78701", "country": "US"},
                    ),
                    eta="2026-01-02T00:00:00Z",
                    servicelevel={"token": "ups_ground", "name": "Ground"},
                    address_to={"city": "Austin", "state": "TX", "zip": "78701", "country": "US"},
                    metadata="Order 1001",
                ),
            )
        )
    )
    assert (report.tracking_number, report.carrier, report.carrier_name) == ("A1", "ups", "ups")
    assert (report.summary, report.summary_code) == (SubStatus.OUT_FOR_DELIVERY, "out_for_delivery")
    assert [(found.code, found.sub_status, found.external_id) for found in report.events] == [
        ("information_received", SubStatus.LABEL_CREATED, "o1"),
        ("out_for_delivery", SubStatus.OUT_FOR_DELIVERY, "o2"),
    ]
    austin = Place(city="Austin", state="TX", postal_code="78701", country="US")
    assert (report.events[1].place, report.destination) == (austin, austin)
    assert report.events[1].time.occurred_at == datetime(2026, 1, 2, 8, tzinfo=UTC)
    assert report.estimate == DeliveryEstimate(earliest=date(2026, 1, 2), latest=date(2026, 1, 2))
    assert (report.service, report.reference) == ("Ground", "Order 1001")
    assert only_report(translate(track())) == only_report(translate(webhook("track_updated", track())))


def test_the_current_status_is_a_scan_where_the_history_lacks_it() -> None:
    past = scan("TRANSIT", "package_arrived", "2026-01-01T08:00:00Z", object_id="o1")
    now = scan("DELIVERED", "delivered", "2026-01-02T08:00:00Z", object_id="o2")
    told = only_report(translate(track(past, now)))
    untold = only_report(translate(track(past, tracking_status=now)))
    assert told == untold
    assert [found.code for found in untold.events] == ["package_arrived", "delivered"]
    other_id = only_report(translate(track(past, now, tracking_status={**now, "object_id": "o3"})))
    assert other_id == told


@pytest.mark.parametrize(
    ("status", "milestone"),
    [
        ("UNKNOWN", None),
        ("PRE_TRANSIT", Milestone.INFO_RECEIVED),
        ("TRANSIT", Milestone.IN_TRANSIT),
        ("DELIVERED", Milestone.DELIVERED),
        ("RETURNED", Milestone.RETURNING),
        ("FAILURE", Milestone.EXCEPTION),
    ],
)
def test_every_status_has_its_milestone(status: str, milestone: Milestone | None) -> None:
    found = translate(track(scan(status, "", "2026-01-01T08:00:00Z")))
    summary = only_report(found).summary
    assert (summary.milestone if summary else None) is milestone
    assert found.unknown == ()


def test_every_listed_substatus_is_known() -> None:
    listed = (
        "information_received address_issue contact_carrier delayed delivery_attempted delivery_rescheduled "
        "delivery_scheduled location_inaccessible notice_left out_for_delivery package_accepted "
        "package_arrived package_damaged package_departed package_disposed package_forwarded package_held "
        "package_lost package_processed package_processing package_unclaimed package_undeliverable "
        "pickup_available reschedule_delivery return_to_sender delivered other"
    )
    assert set(listed.split()) == set(SUBSTATUSES)


@pytest.mark.parametrize(
    ("status", "substatus", "expected"),
    [
        ("TRANSIT", "pickup_available", SubStatus.AVAILABLE_FOR_PICKUP),
        ("TRANSIT", "package_held", SubStatus.HELD),
        ("TRANSIT", "delivery_scheduled", SubStatus.IN_TRANSIT),
        ("FAILURE", "package_arrived", SubStatus.EXCEPTION),
        ("FAILURE", "package_lost", SubStatus.LOST),
        ("RETURNED", "package_unclaimed", SubStatus.RETURNING),
        ("DELIVERED", "package_arrived", SubStatus.DELIVERED),
        ("TELEPORTED", "package_arrived", None),
    ],
)
def test_the_substatus_is_the_sharper_word(status: str, substatus: str, expected: SubStatus | None) -> None:
    assert meaning(status, substatus) is expected


def test_unknown_words_move_nothing_and_are_told() -> None:
    found = translate(
        track(
            scan("TRANSIT", "beamed_up", "2026-01-01T08:00:00Z"),
            scan("TELEPORTED", "", "2026-01-02T08:00:00Z"),
            carrier="shippo",
        )
    )
    report = only_report(found)
    assert [event.sub_status for event in report.events] == [SubStatus.IN_TRANSIT, None]
    assert (report.carrier, report.carrier_name) == ("", "shippo")
    assert set(found.unknown) == {
        UnknownWord(what="status", word="beamed_up"),
        UnknownWord(what="status", word="TELEPORTED"),
        UnknownWord(what="carrier", word="shippo"),
    }


def test_a_number_without_scans_is_no_error() -> None:
    report = only_report(translate(track()))
    assert (report.events, report.summary, report.summary_code) == ((), None, "")


def test_other_events_are_kept_as_words() -> None:
    assert translate(webhook("transaction_created", {})) == Translation(
        unknown=(UnknownWord(what="topic", word="transaction_created"),)
    )


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"detail": "Not found."}, ProblemKind.NOT_FOUND),
        ({"detail": "Invalid token"}, ProblemKind.UNAUTHORIZED),
        ({"detail": "Request was throttled."}, ProblemKind.RATE_LIMITED),
        ({"tracking_number": ["This is no number."]}, ProblemKind.INVALID_NUMBER),
        ({"__all__": ["Something else."]}, ProblemKind.OTHER),
    ],
)
def test_errors_are_told_apart(body: dict[str, object], kind: ProblemKind) -> None:
    (problem,) = translate(body).problems
    assert isinstance(problem, CarrierProblem)
    assert problem.kind is kind
    assert problem.message


@pytest.mark.parametrize("body", [b"oops", b"[]", b"{}", b'{"hello": 1}'])
def test_what_is_not_shippo_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        translate(body)


@pytest.mark.parametrize("age", [timedelta(0), timedelta(minutes=5), timedelta(minutes=-5)])
def test_a_signed_webhook_is_accepted_within_five_minutes(age: timedelta) -> None:
    headers = {HEADER: sign(BODY, "s3cret", NOW - age)}
    assert verify(request(BODY, headers), SECRET) == Accepted(kind="track_updated", external_id="")


def test_one_of_several_signatures_is_enough() -> None:
    signed = sign(BODY, "s3cret", NOW).replace(",v1=", ",v1=00,v1=")
    assert verify(request(BODY, {HEADER: signed}), SECRET) == Accepted(kind="track_updated")


@pytest.mark.parametrize(
    "header",
    [
        sign(BODY, "s3cret", NOW - timedelta(minutes=6)),
        sign(BODY, "s3cret", NOW + timedelta(minutes=6)),
        sign(BODY, "other", NOW),
        sign(BODY + b" ", "s3cret", NOW),
        sign(BODY, "s3cret", NOW).replace("t=1", "t=2", 1),
        f"t={int(NOW.timestamp())}",
        "t=99999999999999999999,v1=00",
        "t=²,v1=00",
        "nonsense",
        "",
    ],
)
def test_other_signatures_are_refused_even_with_the_token(header: str) -> None:
    both = {**SECRET, "webhook_token": "word"}
    assert isinstance(verify(request(BODY, {HEADER: header}, {"token": "word"}), both), Refused)


def test_without_a_secret_the_token_counts() -> None:
    credentials = {"webhook_token": "wörd"}
    assert verify(request(BODY, query={"token": "wörd"}), credentials) == Accepted(kind="track_updated")
    assert isinstance(verify(request(BODY, query={"token": "word"}), credentials), Refused)
    assert isinstance(verify(request(BODY), credentials), Refused)
    assert isinstance(verify(request(BODY, query={"token": ""}), {}), Refused)
    assert isinstance(verify(request(BODY, query={"token": ""}), {"webhook_token": ""}), Refused)
