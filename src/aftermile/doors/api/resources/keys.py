"""API keys: make, list and revoke."""

from __future__ import annotations

from ninja import Router

from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.fields import KeyId, Limit
from aftermile.doors.api.paging import DEFAULT_LIMIT, Page, cut
from aftermile.doors.api.problems import ScopeMissing
from aftermile.doors.api.shapes.keys import KeyGiven, KeyMade, KeyTaken, key_given
from aftermile.kernel.access import Caller, KeyNotFound, create_key, list_keys, revoke_key
from aftermile.kernel.clock import now

router = Router(tags=["API keys"])


def _without_token(made: KeyMade) -> KeyMade:
    return made.model_copy(update={"token": None})


@endpoint(
    router,
    "POST",
    "/keys",
    scope="keys:write",
    returns=KeyMade,
    stored=_without_token,
)
def make_key(caller: Caller, key: KeyTaken) -> KeyMade:
    """Make an API key.

    Its text is in this answer and never again, not even when the request is repeated. A key can hand on
    only the scopes it has itself.
    """
    lacking = sorted(scope for scope in key.scopes if not caller.may(scope))
    if lacking:
        raise ScopeMissing(f"This API key lacks {lacking[0]} itself and cannot hand it on.")
    made, text = create_key(name=key.name, scopes=key.scopes, at=now())
    return KeyMade(**dict(key_given(made)), token=text)


@endpoint(router, "GET", "/keys", scope="keys:read", returns=Page[KeyGiven])
def list_all_keys(cursor: KeyId | None = None, limit: Limit = DEFAULT_LIMIT) -> Page[KeyGiven]:
    """List API keys, newest first."""
    page, next_cursor = cut(list_keys(after=cursor, limit=limit + 1), limit, "key")
    return Page[KeyGiven](data=[key_given(view) for view in page], next_cursor=next_cursor)


@endpoint(
    router,
    "POST",
    "/keys/{key_id}/revocation",
    scope="keys:write",
    returns=KeyGiven,
    refusals=[KeyNotFound],
)
def revoke_one_key(key_id: KeyId) -> KeyGiven:
    """Revoke an API key.

    Other processes may still take it for five seconds. Again: nothing changes.
    """
    return key_given(revoke_key(key_id=key_id, at=now()))
