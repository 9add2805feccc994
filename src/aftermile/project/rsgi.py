"""The application as granian serves it (see docs/adr/0011-webhooks-on-the-event-loop.md)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from aftermile.project.wsgi import application as django_application

# Late: they need Django's apps, which are loaded now.
from django.conf import settings  # isort: skip
from django.core.signals import request_finished, request_started  # isort: skip
from django.db import close_old_connections  # isort: skip
from aftermile.project.django_requests import Threads, answer_with_django  # isort: skip
from aftermile.project.garbage import look_rarely  # isort: skip
from aftermile.project.webhook_requests import ADDRESSES, take_webhook  # isort: skip

if TYPE_CHECKING:
    from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]

#: How long a thread may keep the others from running: a tenth of Python's own, since behind each busy thread
#: all webhooks would wait that long for the event loop's turn.
SWITCH_SECONDS = 0.0005

# Each thread gives its connection back behind every request (`Threads`): there is none left to look after.
request_started.disconnect(close_old_connections)
request_finished.disconnect(close_old_connections)

_in_thread = Threads(settings.CONFIG.web_threads)
sys.setswitchinterval(SWITCH_SECONDS)
look_rarely()


async def application(scope: Scope, protocol: HTTPProtocol) -> None:
    """Answer one request: a webhook on the event loop, anything else with Django in a thread."""
    if scope.path.startswith(ADDRESSES):
        await take_webhook(scope, protocol, in_thread=_in_thread)
    else:
        await answer_with_django(scope, protocol, application=django_application, in_thread=_in_thread)
