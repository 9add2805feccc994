"""The wrappers around every page and act of the console: sign-in, the shop's walls, permission, audit log.

    @console_page(Permission.ORDERS_READ)
    def orders(request: HttpRequest, desk: Desk) -> Page: ...

    @act(Permission.EXCEPTIONS_ACT)
    def snooze(request: HttpRequest, desk: Desk, exception: str) -> Done | Page: ...

Nothing of a shop is opened before the person's place there is known. A view runs within the shop's scope; its
page is written out after that scope has closed, so that no template can ask the database.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.utils.http import url_has_allowed_host_and_scheme

from aftermile.capabilities.team.public import (
    Permission,
    PersonView,
    Role,
    note,
    permissions_of,
    person_view,
    roles_of,
)
from aftermile.doors.console import answers
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.navigation import COUNTS, HEALTH, PLACES
from aftermile.doors.console.page import Done, Page
from aftermile.doors.console.toasts import Toast, tell
from aftermile.kernel.clock import now
from aftermile.kernel.errors import NotFound, Refusal
from aftermile.kernel.ids import BadPublicId, read_public_id
from aftermile.kernel.merchants import current_merchant
from aftermile.kernel.tenancy import merchant_scope

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Desk, P], "Page | Done | HttpResponseBase"]
#: As Django calls it: with the shop's key from the address as `merchant`, and whatever else stands there.
Mounted = Callable[..., HttpResponseBase]


def console_page(permission: Permission, *, fresh: bool = False) -> Callable[[View[P]], Mounted]:
    """Make a view into a page for staff with a permission. It only reads: `act` is for what changes.

    :param fresh: ask for the password or passkey again unless that was less than 15 minutes ago.
    """

    def wrap(view: View[P]) -> Mounted:
        @wraps(view)
        def mounted(
            request: HttpRequest, merchant: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if request.method not in {"GET", "HEAD"}:
                return HttpResponseNotAllowed(["GET", "HEAD"])
            return _opened(
                request, merchant, permission, lambda desk: view(request, desk, *args, **kwargs), fresh=fresh
            )

        return _marked(mounted, permission, is_page=True)

    return wrap


def act(permission: Permission, *, fresh: bool = False) -> Callable[[View[P]], Mounted]:
    """Make a view into an act of staff with a permission: a POST, one transaction, and its audit entries in it.

    A `Done` goes back where it says, with a notice and the way back; a `Page` is a form to be corrected. A
    refusal changes nothing and is told as a notice on the page the person came from.

    :param fresh: ask for the password or passkey again unless that was less than 15 minutes ago.
    """

    def wrap(view: View[P]) -> Mounted:
        @wraps(view)
        def mounted(
            request: HttpRequest, merchant: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if request.method != "POST":
                return answers.takes_forms_only()
            return _opened(
                request, merchant, permission, lambda desk: view(request, desk, *args, **kwargs), fresh=fresh
            )

        return _marked(mounted, permission, is_page=False)

    return wrap


def either(page: Mounted, posted: Mounted) -> Mounted:
    """Put a page and an act at one address: the act answers what is posted."""

    @wraps(page)
    def mounted(request: HttpRequest, merchant: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = posted if request.method == "POST" else page
        return asked(request, *args, merchant=merchant, **kwargs)

    return mounted


def _marked(mounted: Mounted, permission: Permission, *, is_page: bool) -> Mounted:
    """Let a view tell what it is and what it needs: the tests walk every address for it."""
    mounted.needs, mounted.is_page = permission, is_page  # type: ignore[attr-defined]
    return mounted


def _opened(
    request: HttpRequest,
    merchant: str,
    permission: Permission,
    view: Callable[[Desk], Page | Done | HttpResponseBase],
    *,
    fresh: bool,
) -> HttpResponseBase:
    if not request.user.is_authenticated:
        return answers.to_sign_in(request)
    person = person_view(request.user)
    try:
        merchant_id = read_public_id("mer", merchant)
    except BadPublicId:
        return answers.no_such_page(request)
    roles = roles_of(person.id)
    if merchant_id not in roles and not person.is_operator:
        return answers.no_such_page(request)
    desk: Desk | None = None
    try:
        with merchant_scope(merchant_id):
            desk = _desk(person, merchant_id, roles)
            if not desk.may(permission):
                return answers.not_allowed(request, desk, permission)
            if fresh:
                _ask_again(request)
            answer = view(desk)
            if isinstance(answer, Done):
                for each in answer.notes:
                    note(
                        act=each.act,
                        summary=each.summary,
                        subject=each.subject,
                        details=each.details,
                        by=desk.by,
                        at=desk.at,
                    )
    except ObjectDoesNotExist:
        if desk is not None:
            raise
        return answers.no_such_page(request)  # an operator at a shop that does not exist
    except Refusal as refusal:
        if desk is None:
            raise
        return _turned_down(request, desk, refusal)
    if request.session.get("last_shop") != merchant:
        request.session["last_shop"] = merchant
    if isinstance(answer, Done):
        return _told(request, desk, answer)
    return answers.written(request, desk, answer) if isinstance(answer, Page) else answer


def _desk(person: PersonView, merchant_id: UUID, roles: dict[UUID, Role]) -> Desk:
    role = roles.get(merchant_id)
    permissions = permissions_of(role, is_operator=person.is_operator)
    visible = {place.name for place in PLACES if place.permission in permissions}
    return Desk(
        person=person,
        merchant=current_merchant(),
        role=role,
        permissions=permissions,
        shops=len(roles),
        at=now(),
        counts={name: count() for name, count in COUNTS.items() if name in visible},
        health=next((tell() for tell in HEALTH), None) if "connections" in visible else None,
    )


def _told(request: HttpRequest, desk: Desk, done: Done) -> HttpResponseBase:
    toast = Toast(done.said, done.tone, done.undo)
    if answers.is_htmx(request) and done.page is not None:
        piece = answers.written(request, desk, done.page)
        return answers.toasted(request, toast, html=piece.content.decode())
    tell(request, toast)
    if done.show is not None:
        return answers.written(request, desk, done.show)
    return answers.to(request, done.back)


def _turned_down(request: HttpRequest, desk: Desk, refusal: Refusal) -> HttpResponseBase:
    toast = Toast(refusal.message, "broken")
    if answers.is_htmx(request):
        return answers.toasted(request, toast, status=refusal.status)
    if request.method == "POST":
        tell(request, toast)
        return answers.to(request, back_to(request, desk))
    if isinstance(refusal, NotFound):
        return answers.missing(request, desk, refusal.message)
    return answers.refused(request, desk, refusal.message, status=refusal.status)


def back_to(request: HttpRequest, desk: Desk) -> str:
    """Return the page of this shop a form was sent from: its field `back`, else where the browser says, else home."""
    for told in (request.POST.get("back", ""), request.headers.get("Referer", "")):
        if not url_has_allowed_host_and_scheme(told, {request.get_host()}):
            continue
        path = "/" + told.split("://", 1)[-1].partition("/")[2] if "://" in told else told
        if path.startswith(desk.base):
            return path
    return desk.base


def _ask_again(request: HttpRequest) -> None:
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records), default=0.0)
    if time.time() - latest > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT and get_reauthentication_flows(
        request.user
    ):
        raise ReauthenticationRequired
