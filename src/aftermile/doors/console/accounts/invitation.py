"""The page behind an invitation's link: who invites, to what, and the account that is made or joins."""

from __future__ import annotations

from uuid import UUID

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django import forms
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from aftermile.capabilities.team.public import (
    ABOUT,
    AccountExists,
    InvitationUnusable,
    NameMissing,
    OpenedInvitation,
    PasswordUnusable,
    PersonView,
    accept_as,
    accept_as_new,
    actor_of,
    note,
    open_invitation,
    person_view,
)
from aftermile.doors.console import answers
from aftermile.kernel.clock import now
from aftermile.kernel.errors import Refusal
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import merchant_scope


class NewAccount(forms.Form):
    """What a person who has no account yet tells about themselves."""

    name = forms.CharField(label="Your name", help_text="As colleagues see it.", max_length=200)
    password = forms.CharField(
        label="Password",
        help_text="At least 12 characters. A few words you remember are better than signs you do not.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )
    name.widget.attrs["autocomplete"] = "name"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is offered, and take it up."""
    try:
        opened = open_invitation(token, at=now())
    except InvitationUnusable as refusal:
        return answers.alone(
            request, "console/invitation_unusable.html", {"message": refusal.message}, status=404
        )
    if request.method != "POST":
        return _shown(request, opened, NewAccount())
    if request.user.is_authenticated:
        return _join(request, token, opened, person_view(request.user))
    return _begin(request, token, opened)


def _join(request: HttpRequest, token: str, opened: OpenedInvitation, person: PersonView) -> HttpResponse:
    try:
        with merchant_scope(opened.merchant_id):
            accept_as(token=token, user_id=person.id, at=now())
            _noted(person.id, opened)
    except Refusal as refusal:
        return _shown(request, opened, NewAccount(), problem=refusal.message, status=refusal.status)
    return answers.to(request, _home(opened))


def _begin(request: HttpRequest, token: str, opened: OpenedInvitation) -> HttpResponse:
    form = NewAccount(request.POST)
    if not form.is_valid():
        return _shown(request, opened, form, status=422)
    try:
        with merchant_scope(opened.merchant_id):
            _, person = accept_as_new(token=token, at=now(), **form.cleaned_data)
            _noted(person.id, opened)
    except PasswordUnusable as refusal:
        form.add_error("password", refusal.message)
        return _shown(request, opened, form, status=422)
    except NameMissing as refusal:
        form.add_error("name", refusal.message)
        return _shown(request, opened, form, status=422)
    except AccountExists as refusal:
        return _shown(request, opened, form, problem=refusal.message, status=refusal.status)
    user = get_user_model().objects.get(id=person.id)
    login = Login(user=user, email=person.email, redirect_url=_home(opened))
    answer: HttpResponse = perform_password_login(request, {"email": person.email}, login)
    return answer


def _noted(user_id: UUID, opened: OpenedInvitation) -> None:
    note(
        act="team.join",
        subject=public_id("usr", user_id),
        summary=f"Joined as {answers.role_name(opened.role)}",
        by=actor_of(user_id),
        at=now(),
    )


def _home(opened: OpenedInvitation) -> str:
    return f"{answers.PREFIX}{public_id('mer', opened.merchant_id)}/"


def _shown(
    request: HttpRequest, opened: OpenedInvitation, form: NewAccount, *, problem: str = "", status: int = 200
) -> HttpResponse:
    signed_in_as = request.user.email if request.user.is_authenticated else ""
    return answers.alone(
        request,
        "console/invitation.html",
        {
            "opened": opened,
            "role": answers.role_name(opened.role),
            "about": ABOUT[opened.role],
            "form": form,
            "problem": problem,
            "signed_in_as": signed_in_as,
            "is_theirs": signed_in_as == opened.email,
            "here": request.path,
        },
        status=status,
    )
