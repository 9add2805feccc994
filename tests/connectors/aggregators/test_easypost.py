"""EasyPost: what its events and trackers say."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from aftermile.connectors.aggregators.easypost import connector
from aftermile.connectors.aggregators.easypost.signature import HEADER, sign, verify
from aftermile.connectors.aggregators.easypost.status import STATUS_DETAILS, STATUSES, meaning
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    DeliveryEstimate,
    Direction,
    Place,
    ProblemKind,
    Translation,
    UnknownWord,
)
from aftermile.connectors.contracts.sockets import Accepted, Refused, Unreadable
from aftermile.connectors.contracts.words import Milestone, SubStatus
from tests.connectors.aggregators.easypost_bodies import detail, event, tracker
from tests.connectors.aggregators.records import only_report, record, request

BODY = json.dumps(event("tracker.updated", tracker())).encode()
SECRET = {"webhook_secret": "sécret"}


def translate(body: object) -> Translation:
    return connector.translate(record(body))


def test_an_event_reads_as_a_report() -> None:
    report = only_report(
        translate(
            event(
                "tracker.updated",
                tracker(
                    detail("pre_transit", "label_created", "2026-01-01T08:00:00Z"),
                    detail(
                        "in_transit",
                        "arrived_at_facility",
                        "2026-01-02T08:00:00Z",
                        message="Arrived",
                        tracking_location={"city": "ORLANDO", "state": "FL", "country": "US", "zip": "32809"},
                    ),
                    detail("in_transit", "unknown", "2026-01-03T08:00:00Z"),
                    weight=17.6,
                    is_return=True,
                    est_delivery_date="2026-01-06T00:00:00Z",
                    carrier_detail={
                        "service": "Ground",
                        "est_delivery_date_local": "2026-01-05",
                        "origin_tracking_location": {"city": "ORLANDO", "country": "US"},
                        "destination_location": "BROOKLYN NY US",
                        "destination_tracking_location": None,
                    },
                ),
            )
        )
    )
    assert (report.tracking_number, report.carrier, report.carrier_name) == ("A1", "ups", "UPS")
    assert (report.summary, report.summary_code) == (SubStatus.IN_TRANSIT, "in_transit")
    assert [(scan.code, scan.sub_status) for scan in report.events] == [
        ("label_created", SubStatus.LABEL_CREATED),
        ("arrived_at_facility", SubStatus.ARRIVED_AT_FACILITY),
        ("in_transit", SubStatus.IN_TRANSIT),
    ]
    arrived = report.events[1]
    assert arrived.time.occurred_at == datetime(2026, 1, 2, 8, tzinfo=UTC)
    assert arrived.description == "Arrived"
    assert arrived.place == Place(city="ORLANDO", state="FL", country="US", postal_code="32809")
    assert report.estimate == DeliveryEstimate(earliest=date(2026, 1, 5), latest=date(2026, 1, 5))
    assert (report.weight_grams, report.service, report.direction) == (499, "Ground", Direction.RETURN)
    assert report.origin == Place(city="ORLANDO", country="US")
    assert report.destination == Place(name="BROOKLYN NY US")


@pytest.mark.parametrize(
    ("status", "milestone"),
    [
        ("unknown", None),
        ("pre_transit", Milestone.INFO_RECEIVED),
        ("in_transit", Milestone.IN_TRANSIT),
        ("out_for_delivery", Milestone.OUT_FOR_DELIVERY),
        ("delivered", Milestone.DELIVERED),
        ("available_for_pickup", Milestone.AVAILABLE_FOR_PICKUP),
        ("return_to_sender", Milestone.RETURNING),
        ("failure", Milestone.EXCEPTION),
        ("cancelled", Milestone.CANCELLED),
        ("error", None),
    ],
)
def test_every_status_has_its_milestone(status: str, milestone: Milestone | None) -> None:
    found = translate(tracker(status=status, status_detail="status_update"))
    summary = only_report(found).summary
    assert (summary.milestone if summary else None) is milestone
    assert found.unknown == ()


def test_every_listed_detail_is_known() -> None:
    listed = (
        "address_correction arrived_at_destination arrived_at_facility arrived_at_pickup_location "
        "awaiting_information cancelled damaged delayed delivery_exception departed_facility "
        "departed_origin_facility expired failure held in_transit label_created lost missorted "
        "out_for_delivery received_at_destination_facility received_at_origin_facility refused return "
        "status_update transferred_to_destination_carrier transit_exception unknown weather_delay"
    )
    assert set(listed.split()) == set(STATUS_DETAILS)
    for word in listed.split():
        assert translate(tracker(status="in_transit", status_detail=word)).unknown == ()


@pytest.mark.parametrize(
    ("status", "status_detail", "expected"),
    [
        ("in_transit", "departed_facility", SubStatus.DEPARTED_FACILITY),
        ("in_transit", "weather_delay", SubStatus.WEATHER_DELAY),
        ("failure", "refused", SubStatus.REFUSED),
        ("failure", "arrived_at_facility", SubStatus.EXCEPTION),
        ("delivered", "arrived_at_destination", SubStatus.DELIVERED),
        ("return_to_sender", "refused", SubStatus.RETURNING),
        ("out_for_delivery", "arrived_at_destination", SubStatus.OUT_FOR_DELIVERY),
        ("pre_transit", "arrived_at_facility", SubStatus.LABEL_CREATED),
        ("unknown", "lost", SubStatus.LOST),
        ("teleported", "lost", None),
    ],
)
def test_a_detail_makes_its_status_finer_and_moves_nothing(
    status: str, status_detail: str, expected: SubStatus | None
) -> None:
    assert meaning(status, status_detail) is expected


def test_no_detail_moves_a_parcel_out_of_what_is_final() -> None:
    for status in ("delivered", "return_to_sender", "cancelled"):
        assert {meaning(status, word) for word in STATUS_DETAILS} == {STATUSES[status]}


def test_unknown_words_move_nothing_and_are_told() -> None:
    found = translate(
        tracker(
            detail("in_transit", "beamed_up", "2026-01-01T08:00:00Z"),
            detail("teleported", "beamed_down", "2026-01-02T08:00:00Z"),
        )
    )
    report = only_report(found)
    assert [scan.sub_status for scan in report.events] == [SubStatus.IN_TRANSIT, None]
    assert report.summary is None
    assert {word.word for word in found.unknown} == {"teleported", "beamed_up", "beamed_down"}
    assert {word.what for word in found.unknown} == {"status"}


def test_lists_are_read_whole() -> None:
    found = translate(
        {"trackers": [tracker(tracking_code="A1"), tracker(tracking_code="A2")], "has_more": False}
    )
    assert [fact.tracking_number for fact in found.facts] == ["A1", "A2"]  # type: ignore[union-attr]
    events = {"events": [event("tracker.updated", tracker()), event("tracker.created", None)]}
    assert len(translate(events).facts) == 1


def test_a_shipment_carries_its_tracker() -> None:
    assert only_report(translate({"id": "shp_1", "tracker": tracker()})).tracking_number == "A1"


def test_events_about_other_things_are_kept_as_words() -> None:
    assert translate(event("batch.updated", {"object": "Batch"})) == Translation(
        unknown=(UnknownWord(what="topic", word="batch.updated"),)
    )
    assert translate({"id": "hook_1", "object": "Webhook"}) == Translation(
        unknown=(UnknownWord(what="topic", word="Webhook"),)
    )
    assert translate({"success": True}) == Translation()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("TRACKER.NOT_FOUND", ProblemKind.NOT_FOUND),
        ("NOT_FOUND", ProblemKind.NOT_FOUND),
        ("APIKEY.INACTIVE", ProblemKind.UNAUTHORIZED),
        ("RATE_LIMITED", ProblemKind.RATE_LIMITED),
        ("SERVICE_UNAVAILABLE", ProblemKind.UNAVAILABLE),
        ("TRACKER.CREATE.ERROR", ProblemKind.OTHER),
    ],
)
def test_errors_are_told_apart(code: str, kind: ProblemKind) -> None:
    assert translate({"error": {"code": code, "message": "no", "errors": []}}) == Translation(
        problems=(CarrierProblem(kind=kind, code=code, message="no"),)
    )


@pytest.mark.parametrize("body", [b"oops", b"[]", b'{"hello": 1}'])
def test_what_is_not_easypost_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        translate(body)


@pytest.mark.parametrize("secret", ["s\u00e9cret", "se\u0301cret"])
def test_a_signed_webhook_is_accepted_however_its_secret_was_typed(secret: str) -> None:
    headers = {HEADER: sign(BODY, "s\u00e9cret")}
    assert verify(request(BODY, headers), {"webhook_secret": secret}) == Accepted(
        kind="tracker.updated", external_id="evt_1"
    )


def test_the_signature_is_the_documented_one() -> None:
    # HMAC-SHA256 of RFC 4231, test case 2.
    assert sign(b"what do ya want for nothing?", "Jefe") == (
        "hmac-sha256-hex=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


@pytest.mark.parametrize(
    ("body", "headers", "secret"),
    [
        (BODY + b" ", {HEADER: sign(BODY, "sécret")}, SECRET),
        (BODY, {HEADER: sign(BODY, "secret")}, SECRET),
        (BODY, {HEADER: "hmac-sha256-hex=é"}, SECRET),
        (BODY, {}, SECRET),
        (BODY, {HEADER: sign(BODY, "")}, {}),
    ],
)
def test_anything_else_is_refused(body: bytes, headers: dict[str, str], secret: dict[str, str]) -> None:
    assert isinstance(verify(request(body, headers), secret), Refused)


def test_polling_repeats_the_parameter() -> None:
    assert connector.poll is not None
    asked = connector.poll.request(["A1", "A 2"], {"api_key": "k"}, "")
    assert asked.url == (
        "https://api.easypost.com/v2/trackers?page_size=100&tracking_codes%5B%5D=A1&tracking_codes%5B%5D=A+2"
    )
    assert asked.headers["authorization"] == "Bearer k"
