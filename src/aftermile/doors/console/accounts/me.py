"""A person's own page: name, and the ways to everything that keeps the account safe."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from aftermile.capabilities.team.public import person_view
from aftermile.doors.console import answers


def me(request: HttpRequest) -> HttpResponse:
    """Show the account."""
    if not request.user.is_authenticated:
        return answers.to_sign_in(request)
    return answers.alone(request, "console/me.html", {"person": person_view(request.user)})
