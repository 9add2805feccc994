"""What a message says: asked of the templates, who register here, or brought along ready-made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol
from uuid import UUID

from aftermile.capabilities.messaging.states import Mood, Purpose
from aftermile.connectors.contracts.channels import Medium


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRender:
    """A message about to be sent, with all its template may ask for that this room knows."""

    message_id: UUID
    shopper_id: UUID
    shopper_name: str = field(repr=False)
    touchpoint: str
    purpose: Purpose
    mood: Mood
    medium: Medium
    languages: tuple[
        str, ...
    ]  # tags, the dearest first: what the shopper chose, what the store knows, the shop's
    country: str
    time_zone: str
    order_id: UUID | None
    parcel_id: UUID | None
    about: Mapping[str, Any] = field(repr=False)
    values: Mapping[str, Any] = field(repr=False)
    base_url: str  # where the shop's pages and pictures stand; the same for all of a batch
    unsubscribe_url: str = field(repr=False)  # "" for what is transactional
    preferences_url: str = field(repr=False)
    why_url: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What a message says. A push has its title as the subject and its words as the text; a short text only the text."""

    subject: str = field(default="", repr=False)
    html: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    url: str = ""  # where a push leads
    template_name: str = ""  # the approved template of a WhatsApp message, and what fills it
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Unrenderable:
    """Why a message cannot be written. The sentence is shown to staff.

    `is_empty`: nothing is wrong with it, it would only say nothing (care tips for what has none): it is withheld.
    """

    why: str
    is_empty: bool = False


class Renderer(Protocol):
    """Writes many messages at once: a constant number of statements, in the merchant's open scope."""

    def __call__(self, messages: Sequence[ToRender], /) -> Mapping[UUID, Rendered | Unrenderable]: ...


_renderer: list[Renderer] = []


def render_with(renderer: Renderer) -> Renderer:
    """Let messages be written by this renderer; one for all."""
    _renderer[:] = [renderer]
    return renderer


def render(messages: Sequence[ToRender]) -> dict[UUID, Rendered | Unrenderable]:
    """Write messages; every one of them has an answer."""
    if not _renderer:
        # Only who sends needs the templates: 6 MB that a process which shows pages does without.
        import_module("aftermile.capabilities.messaging.templates.writer")
    written = _renderer[0](messages) if _renderer else {}
    missing = Unrenderable("There is no template for this touchpoint and medium.")
    return {each.message_id: written.get(each.message_id, missing) for each in messages}
