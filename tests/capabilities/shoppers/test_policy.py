"""Who is who."""

from __future__ import annotations

from itertools import count
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.shoppers.policy import Because, Key, KeyKind, Persons


def account(number: int, source: str = "shop") -> Key:
    return Key(KeyKind.ACCOUNT, source, str(number))


def email(name: str) -> Key:
    return Key(KeyKind.EMAIL, "", f"{name}@example.com")


def phone(number: int) -> Key:
    return Key(KeyKind.PHONE, "", f"+49151{number:08}")


def place_all(*facts: tuple[Key, ...]) -> tuple[list[UUID], list[Because]]:
    persons = Persons()
    ids = (UUID(int=number) for number in count(1))
    placed = [persons.place(keys, lambda: next(ids)) for keys in facts]
    return [persons.now(person) for person, _ in placed], [because for _, because in placed]


def test_each_key_finds_its_owner_and_says_why() -> None:
    people, reasons = place_all(
        (account(1), email("astrid"), phone(1)), (account(1),), (email("astrid"),), (phone(1),), (phone(2),)
    )
    assert people == [people[0]] * 4 + [people[4]]
    assert people[4] != people[0]
    assert reasons == [
        Because.FIRST_HEARD,
        Because.SAME_ID,
        Because.SAME_EMAIL,
        Because.SAME_PHONE,
        Because.FIRST_HEARD,
    ]


def test_two_ids_of_one_source_are_two_people_whatever_they_share() -> None:
    people, _ = place_all((account(1), email("home"), phone(1)), (account(2), email("home"), phone(1)))
    assert people[0] != people[1]


def test_ids_of_two_sources_with_one_address_are_one_person() -> None:
    people, _ = place_all((account(1, "shop"), email("astrid")), (account(1, "con_x"), email("astrid")))
    assert people[0] == people[1]


def test_a_shared_phone_does_not_join_two_people_with_addresses() -> None:
    people, _ = place_all((email("astrid"), phone(1)), (email("sture"), phone(1)))
    assert people[0] != people[1]


def test_a_guest_known_by_phone_is_joined_when_an_address_is_told() -> None:
    people, _ = place_all((phone(1),), (email("astrid"), phone(1)), (email("astrid"),))
    assert len(set(people)) == 1


def test_a_fact_that_names_two_people_shows_them_to_be_one_under_the_older_id() -> None:
    people, reasons = place_all((email("astrid"),), (account(1),), (account(1), email("astrid")))
    assert people == [UUID(int=1)] * 3
    assert reasons[2] is Because.SAME_ID


def test_a_new_id_with_a_known_address_joins_a_phone_only_guest_too() -> None:
    people, _ = place_all((phone(1),), (email("astrid"),), (account(1), email("astrid"), phone(1)))
    assert len(set(people)) == 1


keys = st.tuples(
    st.none()
    | st.integers(1, 4).map(account)
    | st.integers(1, 4).map(lambda number: account(number, "con_x")),
    st.none() | st.sampled_from("abcd").map(email),
    st.none() | st.integers(1, 3).map(phone),
).map(lambda told: tuple(key for key in told if key is not None))


@given(st.lists(keys.filter(bool), max_size=25))
def test_no_person_ever_has_two_ids_of_one_source(facts: list[tuple[Key, ...]]) -> None:
    people, _ = place_all(*facts)
    by_id: dict[tuple[UUID, str], str] = {}
    for person, told in zip(people, facts, strict=True):
        for key in told:
            if key.kind is KeyKind.ACCOUNT:
                assert by_id.setdefault((person, key.source), key.value) == key.value


@given(st.lists(keys.filter(bool), max_size=25))
def test_the_same_facts_again_go_to_the_same_people_and_claim_nothing(facts: list[tuple[Key, ...]]) -> None:
    people, _ = place_all(*facts, *facts)
    assert len(people) == 2 * len(facts)
    assert people[len(facts) :] == people[: len(facts)]


# People as shops know them: what one of them tells is never another's.
person_facts = st.integers(1, 4).flatmap(
    lambda who: st.sampled_from(
        [
            (account(who),),
            (account(who), email("abcd"[who - 1])),
            (account(who), phone(who)),
            (email("abcd"[who - 1]),),
            (email("abcd"[who - 1]), phone(who)),
            (phone(who),),
            (account(who, "con_x"), email("abcd"[who - 1])),
        ]
    )
)


@given(st.lists(person_facts, max_size=20), st.randoms(use_true_random=False))
def test_people_are_told_apart_alike_in_any_order(facts: list[tuple[Key, ...]], random: Any) -> None:
    order = list(range(len(facts))) * 2
    random.shuffle(order)
    first, _ = place_all(*facts)
    second, _ = place_all(*(facts[index] for index in order))
    of_shuffled = dict(zip(order, second, strict=True))
    assert [[first[one] == first[other] for other in range(len(facts))] for one in range(len(facts))] == [
        [of_shuffled[one] == of_shuffled[other] for other in range(len(facts))] for one in range(len(facts))
    ]
