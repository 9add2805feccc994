"""InPost and PostNL: what the samples of the conformance suite do not show."""

from __future__ import annotations

import json

from aftermile.connectors.carriers import inpost, postnl
from aftermile.connectors.carriers.inpost.samples import samples as inpost_samples
from aftermile.connectors.carriers.inpost.status import INFORMATIONAL, STATUSES
from aftermile.connectors.carriers.postnl.samples import samples as postnl_samples
from aftermile.connectors.contracts.facts import DeliveryEstimate, Place
from aftermile.connectors.contracts.words import SubStatus
from tests.connectors.carriers.reading import only_report, read, utc


def test_inpost_scans_are_described_in_plain_letters() -> None:
    report = only_report(read(inpost.connector, inpost_samples.answer))

    assert [event.description for event in report.events] == [
        "delivered",
        "ready to pickup",
        "out for delivery",
        "confirmed",
    ]
    assert report.events[1].place == Place(name="KRA010")
    assert (report.service, report.summary) == ("inpost_locker_standard", SubStatus.DELIVERED)


def test_a_complaint_moves_nothing() -> None:
    assert INFORMATIONAL.isdisjoint(STATUSES)
    translation = read(
        inpost.connector, inpost_samples.answer.replace(b'"delivered", "origin', b'"claimed", "origin')
    )
    assert (only_report(translation).events[0].sub_status, translation.unknown) == (None, ())


def test_postnl_keeps_dutch_time() -> None:
    report = only_report(read(postnl.connector, postnl_samples.answer))

    assert report.events[0].time.occurred_at == utc("2026-02-10T15:20:00")
    assert report.estimate == DeliveryEstimate(
        earliest=utc("2026-02-12T12:00"), latest=utc("2026-02-12T14:30")
    )
    assert (report.weight_grams, report.reference) == (1850, "B-9")
    assert report.destination == Place(city="Utrecht", postal_code="3532VA", country="NL")
    assert report.origin == Place(city="Breda", country="NL")


def test_a_current_status_is_the_one_scan_there_is() -> None:
    shipment = json.loads(postnl_samples.answer)["CompleteStatus"]["Shipment"]
    del shipment["OldStatus"]
    shipment["Status"]["StatusCode"] = "07"
    report = only_report(read(postnl.connector, json.dumps({"CurrentStatus": {"Shipment": shipment}})))

    assert [(event.code, event.sub_status) for event in report.events] == [("7", SubStatus.OUT_FOR_DELIVERY)]
