"""Expected errors: part of the contract, each with a stable code, a status and a sentence to act on.

Anything that is not a `Refusal` is a bug (or an outage) and is never turned into a friendly answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar

_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class Refusal(Exception):
    """The request was understood and is turned down.

    A subclass sits beside the function that raises it and sets its own `code`; `status` and `message` may
    be inherited. Its docstring is what the documentation says about the code.
    """

    #: Stable, snake_case, unique: programs branch on it.
    code: ClassVar[str] = "refused"
    #: The HTTP status it is answered with.
    status: ClassVar[int] = 400
    #: What the reader can do about it. An instance may say it more exactly.
    message: str = "This cannot be done as asked."

    def __init__(self, message: str = "", *, details: Mapping[str, object] | None = None) -> None:
        self.message = message or type(self).message
        self.details: dict[str, object] = dict(details or {})
        super().__init__(self.message)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            raise TypeError(f"{cls.__qualname__} needs a code of its own")
        if not _CODE.fullmatch(cls.code):
            raise TypeError(f"{cls.__qualname__}: {cls.code!r} is not snake_case")
        if not 400 <= cls.status <= 499:
            raise TypeError(f"{cls.__qualname__}: {cls.status} is no status of a refusal")


class Invalid(Refusal):
    """What was sent cannot be read."""

    code = "invalid"
    status = 422
    message = "What was sent cannot be read; `details` names the place."


class Forbidden(Refusal):
    """The caller is known and may not do this."""

    code = "forbidden"
    status = 403
    message = "This key may not do this; ask for one with the scope it needs."


class NotFound(Refusal):
    """There is no such thing, or it is another merchant's."""

    code = "not_found"
    status = 404
    message = "There is no such thing here; check the id."


class Conflict(Refusal):
    """The thing is in a state in which this cannot be done."""

    code = "conflict"
    status = 409
    message = "This cannot be done in its present state; read it again first."


class RateLimited(Refusal):
    """More requests came than are allowed; wait and send it again."""

    code = "rate_limited"
    status = 429
    message = "Too many requests; wait as long as Retry-After says and send it again."

    def __init__(
        self, message: str = "", *, retry_after: int, details: Mapping[str, object] | None = None
    ) -> None:
        """Refuse for `retry_after` seconds (at least one)."""
        super().__init__(message, details=details)
        self.retry_after = max(1, retry_after)


def all_refusals(package: str = "aftermile") -> list[type[Refusal]]:
    """List every expected error defined in a package, by code: what the documentation is checked against.

    Only modules that have been imported are seen.
    """
    home = package + "."
    ours = (each for each in _below(Refusal) if each.__module__.startswith(home))
    return sorted(ours, key=lambda each: each.code)


def _below(parent: type[Refusal]) -> Iterator[type[Refusal]]:
    for child in parent.__subclasses__():
        yield child
        yield from _below(child)
