"""Is it alive, is it ready, how does it fare: for load balancers and Prometheus."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from aftermile.kernel import metrics as figures

_migrated = False


def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer 200 while the process serves at all."""
    return JsonResponse({"status": "alive"})


def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer 200 when requests can be served: the database answers and its tables are up to date."""
    global _migrated
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "waiting", "why": "The database does not answer."}, status=503)
    if not _migrated:
        return JsonResponse({"status": "waiting", "why": "Run `aftermile migrate`."}, status=503)
    return JsonResponse({"status": "ready"})


def metrics(request: HttpRequest) -> HttpResponse:
    """Show Prometheus metrics to whoever has the token; without a token set, to this machine only."""
    token = settings.CONFIG.metrics_token
    if token is not None:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        allowed = hmac.compare_digest(given.encode(), token.get_secret_value().encode())
    else:
        allowed = _is_local(request)
    if not allowed:
        return JsonResponse(
            {"error": {"code": "forbidden", "message": "Metrics need their token."}}, status=403
        )
    return HttpResponse(figures.render(), content_type=figures.CONTENT_TYPE)


def _is_local(request: HttpRequest) -> bool:
    if "X-Forwarded-For" in request.headers:
        return False  # somebody else's request, passed on by a proxy on this machine
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
