"""DPD, GLS, Hermes, La Poste and Chronopost: what the samples of the conformance suite do not show."""

from __future__ import annotations

import json
from datetime import date

import pytest

from aftermile.connectors.carriers import chronopost, dpd, gls, hermes, la_poste
from aftermile.connectors.carriers.chronopost.samples import samples as chronopost_samples
from aftermile.connectors.carriers.dpd.reader import token_of
from aftermile.connectors.carriers.dpd.samples import samples as dpd_samples
from aftermile.connectors.carriers.gls.samples import samples as gls_samples
from aftermile.connectors.carriers.gls.status import status_of
from aftermile.connectors.carriers.hermes.samples import samples as hermes_samples
from aftermile.connectors.carriers.la_poste.samples import samples as la_poste_samples
from aftermile.connectors.contracts.facts import DeliveryEstimate, Place, ProblemKind, TrackingReport
from aftermile.connectors.contracts.sockets import Unreadable
from aftermile.connectors.contracts.words import SubStatus
from tests.connectors.carriers.reading import only_report, read, utc


@pytest.mark.parametrize("written", ["2/9/2026 6:15:00 PM", "09.02.2026, 18:15", "09.02.2026 18:15:00"])
def test_dpd_writes_one_moment_in_many_ways(written: str) -> None:
    body = dpd_samples.answer.replace(b"2/9/2026 6:15:00 PM", written.encode())
    report = only_report(read(dpd.connector, body, dict(dpd_samples.headers)))

    assert report.events[0].time.occurred_at == utc("2026-02-09T17:15")
    assert report.events[0].place == Place(city="Gent", country="BE", name="Gent (BE)")
    assert report.service == "DPD CLASSIC"


def test_a_phase_of_dpd_that_lies_ahead_is_no_scan() -> None:
    translation = read(dpd.connector, dpd_samples.empty)
    assert (only_report(translation).events, translation.unknown) == ((), ())


def test_dpd_gives_its_token_in_soap() -> None:
    assert token_of(b"<E><B><return><authToken> abc </authToken></return></B></E>")[0] == "abc"
    with pytest.raises(Unreadable, match="DELIS"):
        token_of(dpd_samples.errors[ProblemKind.UNAUTHORIZED])


def test_gls_parcels_are_named_as_they_were_asked_for() -> None:
    assert only_report(read(gls.connector, gls_samples.answer)).tracking_number == "701234567895"

    parcel = json.loads(gls_samples.answer)["parcels"][0]
    twins = [parcel | {"requested": "REF-9", "unitno": unit} for unit in ("111", "222", "111")]
    reports = read(gls.connector, json.dumps({"parcels": twins})).facts
    assert [fact.tracking_number for fact in reports if isinstance(fact, TrackingReport)] == [
        "111",
        "222",
        "111",
    ]


def test_only_families_of_one_meaning_stand_for_their_members() -> None:
    assert status_of("INBOUD.SOMETHING_NEW") is SubStatus.ARRIVED_AT_FACILITY
    assert status_of("DELIVD.SOMETHING_NEW") is None
    assert status_of("INTIAL.SOMETHING_NEW") is None
    assert status_of("3.0") is SubStatus.DELIVERED


def test_hermes_names_a_slot_or_a_day() -> None:
    report = only_report(read(hermes.connector, hermes_samples.answer))
    assert report.estimate == DeliveryEstimate(
        earliest=utc("2026-07-09T10:00"), latest=utc("2026-07-09T13:00")
    )

    body = json.loads(hermes_samples.answer)
    del body["shipmentinfo"][0]["deliveryForecast"]["timeSlot"]
    report = only_report(read(hermes.connector, json.dumps(body)))
    assert report.estimate == DeliveryEstimate(earliest=date(2026, 7, 9), latest=date(2026, 7, 9))
    assert report.destination == Place(city="Erfurt", postal_code="99084", country="DE")
    assert report.reference == "A-100"


def test_hermes_shipments_fail_for_themselves() -> None:
    found = json.loads(hermes_samples.answer)["shipmentinfo"]
    lost = json.loads(hermes_samples.errors[ProblemKind.NOT_FOUND])["shipmentinfo"]
    translation = read(hermes.connector, json.dumps({"shipmentinfo": found + lost}))

    assert only_report(translation).tracking_number == "H1000730000000000017"
    assert [(problem.kind, problem.tracking_number) for problem in translation.problems] == [
        (ProblemKind.NOT_FOUND, "H1")
    ]


def test_la_poste_answers_for_several_numbers() -> None:
    found = json.loads(la_poste_samples.answer)
    lost = json.loads(la_poste_samples.errors[ProblemKind.NOT_FOUND]) | {"idShip": "2X"}
    translation = read(la_poste.connector, json.dumps([found, lost]))

    report = only_report(translation)
    assert (report.carrier_name, report.service) == ("Colissimo", "colissimo")
    assert report.estimate == DeliveryEstimate(latest=date(2026, 1, 16))
    assert (report.origin, report.destination) == (Place(country="FR"), Place(country="FR"))
    assert [(problem.kind, problem.tracking_number) for problem in translation.problems] == [
        (ProblemKind.NOT_FOUND, "2X")
    ]


def test_chronopost_says_who_took_the_parcel() -> None:
    report = only_report(read(chronopost.connector, chronopost_samples.answer))

    assert report.signed_by == "LEROUX"
    assert [event.code for event in report.events] == ["DB", "TS", "TA", "D"]
    assert report.events[0].place == Place(postal_code="49000", country="FR", name="ANGERS")


def test_a_soap_fault_is_a_problem_and_another_service_unreadable() -> None:
    fault = dpd_samples.errors[ProblemKind.UNAUTHORIZED]
    assert [problem.code for problem in read(chronopost.connector, fault).problems] == ["soap:Server"]
    with pytest.raises(Unreadable):
        read(dpd.connector, chronopost_samples.answer)
    with pytest.raises(Unreadable):
        read(chronopost.connector, dpd_samples.answer)
