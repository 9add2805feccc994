"""The team of a shop: who works here, who is invited, and in which role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import path, reverse

from aftermile.capabilities.team.public import (
    ABOUT,
    MEANING,
    PERMISSIONS,
    EmailUnusable,
    InvitationView,
    Offer,
    Permission,
    Role,
    actor_of,
    change_role,
    invite,
    invite_again,
    names_of,
    open_invitations,
    remove_member,
    team,
    withdraw_invitation,
)
from aftermile.doors.console.answers import public_url, role_name
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Crumb, Done, Note, Page, Undo
from aftermile.doors.console.staff_only import act, console_page
from aftermile.kernel.errors import Invalid
from aftermile.kernel.ids import public_id, read_public_id

_ROLES = [(role.value, role_name(role)) for role in Role]


class RoleUnknown(Invalid):
    """A role that there is not."""

    code = "role_unknown"
    message = "There is no such role; pick one of the list."


class NewInvitation(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(
        label="Role", choices=[(value, name.capitalize()) for value, name in _ROLES], initial=Role.CARE.value
    )
    email.widget.attrs["autocomplete"] = "off"


@dataclass(frozen=True, slots=True)
class Colleague:
    """A row of the list."""

    key: str
    name: str
    email: str
    role: str
    since: datetime
    last_seen_at: datetime | None
    is_self: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that waits, or whose time is over."""

    key: str
    email: str
    role: str
    invited_by: str
    expires_at: datetime
    is_expired: bool


@console_page(Permission.TEAM_MANAGE)
def members(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """List the team, and offer to invite."""
    return _page(desk, NewInvitation())


@console_page(Permission.TEAM_MANAGE)
def roles(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """Show which role may do what."""
    return Page(
        template="console/team/roles.html",
        title="What each role may do",
        place="settings",
        section="team",
        crumbs=(Crumb("Team", desk.url("console-team")), Crumb("Roles")),
        values={
            "roles": [(role_name(role), ABOUT[role]) for role in Role],
            "rows": [
                (MEANING[permission], [permission in PERMISSIONS[role] for role in Role])
                for permission in Permission
            ],
        },
    )


@act(Permission.TEAM_MANAGE, fresh=True)
def invite_somebody(request: HttpRequest, desk: Desk) -> Done | Page:
    """Invite an address; the link is shown once, to be passed on."""
    form = NewInvitation(request.POST)
    if not form.is_valid():
        return _page(desk, form, status=422)
    try:
        offer = invite(
            email=form.cleaned_data["email"], role=Role(form.cleaned_data["role"]), by=desk.by, at=desk.at
        )
    except EmailUnusable as refusal:
        form.add_error("email", refusal.message)
        return _page(desk, form, status=422)
    return _offered(desk, offer, "team.invite", "Invited")


@act(Permission.TEAM_MANAGE, fresh=True)
def send_again(request: HttpRequest, desk: Desk, invitation: str) -> Done:  # noqa: ARG001
    """Make a fresh link for an invitation."""
    offer = invite_again(invitation_id=read_public_id("inv", invitation), by=desk.by, at=desk.at)
    return _offered(desk, offer, "team.invite_again", "Invited again")


@act(Permission.TEAM_MANAGE)
def withdraw(request: HttpRequest, desk: Desk, invitation: str) -> Done:  # noqa: ARG001
    """Take an invitation back."""
    taken = withdraw_invitation(invitation_id=read_public_id("inv", invitation))
    return Done(
        said=f"The invitation of {taken.email} is withdrawn; its link no longer works.",
        back=desk.url("console-team"),
        notes=(
            Note(
                act="team.withdraw", subject=invitation, summary=f"Withdrew the invitation of {taken.email}"
            ),
        ),
    )


@act(Permission.TEAM_MANAGE, fresh=True)
def give_role(request: HttpRequest, desk: Desk, person: str) -> Done:
    """Give somebody another role."""
    try:
        role = Role(request.POST.get("role", ""))
    except ValueError:
        raise RoleUnknown from None
    user_id = read_public_id("usr", person)
    before = change_role(user_id=user_id, role=role)
    name = names_of([actor_of(user_id)])[actor_of(user_id)]
    return Done(
        said=f"{name} is {role_name(role)} now.",
        back=desk.url("console-team"),
        notes=(
            Note(
                act="team.change_role",
                subject=person,
                summary=f"Made {name} {role_name(role)}; was {role_name(before)}",
                details={"role": role.value, "before": before.value},
            ),
        ),
        undo=Undo(action=desk.url("console-team-role", person), fields=(("role", before.value),)),
    )


@act(Permission.TEAM_MANAGE, fresh=True)
def remove(request: HttpRequest, desk: Desk, person: str) -> Done:  # noqa: ARG001
    """Take somebody out of the team."""
    user_id = read_public_id("usr", person)
    before = remove_member(user_id=user_id)
    name = names_of([actor_of(user_id)])[actor_of(user_id)]
    is_self = user_id == desk.person.id
    return Done(
        said=f"You left {desk.merchant.name}." if is_self else f"{name} is no longer in the team.",
        back=reverse("console-shops") if is_self else desk.url("console-team"),
        notes=(
            Note(
                act="team.remove",
                subject=person,
                summary=f"Took {name} out of the team; was {role_name(before)}",
                details={"before": before.value},
            ),
        ),
    )


def _offered(desk: Desk, offer: Offer, done: str, verb: str) -> Done:
    view = offer.invitation
    key = public_id("inv", view.id)
    return Done(
        said=f"{view.email} is invited.",
        back=desk.url("console-team"),
        notes=(
            Note(
                act=done,
                subject=key,
                summary=f"{verb} {view.email} as {role_name(view.role)}",
                details={"role": view.role.value},
            ),
        ),
        show=Page(
            template="console/team/invited.html",
            title="Pass this link on",
            place="settings",
            section="team",
            crumbs=(Crumb("Team", desk.url("console-team")), Crumb("Invitation")),
            values={
                "email": view.email,
                "role": role_name(view.role),
                "expires_at": view.expires_at,
                "link": public_url(reverse("console-invitation", args=[offer.token])),
            },
        ),
    )


def _page(desk: Desk, form: forms.Form, *, status: int = 200) -> Page:
    members, invitations = team(), open_invitations()
    named = names_of({invitation.by for invitation in invitations})
    values: dict[str, Any] = {
        "form": form,
        "roles": _ROLES,
        "about": [(role_name(role), ABOUT[role]) for role in Role],
        "colleagues": [
            Colleague(
                key=public_id("usr", member.person.id),
                name=member.person.name,
                email=member.person.email,
                role=member.role.value,
                since=member.since,
                last_seen_at=member.last_seen_at,
                is_self=member.person.id == desk.person.id,
            )
            for member in members
        ],
        "invited": [_invited(invitation, named, desk.at) for invitation in invitations],
    }
    return Page(
        template="console/team/members.html",
        title="Team",
        place="settings",
        section="team",
        values=values,
        status=status,
    )


def _invited(invitation: InvitationView, named: dict[str, str], at: datetime) -> Invited:
    return Invited(
        key=public_id("inv", invitation.id),
        email=invitation.email,
        role=role_name(invitation.role),
        invited_by=named[invitation.by],
        expires_at=invitation.expires_at,
        is_expired=invitation.expires_at <= at,
    )


urls = [
    path("settings/team/", members, name="console-team"),
    path("settings/team/roles/", roles, name="console-team-roles"),
    path("settings/team/invitations/", invite_somebody, name="console-team-invite"),
    path("settings/team/invitations/<str:invitation>/again/", send_again, name="console-team-invite-again"),
    path("settings/team/invitations/<str:invitation>/withdrawal/", withdraw, name="console-team-withdraw"),
    path("settings/team/<str:person>/role/", give_role, name="console-team-role"),
    path("settings/team/<str:person>/removal/", remove, name="console-team-remove"),
]
