"""Moments come out of the database as psycopg reads them, only sooner."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.datetime import TimestamptzLoader

from aftermile.kernel.moments import MomentLoader

_OID = 1184


@given(moment=st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31)))
def test_a_moment_is_read_as_psycopg_reads_it(moment: datetime) -> None:
    written = f"{moment.isoformat(' ')}+00".encode()
    assert MomentLoader(_OID).load(written) == TimestamptzLoader(_OID).load(written)


@pytest.mark.django_db
def test_connections_read_moments_in_utc() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT '2026-03-29 03:30:00.5+02'::timestamptz")
        (moment,) = cursor.fetchone()
    assert (moment, moment.tzinfo) == (datetime(2026, 3, 29, 1, 30, 0, 500_000, UTC), UTC)
    assert isinstance(connection.connection.adapters.get_loader(_OID, 0)(_OID), MomentLoader)


@pytest.mark.django_db
def test_what_is_no_moment_of_python_is_refused_as_before() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'infinity'::timestamptz")
        with pytest.raises(Exception, match="timestamp too large"):
            cursor.fetchone()


def test_an_offset_is_kept() -> None:
    read = MomentLoader(_OID).load(b"2026-03-29 03:30:00+02")
    assert read.utcoffset() == timedelta(hours=2)
