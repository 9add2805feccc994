"""What surrounds requests to the console, and no others: sessions, sign-in, forgery protection, strict headers.

The shopper's pages, the API and the gate set no cookie and pay for none of this.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware

from aftermile.doors.console import answers

log = logging.getLogger(__name__)

#: A session ends this long after it began, however busy it was (12 hours without a request end it, too).
LONGEST_SESSION_SECONDS = 14 * 86_400
#: A session's end is moved on at most this often, so that reading pages does not mean writing rows.
_SEEN_EVERY_SECONDS = 300

Answer = Callable[[HttpRequest], HttpResponse]


class ConsoleDoor:
    """Let requests to the console pass through Django's middlewares for people who sign in."""

    def __init__(self, get_response: Answer) -> None:
        self._elsewhere = get_response
        within: Any = MessageMiddleware(_Sessions(get_response))
        self._forgery = CsrfViewMiddleware(AuthenticationMiddleware(within))
        self._console = SessionMiddleware(self._forgery)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(answers.PREFIX):
            return self._elsewhere(request)
        try:
            response = self._console(request)
            assert isinstance(response, HttpResponseBase)
        except (OperationalError, InterfaceError):
            return self._away(request)
        return answers.secured(response)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse forms that were not ours."""
        if not request.path_info.startswith(answers.PREFIX):
            return None
        return self._forgery.process_view(request, view, args, kwargs)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer with a page, not with JSON, while the database is away."""
        if not request.path_info.startswith(answers.PREFIX):
            return None
        return self._away(request) if isinstance(exception, (OperationalError, InterfaceError)) else None

    def _away(self, request: HttpRequest) -> HttpResponse:
        log.warning("the database is away: a staff member was asked to come again")
        return answers.away(request)


class _Sessions:
    """End sessions that lasted long enough, and keep those in use alive."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            moment = time.time()
            if moment - request.session.setdefault("began", moment) > LONGEST_SESSION_SECONDS:
                logout(request)
            elif moment - request.session.get("seen", 0.0) > _SEEN_EVERY_SECONDS:
                request.session["seen"] = moment
        return self._get_response(request)
