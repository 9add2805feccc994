"""DHL (Express, unified, Parcel Germany), DPD, GLS, Hermes, La Poste and Chronopost."""

from __future__ import annotations

from aftermile.connectors.contracts.answers import ASKED_HEADER
from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.words import Milestone
from tests.connectors.carriers.captured.row import Parcel, Row

_LOCAL_AS_UTC = "the parsed form stamps the local time with Z"

ROWS: tuple[Row, ...] = (
    Row(
        file="karrio/dhl_express/TrackingResponseXML.xml",
        slug="dhl-express",
        parcels=(
            Parcel(
                number="3180831640",
                milestone=Milestone.DELIVERED,
                events=16,
                first="2009-08-28T11:26:00",
                last="2009-08-31T08:09:00",
            ),
            Parcel(
                number="7740842550",
                milestone=Milestone.IN_TRANSIT,
                events=1,
                first="2009-08-26T02:00:00",
                last="2009-08-26T02:00:00",
            ),
            Parcel(
                number="1815115363",
                milestone=Milestone.IN_TRANSIT,
                events=2,
                first="2009-08-13T15:58:00",
                last="2009-08-13T18:19:50",
            ),
        ),
        why="Barcelona, Milan, Singapore and Hong Kong keep their own time; " + _LOCAL_AS_UTC,
    ),
    Row(
        file="karrio/dhl_express/IntransitTrackingResponseXML.xml",
        slug="dhl-express",
        parcels=(
            Parcel(
                number="9053283201",
                milestone=Milestone.IN_TRANSIT,
                events=1,
                first="2021-05-05T14:42:00",
                last="2021-05-05T14:42:00",
            ),
        ),
        why="Kingston is five hours behind UTC; " + _LOCAL_AS_UTC,
    ),
    Row(
        file="karrio/dhl_express/TrackingSingleNotFound.xml",
        slug="dhl-express",
        problems=((ProblemKind.NOT_FOUND, "103"),),
    ),
    Row(
        file="karrio/dhl_express/AuthError.xml",
        slug="dhl-express",
        problems=((ProblemKind.UNAUTHORIZED, "111"),),
    ),
    Row(
        file="karrio/mydhl/TrackingResponse.json",
        slug="dhl-express",
        parcels=(
            Parcel(
                number="9356579890",
                milestone=Milestone.DELIVERED,
                events=2,
                first="2024-01-15T16:00:00",
                last="2024-01-15T22:00:00",
            ),
        ),
        why="08:00 in Los Angeles and 17:00 in New York are six hours apart; " + _LOCAL_AS_UTC,
    ),
    Row(
        file="karrio/mydhl/ErrorResponse.json",
        slug="dhl-express",
        problems=((ProblemKind.NOT_FOUND, "404"),),
    ),
    Row(
        file="karrio/mydhl/ProofOfDeliveryResponse.json",
        slug="dhl-express",
        headers={ASKED_HEADER: "9356579890"},
        parcels=(Parcel(number="9356579890", milestone=Milestone.PENDING, events=0),),
    ),
    Row(
        file="karrio/dhl_universal/TrackingResponseJSON.json",
        slug="dhl-unified",
        parcels=(
            Parcel(
                number="7777777770",
                milestone=Milestone.DELIVERED,
                events=1,
                first="2018-03-02T06:53:47",
                last="2018-03-02T06:53:47",
            ),
        ),
        why="the parsed form says in transit of a parcel whose status is DELIVERED; " + _LOCAL_AS_UTC,
    ),
    Row(
        file="karrio/dhl_universal/TrackingErrorResponseJSON.json",
        slug="dhl-unified",
        problems=((ProblemKind.NOT_FOUND, "404"),),
    ),
    Row(
        file="karrio/dhl_parcel_de/TrackingResponseXML.xml",
        slug="dhl-parcel-de",
        parcels=(
            Parcel(
                number="00340434161094015902",
                milestone=Milestone.DELIVERED,
                events=7,
                first="2016-03-17T10:44:00",
                last="2016-03-18T09:02:00",
            ),
        ),
        why="the parsed form calls the loaded delivery vehicle (PO) in transit; " + _LOCAL_AS_UTC,
    ),
    Row(
        file="karrio/dhl_parcel_de/TrackingErrorResponseXML.xml",
        slug="dhl-parcel-de",
        problems=((ProblemKind.NOT_FOUND, "100"),),
    ),
    Row(
        file="karrio/dpd/TrackingResponse.xml",
        slug="dpd",
        headers={ASKED_HEADER: "05308801410058"},
        parcels=(
            Parcel(
                number="05308801410058",
                milestone=Milestone.ATTEMPT_FAILED,
                events=15,
                first="2021-08-17T17:11:26",
                last="2021-08-19T15:11:26",
            ),
        ),
        why=(
            "the parsed form reads PM as AM and says out for delivery of a parcel that is back at the depot "
            "after a failed attempt; " + _LOCAL_AS_UTC
        ),
    ),
    Row(
        file="karrio/dpd/ErrorResponse.xml",
        slug="dpd",
        problems=((ProblemKind.UNAUTHORIZED, "DELICOM_ERR_AUTHENTICATION"),),
    ),
    Row(
        file="karrio/gls/TrackingResponse.json",
        slug="gls",
        parcels=(
            Parcel(
                number="36301917596",
                milestone=Milestone.IN_TRANSIT,
                events=2,
                first="2024-10-07T07:30:00",
                last="2024-10-07T08:46:14",
            ),
        ),
    ),
    Row(
        file="karrio/gls/ErrorResponse.json",
        slug="gls",
        problems=((ProblemKind.NOT_FOUND, "E_404_01"),),
    ),
    Row(
        file="karrio/hermes/TrackingResponse.json",
        slug="hermes",
        parcels=(
            Parcel(
                number="H1234567890123456789",
                milestone=Milestone.DELIVERED,
                events=4,
                first="2024-01-18T07:30:00",
                last="2024-01-20T13:30:00",
            ),
        ),
    ),
    Row(
        file="karrio/hermes/TrackingErrorResponse.json",
        slug="hermes",
        problems=((ProblemKind.NOT_FOUND, "e001"),),
    ),
    Row(
        file="karrio/laposte/TrackingResponse.json",
        slug="la-poste",
        parcels=(
            Parcel(
                number="EW112720413FR",
                milestone=Milestone.DELIVERED,
                events=9,
                first="2023-02-17T13:41:00",
                last="2023-03-09T08:38:00",
            ),
        ),
        why="the parsed form calls ET1 (on the way) out for delivery and drops the offset +01:00",
    ),
    Row(
        file="karrio/laposte/ErrorResponse.json",
        slug="la-poste",
        problems=((ProblemKind.INVALID_NUMBER, "400"),),
    ),
    Row(
        file="karrio/chronopost/TrackingResponse.xml",
        slug="chronopost",
        parcels=(
            Parcel(
                number="89108749065090",
                milestone=Milestone.DELIVERED,
                events=9,
                first="2022-06-19T11:47:53",
                last="2022-06-22T06:30:00",
            ),
        ),
        why="the parsed form has no moments, only local times, and no status",
    ),
    Row(
        file="karrio/chronopost/ErrorResponse.xml",
        slug="chronopost",
        problems=((ProblemKind.UNAVAILABLE, "1"),),
    ),
)
