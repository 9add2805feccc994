"""What is special about single carriers. The conformance suite tests what they share."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from aftermile.connectors.contracts.facts import (
    DeliveryEstimate,
    ProblemKind,
    TimeBasis,
    TimePrecision,
    TrackingReport,
    Translation,
)
from aftermile.connectors.contracts.sockets import Accepted, InboundRequest, RawRecord, Refused, Unreadable
from aftermile.connectors.contracts.words import SubStatus
from aftermile.connectors.registry import connector
from tests.connectors.folding import milestone_of

NOW = datetime(2026, 3, 7, 12, tzinfo=UTC)


def read(slug: str, body: Any) -> Translation:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return connector(slug).translate(RawRecord(kind="", body=raw, received_at=NOW))


def reports(translation: Translation) -> list[TrackingReport]:
    return [fact for fact in translation.facts if isinstance(fact, TrackingReport)]


# -- UPS ---------------------------------------------------------------------------------------------

NEWARK = {"address": {"city": "NEWARK", "stateProvince": "NJ", "countryCode": "US"}}


def ups_package(number: str = "1Z5R89390357567127", **fields: Any) -> dict[str, Any]:
    return {"trackingNumber": number, "activity": [], **fields}


def ups_answer(*packages: dict[str, Any]) -> dict[str, Any]:
    return {"trackResponse": {"shipment": [{"inquiryNumber": "1ZLEAD0000000001", "package": list(packages)}]}}


@pytest.mark.parametrize(
    "clock",
    [
        {"time": "100000"},
        {"time": "10:00"},
        {"time": "10:00:00"},
        {"time": "10:00 AM"},
        {"time": "100000", "gmtOffset": "-05:00"},
        {"time": "100000", "gmtOffset": "-05.00"},
        {"time": "100000", "gmtDate": "20260306", "gmtTime": "150000"},
        {"time": "", "gmtDate": "20260306", "gmtTime": "15:00:00"},
        {"time": "100000", "gmtDate": "nonsense", "gmtTime": "99"},
    ],
    ids=str,
)
def test_ups_reads_one_moment_in_each_of_its_spellings(clock: dict[str, str]) -> None:
    activity = {"date": "20260306", **clock, "location": NEWARK, "status": {"code": "OR", "type": "I"}}

    (report,) = reports(read("ups", ups_answer(ups_package(activity=[activity]))))

    assert [event.time.occurred_at for event in report.events] == [datetime(2026, 3, 6, 15, tzinfo=UTC)]


def test_ups_drops_leading_zeros() -> None:
    activity = {
        "date": "20260306",
        "time": "24700",
        "gmtDate": "20260306",
        "gmtTime": "74700",
        "location": NEWARK,
        "status": {"code": "DP"},
    }

    (report,) = reports(read("ups", ups_answer(ups_package(activity=[activity]))))

    assert [event.time.occurred_at for event in report.events] == [datetime(2026, 3, 6, 7, 47, tzinfo=UTC)]


def test_ups_scan_known_by_its_day_only_is_that_day() -> None:
    activity = {"date": "20260306", "location": NEWARK, "status": {"code": "DP"}}

    (report,) = reports(read("ups", ups_answer(ups_package(activity=[activity]))))

    assert [(event.time.precision, event.time.occurred_at.date()) for event in report.events] == [
        (TimePrecision.DAY, date(2026, 3, 6))
    ]


def test_ups_codes_are_asked_from_fine_to_coarse() -> None:
    found = {
        code or status_code or kind: read(
            "ups",
            ups_answer(
                ups_package(
                    activity=[
                        {
                            "date": "20260306",
                            "time": "100000",
                            "location": NEWARK,
                            "status": {"code": code, "statusCode": status_code, "type": kind},
                        }
                    ]
                )
            ),
        )
        for code, status_code, kind in [
            ("SR", "003", "X"),
            ("5Y", "064", "X"),
            ("6Y", "999", "X"),
            ("7Y", "999", "Y"),
        ]
    }

    assert {code: reports(translation)[0].events[0].sub_status for code, translation in found.items()} == {
        "SR": SubStatus.CUSTOMS_CLEARED,
        "5Y": SubStatus.REFUSED,
        "6Y": SubStatus.EXCEPTION,
        "7Y": None,
    }
    assert {code: [word.word for word in translation.unknown] for code, translation in found.items()} == {
        "SR": [],
        "5Y": [],
        "6Y": [],
        "7Y": ["7Y"],
    }


def test_ups_parcels_of_one_shipment_name_each_other() -> None:
    answer = ups_answer(ups_package("1ZLEAD0000000001"), ups_package("1ZLEAD0000000002"))

    assert {report.tracking_number: report.piece_numbers for report in reports(read("ups", answer))} == {
        "1ZLEAD0000000001": ("1ZLEAD0000000002",),
        "1ZLEAD0000000002": ("1ZLEAD0000000001",),
    }


def test_ups_rescheduled_day_wins_and_stays_a_day() -> None:
    days = [{"type": "SDD", "date": "20260306"}, {"type": "RDD", "date": "20260309"}]

    (report,) = reports(read("ups", ups_answer(ups_package(deliveryDate=days))))

    assert report.estimate == DeliveryEstimate(earliest=date(2026, 3, 9), latest=date(2026, 3, 9))


def test_ups_window_is_hours_at_the_destination() -> None:
    package = ups_package(
        deliveryDate=[{"type": "SDD", "date": "20260306"}],
        deliveryTime={"type": "EDW", "startTime": "130000", "endTime": "170000"},
        packageAddress=[{"type": "DESTINATION", **NEWARK}],
    )

    (report,) = reports(read("ups", ups_answer(package)))

    assert report.estimate == DeliveryEstimate(
        earliest=datetime(2026, 3, 6, 18, tzinfo=UTC), latest=datetime(2026, 3, 6, 22, tzinfo=UTC)
    )


def test_ups_keeps_signature_photo_and_weight() -> None:
    package = ups_package(
        deliveryInformation={
            "receivedBy": "AMARA",
            "signature": {"image": "R0lGODlhAQABAAAAACw="},
            "deliveryPhoto": {"photo": "encoding Base64"},
        },
        weight={"unitOfMeasurement": "LBS", "weight": "2.00"},
    )

    (report,) = reports(read("ups", ups_answer(package)))

    assert [(proof.kind, proof.url) for proof in report.proofs] == [
        ("signature", "data:image/gif;base64,R0lGODlhAQABAAAAACw=")
    ]
    assert (report.signed_by, report.weight_grams) == ("AMARA", 907)


def alert(**fields: Any) -> dict[str, Any]:
    return {
        "trackingNumber": "1Z5R89390357567127",
        "localActivityDate": "20260306",
        "localActivityTime": "100000",
        "activityLocation": {"city": "NEWARK", "stateProvince": "NJ", "country": "US"},
        "activityStatus": {"type": "D", "code": "5Y", "description": "On its way to the door"},
        **fields,
    }


def test_ups_alert_type_d_alone_does_not_say_delivered() -> None:
    (before,) = reports(read("ups", alert()))
    (after,) = reports(read("ups", alert(actualDeliveryDate="20260306")))

    assert [before.events[0].sub_status, after.events[0].sub_status] == [None, SubStatus.DELIVERED]
    assert before.events[0].time.occurred_at == datetime(2026, 3, 6, 15, tzinfo=UTC)


def test_ups_alert_without_a_number_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="trackingNumber"):
        read("ups", alert(trackingNumber=""))


@pytest.mark.parametrize(
    ("given", "known", "kind"),
    [
        ("open sesame", "open sesame", Accepted),
        ("open", "open sesame", Refused),
        ("", "open sesame", Refused),
        ("", "", Refused),
        ("é", "open sesame", Refused),
    ],
)
def test_ups_alert_is_believed_with_its_credential(given: str, known: str, kind: type) -> None:
    verify = connector("ups").verify
    assert verify is not None
    request = InboundRequest(
        method="POST", headers={"credential": given}, query={}, body=b"{}", received_at=NOW
    )

    assert type(verify(request, {"alert_credential": known})) is kind


# -- FedEx -------------------------------------------------------------------------------------------


def fedex_scan(at: str, code: str, **fields: Any) -> dict[str, Any]:
    place = {"city": "DENVER", "stateOrProvinceCode": "CO", "countryCode": "US"}
    return {"date": at, "eventType": code, "scanLocation": place, **fields}


def fedex_answer(*results: list[dict[str, Any]]) -> dict[str, Any]:
    found = [
        {"trackingNumberInfo": {"trackingNumber": "449044304137821"}, "scanEvents": scans}
        for scans in results
    ]
    return {
        "output": {"completeTrackResults": [{"trackingNumber": "449044304137821", "trackResults": found}]}
    }


def test_fedex_puts_one_journey_filed_twice_together() -> None:
    answer = fedex_answer(
        [
            fedex_scan("2026-03-01T09:00:00-07:00", "PU"),
            fedex_scan("2026-03-02T09:00:00-07:00", "OD"),
            fedex_scan("2026-03-02T11:00:00-07:00", "DE", exceptionCode="08"),
        ],
        [fedex_scan("2026-03-02T15:00:00-07:00", "PU"), fedex_scan("2026-03-03T10:00:00-07:00", "DL")],
    )

    (report,) = reports(read("fedex", answer))

    assert len(report.events) == 5
    assert milestone_of(report.events) == "delivered"


def test_fedex_number_used_again_is_another_parcel() -> None:
    answer = fedex_answer(
        [fedex_scan("2025-03-01T09:00:00-07:00", "PU"), fedex_scan("2025-03-03T10:00:00-07:00", "DL")],
        [fedex_scan("2026-03-02T15:00:00-07:00", "PU")],
    )

    (report,) = reports(read("fedex", answer))

    assert [event.code for event in report.events] == ["PU"]
    assert milestone_of(report.events) == "in_transit"


def test_fedex_scan_without_offset_is_local_to_its_place() -> None:
    (report,) = reports(read("fedex", fedex_answer([fedex_scan("2026-03-02T15:00:00", "PU")])))

    assert [(event.time.occurred_at, event.time.basis) for event in report.events] == [
        (datetime(2026, 3, 2, 22, tzinfo=UTC), TimeBasis.PLACE)
    ]


def test_fedex_exceptions_say_why() -> None:
    codes = ["03", "07", "08", "30", "93", "ZZ"]
    scans = [
        fedex_scan(f"2026-03-02T1{index}:00:00-07:00", "DE", exceptionCode=code)
        for index, code in enumerate(codes)
    ]

    (report,) = reports(read("fedex", fedex_answer(scans)))

    assert [event.sub_status for event in report.events] == [
        SubStatus.ADDRESS_ISSUE,
        SubStatus.REFUSED,
        SubStatus.ADDRESSEE_UNAVAILABLE,
        SubStatus.BUSINESS_CLOSED,
        SubStatus.HELD_FOR_PAYMENT,
        SubStatus.ATTEMPT_FAILED,
    ]


# -- USPS --------------------------------------------------------------------------------------------


def usps_answer(**scan: Any) -> dict[str, Any]:
    place = {"eventCity": "AUSTIN", "eventState": "TX", "eventZIP": "78701"}
    return {
        "trackingNumber": "9205590164917312751089",
        "trackingEvents": [{"eventCode": "03", **place, **scan}],
    }


@pytest.mark.parametrize(
    "scan",
    [
        {"eventTimestamp": "2026-03-06T10:00:00", "GMTTimestamp": "2026-03-06T16:00:00Z"},
        {"eventTimestamp": "2026-03-06T10:00:00", "GMTTimestamp": "2026-03-06T16:00:00"},
        {"eventTimestamp": "2026-03-06T10:00:00", "GMTOffset": "-06:00"},
        {"eventTimestamp": "2026-03-06T10:00:00"},
        {"eventDate": "March 6, 2026", "eventTime": "10:00 AM"},
        {"eventDate": "March 6, 2026", "eventTime": "10:00"},
        {"eventTimestamp": "2026-03-06 10:00 AM"},
        {"eventTimestamp": "2026-03-06T10:00:00", "GMTTimestamp": "0001-01-01T00:00:00Z"},
    ],
    ids=str,
)
def test_usps_reads_one_moment_in_each_of_its_spellings(scan: dict[str, str]) -> None:
    (report,) = reports(read("usps", usps_answer(**scan)))

    assert [event.time.occurred_at for event in report.events] == [datetime(2026, 3, 6, 16, tzinfo=UTC)]


def test_usps_reads_many_parcels_and_errors_at_once() -> None:
    answer = [
        usps_answer(eventTimestamp="2026-03-06T10:00:00"),
        {"trackingNumber": "92001", "error": {"code": "404", "message": "No status"}},
    ]

    translation = read("usps", answer)

    assert [report.tracking_number for report in reports(translation)] == ["9205590164917312751089"]
    assert [(problem.kind, problem.tracking_number) for problem in translation.problems] == [
        (ProblemKind.NOT_FOUND, "92001")
    ]


def test_usps_takes_markup_off_its_service() -> None:
    answer = usps_answer(eventTimestamp="2026-03-06T10:00:00") | {"mailClass": "Ground<SUP>&#174;</SUP>"}

    (report,) = reports(read("usps", answer))

    assert report.service == "Ground®"


# -- Canada Post -------------------------------------------------------------------------------------


def canada(day: str, clock: str, zone: str, site: str, province: str, code: str = "0100") -> bytes:
    return (
        "<tracking-detail><pin>8264059713306417</pin><significant-events><occurrence>"
        f"<event-identifier>{code}</event-identifier><event-date>{day}</event-date><event-time>{clock}"
        f"</event-time><event-time-zone>{zone}</event-time-zone><event-site>{site}</event-site>"
        f"<event-province>{province}</event-province></occurrence></significant-events></tracking-detail>"
    ).encode()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (canada("2026-02-03", "11:59:59", "EST", "OTTAWA", "ON"), datetime(2026, 2, 3, 16, 59, 59)),
        (canada("2026-02-03", "11:59:59 AM", "EST", "OTTAWA", "ON"), datetime(2026, 2, 3, 16, 59, 59)),
        # "EST" in summer names the zone, whose clocks are ahead then.
        (canada("2026-07-03", "11:00:00", "EST", "OTTAWA", "ON"), datetime(2026, 7, 3, 15)),
        (canada("2026-07-03", "11:00:00", "EDT", "OTTAWA", "ON"), datetime(2026, 7, 3, 15)),
        # Saskatchewan keeps its time the year round, Manitoba does not.
        (canada("2026-07-03", "11:00:00", "CST", "REGINA", "SK"), datetime(2026, 7, 3, 17)),
        (canada("2026-07-03", "11:00:00", "CST", "WINNIPEG", "MB"), datetime(2026, 7, 3, 16)),
        (canada("2026-07-03", "11:00:00", "CST", "KENORA", "ON"), datetime(2026, 7, 3, 16)),
        (canada("2026-07-03", "11:00:00", "ISRAEL", "02650,Israel", ""), datetime(2026, 7, 3, 8)),
        (canada("2026-07-03", "11:00:00", "", "", ""), datetime(2026, 7, 3, 15)),
    ],
)
def test_canada_post_abbreviations_name_a_zone(body: bytes, expected: datetime) -> None:
    (report,) = reports(read("canada-post", body))

    assert [event.time.occurred_at for event in report.events] == [expected.replace(tzinfo=UTC)]


@pytest.mark.parametrize("code", ["0174", "174"])
def test_canada_post_leading_zeros_mean_nothing(code: str) -> None:
    (report,) = reports(read("canada-post", canada("2026-02-03", "11:00:00", "EST", "OTTAWA", "ON", code)))

    assert [(event.code, event.sub_status) for event in report.events] == [(code, SubStatus.OUT_FOR_DELIVERY)]


def test_canada_post_summaries_of_several_parcels() -> None:
    body = (
        b"<tracking-summary>"
        b"<pin-summary><pin>1</pin><event-date-time>20260203:085959</event-date-time>"
        b"<event-type>DELIVERED</event-type><event-description>Delivered</event-description></pin-summary>"
        b"<pin-summary><pin>2</pin><event-type>INFO</event-type></pin-summary></tracking-summary>"
    )

    found = {report.tracking_number: report for report in reports(read("canada-post", body))}

    assert [event.time.occurred_at for event in found["1"].events] == [
        datetime(2026, 2, 3, 13, 59, 59, tzinfo=UTC)
    ]
    assert [found["1"].summary, found["2"].summary] == [SubStatus.DELIVERED, None]


# -- Royal Mail --------------------------------------------------------------------------------------


def royal_event(code: str, hour: int = 9) -> dict[str, str]:
    return {"eventCode": code, "eventDateTime": f"2026-07-03T{hour:02}:00:00+01:00", "locationName": "Bath"}


def test_royal_mail_waiting_at_a_post_office_is_not_delivered() -> None:
    piece = {
        "mailPieceId": "QT216584937GB",
        "summary": {"lastEventCode": "EVPLA", "statusCategory": "DELIVERED"},
        "events": [royal_event("EVPLA")],
    }

    (report,) = reports(read("royal-mail", {"mailPieces": piece}))

    assert report.summary is SubStatus.AVAILABLE_FOR_PICKUP
    assert milestone_of(report.events, report.summary) == "available_for_pickup"


def test_royal_mail_summaries_tell_the_last_event_and_errors_of_their_own() -> None:
    answer = {
        "mailPieces": [
            {
                "mailPieceId": "QT216584937GB",
                "summary": {
                    "lastEventCode": "EVGPD",
                    "lastEventDateTime": "2026-07-03T07:00:00+01:00",
                    "statusCategory": "READY FOR DELIVERY",
                },
            },
            {"mailPieceId": "QT216584938GB", "error": {"errorCode": "E1142", "errorDescription": "Unknown"}},
        ]
    }

    translation = read("royal-mail", answer)

    assert [
        (report.tracking_number, [(event.code, event.time.occurred_at) for event in report.events])
        for report in reports(translation)
    ] == [("QT216584937GB", [("EVGPD", datetime(2026, 7, 3, 6, tzinfo=UTC))])]
    assert [(problem.kind, problem.tracking_number) for problem in translation.problems] == [
        (ProblemKind.NOT_FOUND, "QT216584938GB")
    ]


def test_royal_mail_notes_on_notifications_are_known_and_move_nothing() -> None:
    codes = ["NDESS", "NRDRF", "NLCDF", "EVZDM", "NQQQQ"]
    piece = {"mailPieceId": "X1", "events": [royal_event(code, hour) for hour, code in enumerate(codes)]}

    translation = read("royal-mail", {"mailPieces": piece})

    assert [event.sub_status for event in reports(translation)[0].events] == [None] * 5
    assert [word.word for word in translation.unknown] == ["NQQQQ"]


def test_royal_mail_estimate_is_a_window_or_a_day() -> None:
    window = {
        "date": "2026-07-06",
        "startOfEstimatedWindow": "08:00:00+01:00",
        "endOfEstimatedWindow": "11:00:00+01:00",
    }

    found = [
        reports(read("royal-mail", {"mailPieces": {"mailPieceId": "X1", "estimatedDelivery": estimated}}))[0]
        for estimated in (window, {"date": "2026-07-06"})
    ]

    assert [report.estimate for report in found] == [
        DeliveryEstimate(
            earliest=datetime(2026, 7, 6, 7, tzinfo=UTC), latest=datetime(2026, 7, 6, 10, tzinfo=UTC)
        ),
        DeliveryEstimate(earliest=date(2026, 7, 6), latest=date(2026, 7, 6)),
    ]


# -- PostNord ----------------------------------------------------------------------------------------


def postnord_answer(*items: dict[str, Any]) -> dict[str, Any]:
    return {"TrackingInformationResponse": {"shipments": [{"shipmentId": "S1", "items": list(items)}]}}


def test_postnord_delivery_at_a_service_point_is_the_shopper_coming_for_it() -> None:
    events = [
        {"eventTime": "2026-07-03T10:00:00", "eventCode": "21", "status": "DELIVERED", "location": location}
        for location in ({"locationType": "SERVICE_POINT", "countryCode": "SWE"}, {"countryCode": "FIN"})
    ]

    (report,) = reports(read("postnord", postnord_answer({"itemId": "I1", "events": events})))

    assert [(event.sub_status, event.time.occurred_at.hour) for event in report.events] == [
        (SubStatus.PICKED_UP_BY_SHOPPER, 8),
        (SubStatus.DELIVERED, 7),
    ]


def test_postnord_items_of_a_shipment_are_parcels() -> None:
    answer = postnord_answer({"itemId": "I1", "events": []}, {"itemId": "I2", "events": []})

    assert {
        report.tracking_number: (report.piece_numbers, report.reference)
        for report in reports(read("postnord", answer))
    } == {"I1": (("I2",), "S1"), "I2": (("I1",), "S1")}
