"""Addresses of the API and of the surface that speaks AfterShip's."""

from __future__ import annotations

from django.urls import URLPattern, include, path, re_path

from aftermile.doors.api import reference
from aftermile.doors.api.api import ROOT, api
from aftermile.doors.api.guard import guarded, no_such_path


def _guarded(pattern: URLPattern) -> URLPattern:
    pattern.callback = guarded(pattern.callback)
    return pattern


_operations = [
    _guarded(pattern)
    for pattern in api.urls[0]
    if isinstance(pattern, URLPattern) and pattern.name != "api-root"
]

urlpatterns = [
    path(f"{ROOT}openapi.json", reference.openapi_json, name="openapi"),
    path(f"{ROOT}docs", reference.docs, name="api-docs"),
    path(ROOT, include((_operations, "api"))),
    path("tracking/2026-07/", include("aftermile.doors.api.aftership.urls")),
    re_path(r"^api/", guarded(no_such_path)),
]
