"""Ids: UUIDv7 in ascending order, public ids that sort alike and say what was expected."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime
from uuid import UUID

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from aftermile.kernel.ids import PREFIXES, BadPublicId, public_id, read_public_id, uuid7, uuid7_many

#: Prints what parent and child drew at random for the tails of their ids.
_FORKED = """
import os
from aftermile.kernel.ids import uuid7_many
def tails():
    return b"".join(each.bytes[12:] for each in uuid7_many(200))
tails()
told, tell = os.pipe()
if os.fork() == 0:
    os.write(tell, tails())
    os._exit(0)
print(tails().hex(), os.read(told, 800).hex())
"""

uuids = st.uuids() | st.integers(0, 2**128 - 1).map(lambda number: UUID(int=number))
prefixes = st.sampled_from(sorted(PREFIXES))


def millisecond_of(uuid: UUID) -> int:
    return uuid.int >> 80


def test_an_id_is_a_uuid_of_version_7_that_begins_with_its_millisecond() -> None:
    moment = datetime(2026, 3, 29, 1, 0, 0, 123_000, tzinfo=UTC)

    uuid = uuid7(moment)

    assert uuid.version == 7
    assert uuid.variant == "specified in RFC 4122"
    assert millisecond_of(uuid) == int(moment.timestamp() * 1000)


def test_the_present_moment_is_taken_when_none_is_given() -> None:
    with time_machine.travel(datetime(2100, 1, 1, tzinfo=UTC), tick=False):
        assert millisecond_of(uuid7()) == int(datetime(2100, 1, 1, tzinfo=UTC).timestamp() * 1000)


def test_ids_ascend_when_the_clock_stands_still_or_is_set_back() -> None:
    made = []
    with time_machine.travel(datetime(2101, 1, 1, tzinfo=UTC), tick=False):
        made += [uuid7() for _ in range(1000)]
    with time_machine.travel(datetime(2100, 6, 1, tzinfo=UTC), tick=False):
        made += [uuid7() for _ in range(1000)]

    assert made == sorted(set(made))


def test_many_ids_of_one_call_ascend_and_go_on_where_the_last_call_ended() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)

    made = [*uuid7_many(5000, moment), *uuid7_many(5000, moment)]

    assert made == sorted(set(made))
    assert {millisecond_of(uuid) for uuid in made} == {int(moment.timestamp() * 1000)}
    assert uuid7_many(0) == []


def test_a_given_moment_may_be_earlier_than_the_one_before() -> None:
    later = uuid7(datetime(2026, 1, 2, tzinfo=UTC))
    earlier = uuid7(datetime(2026, 1, 1, tzinfo=UTC))

    assert earlier < later


def test_threads_never_make_the_same_id() -> None:
    made: list[UUID] = []
    threads = [threading.Thread(target=lambda: made.extend(uuid7() for _ in range(2000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(made)) == 8000


@given(prefixes, uuids)
def test_a_public_id_reads_back(prefix: str, uuid: UUID) -> None:
    text = public_id(prefix, uuid)

    assert read_public_id(prefix, text) == uuid
    assert len(text) == len(prefix) + 27
    assert text == text.lower()


@given(uuids, uuids)
def test_public_ids_sort_as_their_uuids_do(one: UUID, other: UUID) -> None:
    assert (public_id("ord", one) < public_id("ord", other)) == (one < other)


@given(prefixes, st.text())
def test_any_other_text_is_refused(prefix: str, text: str) -> None:
    with pytest.raises(BadPublicId):
        read_public_id(prefix, text)


@given(uuids, st.integers(4, 29), st.sampled_from("0123456789abcdefghjkmnpqrstvwxyzILOUilou_ é"))
def test_only_one_spelling_reads_as_an_id(uuid: UUID, place: int, letter: str) -> None:
    text = public_id("ord", uuid)
    changed = text[:place] + letter + text[place + 1 :]
    try:
        assert public_id("ord", read_public_id("ord", changed)) == changed
    except BadPublicId:
        assert changed != text


def test_a_refusal_says_which_id_was_expected_and_which_came() -> None:
    shipment = public_id("shm", UUID(int=1))

    with pytest.raises(BadPublicId) as refusal:
        read_public_id("ord", shipment)
    assert refusal.value.message == (
        "Expected the id of one order, such as ord_01jh8x7v1mf3qav9c2tnyw5zke;"
        " this is the id of one shipment."
    )

    with pytest.raises(BadPublicId) as refusal:
        read_public_id("ord", "1042")
    assert refusal.value.message == "Expected the id of one order, such as ord_01jh8x7v1mf3qav9c2tnyw5zke."


def test_a_forked_child_draws_randomness_of_its_own() -> None:
    done = subprocess.run([sys.executable, "-c", _FORKED], capture_output=True, text=True, check=True)
    parents, childs = map(bytes.fromhex, done.stdout.split())
    assert (len(parents), len(childs)) == (800, 800)
    assert childs[100:140] not in parents
    assert parents[100:140] not in childs


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_example_in_the_refusal_is_itself_an_id(prefix: str) -> None:
    assert read_public_id(prefix, f"{prefix}_01jh8x7v1mf3qav9c2tnyw5zke").version == 7


def test_an_unknown_prefix_is_a_bug() -> None:
    with pytest.raises(KeyError):
        public_id("xyz", UUID(int=1))
