"""UPS, FedEx, USPS, Canada Post, Royal Mail and PostNord."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.words import Milestone
from tests.connectors.carriers.captured.row import Parcel, Row

_TRACK_ALERT = ("webhooks", "TrackingEvent", "post", "requestBody", "content", "application/json", "examples")
_LOCAL_AS_UTC = "the parsed form stamps the local time with Z"

_USPS_PARCEL = Parcel(
    number="9400109104250532908587",
    milestone=Milestone.DELIVERED,
    events=12,
    first="2024-11-15T16:32:33",
    last="2024-11-22T18:58:40",
)

ROWS: tuple[Row, ...] = (
    Row(
        file="karrio/ups/TrackingResponseJSON.json",
        slug="ups",
        parcels=(
            Parcel(
                number="1Z023E2X0214323462",
                milestone=Milestone.IN_TRANSIT,
                events=1,
                first="2021-02-10T12:13:56",
                last="2021-02-10T12:13:56",
            ),
        ),
        problems=((ProblemKind.OTHER, "string"),),
        why="released by customs (SR) is no hold, and the number is the inquiry's; " + _LOCAL_AS_UTC,
    ),
    Row(
        file="karrio/ups/InvalidTrackingNumberResponseJSON.json",
        slug="ups",
        problems=((ProblemKind.INVALID_NUMBER, "TV1002"),),
    ),
    Row(
        file="karrio/ups/TrackingNumberNotFoundResponseJSON.json",
        slug="ups",
        problems=((ProblemKind.NOT_FOUND, "TW0001"),),
    ),
    Row(
        file="karrio/ups/AuthError.json",
        slug="ups",
        problems=((ProblemKind.UNAUTHORIZED, "250003"),),
    ),
    Row(
        file="karrio/fedex/TrackingResponse.json",
        slug="fedex",
        parcels=(
            Parcel(
                number="123456789012",
                milestone=Milestone.IN_TRANSIT,
                events=1,
                first="2018-02-02T19:01:00",
                last="2018-02-02T19:01:00",
            ),
        ),
        problems=(
            (ProblemKind.INVALID_NUMBER, "TRACKING.TRACKINGNUMBER.EMPTY"),
            (ProblemKind.NOT_FOUND, "TRACKING.TRACKINGNUMBER.NOTFOUND"),
        ),
        why="the offset -07:00 is dropped and the local time stamped with Z",
    ),
    Row(
        file="karrio/fedex/DuplicateTrackingResponse.json",
        slug="fedex",
        parcels=(
            Parcel(
                number="776094337676",
                milestone=Milestone.DELIVERED,
                events=18,
                first="2024-04-24T20:30:57",
                last="2024-04-26T16:26:00",
            ),
        ),
        why=(
            "FedEx filed one journey under two unique ids (tried once, then collected anew); the parsed "
            "form keeps the later eight scans and drops the first ten; offsets are dropped"
        ),
    ),
    Row(
        file="karrio/fedex/InconsistentDateTimeResponse.json",
        slug="fedex",
        parcels=(
            Parcel(
                number="738488882438",
                milestone=Milestone.DELIVERED,
                events=17,
                first="2024-08-15T05:00:00",
                last="2024-08-20T16:41:57",
            ),
        ),
        why="offsets are dropped; the pickup without an offset is local to Mankato, Minnesota",
    ),
    Row(file="karrio/fedex/ProofOfDeliveryResponse.json", slug="fedex"),
    Row(
        file="karrio/fedex/ErrorResponse.json",
        slug="fedex",
        problems=((ProblemKind.INVALID_NUMBER, "TRACKING.TRACKINGNUMBER.EMPTY"),),
    ),
    Row(file="karrio/usps/TrackingResponse.json", slug="usps", parcels=(_USPS_PARCEL,), why=_LOCAL_AS_UTC),
    Row(
        file="karrio/usps/ErrorResponse.json",
        slug="usps",
        problems=((ProblemKind.OTHER, "string"),),
    ),
    Row(
        file="karrio/usps/AuthErrorResponse.json",
        slug="usps",
        problems=((ProblemKind.UNAUTHORIZED, "invalid_client"),),
    ),
    Row(
        file="karrio/usps_international/TrackingResponse.json",
        slug="usps",
        parcels=(_USPS_PARCEL,),
        why=_LOCAL_AS_UTC,
    ),
    Row(
        file="karrio/usps_international/ErrorResponse.json",
        slug="usps",
        problems=((ProblemKind.OTHER, "string"),),
    ),
    Row(
        file="karrio/canadapost/TrackingResponseXml.xml",
        slug="canada-post",
        parcels=(
            Parcel(
                number="7023210039414604",
                milestone=Milestone.DELIVERED,
                events=6,
                first="2011-02-01T12:59:52",
                last="2011-02-03T16:59:59",
            ),
        ),
        why="1496 says delivered, and a delivered parcel does not go back in transit; EST is stamped with Z",
    ),
    Row(
        file="karrio/canadapost/UnknownTrackingNumberResponse.xml",
        slug="canada-post",
        problems=((ProblemKind.NOT_FOUND, "004"),),
    ),
    Row(
        file="karrio/canadapost/AuthError.xml",
        slug="canada-post",
        problems=((ProblemKind.UNAUTHORIZED, "E002"),),
    ),
    Row(
        file="royalmail_mailpieces_v2_events.json",
        slug="royal-mail",
        parcels=(
            Parcel(
                number="FQ087430672GB",
                milestone=Milestone.IN_TRANSIT,
                events=1,
                first="2016-10-20T09:04:00",
                last="2016-10-20T09:04:00",
            ),
        ),
    ),
    Row(
        file="postnord_findByIdentifier_5events.json",
        slug="postnord",
        parcels=(
            Parcel(
                number="123",
                milestone=Milestone.DELIVERED,
                events=5,
                first="2024-07-30T22:41:00",
                last="2024-08-02T13:07:00",
            ),
        ),
    ),
    Row(
        file="ups_openapi/UPSTrackAlert-Ready.yaml",
        slug="ups",
        example=(*_TRACK_ALERT, "1", "value"),
        parcels=(
            Parcel(
                number="1Z204W4R0308071865",
                milestone=Milestone.OUT_FOR_DELIVERY,
                events=1,
                first="2024-04-23T13:15:19",
                last="2024-04-23T13:15:19",
            ),
        ),
    ),
    Row(
        file="ups_openapi/UPSTrackAlert-Ready.yaml",
        slug="ups",
        example=(*_TRACK_ALERT, "2", "value"),
        parcels=(
            Parcel(
                number="1Z204W4R0308071865",
                milestone=Milestone.DELIVERED,
                events=1,
                first="2024-04-23T13:50:04",
                last="2024-04-23T13:50:04",
            ),
        ),
    ),
)
