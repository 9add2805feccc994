"""The console's jobs: a shopper's data, and what is no longer kept or over."""

from __future__ import annotations

from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from aftermile.doors.console.privacy.requests import COPY, ERASE, drop_files, finish_erasure, write_copy
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.merchants import list_merchants
from aftermile.kernel.retention import Kept, kept_since
from aftermile.kernel.tenancy import merchant_scope, run_in_scope


@jobs.job(COPY)
def copy_shopper(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Write a copy of what is held on a shopper."""
    request_id = UUID(str(payload["request"]))
    run_in_scope(merchant_id, lambda: write_copy(request_id=request_id, at=now()))


@jobs.job(ERASE)
def erase_shopper(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Erase what raw records and messages say of an erased shopper."""
    request_id, words = UUID(str(payload["request"])), str(payload["words"])
    run_in_scope(merchant_id, lambda: finish_erasure(request_id=request_id, words=words, at=now()))


@jobs.periodic("console.prune", cron="27 * * * *")
def prune() -> None:
    """Remove, each hour, files of shoppers' data that are no longer kept."""
    at = now()
    for merchant in list_merchants():
        with merchant_scope(merchant.id):
            drop_files(before=kept_since(Kept.EXPORTS, at=at))


@jobs.periodic("console.clear_sessions", cron="23 * * * *")
def clear_sessions() -> None:
    """Forget sessions that are over, and what was listed of them."""
    Session.objects.filter(expire_date__lt=now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
