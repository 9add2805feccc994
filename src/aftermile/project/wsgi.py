"""The application as granian serves it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftermile.project.settings")
django_application = get_wsgi_application()

# Late: it needs Django's apps, which are loaded now.
from aftermile.project.webhook_requests import is_webhook, take_webhook  # noqa: E402


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request."""
    if is_webhook(environ):
        return take_webhook(environ, start_response)
    return django_application(environ, start_response)
