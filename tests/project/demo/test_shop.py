"""The demonstration's shop as it is made, and its people at work."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aftermile.capabilities.brands.public import brand
from aftermile.capabilities.team.public import Role, person_by_email, team
from aftermile.intake.public import files_of_import, list_imports
from aftermile.kernel.tenancy import merchant_scope
from aftermile.project.demo.desk import Desk
from aftermile.project.demo.memory import Memory
from aftermile.project.demo.shop import make_shop
from tests.project.demo.test_world import START

BEGINS_AT = START - timedelta(days=60)


@pytest.fixture
def memory(db: None) -> Memory:
    return make_shop(start=START, begins_at=BEGINS_AT, days=60)


def test_somebody_of_each_role_works_there(memory: Memory) -> None:
    assert [each["role"] for each in memory.staff] == [role.value for role in Role]
    with merchant_scope(memory.merchant):
        assert {member.person.email: member.role.value for member in team()} == {
            each["email"]: each["role"] for each in memory.staff
        }
    assert all(each["email"].endswith(".example") for each in memory.staff)


def test_it_has_a_brand_of_its_own(memory: Memory) -> None:
    with merchant_scope(memory.merchant):
        look = brand()
    assert look.logo is not None
    assert look.support.email == "help@fjell-and-field.example"
    assert [link.label for link in look.footer_links] == ["Returns: 60 days, free", "Repairs", "Privacy"]
    assert all(link.url.startswith("https://fjell-and-field.example/") for link in look.footer_links)


def test_made_again_it_finds_its_people(memory: Memory) -> None:
    again = make_shop(start=START, begins_at=BEGINS_AT, days=60)
    assert again.merchant_id != memory.merchant_id
    assert [each["email"] for each in again.staff] == [each["email"] for each in memory.staff]
    assert person_by_email("mina@fjell-and-field.example") is not None


def test_where_nothing_is_wrong_its_people_have_nothing_to_do(memory: Memory) -> None:
    desk = Desk(memory, [])
    desk.see_to_what_is_old(START)
    desk.share_out(START)
    desk.label_some(START)


def test_a_file_waits_to_be_looked_at(memory: Memory) -> None:
    Desk(memory, []).leave_a_file(START)
    with merchant_scope(memory.merchant):
        (waiting,) = list_imports()
        (file,) = files_of_import(waiting.id, conventions=waiting.conventions)
    assert (waiting.status, len(file.facts), len(file.problems)) == ("draft", 3, 1)
