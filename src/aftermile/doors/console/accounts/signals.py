"""What happens when somebody signs in."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest


@receiver(user_logged_in)
def a_session_begins(sender: object, request: HttpRequest | None = None, **others: Any) -> None:  # noqa: ARG001
    """Set the session's absolute end anew: what the browser had before is no session of this person."""
    if request is not None:
        request.session["began"] = time.time()
