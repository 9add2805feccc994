"""The walls between merchants.

Two of them. In Python, every query of a merchant's model names its merchant and fails without a scope.
In PostgreSQL, row-level security lets a transaction see and write the rows of one merchant only, the one
that `SET LOCAL app.merchant_id` named; no setting, no rows.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, connection, models, transaction

from aftermile.kernel.ids import uuid7
from aftermile.kernel.trips import Query, Rows, together_with, travel

T = TypeVar("T")

# PostgreSQL's codes for "another transaction was in the way": a deadlock, a serialization failure, and a
# unique key that somebody else took between our look and our insert.
_IN_THE_WAY = frozenset({"40P01", "40001", "23505"})
# Its classes for a server that shuts down or starts, and for a broken connection; a driver that finds the line
# dead has no code at all.
_AWAY = ("57P", "08")


class NoMerchantScope(RuntimeError):
    """A merchant's rows were asked for outside any merchant's scope: a bug, never an input error."""


class ScopeCrossed(RuntimeError):
    """A second merchant's scope was opened within the first: a bug, never an input error."""


@dataclass(slots=True)
class Scope:
    """An open scope: whose rows exist in it, and what is to be written when it closes."""

    merchant_id: UUID
    closing: list[Callable[[], None]] = field(default_factory=list)
    published: list[Any] = field(default_factory=list)  # events, until `kernel.events` writes them
    is_nested: bool = False  # in tests only: a transaction is around it
    depth: int = 1
    is_committed: bool = False


_scope: ContextVar[Scope | None] = ContextVar("merchant_scope", default=None)


@contextmanager
def merchant_scope(merchant_id: UUID) -> Iterator[None]:
    """Open a transaction in which only one merchant's rows exist.

    The outermost scope is the transaction: it commits when left and rolls back on an error. Opened again
    for the same merchant it changes nothing, so acts may open it for themselves.

    :raises ScopeCrossed: another merchant's scope is open.
    """
    held = _scope.get()
    if held is not None:
        if held.merchant_id != merchant_id:
            raise ScopeCrossed("another merchant's scope is open; leave it first")
        held.depth += 1
        try:
            yield
        finally:
            held.depth -= 1
        return
    # Travels with the first statement, whoever sends it; before it, no merchant's row is there to be seen.
    opening = _setting("app.merchant_id", str(merchant_id))
    scope = Scope(merchant_id, is_nested=connection.in_atomic_block)
    token = _scope.set(scope)
    try:
        with transaction.atomic(), together_with(opening) as waiting:
            yield
            while scope.closing:
                scope.closing.pop(0)()
            if scope.is_nested:  # the setting would outlive the savepoint
                travel([_setting("app.merchant_id", "")])
            elif waiting != [opening] and not (scope.is_committed or connection.needs_rollback):
                travel([("COMMIT", ())])  # with what waits; Django then finds nothing to commit
    finally:
        _scope.reset(token)


def travel_and_commit(queries: Sequence[Query]) -> list[Rows]:
    """Run statements, behind those that wait, and commit: all in one trip. Nothing may be asked in the scope after it.

    For what is done thousands of times a second, where a trip more is a third of the cost. Within another scope
    it commits nothing: what surrounds it is the transaction.

    :raises RuntimeError: the scope was ended already, or events wait to be written when it closes.
    """
    scope = current_scope()
    if scope.is_nested or scope.depth > 1:
        return travel(queries)
    if scope.closing or scope.is_committed:
        raise RuntimeError("a scope is ended once, and not while events wait for its end")
    *rows, _ = travel([*queries, ("COMMIT", ())])
    scope.is_committed = True
    return rows


def run_in_scope(merchant_id: UUID, act: Callable[[], T], *, attempts: int = 4) -> T:
    """Run `act` in one transaction of one merchant, anew when another transaction was in its way.

    `act` may run several times, so it may change nothing but the database. Inside an open scope it runs
    once: what surrounds it is the transaction, and only that could be run anew.

    :raises ScopeCrossed: another merchant's scope is open.
    """
    if _scope.get() is not None:
        attempts = 1
    for attempt in range(1, attempts + 1):
        try:
            with merchant_scope(merchant_id):
                return act()
        except DatabaseError as error:
            if attempt == attempts or getattr(error.__cause__, "sqlstate", None) not in _IN_THE_WAY:
                raise
            # Both sides waiting equally long would collide again; so would one that is back before the other, whom it
            # made room for, has had its turn on a busy machine.
            time.sleep(0.05 * attempt * (0.5 + random.random()))  # noqa: S311
    raise AssertionError("attempts is at least 1")


def went_away(failure: Exception) -> bool:
    """Tell whether an error says that the database could not be reached, rather than anything about the act."""
    if not isinstance(failure, (OperationalError, InterfaceError)):
        return False
    return (getattr(failure.__cause__, "sqlstate", None) or "08").startswith(_AWAY)


@contextmanager
def operator_scope() -> Iterator[None]:
    """Open a transaction that may read and write the list of merchants, and no merchant's rows.

    :raises ScopeCrossed: a merchant's scope is open.
    """
    if _scope.get() is not None:
        raise ScopeCrossed("a merchant's scope is open; leave it first")
    with transaction.atomic():
        travel([_setting("app.operator", "on")])
        yield
        travel([_setting("app.operator", "off")])


@contextmanager
def person_scope(user_id: UUID) -> Iterator[None]:
    """Open a transaction in which a staff member sees which shops they work for, and nothing else of any shop.

    :raises ScopeCrossed: a merchant's scope is open; there the rows of other merchants must not appear.
    """
    if _scope.get() is not None:
        raise ScopeCrossed("a merchant's scope is open; leave it first")
    with transaction.atomic():
        travel([_setting("app.user_id", str(user_id))])
        yield
        travel([_setting("app.user_id", "")])


def current_scope() -> Scope:
    """Return the open scope.

    :raises NoMerchantScope: none is open.
    """
    scope = _scope.get()
    if scope is None:
        raise NoMerchantScope("a merchant's rows were touched outside merchant_scope()")
    return scope


def current_merchant_id() -> UUID:
    """Return the merchant whose scope is open.

    :raises NoMerchantScope: none is.
    """
    return current_scope().merchant_id


def _setting(name: str, value: str) -> Query:
    # A statement, not set_config(): only SET LOCAL reaches the workers of a Citus cluster. It takes no
    # parameters; all names are constants and all values are UUIDs or words of ours.
    return f"SET LOCAL {name} = '{value}'", ()


class MerchantManager(models.Manager["Any"]):
    """Queries that name their merchant, and fail closed without one."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(merchant_id=current_merchant_id())


class MerchantModel(models.Model):
    """A row of one merchant.

    In the database the primary key is `(merchant_id, id)` (see `kernel.walls`); ids are globally unique,
    so Django may take `id` for the key.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant_id = models.UUIDField(default=current_merchant_id, editable=False)

    objects: ClassVar[MerchantManager] = MerchantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def rows(cls) -> models.QuerySet[Self]:
        """Return this merchant's rows, typed."""
        return cls.objects.get_queryset()
