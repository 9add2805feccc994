"""The sentence that answers, for each state a parcel can be in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from aftermile.capabilities.shipments.public import ParcelView
from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.doors.shopper.presenters.parcel import Link, ParcelCard, StepState, card_of
from aftermile.doors.shopper.presenters.scans import SCANS
from aftermile.doors.shopper.presenters.standing import Context, standing_of
from aftermile.doors.shopper.presenters.tone import Tone
from aftermile.doors.shopper.presenters.troubles import TROUBLES
from tests.doors.shopper.parcels import NOW, context, parcel, scan

S = SubStatus
AN_HOUR = timedelta(hours=1)


def card(view: ParcelView, about: Context | None = None) -> ParcelCard:
    about = about or context()
    return card_of(view, standing_of(view, about), about, title="Parcel", contents=(), anchor="parcel-1")


@pytest.mark.parametrize("sub_status", SubStatus)
def test_every_state_is_written(sub_status: SubStatus) -> None:
    """A sentence, words among others, and for every trouble what it means and what to do."""
    found = standing_of(parcel(sub_status), context())
    assert found.headline
    assert "{" not in f"{found.headline}{found.basis}{found.next_step}"
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
        ("2026-05-14", "2026-05-16", "Arriving Thu 14\u2009–\u2009Sat 16 May"),
        ("2026-05-30", "2026-06-02", "Arriving Sat 30 May\u2009–\u2009Tue 2 Jun"),
        # Half past ten in the evening, UTC, is the day after in Berlin.
        ("2026-05-13T22:30:00+00:00", "2026-05-13T22:45:00+00:00", "Arriving Thursday, 14 May, 00:30–00:45"),
    ],
)
def test_the_carriers_estimate_answers(earliest: str, latest: str, headline: str) -> None:
    on_its_way = parcel(S.IN_TRANSIT, estimate_earliest=earliest, estimate_latest=latest)
    found = standing_of(on_its_way, context())
    assert (found.headline, found.tone, found.notice) == (headline, Tone.CALM, None)
    assert found.basis == "This is the carrier's own estimate. Last seen in Leipzig, today at 08:15."


def test_without_an_estimate_the_promise_answers() -> None:
    found = standing_of(parcel(S.IN_TRANSIT), context(promised=(date(2026, 5, 13), date(2026, 5, 15))))
    assert found.headline == "Arriving Wed 13\u2009–\u2009Fri 15 May"
    assert found.basis.startswith("This was promised when you ordered. The carrier has not named a day yet.")


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
    assert found.notice.meaning == ("It was expected by Monday, 11 May. The carrier has not named a new day.")


def test_with_nothing_to_go_by_no_day_is_named() -> None:
    quiet = parcel(
        S.IN_TRANSIT, scan(S.IN_TRANSIT, NOW - timedelta(days=6)), carrier="", carrier_name="Owl Post"
    )
    found = standing_of(quiet, context())
    assert found.headline == "No news of your parcel for 6 days"
    assert found.notice is not None
    assert found.notice.meaning.startswith("Last seen in Leipzig, on Wednesday, 6 May.")
    assert not found.days


def test_a_delay_tells_the_new_day_and_other_troubles_do_not() -> None:
    """An estimate that is older than a refusal is none."""
    delayed = standing_of(parcel(S.DELAYED, estimate_latest="2026-05-15"), context())
    refused = standing_of(parcel(S.REFUSED, estimate_latest="2026-05-15"), context())
    assert delayed.headline == "Your parcel is running late"
    assert delayed.notice is not None
    assert delayed.notice.meaning == "GLS reports a delay. It is now expected Friday, 15 May."
    assert delayed.days.has_likely
    assert refused.headline == "The delivery was refused"
    assert not refused.days


def test_the_hours_a_carrier_names_for_today_are_told() -> None:
    on_the_van = parcel(
        S.OUT_FOR_DELIVERY,
        estimate_earliest="2026-05-12T08:00:00+00:00",
        estimate_latest="2026-05-12T10:30:00+00:00",
    )
    assert standing_of(on_the_van, context()).headline == "Arriving today, 10:00–12:30"


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
    view = parcel(S.OUT_FOR_DELIVERY, *scans)
    shown = card(view)
    assert [(step.name, step.state) for step in shown.steps] == [
        ("Ordered", StepState.DONE),
        ("Packed", StepState.DONE),
        ("On its way", StepState.DONE),
        ("Out for delivery", StepState.NOW),
        ("Delivered", StepState.AHEAD),
    ]
    assert [step.when.text if step.when else "" for step in shown.steps] == [
        "Sat, 9 May", "Sun, 10 May", "Mon, 11 May", "Tue, 12 May, 09:15", "",
    ]  # fmt: skip


def test_what_has_ended_has_nothing_ahead() -> None:
    lost = parcel(S.LOST, scan(S.LOST, NOW), scan(S.ACCEPTED, NOW - 90 * AN_HOUR))
    shown = card(lost)
    assert [(step.name, step.state) for step in shown.steps] == [
        ("Ordered", StepState.DONE),
        ("Packed", StepState.DONE),
        ("On its way", StepState.DONE),
        ("Lost", StepState.HELD),
    ]


def test_a_delivery_at_the_senders_door_is_told_as_a_return() -> None:
    back = parcel(
        S.RETURNED,
        scan(S.DELIVERED, NOW, city="Kiel"),
        scan(S.RETURNING, NOW - 30 * AN_HOUR),
        delivered_at=None,
    )
    shown = card(back)
    assert [each.ours for each in shown.scans] == ["Back with the sender", "On its way back"]


def test_a_code_nobody_knows_is_shown_in_the_carriers_words() -> None:
    view = parcel(
        S.ACCEPTED, scan(None, NOW, code="X9", description="Teleported"), scan(S.ACCEPTED, NOW - AN_HOUR)
    )
    shown = card(view)
    assert [(each.ours, each.theirs) for each in shown.scans] == [
        ("", "Teleported"),
        ("Handed to the carrier", ""),
    ]


def test_a_name_at_the_door_is_shortened() -> None:
    view = parcel(S.SIGNED, signed_by="Maria van der Berg Schmidt")
    shown = card(view)
    assert shown.signed_by == "Signed by M. V. D."


@pytest.mark.parametrize("number", ["AB 1", 'x"><script>', "../../etc"])
def test_a_number_that_is_no_number_makes_no_link(number: str) -> None:
    assert card(parcel(S.IN_TRANSIT, tracking_number=number)).carrier_link is None


def test_the_carriers_own_page_is_linked_except_in_a_demonstration() -> None:
    view = parcel(S.IN_TRANSIT, tracking_number="12345678901")
    assert card(view).carrier_link == Link("See it at GLS", "https://gls-group.com/track/12345678901")
    assert card(view, context(links=False)).carrier_link is None


def test_proof_is_linked_over_https_alone() -> None:
    proofs = [
        {"kind": "photo", "url": "https://carrier.example/p/1"},
        {"kind": "oddity", "url": "https://carrier.example/p/2"},
        {"kind": "photo", "url": "javascript:alert(1)"},
    ]
    assert card(parcel(S.DELIVERED, proofs=proofs)).proofs == (
        Link("See the photo of the delivery", "https://carrier.example/p/1"),
        Link("See the proof of delivery", "https://carrier.example/p/2"),
    )


@pytest.mark.parametrize(
    ("said", "basis"),
    [
        ("Delivered, In/At Mailbox", "It is in your mailbox."),
        ("Zugestellt in Packstation 103", "It is in a parcel locker."),
        ("Delivered, Front Door/Porch", "It was left at the door. Not there?"),
        ("Beim Nachbarn abgegeben", "It is with a neighbor."),
        ("Delivered to front desk/reception", "It was handed in at the reception or mail room."),
        ("Left in the agreed garage", "It was left in the place agreed with the carrier."),
        ("Delivered, individual signed", "It was handed over in person."),
        ("Delivered", "Not there? Look at the door"),
    ],
)
def test_a_delivery_tells_where_to_look(said: str, basis: str) -> None:
    view = parcel(S.DELIVERED, scan(S.DELIVERED, NOW - AN_HOUR, description=said))
    assert standing_of(view, context()).basis.startswith(basis)


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        ("Your parcel has been loaded on vehicle", "Loaded for transport"),
        ("Item processed at facility", "Sorted"),
        ("Arrived at customs, Heathrow", "Presented to customs"),
        ("Customs cleared", "Released by customs"),
        ("The package was delivered to locker 12", "Ready to be collected"),
        ("Departed from Köln", "Left the sorting center"),
        ("Quantum state observed", "Quantum state observed"),
    ],
)
def test_common_phrases_are_told_in_our_words(said: str, ours: str) -> None:
    shown = card(parcel(S.ACCEPTED, scan(None, NOW, description=said), scan(S.ACCEPTED, NOW - AN_HOUR)))
    assert (shown.scans[0].ours, shown.scans[0].theirs) == (("", said) if said == ours else (ours, said))


def test_who_delivers_is_a_whole_sentence_without_a_name() -> None:
    nameless = parcel(S.DELAYED, carrier="", carrier_name="")
    found = standing_of(nameless, context())
    assert found.notice is not None
    assert found.notice.meaning == "The carrier reports a delay."
