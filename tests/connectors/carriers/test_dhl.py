"""DHL Express, DHL unified and DHL Paket: what the samples of the conformance suite do not show."""

from __future__ import annotations

import json
from datetime import date

import pytest

from aftermile.connectors.carriers import dhl_express, dhl_parcel_de, dhl_unified
from aftermile.connectors.carriers.dhl_express.samples import XML_ANSWER
from aftermile.connectors.carriers.dhl_express.service_area import place_of
from aftermile.connectors.carriers.dhl_express.status import INFORMATIONAL, STATUSES
from aftermile.connectors.carriers.dhl_parcel_de.samples import samples as parcel_de
from aftermile.connectors.carriers.dhl_unified.samples import samples as unified
from aftermile.connectors.contracts.answers import ASKED_HEADER
from aftermile.connectors.contracts.facts import (
    DeliveryEstimate,
    Direction,
    Place,
    ProblemKind,
    ProofOfDelivery,
    TimeBasis,
    UnknownWord,
)
from aftermile.connectors.contracts.words import Milestone, SubStatus
from tests.connectors.carriers.reading import only_report, read, utc


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("Milan - Italy ", Place(city="Milan", country="IT", name="Milan - Italy")),
        ("KINGSTON-JAM", Place(city="KINGSTON", country="JM", name="KINGSTON-JAM")),
        ("WIEN,NY-USA", Place(city="WIEN", state="NY", country="US", name="WIEN,NY-USA")),
        ("New York, NY", Place(city="New York", state="NY", country="US", name="New York, NY")),
        ("Cergy-Pontoise", Place(city="Cergy-Pontoise", name="Cergy-Pontoise")),
        ("Somewhere, ZZ", Place(city="Somewhere, ZZ", name="Somewhere, ZZ")),
        ("", Place()),
    ],
)
def test_a_service_area_names_its_place(written: str, place: Place) -> None:
    assert place_of(written) == place


def test_xml_tells_hours_weight_estimate_and_signature() -> None:
    report = only_report(read(dhl_express.connector, XML_ANSWER))

    # 10:00 and 10:00 AM are the same time of day, in Norway and in Colorado.
    assert [event.time.occurred_at for event in report.events] == [
        utc("2026-06-01T08:00"),
        utc("2026-06-03T16:00"),
    ]
    assert [event.signed_by for event in report.events] == ["", "R VALE"]
    assert (report.service, report.weight_grams, report.signed_by) == ("EXPRESS 12:00", 1134, "R VALE")
    assert report.estimate == DeliveryEstimate(latest=utc("2026-06-03T18:00"))
    assert report.destination == Place(city="Boulder", state="CO", country="US", name="DENVER,CO-USA")


def test_an_offset_of_mydhl_is_believed() -> None:
    body = {
        "shipments": [
            {
                "shipmentTrackingNumber": "1",
                "events": [
                    {"date": "2026-06-01", "time": "10:00:00", "GMTOffset": "+05:30", "typeCode": "PU"},
                    {"date": "2026-06-01", "time": "12:00:00", "typeCode": "DF"},
                ],
            }
        ]
    }
    first, second = only_report(read(dhl_express.connector, json.dumps(body))).events

    assert (first.time.occurred_at, first.time.basis) == (utc("2026-06-01T04:30"), TimeBasis.STATED)
    assert (second.time.occurred_at, second.time.basis) == (utc("2026-06-01T12:00"), TimeBasis.ASSUMED)


def test_a_proof_of_delivery_is_filed_under_the_number_asked_for() -> None:
    body = '{"documents": [{"content": "QUJD", "format": "PDF", "typeCode": "POD"}, {"format": "EXE"}]}'

    report = only_report(read(dhl_express.connector, body, {ASKED_HEADER: "99"}))
    assert report.tracking_number == "99"
    assert report.proofs == (ProofOfDelivery(kind="document", url="data:application/pdf;base64,QUJD"),)

    unfiled = read(dhl_express.connector, body)
    assert (unfiled.facts, [word.what for word in unfiled.unknown]) == ((), ["parcel"])


def test_what_is_only_a_record_is_no_stranger() -> None:
    assert INFORMATIONAL.isdisjoint(STATUSES)
    translation = read(dhl_express.connector, XML_ANSWER.replace(b">PU<", b">RW<"))
    assert translation.unknown == ()
    assert only_report(translation).events[0].sub_status is None


def test_the_divisions_own_word_decides_where_it_is_known() -> None:
    body = json.loads(unified.answer)
    events = body["shipments"][0]["events"]
    events[0] |= {"statusCode": "transit", "status": "RETURN TO SENDER."}
    events[1] |= {"statusCode": "delivered", "status": "something new"}
    events[2] |= {"statusCode": "unknown", "status": "something newer"}
    events[3] |= {"statusCode": "novel", "status": "newest"}
    translation = read(dhl_unified.connector, json.dumps(body))

    assert [event.sub_status for event in only_report(translation).events] == [
        SubStatus.RETURNING,
        SubStatus.DELIVERED,
        None,
        None,
    ]
    assert translation.unknown == (UnknownWord(what="status", word="novel"),)


def test_unified_tells_the_rest() -> None:
    body = json.loads(unified.answer)
    body["shipments"][0]["details"] |= {
        "proofOfDelivery": {
            "signatureUrl": "string",
            "documentUrl": "https://pod.example/1",
            "signed": "A. Roe",
        },
        "pieceIds": ["JD1", "JD2", "JD1", None],
    }
    report = only_report(read(dhl_unified.connector, json.dumps(body)))

    assert report.proofs == (ProofOfDelivery(kind="document", url="https://pod.example/1"),)
    assert (report.signed_by, report.piece_numbers) == ("A. Roe", ("JD1", "JD2"))
    assert (report.service, report.weight_grams, report.reference) == ("DHL PAKET", 1400, "R-77")
    assert report.estimate == DeliveryEstimate(
        earliest=utc("2026-05-06T08:30"), latest=utc("2026-05-06T11:30")
    )
    assert report.events[-1].time.occurred_at == utc("2026-05-06T09:59")


def test_a_midnight_estimate_is_a_day() -> None:
    body = json.loads(unified.answer)
    del body["shipments"][0]["estimatedDeliveryTimeFrame"]
    body["shipments"][0]["estimatedTimeOfDelivery"] = "2026-05-06T00:00:00Z"
    report = only_report(read(dhl_unified.connector, json.dumps(body)))

    assert report.estimate == DeliveryEstimate(latest=date(2026, 5, 6))


def test_the_last_step_back_to_the_sender_is_no_delivery() -> None:
    body = parcel_de.answer.replace(b'ruecksendung="false"', b'ruecksendung="true"')
    report = only_report(read(dhl_parcel_de.connector, body))

    assert report.direction is Direction.RETURN
    assert [event.milestone for event in report.events] == [
        Milestone.INFO_RECEIVED,
        Milestone.RETURNING,
        Milestone.RETURNING,
        Milestone.RETURNED,
    ]
    assert (report.destination, report.weight_grams) == (
        Place(city="Kiel", postal_code="24103", country="DE"),
        3200,
    )


def test_pieces_of_one_answer_fail_for_themselves() -> None:
    body = (
        '<data name="piece-shipment-list" code="0">'
        '<data name="piece-shipment" piece-code="1" error-status="0"/>'
        '<data name="piece-shipment" piece-code="2" error-status="100" piece-status-desc="Keine Daten gefunden"/>'
        "</data>"
    )
    translation = read(dhl_parcel_de.connector, body)

    assert only_report(translation).tracking_number == "1"
    assert [(problem.kind, problem.tracking_number) for problem in translation.problems] == [
        (ProblemKind.NOT_FOUND, "2")
    ]


def test_a_question_carries_its_secrets_escaped() -> None:
    poll = dhl_parcel_de.connector.poll
    assert poll is not None
    request = poll.request(
        ["1", "2"], {"api_key": "k", "api_secret": "s", "appname": "zt", "app_password": '<"&'}, ""
    )
    assert 'piece-code="1;2"' in request.params["xml"]
    assert "password='&lt;\"&amp;'" in request.params["xml"]
