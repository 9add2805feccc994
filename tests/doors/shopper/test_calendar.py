"""The day of delivery for a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from aftermile.doors.shopper.phrases import PHRASES
from aftermile.doors.shopper.presenters.calendar import Appointment, calendar_file
from aftermile.kernel.languages import Tongue
from aftermile.kernel.models import Merchant
from tests.doors.shopper.conftest import Sell
from tests.doors.shopper.parcels import ENGLISH, NOW

TONGUES = [PHRASES.tongue([code]) for code in ("en", "ja", "ar")]
DAYS = date(2026, 5, 14), date(2026, 5, 16)


def appointment(headline: str = "Arriving Thursday", **said: object) -> Appointment:
    told = {
        "uid": "1@aftermile",
        "shop": "Lind; Gren, Books",
        "address": "https://x.example/t/t_1",
        "days": DAYS,
    }
    return Appointment(headline=headline, **(told | said))  # type: ignore[arg-type]


def lines_of(content: bytes) -> list[str]:
    """Undo the folding (RFC 5545, section 3.1)."""
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_whole_days_end_on_the_day_after() -> None:
    lines = lines_of(calendar_file(appointment(), ENGLISH, at=NOW))
    assert "DTSTART;VALUE=DATE:20260514" in lines
    assert "DTEND;VALUE=DATE:20260517" in lines
    assert "SUMMARY:Parcel from Lind\\; Gren\\, Books" in lines
    assert "DESCRIPTION:Arriving Thursday\\nSee where it is: https://x.example/t/t_1" in lines
    assert "DTSTAMP:20260512T081500Z" in lines


def test_named_hours_are_moments() -> None:
    hours = datetime(2026, 5, 14, 8, tzinfo=UTC), datetime(2026, 5, 14, 12, tzinfo=UTC)
    lines = lines_of(calendar_file(appointment(hours=hours), ENGLISH, at=NOW))
    assert "DTSTART:20260514T080000Z" in lines
    assert "DTEND:20260514T120000Z" in lines


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.sampled_from(TONGUES))
def test_no_line_is_too_long_and_no_letter_is_torn(headline: str, tongue: Tongue) -> None:
    content = calendar_file(appointment(headline), tongue, at=NOW)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert content.endswith(b"END:VCALENDAR\r\n")
    escaped = headline.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    assert f"DESCRIPTION:{escaped}\\n" in content.decode().replace("\r\n ", "")


def test_an_order_with_an_expected_day_has_a_file(merchant: Merchant, sell: Sell) -> None:
    client = Client()
    token = sell(merchant, expected_in_days=2)
    assert f"/t/{token}/calendar.ics" in client.get(f"/t/{token}").content.decode()
    file = client.get(f"/t/{token}/calendar.ics")
    assert file.status_code == 200
    assert file["Content-Type"] == "text/calendar; charset=utf-8"
    assert file["Content-Disposition"] == 'attachment; filename="parcel.ics"'
    assert f"URL:http://testserver/t/{token}" in lines_of(file.content)


@pytest.mark.parametrize("token", ["t_nonsense", "x"])
@pytest.mark.django_db
def test_nobodys_page_has_none(token: str) -> None:
    assert Client().get(f"/t/{token}/calendar.ics").status_code == 404


def test_an_order_without_an_expected_day_has_none(merchant: Merchant, sell: Sell) -> None:
    token = sell(merchant)
    page = Client().get(f"/t/{token}")
    assert "calendar.ics" not in page.content.decode()
    assert Client().get(f"/t/{token}/calendar.ics").status_code == 404
