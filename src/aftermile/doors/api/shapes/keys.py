"""API keys as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from aftermile.doors.api.fields import Given, KeyId, Taken
from aftermile.doors.api.scopes import SCOPES
from aftermile.kernel.access import KeyView

_SCOPES = ", ".join(f"`{scope}` ({means})" for scope, means in SCOPES.items())


def _known(scope: str) -> str:
    if scope not in SCOPES:
        raise ValueError(f"there is no such scope; there are {', '.join(SCOPES)}")
    return scope


Scope = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(SCOPES)})]


class KeyTaken(Taken):
    """An API key to make."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(examples=["Warehouse"])
    scopes: list[Scope] = Field(
        min_length=1,
        max_length=50,
        description=f"Of: {_SCOPES}.",
        examples=[["orders:read", "shipments:write"]],
    )


class KeyGiven(Given):
    """An API key, never its text."""

    id: KeyId
    name: str
    hint: str = Field(description="The last letters of its text.")
    scopes: list[str]
    created_at: datetime
    revoked_at: datetime | None


class KeyMade(KeyGiven):
    """An API key with its text, which is shown this once."""

    token: str | None = Field(description="Keep it safe. Null when the request was a repeat.")


def key_given(view: KeyView) -> KeyGiven:
    """Write a key."""
    return KeyGiven(
        id=view.id,
        name=view.name,
        hint=view.hint,
        scopes=list(view.scopes),
        created_at=view.created_at,
        revoked_at=view.revoked_at,
    )
