"""Notices that survive one redirect: what was done, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from aftermile.doors.console.page import Undo

_KEY = "console_toasts"
_TONE_OF_LEVEL = {"success": "ok", "info": "ok", "warning": "watch", "error": "broken"}


@dataclass(frozen=True, slots=True)
class Toast:
    text: str
    tone: str = "ok"
    undo: Undo | None = None


def tell(request: HttpRequest, toast: Toast) -> None:
    """Keep a notice for the next page this person sees."""
    request.session[_KEY] = [*request.session.get(_KEY, []), asdict(toast)]


def told(request: HttpRequest) -> list[Toast]:
    """Take the notices that wait, those of the sign-in's pages too."""
    kept: list[Mapping[str, Any]] = request.session.pop(_KEY, []) if _KEY in request.session else []
    toasts = [Toast(each["text"], each["tone"], _undo(each["undo"])) for each in kept]
    return toasts + [
        Toast(str(message), _TONE_OF_LEVEL.get(message.level_tag, "ok"))
        for message in messages.get_messages(request)
    ]


def _undo(kept: Mapping[str, Any] | None) -> Undo | None:
    if kept is None:
        return None
    fields = tuple((str(name), str(value)) for name, value in kept["fields"])
    return Undo(action=kept["action"], fields=fields, label=kept["label"])
