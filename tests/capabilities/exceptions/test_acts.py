"""What people do about exceptions: acts, undo, two at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.exceptions.models import ExceptionStep, ShippingException
from aftermile.capabilities.exceptions.public import (
    Act,
    Acted,
    ExceptionView,
    How,
    NoteTooLong,
    NothingToUndo,
    ReasonMissing,
    SnoozeUnreadable,
    State,
    Why,
    assign,
    dismiss,
    exception,
    exceptions_of,
    mark_contacted,
    mark_lost,
    reopen,
    snooze,
    steps_of,
    undo,
    wake,
)
from aftermile.capabilities.exceptions.reactions import erase_from_exceptions
from aftermile.capabilities.shipments.public import parcel
from aftermile.capabilities.shoppers.public import erase_shopper
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.events import latest_position, read
from aftermile.kernel.ids import uuid7
from aftermile.kernel.tenancy import merchant_scope, run_in_scope
from tests.capabilities.exceptions.stories import (
    NADIA,
    OMAR,
    day,
    judge_all,
    judge_now,
    only,
    react,
    scan,
    short,
    tell_order,
    tell_scans,
    told_of,
)

pytestmark = pytest.mark.django_db
NOBODY = uuid7()


@pytest.fixture
def stalled(in_scope: Any) -> ExceptionView:
    """A parcel silent for four days, with an order."""
    tell_order("1", "N1")
    judge_now(4, tell_scans("N1", scan(0)))
    return only("N1")


def late(external_id: str) -> ExceptionView:
    tell_order(external_id, f"N{external_id}", promised=day(1).date())
    judge_now(4, tell_scans(f"N{external_id}", scan(3)))
    return only(f"N{external_id}")


def again(view: ExceptionView) -> ExceptionView:
    return exception(view.id).exception


def the_refusal(acted: Acted) -> tuple[Why, str, str]:
    (refused,) = acted.refused
    assert acted.changed == ()
    return refused.why, refused.by, refused.ending


class TestEachAct:
    def test_snooze_and_wake(self, stalled: ExceptionView) -> None:
        acted = snooze(ids=[stalled.id], until=day(6), reason="UPS looks for it", by=NADIA, at=day(4))
        view = again(stalled)
        assert acted.changed == (stalled.id,)
        assert (view.state, view.snoozed_until, view.snooze_reason, view.acted_by) == (
            State.SNOOZED, day(6), "UPS looks for it", NADIA,
        )  # fmt: skip
        wake(ids=[stalled.id], by=OMAR, at=day(5))
        assert (again(stalled).state, again(stalled).snoozed_until) == (State.OPEN, None)

    @pytest.mark.parametrize("until", [day(4), day(3), day(4) + timedelta(days=90, seconds=1)])
    def test_a_snooze_ends_in_the_next_ninety_days(self, stalled: ExceptionView, until: Any) -> None:
        with pytest.raises(SnoozeUnreadable):
            snooze(ids=[stalled.id], until=until, by=NADIA, at=day(4))

    def test_assign_and_to_nobody(self, stalled: ExceptionView) -> None:
        assign(ids=[stalled.id], to=NOBODY, by=NADIA, at=day(4))
        assert again(stalled).assigned_to == NOBODY
        assign(ids=[stalled.id], to=None, by=NADIA, at=day(4))
        assert again(stalled).assigned_to is None

    def test_told_of_a_delay_there_is_nothing_more_to_do(self, in_scope: Any) -> None:
        view = late("1")
        mark_contacted(ids=[view.id], how=How.EMAIL, note="Monday, sorry", by=NADIA, at=day(4))
        told = again(view)
        assert short(told) == ("late", "done", "contacted")
        assert (told.contacted_at, told.contacted_how, told.ended_by, told.note) == (
            day(4), "email", NADIA, "Monday, sorry",
        )  # fmt: skip

    def test_asked_a_question_one_waits_for_the_answer(self, in_scope: Any) -> None:
        judge_now(1, tell_scans("N1", scan(0, SubStatus.ADDRESS_ISSUE)))
        mark_contacted(ids=[only("N1").id], how=How.PHONE, by=NADIA, at=day(1))
        view = only("N1")
        assert (view.state, view.snoozed_until, view.contacted_at) == (State.SNOOZED, day(3), day(1))

    def test_given_up_a_parcels_page_says_so_and_nothing_opens_again(self, stalled: ExceptionView) -> None:
        merchant_id = stalled.parcel_id
        assert merchant_id is not None
        mark_lost(ids=[stalled.id], note="the search is over", by=NADIA, at=day(8))
        lost = parcel(merchant_id)
        assert lost is not None
        assert (lost.sub_status, lost.events[0].source) == (SubStatus.LOST, NADIA)
        judge_now(9, merchant_id)
        assert [short(view) for view in told_of("N1")] == [("stalled", "done", "marked_lost")]

    def test_found_after_all_it_is_watched_again(self, stalled: ExceptionView) -> None:
        mark_lost(ids=[stalled.id], by=NADIA, at=day(8))
        parcel_id = tell_scans("N1", scan(9), at=day(9))
        judge_now(14, parcel_id)
        assert [short(view) for view in told_of("N1")] == [
            ("stalled", "open", ""),
            ("stalled", "done", "marked_lost"),
        ]

    def test_an_order_without_a_parcel_cannot_be_lost(self, in_scope: Any) -> None:
        order_id = tell_order("1", placed=0)
        judge_all(in_scope, 4)
        (view,) = exceptions_of(order_ids=[order_id])
        assert the_refusal(mark_lost(ids=[view.id], by=NADIA, at=day(4))) == (Why.NO_PARCEL, "", "")

    def test_dismissed_with_a_reason(self, stalled: ExceptionView) -> None:
        with pytest.raises(ReasonMissing):
            dismiss(ids=[stalled.id], reason="  ", by=NADIA, at=day(4))
        dismiss(ids=[stalled.id], reason=" it is on a ship ", by=NADIA, at=day(4))
        assert (short(again(stalled)), again(stalled).note) == (
            ("stalled", "done", "dismissed"), "it is on a ship",
        )  # fmt: skip

    def test_reopen_what_a_person_ended(self, stalled: ExceptionView) -> None:
        mark_lost(ids=[stalled.id], by=NADIA, at=day(8))
        reopen(ids=[stalled.id], by=OMAR, at=day(9))
        view = again(stalled)
        assert (short(view), view.ended_at, view.ended_by) == (("stalled", "open", ""), None, "")
        found = parcel(view.parcel_id) if view.parcel_id else None
        assert found is not None
        assert (found.milestone, found.event_count) == ("in_transit", 1)

    def test_what_ended_by_itself_would_end_again(self, stalled: ExceptionView) -> None:
        judge_now(5, tell_scans("N1", scan(5), at=day(5)))
        assert the_refusal(reopen(ids=[stalled.id], by=OMAR, at=day(6)))[0] is Why.BY_ITSELF

    def test_what_was_replaced_stays_closed(self, stalled: ExceptionView) -> None:
        dismiss(ids=[stalled.id], reason="ship", by=NADIA, at=day(4))
        judge_now(8, stalled.parcel_id)  # type: ignore[arg-type]
        assert short(told_of("N1")[0]) == ("probably_lost", "open", "")
        assert the_refusal(reopen(ids=[stalled.id], by=OMAR, at=day(9)))[0] is Why.REPLACED

    def test_a_note_has_an_end(self, stalled: ExceptionView) -> None:
        with pytest.raises(NoteTooLong):
            mark_contacted(ids=[stalled.id], how=How.OTHER, note="x" * 2001, by=NADIA, at=day(4))
        assert again(stalled) == stalled

    def test_everything_people_did_is_kept(self, stalled: ExceptionView) -> None:
        snooze(ids=[stalled.id], until=day(6), reason="asked", by=NADIA, at=day(4))
        dismiss(ids=[stalled.id], reason="found", by=OMAR, at=day(5))
        steps = steps_of([stalled.id])[stalled.id]
        assert [(step.act, step.by, step.note) for step in steps] == [
            (Act.DISMISS, OMAR, "found"),
            (Act.SNOOZE, NADIA, "asked"),
        ]


ACTS: dict[str, Callable[[UUID], Acted]] = {
    "snooze": lambda one: snooze(ids=[one], until=day(9), by=NADIA, at=day(4)),
    "assign": lambda one: assign(ids=[one], to=NOBODY, by=NADIA, at=day(4)),
    "contact": lambda one: mark_contacted(ids=[one], how=How.EMAIL, by=NADIA, at=day(4)),
    "lose": lambda one: mark_lost(ids=[one], by=NADIA, at=day(4)),
    "dismiss": lambda one: dismiss(ids=[one], reason="no", by=NADIA, at=day(4)),
}


class TestUndo:
    @pytest.mark.parametrize("name", ACTS)
    def test_it_is_as_before(self, stalled: ExceptionView, name: str) -> None:
        def stands() -> dict[str, Any]:
            row = ShippingException.rows().filter(id=stalled.id).values().get()
            for written in ("revision", "acted_by", "acted_at"):
                del row[written]
            return row

        before, scans = stands(), parcel(stalled.parcel_id)  # type: ignore[arg-type]
        acted = ACTS[name](stalled.id)
        assert stands() != before
        assert undo(action_id=acted.action_id, by=NADIA, at=day(4.1)).changed == (stalled.id,)
        assert stands() == before
        after = parcel(stalled.parcel_id)  # type: ignore[arg-type]
        assert scans is not None
        assert after is not None
        assert (after.sub_status, after.events) == (scans.sub_status, scans.events)

    @pytest.mark.parametrize("name", ACTS)
    def test_what_was_undone_can_be_undone(self, stalled: ExceptionView, name: str) -> None:
        acted = ACTS[name](stalled.id)
        done = short(again(stalled)), again(stalled).assigned_to
        taken_back = undo(action_id=acted.action_id, by=NADIA, at=day(4.1))
        undo(action_id=taken_back.action_id, by=NADIA, at=day(4.2))
        assert (short(again(stalled)), again(stalled).assigned_to) == done
        shown = parcel(stalled.parcel_id)  # type: ignore[arg-type]
        assert shown is not None
        assert (shown.sub_status == SubStatus.LOST) == (name == "lose")

    def test_once(self, stalled: ExceptionView) -> None:
        acted = ACTS["dismiss"](stalled.id)
        undo(action_id=acted.action_id, by=NADIA, at=day(5))
        for action_id in (acted.action_id, uuid7()):
            with pytest.raises(NothingToUndo):
                undo(action_id=action_id, by=NADIA, at=day(5))

    def test_only_what_nobody_changed_since(self, in_scope: Any) -> None:
        views = [late(number) for number in ("1", "2", "3")]
        acted = dismiss(ids=[view.id for view in views], reason="no", by=NADIA, at=day(4))
        reopen(ids=[views[1].id], by=OMAR, at=day(5))
        taken_back = undo(action_id=acted.action_id, by=NADIA, at=day(5))
        assert taken_back.changed == (views[0].id, views[2].id)
        assert [(one.exception_id, one.why, one.by) for one in taken_back.refused] == [
            (views[1].id, Why.CHANGED, OMAR)
        ]

    def test_not_what_a_scan_ended_since(self, stalled: ExceptionView) -> None:
        acted = snooze(ids=[stalled.id], until=day(9), by=NADIA, at=day(4))
        judge_now(5, tell_scans("N1", scan(5), at=day(5)))
        assert the_refusal(undo(action_id=acted.action_id, by=NADIA, at=day(5)))[0] is Why.CHANGED
        assert short(again(stalled)) == ("stalled", "done", "moved")


class TestTheSecondIsTold:
    def test_of_what_is_done(self, in_scope: Any) -> None:
        view = late("1")
        mark_contacted(ids=[view.id], how=How.EMAIL, by=NADIA, at=day(4))
        for act in ACTS.values():
            assert the_refusal(act(view.id)) == (Why.DONE, NADIA, "contacted")

    def test_of_what_changed_since_they_looked(self, stalled: ExceptionView) -> None:
        seen = {stalled.id: stalled.revision}
        assign(ids=[stalled.id], to=NOBODY, seen=seen, by=NADIA, at=day(4))
        acted = assign(ids=[stalled.id], to=None, seen=seen, by=OMAR, at=day(4))
        assert the_refusal(acted) == (Why.CHANGED, NADIA, "")
        assert again(stalled).assigned_to == NOBODY

    def test_of_what_is_not_there(self, stalled: ExceptionView) -> None:
        assert the_refusal(ACTS["dismiss"](uuid7())) == (Why.MISSING, "", "")

    def test_a_batch_does_what_can_be_done(self, in_scope: Any) -> None:
        views = [late(number) for number in ("1", "2", "3")]
        dismiss(ids=[views[1].id], reason="no", by=OMAR, at=day(4))
        acted = mark_contacted(ids=[view.id for view in views], how=How.EMAIL, by=NADIA, at=day(4))
        assert acted.changed == (views[0].id, views[2].id)
        assert [(one.exception_id, one.why, one.by, one.ending) for one in acted.refused] == [
            (views[1].id, Why.DONE, OMAR, "dismissed")
        ]


def test_another_shop_cannot_act(merchant: Any, other_merchant: Any) -> None:
    with merchant_scope(merchant.id):
        view = late("1")
    with merchant_scope(other_merchant.id):
        for act in ACTS.values():
            assert the_refusal(act(view.id))[0] is Why.MISSING
    with merchant_scope(merchant.id):
        assert again(view) == view


@pytest.mark.parametrize("name", ACTS)
def test_a_batch_takes_as_many_statements_as_one(in_scope: Any, name: str) -> None:
    def act(ids: list[UUID]) -> Acted:
        given: dict[str, Any] = {"ids": ids, "by": NADIA, "at": day(4)}
        acts: dict[str, Callable[[], Acted]] = {
            "snooze": lambda: snooze(until=day(9), **given),
            "assign": lambda: assign(to=NOBODY, **given),
            "contact": lambda: mark_contacted(how=How.EMAIL, **given),
            "lose": lambda: mark_lost(**given),
            "dismiss": lambda: dismiss(reason="no", **given),
        }
        return acts[name]()

    counted = []
    for size in (1, 3, 30):
        ids = [late(f"{size}{index:02}").id for index in range(size)]
        with CaptureQueriesContext(connection) as queries:
            acted = act(ids)
        with CaptureQueriesContext(connection) as backwards:
            assert len(undo(action_id=acted.action_id, by=NADIA, at=day(4)).changed) == size
        counted.append((len(queries), len(backwards)))
    assert counted == [counted[0]] * 3
    assert counted[0][0] <= (8 if name == "lose" else 3)


def test_acts_are_told(merchant: Any) -> None:
    with merchant_scope(merchant.id):
        view = late("1")
    with merchant_scope(merchant.id):
        before = latest_position()
        for act in (ACTS["assign"], ACTS["snooze"], ACTS["dismiss"]):
            act(view.id)
        reopen(ids=[view.id], by=NADIA, at=day(5))
    with merchant_scope(merchant.id):
        happened = read(after=before)
        assert [(each.type, each.by) for each in happened] == [
            ("exception.assigned", NADIA),
            ("exception.snoozed", NADIA),
            ("exception.resolved", NADIA),
            ("exception.reopened", NADIA),
        ]
        assert {each.event.exception_id for each in happened} == {view.id}


def test_words_about_an_erased_shopper_are_erased(merchant: Any) -> None:
    with merchant_scope(merchant.id):
        order_id = tell_order("1", "N1", promised=day(1).date())
        judge_now(4, tell_scans("N1", scan(3)))
        view = only("N1")
        snooze(ids=[view.id], until=day(6), reason="Priya is away", by=NADIA, at=day(4))
        acted = mark_contacted(ids=[view.id], how=How.PHONE, note="Priya says thanks", by=NADIA, at=day(5))
        order = exception(view.id).order
        assert order is not None
        assert order.shopper is not None
        erase_shopper(shopper_id=order.shopper.id, by=NADIA, at=day(6))
    with merchant_scope(merchant.id):
        erased = [each for each in read(after=0) if each.type == "shopper.erased"]
        erase_from_exceptions(erased)
        for table in (ShippingException, ExceptionStep):
            assert "Priya" not in str(list(table.rows().values()))
        undo(action_id=acted.action_id, by=NADIA, at=day(6))
        assert (again(view).state, again(view).snooze_reason, view.order_id) == (State.SNOOZED, "", order_id)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def together(self, *acts: Callable[[], Any]) -> list[Any]:
        barrier, results = Barrier(len(acts)), [None] * len(acts)

        def run(index: int) -> None:
            try:
                barrier.wait()
                results[index] = acts[index]()
            finally:
                connection.close()

        threads = [Thread(target=run, args=(index,)) for index in range(len(acts))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    def test_one_acts_and_the_others_learn_who_did(self, merchant: Any) -> None:
        views = [run_in_scope(merchant.id, lambda number=number: late(number)) for number in "12345"]
        ids = [view.id for view in views]

        def tell(who: str, order: list[UUID]) -> Callable[[], Acted]:
            return lambda: run_in_scope(
                merchant.id, lambda: mark_contacted(ids=order, how=How.EMAIL, by=who, at=day(4))
            )

        results = self.together(
            *(tell(f"staff:{index}", ids[:: 1 if index % 2 else -1]) for index in range(4))
        )
        acted = [result for result in results if result.changed]
        assert [len(result.changed) for result in acted] == [5]
        winner = f"staff:{results.index(acted[0])}"
        told = {(one.why, one.by) for result in results for one in result.refused}
        assert told == {(Why.DONE, winner)}
        with merchant_scope(merchant.id):
            assert ExceptionStep.rows().count() == 5

    def test_undo_happens_once(self, merchant: Any) -> None:
        view = run_in_scope(merchant.id, lambda: late("1"))
        acted = run_in_scope(merchant.id, lambda: ACTS["dismiss"](view.id))

        def take_back() -> Any:
            try:
                return run_in_scope(merchant.id, lambda: undo(action_id=acted.action_id, by=OMAR, at=day(5)))
            except NothingToUndo:
                return None

        results = self.together(*[take_back] * 4)
        assert sum(1 for result in results if result is not None and result.changed) == 1

    def test_many_who_judge_one_parcel_open_one_exception(self, merchant: Any) -> None:
        ids = [
            run_in_scope(merchant.id, lambda index=index: tell_scans(f"N{index}", scan(0)))
            for index in range(6)
        ]

        def judge() -> None:
            run_in_scope(merchant.id, lambda: judge_now(4, *ids))

        self.together(*[judge] * 4)
        with merchant_scope(merchant.id):
            assert ShippingException.rows().count() == 6
            opened = [each for each in read(after=0) if each.type == "exception.opened"]
            assert len(opened) == 6

    def test_a_person_and_a_scan_at_once_leave_one_ending(self, merchant: Any) -> None:
        for index in range(5):
            number = f"N{index}"
            run_in_scope(merchant.id, lambda number=number: judge_now(4, tell_scans(number, scan(0))))
            with merchant_scope(merchant.id):
                view, before = only(number), latest_position()
            run_in_scope(merchant.id, lambda number=number: tell_scans(number, scan(5), at=day(5)))
            self.together(
                lambda view=view: run_in_scope(merchant.id, lambda: ACTS["dismiss"](view.id)),
                lambda before=before: react(merchant, before),
            )
            with merchant_scope(merchant.id):
                assert again(view).state is State.DONE
                ended = [each.event for each in read(after=before) if each.type == "exception.resolved"]
                assert [one.exception_id for one in ended] == [view.id]
