"""The sentence that answers, for each state a parcel can be in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.doors.shopper.presenters.parcel import StepState, card_of
from aftermile.doors.shopper.presenters.standing import standing_of
from aftermile.doors.shopper.presenters.words import SCANS, TROUBLES, Tone
from tests.doors.shopper.parcels import NOW, context, parcel, scan

S = SubStatus
AN_HOUR = timedelta(hours=1)


@pytest.mark.parametrize("sub_status", SubStatus)
def test_every_state_is_written(sub_status: SubStatus) -> None:
    """A sentence, words among others, and for every trouble what it means and what to do."""
    found = standing_of(parcel(sub_status), context())
    assert found.headline
    assert found.clause
    assert "{" not in f"{found.headline}{found.clause}{found.basis}"
    assert sub_status in SCANS
    if sub_status.milestone in (Milestone.EXCEPTION, Milestone.ATTEMPT_FAILED, Milestone.RETURNED):
        assert found.notice is not None
        assert found.notice.meaning
        assert found.notice.next_step
        assert found.tone in (Tone.WATCH, Tone.BAD)


def test_every_trouble_of_the_vocabulary_has_its_words() -> None:
    assert set(TROUBLES) == {each for each in SubStatus if each.cause is not None}


@pytest.mark.parametrize(
    ("earliest", "latest", "headline"),
    [
        ("2026-05-12", "2026-05-12", "Arriving today"),
        ("2026-05-13", "2026-05-13", "Arriving tomorrow, Wednesday"),
        ("", "2026-05-14", "Arriving Thursday, 14 May"),
        ("2026-05-14", "2026-05-16", "Arriving between Thursday 14 and Saturday 16 May"),
        ("2026-05-30", "2026-06-02", "Arriving between Saturday, 30 May and Tuesday, 2 June"),
        # Half past ten in the evening, UTC, is the day after in Berlin.
        ("2026-05-13T22:30:00+00:00", "2026-05-13T22:45:00+00:00", "Arriving Thursday, 14 May"),
    ],
)
def test_the_carriers_estimate_answers(earliest: str, latest: str, headline: str) -> None:
    on_its_way = parcel(S.IN_TRANSIT, estimate_earliest=earliest, estimate_latest=latest)
    found = standing_of(on_its_way, context())
    assert (found.headline, found.tone, found.notice) == (headline, Tone.CALM, None)
    assert found.basis == "That is GLS's own estimate. Last seen in Leipzig today at 08:15."


def test_without_an_estimate_the_promise_answers() -> None:
    found = standing_of(parcel(S.IN_TRANSIT), context(promised=(date(2026, 5, 13), date(2026, 5, 15))))
    assert found.headline == "Arriving between Wednesday 13 and Friday 15 May"
    assert found.basis.startswith("That is what was promised when you ordered; GLS has not named a day yet.")


def test_an_estimate_beyond_the_promise_is_bad_news_first() -> None:
    late = parcel(S.IN_TRANSIT, estimate_latest="2026-05-16")
    found = standing_of(late, context(promised=(date(2026, 5, 13), date(2026, 5, 14))))
    assert found.headline == "Arriving Saturday, 16 May"
    assert found.notice is not None
    assert found.notice.title == "2 days later than promised."
    assert found.tone is Tone.WATCH


def test_a_day_that_has_passed_is_not_promised_again() -> None:
    found = standing_of(parcel(S.IN_TRANSIT, estimate_latest="2026-05-11"), context())
    assert found.headline == "Your parcel is running late"
    assert found.notice is not None
    assert found.notice.meaning == ("It was expected by Monday, 11 May, and GLS has not named a new day.")


def test_with_nothing_to_go_by_no_day_is_named() -> None:
    quiet = parcel(
        S.IN_TRANSIT, scan(S.IN_TRANSIT, NOW - timedelta(days=6)), carrier="", carrier_name="Owl Post"
    )
    found = standing_of(quiet, context())
    assert found.headline == "On its way to you"
    assert found.basis == "No scan for 6 days; the last was in Leipzig on Wednesday, 6 May."


def test_a_delay_tells_the_new_day_and_other_troubles_do_not() -> None:
    """An estimate that is older than a refusal is none."""
    delayed = standing_of(parcel(S.DELAYED, estimate_latest="2026-05-15"), context())
    refused = standing_of(parcel(S.REFUSED, estimate_latest="2026-05-15"), context())
    assert delayed.headline == "Your parcel is running late, now expected on Friday, 15 May"
    assert refused.headline == "The delivery was refused"
    assert refused.days == ()


def test_the_hours_a_carrier_names_for_today_are_told() -> None:
    on_the_van = parcel(
        S.OUT_FOR_DELIVERY,
        estimate_earliest="2026-05-12T08:00:00+00:00",
        estimate_latest="2026-05-12T10:30:00+00:00",
    )
    assert standing_of(on_the_van, context()).headline == "Arriving today, between 10:00 and 12:30"


def test_the_van_of_the_day_before_yesterday_is_not_called_today() -> None:
    on_the_van = parcel(S.OUT_FOR_DELIVERY, scan(S.OUT_FOR_DELIVERY, NOW - timedelta(days=2)))
    assert standing_of(on_the_van, context()).headline == "Out for delivery since Sunday, 10 May"


def test_a_van_that_left_before_midnight_arrives_on_the_day_it_names() -> None:
    on_the_van = parcel(
        S.OUT_FOR_DELIVERY, scan(S.OUT_FOR_DELIVERY, NOW - timedelta(hours=12)), estimate_latest="2026-05-12"
    )
    found = standing_of(on_the_van, context())
    assert found.headline == "Arriving today"
    assert found.basis == "GLS has had it on the van since 22:15."


def test_a_pickup_point_is_named() -> None:
    waiting = parcel(S.AVAILABLE_FOR_PICKUP, scan(S.AVAILABLE_FOR_PICKUP, NOW, place_name="Kiosk am Eck"))
    found = standing_of(waiting, context())
    assert found.notice is not None
    assert found.notice.title == "It waits at Kiosk am Eck, Leipzig."


def test_the_line_of_milestones_says_where_it_is() -> None:
    scans = (
        scan(S.OUT_FOR_DELIVERY, NOW - AN_HOUR),
        scan(S.ARRIVED_AT_FACILITY, NOW - 20 * AN_HOUR),
        scan(S.LABEL_CREATED, NOW - 40 * AN_HOUR),
    )
    about = context()
    view = parcel(S.OUT_FOR_DELIVERY, *scans)
    card = card_of(view, standing_of(view, about), about, title="Parcel", contents=())
    assert [(step.name, step.state) for step in card.steps] == [
        ("Ordered", StepState.DONE),
        ("Packed", StepState.DONE),
        ("On its way", StepState.DONE),
        ("Out for delivery", StepState.NOW),
        ("Delivered", StepState.AHEAD),
    ]
    assert [step.when.text if step.when else "" for step in card.steps] == [
        "Sat 9 May", "Sun 10 May", "Mon 11 May", "Tue 12 May, 09:15", "",
    ]  # fmt: skip


def test_what_has_ended_has_nothing_ahead() -> None:
    about = context()
    lost = parcel(S.LOST, scan(S.LOST, NOW), scan(S.ACCEPTED, NOW - 90 * AN_HOUR))
    card = card_of(lost, standing_of(lost, about), about, title="Parcel", contents=())
    assert [(step.name, step.state) for step in card.steps] == [
        ("Ordered", StepState.DONE),
        ("Packed", StepState.DONE),
        ("On its way", StepState.DONE),
        ("Lost", StepState.HELD),
    ]


def test_a_delivery_at_the_senders_door_is_told_as_a_return() -> None:
    about = context()
    back = parcel(
        S.RETURNED,
        scan(S.DELIVERED, NOW, city="Kiel"),
        scan(S.RETURNING, NOW - 30 * AN_HOUR),
        delivered_at=None,
    )
    card = card_of(back, standing_of(back, about), about, title="Parcel", contents=())
    assert [each.ours for each in card.scans] == ["Back with the sender", "On its way back"]


def test_a_code_nobody_knows_is_shown_in_the_carriers_words() -> None:
    about = context()
    view = parcel(
        S.ACCEPTED, scan(None, NOW, code="X9", description="Teleported"), scan(S.ACCEPTED, NOW - AN_HOUR)
    )
    card = card_of(view, standing_of(view, about), about, title="Parcel", contents=())
    assert [(each.ours, each.theirs) for each in card.scans] == [
        ("Teleported", ""),
        ("Handed to the carrier", ""),
    ]


def test_a_name_at_the_door_is_shortened() -> None:
    about = context()
    view = parcel(S.SIGNED, signed_by="Maria van der Berg Schmidt")
    card = card_of(view, standing_of(view, about), about, title="Parcel", contents=())
    assert card.signed_by == "M. V. D."


@pytest.mark.parametrize("number", ["AB 1", 'x"><script>', "../../etc"])
def test_a_number_that_is_no_number_makes_no_link(number: str) -> None:
    about = context()
    view = parcel(S.IN_TRANSIT, tracking_number=number)
    assert card_of(view, standing_of(view, about), about, title="Parcel", contents=()).carrier_link == ""


def test_the_carriers_own_page_is_linked_except_in_a_demonstration() -> None:
    view = parcel(S.IN_TRANSIT, tracking_number="12345678901")
    for links, link in ((True, "https://gls-group.com/track/12345678901"), (False, "")):
        about = context(links=links)
        assert (
            card_of(view, standing_of(view, about), about, title="Parcel", contents=()).carrier_link == link
        )
