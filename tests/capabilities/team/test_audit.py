"""The audit log: written with the act, never rewritten, pruned by its time, found by who, what and when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import InternalError

from aftermile.capabilities.team.public import actors_seen, acts_seen, audit_log, note, prune_audit
from aftermile.kernel.tenancy import NoMerchantScope, merchant_scope
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def written(merchant: Any, *entries: tuple[int, str, str, str]) -> None:
    """Write entries: hours after noon, who, what, about what."""
    with merchant_scope(merchant.id):
        for hours, by, act, subject in entries:
            note(act=act, subject=subject, summary=f"{act} {subject}", by=by, at=NOON + hours * HOUR)


def found(merchant: Any, **criteria: Any) -> list[str]:
    with merchant_scope(merchant.id):
        return [entry.summary for entry in audit_log(limit=50, **criteria)]


@pytest.fixture
def log(merchant: Any, other_merchant: Any) -> Any:
    written(
        merchant,
        (0, "staff:usr_a", "team.invite", "inv_1"),
        (1, "staff:usr_b", "exception.snooze", "exc_1"),
        (2, "staff:usr_a", "exception.snooze", "exc_2"),
        (3, "api_key:key_1", "exceptional.act", "exc_1"),
    )
    written(other_merchant, (0, "staff:usr_z", "secret.act", "sec_1"))
    return merchant


def test_newest_first(log: Any) -> None:
    assert found(log) == [
        "exceptional.act exc_1",
        "exception.snooze exc_2",
        "exception.snooze exc_1",
        "team.invite inv_1",
    ]


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({"actor": "staff:usr_a"}, ["exception.snooze exc_2", "team.invite inv_1"]),
        ({"act": "exception.snooze"}, ["exception.snooze exc_2", "exception.snooze exc_1"]),
        ({"act": "exception"}, ["exception.snooze exc_2", "exception.snooze exc_1"]),
        ({"subject": "exc_1"}, ["exceptional.act exc_1", "exception.snooze exc_1"]),
        ({"since": NOON + 2 * HOUR}, ["exceptional.act exc_1", "exception.snooze exc_2"]),
        ({"until": NOON + HOUR}, ["team.invite inv_1"]),
        ({"since": NOON + HOUR, "until": NOON + 2 * HOUR}, ["exception.snooze exc_1"]),
        ({"actor": "staff:usr_z"}, []),
    ],
)
def test_what_is_asked_for(log: Any, criteria: dict[str, Any], expected: list[str]) -> None:
    assert found(log, **criteria) == expected


def test_page_by_page_nothing_is_missed(log: Any) -> None:
    seen: list[str] = []
    before = None
    with merchant_scope(log.id):
        while page := audit_log(before=before, limit=1):
            seen += [entry.summary for entry in page]
            before = page[-1].id
    assert seen == found(log)


def test_who_and_what_there_is_to_choose_from(log: Any) -> None:
    with merchant_scope(log.id):
        assert actors_seen() == ["api_key:key_1", "staff:usr_a", "staff:usr_b"]
        assert acts_seen() == ["exception.snooze", "exceptional.act", "team.invite"]


@pytest.mark.parametrize(
    "statement", ["UPDATE team_audit_entry SET actor = 'nobody'", "DELETE FROM team_audit_entry"]
)
def test_nothing_is_rewritten(log: Any, statement: str) -> None:
    with merchant_scope(log.id):
        with (
            pytest.raises((ProgrammingError, InternalError), match="never rewritten"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert len(audit_log(limit=50)) == 4


def test_what_is_old_is_pruned_and_nothing_else(log: Any, other_merchant: Any) -> None:
    with merchant_scope(log.id):
        assert prune_audit(before=NOON + 2 * HOUR) == 2
        with (
            pytest.raises((ProgrammingError, InternalError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("DELETE FROM team_audit_entry")
    assert found(log) == ["exceptional.act exc_1", "exception.snooze exc_2"]
    assert found(other_merchant) == ["secret.act sec_1"]


def test_an_act_that_fails_leaves_no_entry(merchant: Any) -> None:
    def fails() -> None:
        with merchant_scope(merchant.id):
            note(act="team.invite", summary="Invited", by="staff:usr_a", at=NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert found(merchant) == []


def test_it_belongs_to_a_shop(db: None) -> None:
    with pytest.raises(NoMerchantScope):
        note(act="team.invite", summary="Invited", by="staff:usr_a", at=NOON)
