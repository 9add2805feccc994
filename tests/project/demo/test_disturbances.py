"""Storms and strikes: what they hold up, and how it goes on afterwards."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from aftermile.connectors.contracts.words import Cause, SubStatus
from aftermile.project.demo.carriers import GLS
from aftermile.project.demo.disturbances import disturbances
from aftermile.project.demo.world import Parcel, World
from tests.project.demo.test_world import START

WORLD = World(2026, START)
ORDERS = list(WORLD.history())
PARCELS = [parcel for order in ORDERS for parcel in order.parcels]
CAST = {
    parcel.tracking_number for order in ORDERS if order.index < len(WORLD.cast) for parcel in order.parcels
}


def of_gls() -> list[Parcel]:
    return [parcel for parcel in PARCELS if parcel.lane.carrier == GLS]


def test_one_strike_is_over_and_one_goes_on_when_visitors_come() -> None:
    over, going_on = disturbances(START).strikes
    assert over.ends < START
    assert going_on.begins < START < going_on.ends < START + timedelta(days=2)


def test_during_a_strike_nothing_is_scanned_but_labels() -> None:
    for strike in WORLD.disturbances.strikes:
        scanned = Counter(
            scan.sub_status
            for parcel in of_gls()
            for scan in parcel.scans
            if strike.begins <= scan.at < strike.ends
        )
        assert set(scanned) <= {SubStatus.LABEL_CREATED}


def test_when_a_strike_ends_what_lay_still_is_scanned_at_once() -> None:
    for strike in WORLD.disturbances.strikes:
        burst = [
            parcel.tracking_number
            for parcel in of_gls()
            for scan in parcel.scans
            if strike.ends <= scan.at < strike.ends + timedelta(hours=3)
        ]
        assert len(set(burst)) >= 3


def test_many_on_one_lane_stand_still_when_visitors_come() -> None:
    strike = WORLD.disturbances.strikes[-1]
    still = [
        parcel.tracking_number
        for parcel in of_gls()
        if parcel.lane.country == "DE"
        and any(scan.sub_status is SubStatus.DEPARTED_FACILITY for scan in parcel.scans if scan.at < START)
        and not any(strike.begins <= scan.at < START for scan in parcel.scans)
        and parcel.scans[-1].at > START
    ]
    # Fewer would be no incident: nine in ten silences of this carrier are shorter than the strike so far.
    assert len(still) >= 20


@pytest.mark.parametrize("day", range(7))
def test_they_stand_still_whatever_day_visitors_come(day: int) -> None:
    world = World(2026, START + timedelta(days=day))
    begins = world.disturbances.strikes[-1].begins
    sale = [world.order(index) for index in range(len(world.cast), len(world.cast) + 24)]
    last = [max(scan.at for scan in order.parcels[0].scans if scan.at < world.start) for order in sale]
    assert all(begins - timedelta(days=4) < moment < begins for moment in last)
    assert all(order.parcels[0].lane.carrier == GLS for order in sale)


def test_a_storm_delays_parcels_of_its_region_in_its_week() -> None:
    delayed = 0
    for parcel in PARCELS:
        for scan in parcel.scans:
            if scan.sub_status is not SubStatus.WEATHER_DELAY or parcel.tracking_number in CAST:
                continue
            delayed += 1
            week = next(
                each
                for each in WORLD.disturbances.weather
                if each.begins <= scan.at < each.ends + timedelta(hours=1)
                and scan.place.country in each.countries
            )
            assert scan.message == week.message
            assert scan.sub_status.cause is Cause.WEATHER
            assert scan.estimate is None or scan.estimate >= scan.at.date()
    assert delayed >= 10


def test_nothing_is_disturbed_elsewhere() -> None:
    countries = {
        scan.place.country
        for parcel in PARCELS
        if parcel.tracking_number not in CAST
        for scan in parcel.scans
        if scan.sub_status is SubStatus.WEATHER_DELAY
    }
    assert countries <= {"ES", "PT", "SE", "DK", "DE"}
