"""Which face answers for an address that no door has, and for a mistake of ours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from aftermile.doors.console import answers as console
from aftermile.doors.shopper import answers as shopper


def no_such_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for a path that no door has (Django's `handler404`)."""
    if request.path_info.startswith(console.PREFIX):
        return console.no_such_page(request)
    return shopper.no_such_page(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer after a mistake of ours (Django's `handler500`)."""
    if request.path_info.startswith(console.PREFIX):
        return console.failed(request)
    return shopper.failed(request)
