"""Moments, numbers, names and cells as staff read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from aftermile.doors.console import words
from aftermile.doors.console.csv_file import safe_cell
from aftermile.doors.console.moments import tell
from aftermile.doors.console.templatetags.console import browser, initials, may_break, number

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 19, 9, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "style", "text"),
    [
        (NOW, "short", "Today, 10:42 AM"),
        (NOW - timedelta(days=1), "short", "Nov 18, 10:42 AM"),
        (NOW - timedelta(days=365), "short", "Nov 19 2025, 10:42 AM"),
        (NOW - timedelta(hours=10, minutes=43), "short", "Nov 18, 11:59 PM"),
        (NOW, "date", "Nov 19"),
        (NOW, "day", "Thursday, November 19"),
        (NOW, "time", "10:42 AM"),
        (NOW, "full", "Thursday, November 19, 2026, 10:42 AM CET"),
        (NOW, "ago", "just now"),
        (NOW - timedelta(seconds=50), "ago", "a minute ago"),
        (NOW - timedelta(minutes=5), "ago", "5 minutes ago"),
        (NOW - timedelta(minutes=59), "ago", "1 hour ago"),
        (NOW - timedelta(hours=23), "ago", "1 day ago"),
        (NOW - timedelta(days=6), "ago", "6 days ago"),
        (NOW - timedelta(days=8), "ago", "Nov 11"),
        (NOW + timedelta(hours=2), "ago", "in 2 hours"),
    ],
)
def test_a_moment(at: datetime, style: str, text: str) -> None:
    told = tell(at, style=style, zone=BERLIN, now=NOW)

    assert (told.text, told.iso) == (text, at.isoformat())
    assert told.full.endswith("CET")


def test_a_style_that_is_none() -> None:
    with pytest.raises(ValueError, match="no style"):
        tell(NOW, style="long", zone=BERLIN, now=NOW)


@pytest.mark.parametrize(
    ("name", "letters"), [("Nadia Brandt", "NB"), ("Cher", "C"), ("Ana de la Cruz", "AC"), ("", "")]
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (1204, "1,204"), (1_000_000, "1,000,000"), (None, "")])
def test_a_number(value: int | None, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140 Safari/537", "Chrome on Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Version/18 Safari/605", "Safari on macOS"),
        ("curl/8", "A browser on an unknown system"),
    ],
)
def test_a_browser(agent: str, said: str) -> None:
    assert browser(agent) == said


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("@sum", "'@sum"),
        ("-x", "'-x"),
        ("-12.50", "-12.50"),
        (-3, "-3"),
        ("plain", "plain"),
        (None, ""),
    ],
)
def test_a_cell_runs_nothing(cell: object, written: str) -> None:
    assert safe_cell(cell) == written


def test_a_state_has_its_shape_and_its_word() -> None:
    html = Template('{% load console %}{% state "late" word %}').render(Context({"word": "5 days <late>"}))

    assert html.startswith('<span class="state late"><svg class="mark"')
    assert "#m-late" in html
    assert html.endswith("5 days &lt;late&gt;</span>")


def test_a_tone_that_is_none() -> None:
    with pytest.raises(KeyError):
        Template('{% load console %}{% mark "red" %}').render(Context())


@pytest.mark.parametrize(
    ("whose", "sold_as", "said"),
    [
        ("DHL", "Express 12:00", "DHL Express 12:00"),
        ("UPS", "UPS Worldwide Express", "UPS Worldwide Express"),
        ("DHL Paket", "dhl", "DHL Paket"),
        ("DPD", "", "DPD"),
        ("", "Standard", "Standard"),
        ("", "", ""),
    ],
)
def test_a_carrier_is_named_once_beside_its_service(whose: str, sold_as: str, said: str) -> None:
    assert words.service(whose, sold_as) == said


def test_an_amount_is_written_with_its_sign() -> None:
    assert [words.money(1234590, "EUR"), words.money(500, "JPY"), words.money(-990, "CHF")] == [
        "€12,345.90",
        "¥500",
        "-CHF\N{NO-BREAK SPACE}9.90",
    ]


def test_an_address_breaks_before_its_sign_and_stays_harmless() -> None:
    assert may_break("kim@shop.example") == "kim<wbr>@shop.example"
    assert may_break("<b>@x") == "&lt;b&gt;<wbr>@x"
    assert may_break("Köln") == "Köln"
