"""AfterShip: what its webhooks and answers say."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from aftermile.connectors.aggregators.aftership import connector
from aftermile.connectors.aggregators.aftership.signature import HEADER, sign, verify
from aftermile.connectors.aggregators.aftership.status import TAGS
from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    DeliveryEstimate,
    Direction,
    Place,
    ProblemKind,
    ProofOfDelivery,
    TimeBasis,
    Translation,
    UnknownWord,
)
from aftermile.connectors.contracts.sockets import Accepted, Refused, Unreadable
from aftermile.connectors.contracts.words import Milestone, SubStatus
from tests.connectors.aggregators.aftership_bodies import answer, checkpoint, tracking, webhook
from tests.connectors.aggregators.records import only_report, record, request

BODY = json.dumps(webhook("tracking_update", tracking())).encode()
SECRET = {"webhook_secret": "s3crét"}


def translate(body: object) -> Translation:
    return connector.translate(record(body))


def test_a_webhook_reads_as_a_report() -> None:
    report = only_report(
        translate(
            webhook(
                "tracking_update",
                tracking(
                    checkpoint("InTransit", "InTransit_003", "2026-01-02T10:00:00+01:00", hash="h1"),
                    checkpoint(
                        "Delivered",
                        "Delivered_003",
                        "2026-01-03T09:30:00+01:00",
                        city="Berlin",
                        state="BE",
                        postal_code="10115",
                        country_region="DEU",
                        location="Berlin, Germany",
                        coordinate={"latitude": 52.5, "longitude": 13.4},
                        message="Delivered, signed by NEIGHBOR",
                        hash="h2",
                    ),
                    signed_by="N. Eighbor",
                    shipment_weight={"unit": "lb", "value": 2},
                    proof_of_delivery=[{"type": "photo", "url": "https://example.com/p.jpg"}, {"url": None}],
                    destination_country_region="DEU",
                    destination_city="Berlin",
                    order_number="#1001",
                    multi_piece_info={"pieces": [{"tracking_number": "A1"}, {"tracking_number": "A2"}]},
                    shipment_direction="return",
                ),
            )
        )
    )
    assert (report.tracking_number, report.carrier, report.carrier_name) == ("A1", "ups", "ups")
    assert (report.summary, report.summary_code) == (SubStatus.SIGNED, "Delivered_003")
    assert [(event.code, event.sub_status, event.external_id) for event in report.events] == [
        ("InTransit_003", SubStatus.ARRIVED_AT_FACILITY, "h1"),
        ("Delivered_003", SubStatus.SIGNED, "h2"),
    ]
    delivered = report.events[1]
    assert delivered.time.occurred_at == datetime(2026, 1, 3, 8, 30, tzinfo=UTC)
    assert delivered.time.reported == "2026-01-03T09:30:00+01:00"
    assert delivered.description == "Delivered, signed by NEIGHBOR"
    assert delivered.place == Place(
        city="Berlin",
        state="BE",
        postal_code="10115",
        country="DE",
        name="Berlin, Germany",
        latitude=52.5,
        longitude=13.4,
    )
    assert (report.signed_by, report.weight_grams, report.reference) == ("N. Eighbor", 907, "#1001")
    assert report.proofs == (ProofOfDelivery(kind="photo", url="https://example.com/p.jpg"),)
    assert report.destination == Place(city="Berlin", country="DE")
    assert (report.piece_numbers, report.direction) == (("A2",), Direction.RETURN)


def test_local_times_are_read_where_they_were_written() -> None:
    report = only_report(
        translate(
            answer(
                tracking(
                    checkpoint(
                        "InTransit", "InTransit_001", "2026-07-02T10:00:00", country_region="USA", state="CA"
                    ),
                    checkpoint("InTransit", "InTransit_002", "2026-07-02T10:00:00"),
                    checkpoint("InTransit", "InTransit_007", "2026-07-02"),
                    slug="postnl-3s",
                )
            )
        )
    )
    assert report.carrier == "postnl"
    assert [(event.time.occurred_at.hour, event.time.basis) for event in report.events] == [
        (17, TimeBasis.PLACE),
        (8, TimeBasis.CARRIER),
        (10, TimeBasis.CARRIER),  # noon of the day in Amsterdam
    ]


@pytest.mark.parametrize(
    ("milestone", "tag"),
    [
        (Milestone.PENDING, "Pending"),
        (Milestone.INFO_RECEIVED, "InfoReceived"),
        (Milestone.IN_TRANSIT, "InTransit"),
        (Milestone.OUT_FOR_DELIVERY, "OutForDelivery"),
        (Milestone.ATTEMPT_FAILED, "AttemptFail"),
        (Milestone.DELIVERED, "Delivered"),
        (Milestone.AVAILABLE_FOR_PICKUP, "AvailableForPickup"),
        (Milestone.EXCEPTION, "Exception"),
        (Milestone.EXPIRED, "Expired"),
    ],
)
def test_every_tag_has_its_milestone(milestone: Milestone, tag: str) -> None:
    report = only_report(translate(answer(tracking(tag=tag, subtag=""))))
    assert report.summary is not None
    assert (report.summary.milestone, report.summary_code) == (milestone, tag)


SUBTAGS = {
    "AttemptFail": "001 002 003",
    "AvailableForPickup": "001",
    "Delivered": "001 002 003 004 005",
    "Exception": "001 002 003 004 005 006 007 008 009 010 011 012 013 016 017 018 019 020 021",
    "Expired": "001",
    "InTransit": "001 002 003 004 005 006 007 008 009 011 012 013",
    "InfoReceived": "001",
    "OutForDelivery": "001 003 004",
    "Pending": "001 002 003 004 005 006",
}


def test_every_listed_subtag_is_known_and_keeps_to_its_tag() -> None:
    # AfterShip files under "Exception" what are milestones of their own here.
    elsewhere = {
        "Exception_010": Milestone.RETURNING,
        "Exception_011": Milestone.RETURNED,
        "Exception_020": Milestone.CANCELLED,
    }
    for tag, numbers in SUBTAGS.items():
        for number in numbers.split():
            subtag = f"{tag}_{number}"
            found = translate(answer(tracking(tag=tag, subtag=subtag)))
            report = only_report(found)
            assert found.unknown == ()
            assert report.summary is not None
            assert report.summary.milestone is elsewhere.get(subtag, TAGS[tag].milestone), subtag


def test_an_unknown_tag_moves_nothing_and_is_told() -> None:
    found = translate(
        answer(
            tracking(
                checkpoint("InTransit", "InTransit_001", "2026-01-01T00:00:00Z"),
                checkpoint("Teleported", "Teleported_001", "2026-01-02T00:00:00Z"),
            )
        )
    )
    report = only_report(found)
    assert [event.sub_status for event in report.events] == [SubStatus.IN_TRANSIT, None]
    assert (report.summary, report.summary_code) == (None, "Teleported_001")
    assert set(found.unknown) == {
        UnknownWord(what="status", word="Teleported"),
        UnknownWord(what="status", word="Teleported_001"),
    }


def test_an_unknown_subtag_leaves_what_its_tag_says() -> None:
    found = translate(answer(tracking(checkpoint("Delivered", "Delivered_099", "2026-01-01T00:00:00Z"))))
    assert only_report(found).events[0].sub_status is SubStatus.DELIVERED
    assert found.unknown == (UnknownWord(what="status", word="Delivered_099"),)


def test_a_checkpoint_without_tags_is_named_by_its_events() -> None:
    found = translate(
        answer(
            tracking(
                {
                    "checkpoint_time": "2026-01-01T00:00:00Z",
                    "events": [{"code": "delayed", "reason": {"code": "weather"}}],
                    "tag": None,
                    "subtag": None,
                }
            )
        )
    )
    event = only_report(found).events[0]
    assert (event.code, event.sub_status) == ("delayed/weather", None)


def test_one_odd_checkpoint_costs_only_itself() -> None:
    found = translate(
        answer(
            tracking(
                checkpoint("InTransit", "InTransit_001", "yesterday"),
                checkpoint("InTransit", "InTransit_001", "2026-01-01T00:00:00.1234567Z", message=None),
            )
        )
    )
    assert [event.time.occurred_at for event in only_report(found).events] == [
        datetime(2026, 1, 1, 0, 0, 0, 123456, tzinfo=UTC)
    ]
    assert [word.what for word in found.unknown] == ["scan"]


def test_a_carrier_we_do_not_have_keeps_its_name() -> None:
    found = translate(answer(tracking(slug="4px")))
    report = only_report(found)
    assert (report.carrier, report.carrier_name) == ("", "4px")
    assert found.unknown == (UnknownWord(what="carrier", word="4px"),)
    assert only_report(translate(answer(tracking(slug="dhl")))).carrier == "dhl-express"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"courier_estimated_delivery_date": {"estimated_delivery_date": "2026-02-03"}},
            DeliveryEstimate(earliest=date(2026, 2, 3), latest=date(2026, 2, 3)),
        ),
        (
            {
                "latest_estimated_delivery": {
                    "source": "AfterShip EDD",
                    "datetime": None,
                    "datetime_min": "2026-02-03T00:00:00",
                    "datetime_max": "2026-02-05T00:00:00",
                }
            },
            DeliveryEstimate(earliest=date(2026, 2, 3), latest=date(2026, 2, 5)),
        ),
        ({"latest_estimated_delivery": {"source": "Order EDD", "datetime": "2026-02-03"}}, None),
        (
            {"expected_delivery": "2026-02-03T17:00:00+01:00"},
            DeliveryEstimate(
                earliest=datetime(2026, 2, 3, 16, tzinfo=UTC), latest=datetime(2026, 2, 3, 16, tzinfo=UTC)
            ),
        ),
    ],
)
def test_the_carriers_estimate_is_taken_and_the_promise_is_not(
    given: dict[str, object], expected: DeliveryEstimate | None
) -> None:
    assert only_report(translate(webhook("edd_revise", tracking(**given)))).estimate == expected


def test_lists_v4_answers_and_last_checkpoints_read_the_same() -> None:
    scan = checkpoint("InTransit", "InTransit_001", "2026-01-01T00:00:00Z", zip="10115", country_iso3="DEU")
    one = tracking(scan)
    expected = only_report(translate(answer(one)))
    assert expected.events[0].place == Place(postal_code="10115", country="DE")
    assert only_report(translate(answer({"tracking": one}))) == expected
    assert translate(answer({"trackings": [one, one]})).facts == (expected, expected)
    last = {key: value for key, value in one.items() if key != "checkpoints"}
    assert only_report(translate(answer({**last, "checkpoint": scan}))).events == expected.events
    nothing = dict.fromkeys(scan)
    assert only_report(translate(answer({**last, "checkpoint": nothing}))).events == ()


def test_events_we_do_not_know_are_kept_as_words() -> None:
    assert translate(webhook("tracking_melted", tracking())) == Translation(
        unknown=(UnknownWord(what="topic", word="tracking_melted"),)
    )


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (401, ProblemKind.UNAUTHORIZED),
        (429, ProblemKind.RATE_LIMITED),
        (4004, ProblemKind.NOT_FOUND),
        (4005, ProblemKind.INVALID_NUMBER),
        (4012, ProblemKind.OTHER),
        (503, ProblemKind.UNAVAILABLE),
    ],
)
def test_errors_are_told_apart(code: int, kind: ProblemKind) -> None:
    assert translate(answer({}, code, message="no", type="BadRequest")) == Translation(
        problems=(CarrierProblem(kind=kind, code=str(code), message="no"),)
    )


@pytest.mark.parametrize("body", [b"Internal Error", b"[]", b"{}", b'{"hello": 1}', b"\xff"])
def test_what_is_not_aftership_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        translate(body)


def test_a_tracking_without_a_number_is_told() -> None:
    found = translate(answer({"trackings": [{"slug": "ups"}, tracking()]}))
    assert len(found.facts) == 1
    assert [word.what for word in found.unknown] == ["tracking"]


def test_a_signed_webhook_is_accepted_with_its_event_and_id() -> None:
    headers = {HEADER: sign(BODY, SECRET["webhook_secret"])}
    assert verify(request(BODY, headers), SECRET) == Accepted(kind="tracking_update", external_id="0b7c1f0a")


def test_the_signature_is_the_documented_one() -> None:
    # HMAC-SHA256 of RFC 4231, test case 2, in base64.
    assert sign(b"what do ya want for nothing?", "Jefe") == "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="


@pytest.mark.parametrize(
    ("body", "headers", "secret"),
    [
        (BODY + b" ", {HEADER: sign(BODY, "s3crét")}, SECRET),
        (BODY, {HEADER: sign(BODY, "other")}, SECRET),
        (BODY, {HEADER: "é"}, SECRET),
        (BODY, {}, SECRET),
        (BODY, {HEADER: sign(BODY, "")}, {}),
        (BODY, {HEADER: sign(BODY, "")}, {"webhook_secret": ""}),
    ],
)
def test_anything_else_is_refused(body: bytes, headers: dict[str, str], secret: dict[str, str]) -> None:
    assert isinstance(verify(request(body, headers), secret), Refused)


def test_a_signed_body_that_is_no_json_is_kept() -> None:
    assert verify(request(b"?", {HEADER: sign(b"?", "s3crét")}), SECRET) == Accepted()


def test_polling_asks_for_many_numbers_at_once() -> None:
    assert connector.poll is not None
    asked = connector.poll.request(["A1", "A2"], {"api_key": "k"}, "")
    assert asked.url == "https://api.aftership.com/tracking/2026-07/trackings"
    assert asked.params == {"tracking_numbers": "A1,A2", "limit": "200"}
    assert asked.headers["as-api-key"] == "k"
    assert connector.poll.limits.numbers_per_request == 50
