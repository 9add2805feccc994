"""The console's jobs."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from aftermile.kernel import jobs
from aftermile.kernel.clock import now


@jobs.periodic("console.clear_sessions", cron="23 * * * *")
def clear_sessions() -> None:
    """Forget sessions that are over, and what was listed of them."""
    Session.objects.filter(expire_date__lt=now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
