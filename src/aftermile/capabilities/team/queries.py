"""What the team looks like: reads, as frozen views."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from aftermile.capabilities.team.models import AuditEntry, Invitation, Membership, User
from aftermile.capabilities.team.problems import InvitationUnusable
from aftermile.capabilities.team.states import Role
from aftermile.kernel.errors import Invalid
from aftermile.kernel.ids import public_id, read_public_id
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import current_merchant_id, merchant_scope, operator_scope, person_scope
from aftermile.kernel.tokens import BadToken, read_token

_STAFF = "staff:"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """A staff member's account."""

    id: UUID
    email: str
    name: str
    language: str
    is_active: bool
    is_operator: bool

    @property
    def by(self) -> str:
        """The person as actor of an act (`by=`)."""
        return actor_of(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    person: PersonView
    role: Role
    since: datetime
    last_seen_at: datetime | None  # signed in, at whichever shop


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationView:
    id: UUID
    email: str
    role: Role
    by: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedInvitation:
    """What the person sees who follows an invitation's link."""

    merchant_id: UUID
    merchant_name: str
    email: str
    role: Role
    expires_at: datetime
    has_account: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditView:
    id: UUID
    actor: str
    act: str
    subject: str
    summary: str
    details: Mapping[str, object]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopView:
    """One shop a person may enter; without a role, because they are an operator."""

    id: UUID
    name: str
    role: Role | None


def actor_of(user_id: UUID) -> str:
    """Write a staff member as the actor of an act (`by=`)."""
    return _STAFF + public_id("usr", user_id)


def person_view(row: User) -> PersonView:
    return PersonView(
        id=row.id,
        email=row.email,
        name=row.name,
        language=row.language,
        is_active=row.is_active,
        is_operator=row.is_operator,
    )


def invitation_view(row: Invitation) -> InvitationView:
    return InvitationView(
        id=row.id,
        email=row.email,
        role=Role(row.role),
        by=row.by,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def roles_of(user_id: UUID) -> dict[UUID, Role]:
    """Return the shops a person works for, each with their role. Outside any shop's scope."""
    with person_scope(user_id):
        # Without the manager, which asks for one shop: the database lets a person see their own rows alone.
        rows: QuerySet[Membership] = QuerySet(Membership)
        places = rows.filter(user_id=user_id).values_list("merchant_id", "role")
        return {merchant_id: Role(role) for merchant_id, role in places}


def shops_of(person: PersonView, *, find: str = "", limit: int = 100) -> list[ShopView]:
    """List the shops a person may enter by name, their own first; an operator gets all of them.

    :param find: part of a shop's name.
    """
    roles = roles_of(person.id)
    with operator_scope():
        rows = Merchant.objects.order_by("name", "id")
        if not person.is_operator:
            rows = rows.filter(id__in=list(roles))
        if find:
            rows = rows.filter(name__icontains=find)
        own = {row.id: row for row in rows.filter(id__in=list(roles))}
        found = list(own.values()) + [row for row in rows[: limit + len(own)] if row.id not in own]
    return [ShopView(id=row.id, name=row.name, role=roles.get(row.id)) for row in found[:limit]]


def team() -> list[MemberView]:
    """List the open shop's team, who came first first."""
    places = list(Membership.rows().order_by("id"))
    users = User.objects.in_bulk([place.user_id for place in places])
    return [
        MemberView(
            person=person_view(users[place.user_id]),
            role=Role(place.role),
            since=place.created_at,
            last_seen_at=users[place.user_id].last_login,
        )
        for place in places
    ]


def open_invitations() -> list[InvitationView]:
    """List the open shop's invitations that nobody has accepted yet, expired ones included; newest first."""
    return [
        invitation_view(row) for row in Invitation.rows().filter(accepted_at=None).order_by("-created_at")
    ]


def open_invitation(token: str, *, at: datetime) -> OpenedInvitation:
    """Read what an invitation's link offers. Outside any shop's scope.

    :raises InvitationUnusable: no such link, or it can no longer be used.
    """
    try:
        named = read_token("iv", token)
    except BadToken:
        raise InvitationUnusable from None
    with merchant_scope(named.merchant_id):
        row = Invitation.rows().filter(digest=named.digest, accepted_at=None, expires_at__gt=at).first()
        merchant = Merchant.objects.filter(id=named.merchant_id).first()
    if row is None or merchant is None:
        raise InvitationUnusable
    return OpenedInvitation(
        merchant_id=named.merchant_id,
        merchant_name=merchant.name,
        email=row.email,
        role=Role(row.role),
        expires_at=row.expires_at,
        has_account=User.objects.filter(email=row.email).exists(),
    )


def person_by_email(email: str) -> PersonView | None:
    """Find an account by its address, however it is written."""
    row = User.objects.filter(email=email.strip().lower()).first()
    return None if row is None else person_view(row)


def names_of(actors: Collection[str]) -> dict[str, str]:
    """Say who the actors of acts are. Programs and the house itself are named by what they are."""
    ids = {}
    for actor in actors:
        if actor.startswith(_STAFF):
            try:
                ids[actor] = read_public_id("usr", actor.removeprefix(_STAFF))
            except Invalid:
                continue
    users = User.objects.in_bulk(list(ids.values()))
    named = {actor: users[user_id].name for actor, user_id in ids.items() if user_id in users}
    return {actor: named.get(actor) or _in_words(actor) for actor in actors}


def _in_words(actor: str) -> str:
    kind, _, which = actor.partition(":")
    match kind:
        case "api_key":
            return "an API key"
        case "command":
            return "the command line"
        case "staff":
            return "an account that is gone"
        case _:
            return which.replace("_", " ") or kind


def audit_log(
    *,
    actor: str = "",
    act: str = "",
    subject: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: UUID | None = None,
    limit: int,
) -> list[AuditView]:
    """List what was done in the open shop, newest first.

    :param act: an act (`team.invite`), or everything about one thing (`team`).
    :param before: the id of the last entry seen: what was done before it is listed.
    """
    rows = AuditEntry.rows().order_by("-id")
    if actor:
        rows = rows.filter(actor=actor)
    if act:
        rows = rows.filter(act=act) if "." in act else rows.filter(act__startswith=act + ".")
    if subject:
        rows = rows.filter(subject=subject)
    # Ids begin with the moment, so the key alone finds a time.
    if since is not None:
        rows = rows.filter(id__gte=first_id_at(since))
    if until is not None:
        rows = rows.filter(id__lt=first_id_at(until))
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [
        AuditView(
            id=row.id,
            actor=row.actor,
            act=row.act,
            subject=row.subject,
            summary=row.summary,
            details=row.details,
            at=row.at,
        )
        for row in rows[:limit]
    ]


def actors_seen() -> list[str]:
    """List everybody who ever did something in the open shop."""
    return _values_seen("actor")


def acts_seen() -> list[str]:
    """List everything that was ever done in the open shop."""
    return _values_seen("act")


def first_id_at(moment: datetime) -> UUID:
    """Return the lowest id an entry of this moment may have."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)


def _values_seen(column: str) -> list[str]:
    # From one value to the next along the index: the log may be long, its values are few.
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE seen AS ("
            f"(SELECT {column} FROM team_audit_entry WHERE merchant_id = %(merchant)s ORDER BY {column} LIMIT 1)"
            f" UNION ALL SELECT (SELECT entry.{column} FROM team_audit_entry entry"
            f" WHERE entry.merchant_id = %(merchant)s AND entry.{column} > seen.{column} ORDER BY entry.{column} LIMIT 1)"
            f" FROM seen WHERE seen.{column} IS NOT NULL)"
            f" SELECT {column} FROM seen WHERE {column} IS NOT NULL",
            {"merchant": current_merchant_id()},
        )
        return [row[0] for row in cursor.fetchall()]
