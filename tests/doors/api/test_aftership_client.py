"""AfterShip's own client, unmodified, against this surface over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
import tracking
from tracking.exceptions import ErrorCodeEnum
from tracking.models import (
    CreateTrackingRequest,
    DetectCourierRequest,
    EstimatedDeliveryDateRequest,
    MarkTrackingCompletedByIdRequest,
    PredictBatchRequest,
    Tag,
    UpdateTrackingByIdRequest,
)

from aftermile.capabilities.shipments.public import record_tracking
from aftermile.capabilities.shipping.public import Table, change_table
from aftermile.connectors.contracts.facts import (
    Place,
    ScanTime,
    TimeBasis,
    TrackingEventFact,
    TrackingReport,
)
from aftermile.connectors.contracts.reading import moment
from aftermile.connectors.contracts.words import SubStatus
from aftermile.doors.api.aftership.limits import REQUESTS_PER_SECOND
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON
from tests.doors.api.conftest import key_of

# Their client calls httpx in ways that httpx has deprecated.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:URL.raw is deprecated:UserWarning"),
]

UPS = "1Z999AA10123456784"


@pytest.fixture
def shop(transactional_db: None, merchant: Any) -> Any:
    return merchant


@pytest.fixture
def client(shop: Any, server_url: str) -> tracking.Client:
    """A client of a shop that switched: another domain and key, nothing else."""
    return tracking.Client(tracking.Configuration(domain=server_url, api_key=key_of(shop), max_retry=0))


def report(shop: Any, number: str, *scans: tuple[str, SubStatus | None]) -> None:
    events = tuple(
        TrackingEventFact(
            time=ScanTime(occurred_at=moment(at) or NOON, reported=at, basis=TimeBasis.STATED),
            code="X1",
            description="As the carrier said",
            sub_status=sub_status,
            place=Place(city="Ulm", country="DE"),
        )
        for at, sub_status in scans
    )
    with merchant_scope(shop.id):
        record_tracking(
            reports=[TrackingReport(tracking_number=number, events=events)], source="test", by="test", at=NOON
        )


def refusal(call: Any, *args: Any, **options: Any) -> tuple[ErrorCodeEnum, int, int]:
    with pytest.raises(tracking.exceptions.ApiException) as raised:
        call(*args, **options)
    return raised.value.code, raised.value.meta_code, raised.value.status_code


def test_a_tracking_lives_its_whole_life(client: tracking.Client, shop: Any) -> None:
    api = client.tracking
    made = api.create_tracking(
        CreateTrackingRequest(
            tracking_number=UPS,
            slug="ups",
            title="Ronia",
            order_id="o-1",
            order_number="1001",
            language="de",
            custom_fields={"shelf": "B7"},
            shipment_tags=["gift"],
            customers=[{"role": "receiver", "name": "Ada", "email": "ada@example.com"}],
            destination_country_region="DEU",
            destination_city="Ulm",
            shipment_direction="forward",
        )
    )
    assert made.response_header["as-api-version"] == ["2026-07"]
    assert made.response_header["x-ratelimit-limit"] == [str(REQUESTS_PER_SECOND)]
    told = made.data
    assert told is not None
    assert (told.tracking_number, told.slug, told.title, told.active, told.tag, told.subtag) == (
        UPS,
        "ups",
        "Ronia",
        True,
        Tag.PENDING,
        "Pending_001",
    )
    assert (told.order_id, told.order_number, told.language, told.custom_fields) == (
        "o-1",
        "1001",
        "de",
        {"shelf": "B7"},
    )
    assert (told.destination_country_region, told.destination_city, told.shipment_tags) == (
        "DEU",
        "Ulm",
        ["gift"],
    )
    assert told.customers[0].email == "ada@example.com"

    report(
        shop,
        UPS,
        ("2026-03-01T10:00:00Z", SubStatus.ACCEPTED),
        ("2026-03-02T10:00:00Z", SubStatus.OUT_FOR_DELIVERY),
        ("2026-03-02T11:00:00Z", None),
    )
    read = api.get_tracking_by_id(told.id).data
    assert (read.tag, read.subtag, read.subtag_message) == (
        Tag.OUT_FOR_DELIVERY,
        "OutForDelivery_001",
        "Out for delivery",
    )
    assert [(each.checkpoint_time, each.subtag, each.country_region) for each in read.checkpoints] == [
        ("2026-03-01T10:00:00+00:00", "InTransit_002", "DEU"),
        ("2026-03-02T10:00:00+00:00", "OutForDelivery_001", "DEU"),
        ("2026-03-02T11:00:00+00:00", None, "DEU"),
    ]
    assert len({each.hash for each in read.checkpoints}) == 3
    assert read.checkpoints[0].raw_tag == "X1"

    changed = api.update_tracking_by_id(
        told.id, UpdateTrackingByIdRequest(title="Mattis", note="ring twice", order_number="1002")
    ).data
    assert (changed.title, changed.note, changed.order_number, changed.order_id) == (
        "Mattis",
        "ring twice",
        "1002",
        "o-1",
    )

    assert refusal(api.retrack_tracking_by_id, told.id) == (
        ErrorCodeEnum.INACTIVE_RETRACK_NOT_ALLOWED,
        4013,
        400,
    )
    done = api.mark_tracking_completed_by_id(
        told.id,
        MarkTrackingCompletedByIdRequest(reason="DELIVERED", event_datetime="2026-03-02T12:00:00+01:00"),
    ).data
    assert (done.tag, done.active, done.shipment_delivery_date, done.checkpoints[-1].source.value) == (
        Tag.DELIVERED,
        False,
        "2026-03-02T11:00:00+00:00",
        "user",
    )

    again = api.retrack_tracking_by_id(told.id).data
    assert (again.id, again.active) == (told.id, True)

    gone = api.delete_tracking_by_id(told.id).data
    assert gone.tracking_number == UPS
    assert refusal(api.get_tracking_by_id, told.id) == (
        ErrorCodeEnum.TRACKING_DOES_NOT_EXIST,
        4004,
        404,
    )
    assert api.create_tracking({"tracking_number": UPS}).data.id == told.id


def test_trackings_are_listed_in_pages_and_found(client: tracking.Client, shop: Any) -> None:
    api = client.tracking
    made = []
    for number in range(5):
        body = {
            "tracking_number": f"AB{number}",
            "slug": "gls",
            "order_id": f"o-{number}",
            "title": f"Box {number}",
        }
        made.append(api.create_tracking(body).data.id)
    report(shop, "AB3", ("2026-03-01T10:00:00Z", SubStatus.RETURNED))
    first = api.get_trackings(limit=3).data
    assert (first.pagination.total, first.pagination.has_next_page) == (5, True)
    second = api.get_trackings(limit=3, cursor=first.pagination.next_cursor).data
    assert (second.pagination.has_next_page, second.pagination.next_cursor) == (False, None)
    assert [each.id for each in (*first.trackings, *second.trackings)] == made[::-1]

    def found(**filters: Any) -> list[str]:
        return [each.tracking_number for each in api.get_trackings(**filters).data.trackings]

    assert found(tag="Exception") == ["AB3"]
    assert found(tag="Exception,Pending") == ["AB4", "AB3", "AB2", "AB1", "AB0"]
    assert found(tracking_numbers="AB1,ab-2") == ["AB2", "AB1"]
    assert found(slug="ups") == []
    assert found(slug="ups,gls", keyword="box 4") == ["AB4"]
    assert found(order_id="o-0,o-1") == ["AB1", "AB0"]
    assert found(return_to_sender="true") == ["AB3"]
    assert found(created_at_min="2090-01-01T00:00:00+00:00") == []
    (slim,) = api.get_trackings(tracking_numbers="AB1", fields="title,tag").data.trackings
    assert slim.model_dump(exclude_none=True) == {"id": made[1], "title": "Box 1", "tag": Tag.PENDING}


def test_errors_have_the_codes_of_the_original(client: tracking.Client, server_url: str) -> None:
    api = client.tracking
    made = api.create_tracking({"tracking_number": UPS}).data
    assert made.slug == "ups"
    assert refusal(api.create_tracking, {"tracking_number": UPS}) == (
        ErrorCodeEnum.TRACKING_ALREADY_EXIST,
        4003,
        400,
    )
    assert refusal(api.create_tracking, {}) == (ErrorCodeEnum.TRACKING_NUMBER_REQUIRED, 4007, 400)
    assert refusal(api.create_tracking, {"tracking_number": "--"}) == (
        ErrorCodeEnum.TRACKING_NUMBER_FORMAT_INVALID,
        4017,
        400,
    )
    assert refusal(api.create_tracking, {"tracking_number": "A1", "slug": "!"}) == (
        ErrorCodeEnum.SLUG_INVALID,
        4010,
        400,
    )
    assert refusal(api.create_tracking, {"tracking_number": "A1"}) == (ErrorCodeEnum.BAD_COURIER, 4012, 400)
    assert refusal(api.create_tracking, {"tracking_number": UPS, "customers": 5}) == (
        ErrorCodeEnum.VALUE_INVALID,
        4008,
        400,
    )
    assert refusal(api.get_tracking_by_id, "nonsense") == (ErrorCodeEnum.ID_INVALID, 4015, 400)
    assert refusal(api.mark_tracking_completed_by_id, made.id, {}) == (
        ErrorCodeEnum.VALUE_REQUIRED,
        4009,
        400,
    )
    assert refusal(api.get_trackings, limit=201) == (ErrorCodeEnum.VALUE_INVALID, 4008, 400)
    stranger = tracking.Client(tracking.Configuration(domain=server_url, api_key="am_x", max_retry=0))
    assert refusal(stranger.courier.get_couriers) == (ErrorCodeEnum.API_KEY_INVALID, 401, 401)


def test_a_key_without_the_scope_is_refused(shop: Any, server_url: str) -> None:
    reader = tracking.Client(
        tracking.Configuration(domain=server_url, api_key=key_of(shop, "shipments:read"), max_retry=0)
    )
    assert reader.tracking.get_trackings().data.trackings == []
    assert refusal(reader.tracking.create_tracking, {"tracking_number": UPS}) == (
        ErrorCodeEnum.REQUEST_NOT_ALLOWED,
        403,
        403,
    )


def test_an_inactive_tracking_is_retracked_three_times(client: tracking.Client) -> None:
    api = client.tracking
    made = api.create_tracking({"tracking_number": UPS}).data
    for _ in range(3):
        api.mark_tracking_completed_by_id(made.id, {"reason": "LOST"})
        assert api.retrack_tracking_by_id(made.id).data.active is True
    lost = api.mark_tracking_completed_by_id(made.id, {"reason": "LOST"}).data
    assert (lost.tag, lost.subtag, lost.active) == (Tag.EXCEPTION, "Exception_013", False)
    assert refusal(api.retrack_tracking_by_id, made.id) == (ErrorCodeEnum.RETRACK_ONCE_ALLOWED, 4016, 400)


def test_couriers_are_listed_and_detected(client: tracking.Client) -> None:
    api = client.courier
    every = api.get_couriers().data
    assert every.total == len(every.couriers) > 50
    (dhl,) = api.get_couriers(slug="dhl").data.couriers
    assert (dhl.slug, dhl.name) == ("dhl", "DHL Express")
    assert api.get_couriers(active=True).data.total == 0
    found = api.detect_courier(DetectCourierRequest(tracking_number=UPS)).data
    assert [each.slug for each in found.couriers] == ["ups"]
    assert found.total == 1
    assert api.detect_courier({"tracking_number": UPS, "slug": ["dhl"]}).data.total == 0
    assert api.detect_courier({"tracking_number": "zz"}).data.total == 0
    assert refusal(api.detect_courier, {}) == (ErrorCodeEnum.TRACKING_NUMBER_REQUIRED, 4007, 400)


def test_a_carrier_we_do_not_know_keeps_its_slug(client: tracking.Client) -> None:
    made = client.tracking.create_tracking({"tracking_number": "A1", "slug": "bergmann-kurier"}).data
    assert made.slug == "bergmann-kurier"


def test_their_client_asks_for_dates_before_there_is_a_parcel(client: tracking.Client, shop: Any) -> None:
    with merchant_scope(shop.id):
        change_table(
            table=Table.TRANSIT,
            rows=[{"carrier": "dhl-parcel-de", "to": "DE", "least": 1, "most": 3}],
            by="connection:con_test",
            at=NOON,
        )
    asked = {
        "slug": "dhl-germany",
        "destination_address": {"country_region": "DEU", "postal_code": "80331"},
        "weight": {"unit": "lb", "value": 2.5},
        "estimated_pickup": {
            "order_time": "2026-03-10T09:00:00+01:00",
            "order_cutoff_time": "12:00:00",
            "business_days": [1, 2, 3, 4, 5],
            "order_processing_time": {"unit": "day", "value": 1},
        },
    }
    with time_machine.travel(NOON, tick=False):
        found = client.estimated_delivery_date.predict(EstimatedDeliveryDateRequest(**asked)).data
        both = client.estimated_delivery_date.predict_batch(
            PredictBatchRequest(estimated_delivery_dates=[asked, asked | {"slug": "gls"}])
        ).data.estimated_delivery_dates
        with pytest.raises(tracking.exceptions.ApiException) as refused:
            client.estimated_delivery_date.predict({"slug": "dhl-germany"})
    assert found is not None
    assert (
        found.estimated_delivery_date_min,
        found.estimated_delivery_date,
        found.estimated_delivery_date_max,
        found.confidence_code,
    ) == ("2026-03-12", "2026-03-13", "2026-03-16", 20001)
    assert found.destination_address.country_region == "DEU"
    # Of the other carrier nobody knows how long it takes.
    assert [(each.estimated_delivery_date, each.confidence_code) for each in both] == [
        ("2026-03-13", 20001),
        (None, 30002),
    ]
    assert refused.value.meta_code == 4009
