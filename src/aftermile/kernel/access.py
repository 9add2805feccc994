"""API keys: who a program is, and what it may do.

A key names its merchant (`kernel.tokens`), so it can be looked up inside that merchant's walls. Only its
digest is stored; its text is shown once, when it is made.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from django.db.models import Q

from aftermile.kernel.clock import now
from aftermile.kernel.errors import Invalid, NotFound, Refusal
from aftermile.kernel.ids import public_id
from aftermile.kernel.models import ApiKey
from aftermile.kernel.tenancy import current_merchant_id, merchant_scope
from aftermile.kernel.tokens import mint_token, read_token

#: A revoked key may still be taken for this long by another process.
REMEMBERED_SECONDS = 5.0
#: When a key was last used is written at most so often.
USE_IS_NOTED_EVERY = timedelta(hours=1)
#: The scope that stands for all, those of later versions too.
EVERYTHING = "*"
_MOST_REMEMBERED = 10_000
_SCOPE = re.compile(r"[a-z][a-z_]*:[a-z]+")


class KeyUnusable(Refusal):
    """The API key was revoked, or there never was such a key."""

    code = "key_unusable"
    status = 401
    message = "This API key is not in use; make a new one."


class KeyNotFound(NotFound):
    """No API key of this merchant has the id."""

    code = "key_not_found"


class ScopesUnusable(Invalid):
    """A scope is not written `resource:verb`, or none is given."""

    code = "scopes_unusable"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, and what they may do."""

    merchant_id: UUID
    key_id: UUID
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        return scope in self.scopes or EVERYTHING in self.scopes

    @property
    def name(self) -> str:
        """The caller as actor of an act (`by=`)."""
        return f"api_key:{public_id('key', self.key_id)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyView:
    """An API key as staff see it: never its text."""

    id: UUID
    name: str
    hint: str
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None  # to the hour
    revoked_at: datetime | None


_remembered: dict[bytes, tuple[float, Caller]] = {}
_lock = Lock()


def create_key(*, name: str, scopes: Collection[str], at: datetime) -> tuple[KeyView, str]:
    """Make a key of the open scope's merchant; the second value is its text, which is never shown again.

    :raises ScopesUnusable: no scope, or one that is none.
    """
    wanted = sorted(set(scopes))
    strange = [scope for scope in wanted if scope != EVERYTHING and not _SCOPE.fullmatch(scope)]
    if strange or not wanted:
        raise ScopesUnusable(f"A key needs scopes such as orders:read, not {', '.join(strange) or 'none'}.")
    token = mint_token("am", current_merchant_id())
    row = ApiKey(name=name, digest=token.digest, hint=token.text[-4:], scopes=wanted, created_at=at)
    row.save(force_insert=True)
    return _view(row), token.text


def revoke_key(*, key_id: UUID, at: datetime) -> KeyView:
    """Take a key out of use. A second call changes nothing.

    :raises KeyNotFound: no such key.
    """
    row = ApiKey.rows().select_for_update().filter(id=key_id).first()
    if row is None:
        raise KeyNotFound("There is no such API key.")
    if row.revoked_at is None:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
    with _lock:
        _remembered.pop(bytes(row.digest), None)
    return _view(row)


def list_keys(*, after: UUID | None = None, limit: int) -> list[KeyView]:
    """List the merchant's keys, newest first, from behind `after`."""
    rows = ApiKey.rows().order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    return [_view(row) for row in rows[:limit]]


def read_key(key_id: UUID) -> KeyView:
    """Return one key of the merchant.

    :raises KeyNotFound: no such key.
    """
    row = ApiKey.rows().filter(id=key_id).first()
    if row is None:
        raise KeyNotFound("There is no such API key.")
    return _view(row)


def authenticate(text: str) -> Caller:
    """Tell who is calling by the text of an API key.

    Remembered for `REMEMBERED_SECONDS`, so that a busy caller costs no query.

    :raises BadToken: no API key of ours, or a mistyped one.
    :raises KeyUnusable: revoked, or never made.
    """
    named = read_token("am", text)
    moment = time.monotonic()
    held = _remembered.get(named.digest)
    if held is not None and held[0] > moment:
        return held[1]
    with merchant_scope(named.merchant_id):
        row = ApiKey.rows().filter(digest=named.digest, revoked_at=None).first()
        if row is not None:
            _note_use(row)
    if row is None:
        raise KeyUnusable
    caller = Caller(named.merchant_id, row.id, frozenset(row.scopes))
    with _lock:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        _remembered[named.digest] = (moment + REMEMBERED_SECONDS, caller)
    return caller


def _note_use(row: ApiKey) -> None:
    at = now()
    long_ago = at - USE_IS_NOTED_EVERY
    if row.last_used_at is None or row.last_used_at <= long_ago:
        # Asked again in the statement: of many processes that see an old moment, one writes the new one.
        old = Q(last_used_at=None) | Q(last_used_at__lte=long_ago)
        ApiKey.rows().filter(old, id=row.id).update(last_used_at=at)


def _view(row: ApiKey) -> KeyView:
    return KeyView(
        id=row.id,
        name=row.name,
        hint=row.hint,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
