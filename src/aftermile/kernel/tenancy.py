"""The walls between merchants.

Two of them. In Python, every query of a merchant's model names its merchant and fails without a scope.
In PostgreSQL, row-level security lets a transaction see and write the rows of one merchant only, the one
that `SET LOCAL app.merchant_id` named; no setting, no rows.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, connection, models, transaction

from aftermile.kernel.ids import uuid7

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
        yield
        return
    nested = connection.in_atomic_block
    scope = Scope(merchant_id)
    token = _scope.set(scope)
    try:
        with transaction.atomic():
            _set_local("app.merchant_id", str(merchant_id))
            yield
            while scope.closing:
                scope.closing.pop(0)()
            if nested:  # only tests: the setting would outlive a savepoint
                _set_local("app.merchant_id", "")
    finally:
        _scope.reset(token)


def run_in_scope(merchant_id: UUID, act: Callable[[], T], *, attempts: int = 3) -> T:
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
            # Both sides of a collision waiting equally long would collide again.
            time.sleep(0.01 * attempt * random.random())  # noqa: S311
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
        _set_local("app.operator", "on")
        yield
        _set_local("app.operator", "off")


@contextmanager
def person_scope(user_id: UUID) -> Iterator[None]:
    """Open a transaction in which a staff member sees which shops they work for, and nothing else of any shop.

    :raises ScopeCrossed: a merchant's scope is open; there the rows of other merchants must not appear.
    """
    if _scope.get() is not None:
        raise ScopeCrossed("a merchant's scope is open; leave it first")
    with transaction.atomic():
        _set_local("app.user_id", str(user_id))
        yield
        _set_local("app.user_id", "")


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


def _set_local(name: str, value: str) -> None:
    # A statement, not set_config(): only SET LOCAL reaches the workers of a Citus cluster. It takes no
    # parameters; both names are constants and both values are UUIDs or words of ours.
    connection.ensure_connection()
    # In a pipeline, BEGIN travels with it.
    with connection.wrap_database_errors, connection.connection.pipeline(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL {name} = '{value}'")


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
