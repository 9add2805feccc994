"""Every state of the page in every language: whole, filled in, and never without an answer."""

from __future__ import annotations

import re

import pytest
from django.test import RequestFactory

from aftermile.doors.shopper import answers
from aftermile.doors.shopper.faces import Face
from aftermile.doors.shopper.phrases import PHRASES
from aftermile.doors.shopper.presenters.tone import Tone
from tests.doors.shopper.parcels import ENGLISH
from tests.doors.shopper.states import STATES, page_of

_TAGS = re.compile(r"<style>.*?</style>|<[^>]+>", re.DOTALL)


@pytest.mark.parametrize("code", PHRASES.languages)
def test_every_state_is_rendered_in_every_language(code: str) -> None:
    tongue = PHRASES.tongue([code], country="DE")
    face = Face(tongue=tongue, shop="Lindgren Books")
    for name in STATES:
        shown = page_of(name, tongue)
        html = answers.page(
            RequestFactory().get("/t/x"),
            "shopper/tracking.html",
            {"page": shown, "calendar": "/t/x/calendar.ics"},
            face,
            version="1",
        ).content.decode()
        assert f'<html lang="{code}" dir="{tongue.direction}">' in html, name
        words = _TAGS.sub(" ", html)
        assert not re.search(r"{\w+}|None", words), (name, words)
        assert all(shown.headlines), name


@pytest.mark.parametrize("name", STATES)
def test_bad_news_comes_with_what_it_means_and_the_next_step(name: str) -> None:
    shown = page_of(name, ENGLISH)
    if shown.tone in (Tone.WATCH, Tone.BAD):
        assert shown.notice is not None or shown.next_step
    if shown.tone is Tone.BAD:
        assert shown.notice is not None
        assert shown.notice.next_step


def headline(name: str) -> str:
    return " / ".join(page_of(name, ENGLISH).headlines)


def test_what_each_state_answers() -> None:
    """The sentences as a shopper reads them on Tuesday, 12 May, at a quarter past ten."""
    told = {name: headline(name).replace("\u2009", " ") for name in STATES}
    assert told == {
        "announced-order": "Your order is known here, and nothing more yet",
        "nothing-yet": "Your order is being prepared",
        "nothing-to-send": "Nothing of this order is sent by parcel",
        "announced": "Your parcel is announced",
        "packed": "Packed, and waiting for the carrier",
        "on-its-way": "Arriving Thursday, 14 May",
        "on-its-way-window": "Arriving Wed 13 – Fri 15 May",
        "on-its-way-promised": "Arriving Wed 13 – Thu 14 May",
        "on-its-way-no-day": "On its way to you",
        "tomorrow-hours": "Arriving tomorrow, Wednesday, 10:00–13:30",
        "out-for-delivery": "Arriving today, 10:00–14:00",
        "out-since-days": "Out for delivery since Sunday, 10 May",
        "attempt-failed": "Nobody was in when the carrier came",
        "pickup-point": "Ready for you to collect",
        "customs": "Your parcel is held at customs",
        "customs-charge": "A charge has to be paid first",
        "late": "Your parcel is running late",
        "late-estimate": "Arriving Fri 15 – Sat 16 May",
        "overdue": "Your parcel is running late",
        "quiet": "No news of your parcel for 6 days",
        "weather": "Your parcel is held up by the weather",
        "address-unclear": "The address could not be found",
        "refused": "The delivery was refused",
        "returning": "Your parcel is on its way back to Lindgren Books",
        "returned": "Your parcel went back to Lindgren Books",
        "lost": "Your parcel is lost",
        "damaged": "Your parcel was damaged on its way",
        "cancelled-delivery": "This delivery was called off",
        "no-news": "There has been no news for a long time",
        "delivered-signed": "Delivered today at 08:15",
        "delivered-door": "Delivered today at 08:15",
        "delivered-neighbor": "Left with a neighbor today at 08:15",
        "delivered-mailbox": "Delivered yesterday at 09:15",
        "delivered-locker": "Delivered on Friday, 8 May",
        "collected": "Collected today at 08:15",
        "cancelled-order": "This order was cancelled",
        "split-mixed": "1 of 2 parcels is here. / 2 × Aluminium poles: Your parcel is running late",
        "split-lost": "Ridge 2 tent: Your parcel is lost",
        "split-all-here": "All 2 parcels are here",
        "part-unsent": "Delivered today at 09:15",
        "with-return": "Delivered today at 08:15",
        "long-words": "Arriving Thursday, 14 May",
    }
