"""Claim a domain for a shop's pages, and let it go.

Three beats: the claim is the intent, a job asks the host (`tasks`), `record_check` keeps the outcome. A claim
keeps nobody out: only a verified one does. Where two shops of an installation claim one name at a time, neither
gets it before the other lets go, since both could point it here and only a person knows whose it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from aftermile.capabilities.brands.hosts import DomainUnusable, normal_host, read_host
from aftermile.capabilities.brands.models import Domain
from aftermile.capabilities.brands.operations.own_brand import set_host
from aftermile.capabilities.brands.queries import DomainView, domain_view
from aftermile.capabilities.brands.states import CLAIM_LASTS, GIVEN_UP_AFTER, DomainState
from aftermile.kernel import jobs
from aftermile.kernel.errors import Conflict, NotFound
from aftermile.kernel.tenancy import current_merchant_id

CHECK = "brands.check_domain"
_FIRST_PAUSE = timedelta(seconds=15)
_LONGEST_PAUSE = timedelta(minutes=15)

CONTESTED = (
    "The name leads here, but another shop of this installation claims it too. Whoever runs the installation"
    " has to tell one of you to let it go."
)
_LAPSED = "Nothing answered for three days, so we stopped asking. Check the DNS record, then ask again."


class DomainTaken(Conflict):
    """Another shop of this installation has this domain."""

    code = "domain_taken"
    message = "Another shop of this installation has this domain. Ask whoever runs the installation."


class DomainNotFound(NotFound):
    """The shop has claimed no domain."""

    code = "domain_not_found"
    message = "This shop has no domain of its own."


def claim_domain(*, host: str, by: str, at: datetime) -> DomainView:
    """Claim a host name for the open merchant's pages, in place of any before; it is checked at once.

    Claimed again, a name that waits or failed is checked anew; a verified one stays as it is.

    :raises DomainUnusable: no host name, one that leads nowhere, or one of this installation's own.
    :raises DomainTaken: another shop has verified it.
    """
    name = read_host(host)
    if is_own_host(name):
        raise DomainUnusable(f"{name} is this installation's own name. Choose another, such as track.{name}.")
    if Domain.objects.filter(host=name, state=DomainState.VERIFIED).exclude(
        merchant_id=current_merchant_id()
    ):
        raise DomainTaken
    row = _locked()
    if row is None:
        row = Domain(host=name, claimed_at=at)
    elif row.host == name and row.state == DomainState.VERIFIED:
        return domain_view(row)
    if row.host != name:
        set_host("", by=by, at=at)
    row.host, row.state, row.reason, row.claimed_at = name, DomainState.WAITING, "", at
    row.checked_at = row.verified_at = row.failing_since = None
    row.save()
    plan_check(name, tries=0, at=at)
    return domain_view(row)


def release_domain(*, by: str, at: datetime) -> None:
    """Let the open merchant's domain go; its pages are at this installation's own address again.

    :raises DomainNotFound: it has none.
    """
    row = _locked()
    if row is None:
        raise DomainNotFound
    row.delete()
    set_host("", by=by, at=at)


def record_check(*, host: str, problem: str, tries: int, at: datetime) -> DomainView | None:
    """Keep what came of asking a host; None when the shop no longer claims it.

    :param problem: why it does not lead here, with the next step; "" when it does.
    :param tries: how often this claim was asked about before; the next time is planned by it.
    """
    row = _locked()
    if row is None or row.host != host or row.state == DomainState.FAILED:
        return None
    row.checked_at = at
    if not problem and _is_contested(host, at):
        problem = CONTESTED
    if not problem:
        _verify(row, at)
    elif row.state == DomainState.VERIFIED:
        _doubt(row, problem, at)
    else:
        _wait(row, problem, tries, at)
    row.save()
    return domain_view(row)


def plan_check(host: str, *, tries: int, at: datetime) -> None:
    """Have a host asked: at once, or after a pause that grows with the tries."""
    pause = min(_FIRST_PAUSE * 2 ** min(tries - 1, 10), _LONGEST_PAUSE) if tries else None
    jobs.defer(
        CHECK,
        merchant_id=current_merchant_id(),
        run_at=at + pause if pause else None,
        host=host,
        tries=tries,
    )


def is_own_host(name: str) -> bool:
    """Tell whether a name is one of those by which the installation itself is addressed."""
    own = {normal_host(own_name())}
    for allowed in settings.ALLOWED_HOSTS:  # as Django reads them; "*" lets any name in and claims none
        domain = allowed.lower()
        own.add(domain)
        if domain.startswith(".") and (name == domain[1:] or name.endswith(domain)):
            return True
    return name in own


def own_name() -> str:
    """Return the installation's own host name: what a shop's DNS record points to."""
    return urlsplit(str(settings.CONFIG.public_url)).hostname or ""


def _verify(row: Domain, at: datetime) -> None:
    row.reason, row.failing_since = "", None
    if row.state != DomainState.VERIFIED:
        row.state, row.verified_at = DomainState.VERIFIED, at
        set_host(row.host, by="system", at=at)


def _doubt(row: Domain, problem: str, at: datetime) -> None:
    """Bear with a domain that worked: a certificate runs out, a record is mistyped; links stay as they are."""
    row.reason = problem
    row.failing_since = row.failing_since or at
    if at - row.failing_since >= GIVEN_UP_AFTER:
        row.state = DomainState.FAILED
        set_host("", by="system", at=at)


def _wait(row: Domain, problem: str, tries: int, at: datetime) -> None:
    row.reason = problem
    if at - row.claimed_at >= CLAIM_LASTS:
        row.state, row.reason = DomainState.FAILED, f"{problem} {_LAPSED}"
    else:
        plan_check(row.host, tries=tries + 1, at=at)


def _is_contested(host: str, at: datetime) -> bool:
    others = Domain.objects.filter(host=host).exclude(merchant_id=current_merchant_id())
    return others.exclude(state=DomainState.FAILED).filter(claimed_at__gt=at - CLAIM_LASTS).exists() or (
        others.filter(state=DomainState.VERIFIED).exists()
    )


def _locked() -> Domain | None:
    return Domain.objects.select_for_update(no_key=True).filter(merchant_id=current_merchant_id()).first()
