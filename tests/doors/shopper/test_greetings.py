"""The brand's tone picks a line of thanks, and never beside bad news."""

from __future__ import annotations

import pytest

from aftermile.capabilities.brands.public import Tone as Voice
from aftermile.doors.shopper.phrases import PHRASES
from aftermile.doors.shopper.presenters.order import tracking_page
from aftermile.doors.shopper.presenters.tone import Tone
from aftermile.kernel.languages import LANGUAGES
from tests.doors.shopper.parcels import ENGLISH, MERCHANT, NOW
from tests.doors.shopper.states import STATES

FINE = {
    "announced-order", "nothing-yet", "nothing-to-send", "announced", "packed", "on-its-way", "on-its-way-window",
    "on-its-way-promised", "on-its-way-no-day", "tomorrow-hours", "out-for-delivery", "delivered-signed",
    "delivered-door", "delivered-neighbor", "delivered-mailbox", "delivered-locker", "collected", "split-all-here",
    "part-unsent", "long-words",
}  # fmt: skip


def greeting(name: str, voice: Voice, code: str = "en") -> str:
    shown, shipments = STATES[name]
    tongue = ENGLISH if code == "en" else PHRASES.tongue([code])
    return tracking_page(shown, shipments, MERCHANT, tongue, now=NOW, voice=voice).greeting


def test_only_where_nothing_is_wrong() -> None:
    for voice in (Voice.WARM, Voice.FORMAL):
        assert {name for name in STATES if greeting(name, voice)} == FINE


@pytest.mark.parametrize("name", STATES)
def test_the_plain_tone_says_what_is_and_nothing_more(name: str) -> None:
    assert greeting(name, Voice.PLAIN) == ""


def test_what_happened_is_told_the_same_in_each() -> None:
    shown, shipments = STATES["on-its-way"]
    pages = [tracking_page(shown, shipments, MERCHANT, ENGLISH, now=NOW, voice=voice) for voice in Voice]
    assert len({(page.headlines, page.basis, page.next_step, page.tone) for page in pages}) == 1
    assert len({page.greeting for page in pages}) == 3
    assert pages[0].tone is Tone.CALM


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_language_names_the_shop(code: str) -> None:
    lines = [
        greeting(name, voice, code)
        for name in ("packed", "collected")
        for voice in (Voice.WARM, Voice.FORMAL)
    ]
    assert [MERCHANT.name in line for line in lines] == [True] * 4
