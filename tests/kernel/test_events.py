"""The event log and reactions: written with the act, taken effect of once, stopped by nobody else's failure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from aftermile.kernel import events, jobs
from aftermile.kernel.clock import now
from aftermile.kernel.events import Published, event, latest_position, prune, publish, reacts_to, read
from aftermile.kernel.ids import uuid7
from aftermile.kernel.models import EventRecord, Merchant, ReactionRun
from aftermile.kernel.tenancy import NoMerchantScope, merchant_scope
from tests.conftest import NOON


@dataclass(frozen=True)
class BellRang:
    bell_id: UUID
    times: int = 1


@dataclass(frozen=True)
class DoorOpened:
    door_id: UUID


heard: list[tuple[str, list[int]]] = []
broken: set[int] = set()


def listen(batch: Sequence[Published]) -> None:
    if broken & {published.event.times for published in batch}:
        raise ValueError("a cracked bell")
    heard.append(("listen", [published.event.times for published in batch]))


def watch(batch: Sequence[Published]) -> None:
    heard.append(("watch", [published.position for published in batch]))


@pytest.fixture(autouse=True, scope="module")
def registered() -> Iterator[None]:
    """The events and reactions of this module, gone again after it: registries are one per process."""
    registries: list[dict[Any, Any]] = [events._types, events._names, events._outside, events._reactions]
    before = [dict(registry) for registry in registries]
    event("test.bell_rang", outside="A bell rang.")(BellRang)
    event("test.door_opened")(DoorOpened)
    reacts_to(BellRang, name="test.listen")(listen)
    reacts_to(BellRang, DoorOpened, name="test.watch")(watch)
    yield
    for registry, held in zip(registries, before, strict=True):
        registry.clear()
        registry.update(held)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    heard.clear()
    broken.clear()
    yield
    heard.clear()
    broken.clear()


def queued() -> list[tuple[str, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT entrypoint, payload FROM pgqueuer ORDER BY id")
        return [(name, bytes(payload)) for name, payload in cursor.fetchall()]


def work(*, until_quiet: bool = True) -> list[str]:
    """Run what is queued, as the worker would; return the failures."""
    failures = []
    while batch := queued():
        connection.cursor().execute("DELETE FROM pgqueuer")
        for name, payload in batch:
            try:
                jobs.run(name, payload)
            except ValueError as failure:
                failures.append(str(failure))
        if not until_quiet:
            break
    return failures


def ring(shop: Merchant, *times: int) -> None:
    with merchant_scope(shop.id):
        publish(*(BellRang(uuid7(), each) for each in times), by="staff:1", at=NOON)


@pytest.mark.django_db
class TestTheLog:
    def test_events_are_written_when_the_scope_closes(self, merchant: Merchant) -> None:
        bell = uuid7()
        with merchant_scope(merchant.id):
            publish(BellRang(bell, 3), by="staff:1", at=NOON)
            assert read(after=0) == []
        with merchant_scope(merchant.id):
            (published,) = read(after=0)
        assert (published.position, published.type, published.event, published.by, published.occurred_at) == (
            1,
            "test.bell_rang",
            BellRang(bell, 3),
            "staff:1",
            NOON,
        )

    def test_what_rolls_back_was_never_published(self, merchant: Merchant) -> None:
        def fail_half_way() -> None:
            with merchant_scope(merchant.id):
                publish(BellRang(uuid7()), by="staff:1", at=NOON)
                raise RuntimeError("half way")

        with pytest.raises(RuntimeError, match="half way"):
            fail_half_way()
        with merchant_scope(merchant.id):
            assert (read(after=0), latest_position(), queued()) == ([], 0, [])

    def test_positions_have_no_gaps(self, merchant: Merchant) -> None:
        ring(merchant, 1, 2)
        ring(merchant, 3)
        with merchant_scope(merchant.id):
            assert [(each.position, each.event.times) for each in read(after=0)] == [(1, 1), (2, 2), (3, 3)]
            assert [each.position for each in read(after=1, limit=1)] == [2]

    def test_each_merchant_has_a_log_of_its_own(self, merchant: Merchant, other_merchant: Merchant) -> None:
        ring(merchant, 1)
        ring(other_merchant, 2)
        with merchant_scope(other_merchant.id):
            assert [(each.position, each.event.times) for each in read(after=0)] == [(1, 2)]

    def test_outside_a_scope_nothing_can_be_published(self) -> None:
        with pytest.raises(NoMerchantScope):
            publish(BellRang(uuid7()), by="staff:1", at=NOON)

    def test_an_event_of_a_type_nobody_knows_any_more_is_still_shown(self, merchant: Merchant) -> None:
        ring(merchant, 1)
        with merchant_scope(merchant.id):
            EventRecord.rows().update(type="test.gone")
            assert read(after=0)[0].event["times"] == 1

    def test_retention_removes_the_oldest_a_few_at_a_time(self, merchant: Merchant) -> None:
        ring(merchant, 1, 2, 3)
        work()
        with merchant_scope(merchant.id):
            assert prune(before=NOON, limit=2) == 0
            later = now() + timedelta(days=1)
            assert prune(before=later, limit=2) == 4  # two events, two receipts
            assert prune(before=later, limit=2) == 1
            assert prune(before=later, limit=2) == 0
            assert latest_position() == 3


@pytest.mark.django_db
class TestReactions:
    def test_one_job_per_reaction_for_a_whole_batch(self, merchant: Merchant) -> None:
        ring(merchant, 1, 2, 3)
        assert len(queued()) == 2
        work()
        assert sorted(heard) == [("listen", [1, 2, 3]), ("watch", [1, 2, 3])]

    def test_only_those_concerned_are_called(self, merchant: Merchant) -> None:
        with merchant_scope(merchant.id):
            publish(DoorOpened(uuid7()), by="staff:1", at=NOON)
        work()
        assert heard == [("watch", [1])]

    def test_a_job_that_runs_again_changes_nothing(self, merchant: Merchant) -> None:
        ring(merchant, 1)
        again = queued()
        work()
        for name, payload in again:
            jobs.run(name, payload)
        assert sorted(heard) == [("listen", [1]), ("watch", [1])]

    def test_a_failing_event_stops_only_itself(self, merchant: Merchant) -> None:
        broken.add(2)
        ring(merchant, 1, 2, 3)
        assert work() == ["a cracked bell"]
        assert sorted(heard) == [("listen", [1]), ("listen", [3]), ("watch", [1, 2, 3])]
        with merchant_scope(merchant.id):
            failing = ReactionRun.rows().get(status="failing")
        assert (failing.reaction, failing.first_position, failing.attempts) == ("test.listen", 2, 1)
        assert failing.error == "ValueError: a cracked bell"

    def test_a_failed_event_takes_effect_once_after_the_fix(self, merchant: Merchant) -> None:
        broken.add(2)
        ring(merchant, 2)
        retry = next(job for job in queued() if b"test.listen" in job[1])
        assert work() == ["a cracked bell"]
        with pytest.raises(ValueError, match="cracked"):
            jobs.run(*retry)
        with merchant_scope(merchant.id):
            assert ReactionRun.rows().get(reaction="test.listen").attempts == 2
        broken.clear()
        jobs.run(*retry)
        jobs.run(*retry)
        assert heard.count(("listen", [2])) == 1
        with merchant_scope(merchant.id):
            assert ReactionRun.rows().get(reaction="test.listen").status == "done"

    def test_what_a_failing_reaction_did_is_undone(self, merchant: Merchant) -> None:
        with merchant_scope(merchant.id):
            publish(DoorOpened(uuid7()), by="staff:1", at=NOON)
        work()
        broken.add(7)
        ring(merchant, 7)
        work()
        with merchant_scope(merchant.id):
            receipts = dict(ReactionRun.rows().values_list("reaction", "status"))
        assert receipts["test.listen"] == "failing"


def together(count: int, act: Callable[[int], None]) -> None:
    barrier, failures = Barrier(count), []

    def run(index: int) -> None:
        barrier.wait()
        try:
            act(index)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.django_db(transaction=True)
def test_a_reader_who_remembers_the_last_position_misses_nothing(merchant: Merchant) -> None:
    """Ten writers and a reader at once: what the reader collects by cursor is the whole log, in order."""
    collected: list[int] = []

    def act(index: int) -> None:
        if index:
            for times in range(5):
                ring(merchant, index * 10 + times)
            return
        after = 0
        for _ in range(400):
            with merchant_scope(merchant.id):
                for published in read(after=after):
                    after = published.position
                    collected.append(published.position)
            if after == 50:
                return

    together(11, act)
    assert collected == list(range(1, 51))


@dataclass(frozen=True)
class GateSwung:
    times: int


def gatherer(batch: Sequence[Published]) -> None:
    if broken & {published.event.times for published in batch}:
        raise ValueError("a cracked gate")
    heard.append(("gatherer", [published.event.times for published in batch]))


@pytest.mark.django_db
class TestGathering:
    @pytest.fixture(autouse=True)
    def gathering(self) -> None:
        """Gone again with the module's registries."""
        if "test.gate_swung" not in events._types:
            event("test.gate_swung")(GateSwung)
            reacts_to(GateSwung, name="test.gatherer", gathers=True)(gatherer)

    @staticmethod
    def swing(shop: Merchant, *times: int) -> None:
        with merchant_scope(shop.id):
            publish(*(GateSwung(each) for each in times), by="staff:1", at=NOON)

    def test_many_batches_are_heard_at_once_by_one_job(self, merchant: Merchant) -> None:
        with time_machine.travel(NOON, tick=False):
            for times in range(1, 6):
                self.swing(merchant, times)
                ring(merchant, times)
        assert [name for name, _ in queued()].count("kernel.gather") == 1
        work()
        assert [each for each in heard if each[0] == "gatherer"] == [("gatherer", [1, 2, 3, 4, 5])]
        work()
        assert len([each for each in heard if each[0] == "gatherer"]) == 1

    def test_a_broken_event_holds_up_no_other(self, merchant: Merchant) -> None:
        broken.add(2)
        self.swing(merchant, 1, 2, 3)
        assert work() == ["a cracked gate"]
        assert [each for each in heard if each[0] == "gatherer"] == [("gatherer", [1]), ("gatherer", [3])]
        with merchant_scope(merchant.id):
            assert events.failing_reactions() == {"test.gatherer"}
        self.swing(merchant, 4)
        work()
        assert heard[-1] == ("gatherer", [4])

    def test_one_that_fails_alone_is_tried_again(self, merchant: Merchant) -> None:
        broken.add(7)
        self.swing(merchant, 7)
        (job,) = queued()
        connection.cursor().execute("DELETE FROM pgqueuer")
        jobs.run(*job)
        (again,) = queued()
        with pytest.raises(ValueError, match="a cracked gate"):
            jobs.run(*again)
        broken.clear()
        jobs.run(*again)
        jobs.run(*again)
        assert heard == [("gatherer", [7])]

    def test_what_nobody_queued_is_caught_up_with(self, merchant: Merchant) -> None:
        self.swing(merchant, 1)
        connection.cursor().execute("DELETE FROM pgqueuer")
        events.catch_up()
        work()
        assert heard == [("gatherer", [1])]
        events.catch_up()
        assert queued() == []

    def test_those_whom_nothing_concerns_cost_no_statement(
        self, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        counts = []
        for strangers in (1, 6):
            with monkeypatch.context() as patched:
                for number in range(strangers):
                    name = f"test.stranger_{number}"
                    stranger = events.Reaction(name, frozenset({"test.door_opened"}), watch, gathers=True)
                    patched.setitem(events._reactions, name, stranger)
                self.swing(merchant, strangers)
                with CaptureQueriesContext(connection) as queries:
                    events.gather(merchant.id, {})
            counts.append(len(queries))
        assert heard == [("gatherer", [1]), ("gatherer", [6])]
        assert counts[0] == counts[1]

    def test_another_shops_log_is_not_heard(self, merchant: Merchant, other_merchant: Merchant) -> None:
        self.swing(merchant, 1)
        self.swing(other_merchant, 2)
        work()
        assert sorted(heard) == [("gatherer", [1]), ("gatherer", [2])]


@pytest.mark.django_db(transaction=True)
def test_two_workers_who_gather_hear_everything_once(merchant: Merchant) -> None:
    if "test.gate_swung" not in events._types:
        event("test.gate_swung")(GateSwung)
        reacts_to(GateSwung, name="test.gatherer", gathers=True)(gatherer)
    for times in range(20):
        TestGathering.swing(merchant, times)

    def act(index: int) -> None:
        if index < 4:
            events.gather(merchant.id, {})
        else:
            TestGathering.swing(merchant, 100 + index)

    together(8, act)
    events.gather(merchant.id, {})
    told = [times for name, batch in heard if name == "gatherer" for times in batch]
    assert sorted(told) == [*range(20), *range(104, 108)]


@pytest.mark.django_db(transaction=True)
def test_a_merchants_first_events_may_be_published_by_many_at_once(merchant: Merchant) -> None:
    for _ in range(20):
        connection.cursor().execute("TRUNCATE kernel_event, kernel_event_clock")
        together(8, lambda index: ring(merchant, index))
        with merchant_scope(merchant.id):
            assert [published.position for published in read(after=0)] == list(range(1, 9))


@pytest.mark.django_db(transaction=True)
def test_a_database_that_went_away_is_no_failure_of_the_reaction(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang_up(_: Sequence[Published]) -> None:
        connection.cursor().execute("SELECT pg_terminate_backend(pg_backend_pid())")

    ring(merchant, 1, 2)
    (job,) = (job for job in queued() if b"test.listen" in job[1])
    monkeypatch.setitem(
        events._reactions, "test.listen", replace(events.reactions()["test.listen"], run=hang_up)
    )
    with pytest.raises(OperationalError):
        jobs.run(*job)
    monkeypatch.undo()
    with merchant_scope(merchant.id):
        assert list(ReactionRun.rows()) == []
    jobs.run(*job)
    assert heard == [("listen", [1, 2])]


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_job_take_effect_once(merchant: Merchant) -> None:
    ring(merchant, 1)
    job = next(job for job in queued() if b"test.listen" in job[1])
    together(6, lambda _: jobs.run(*job))
    assert heard == [("listen", [1])]


def test_every_outside_event_is_described() -> None:
    assert events.outside_events()["test.bell_rang"] == "A bell rang."
    assert "test.door_opened" not in events.outside_events()
