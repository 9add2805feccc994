"""What can go wrong with accounts, places and invitations."""

from __future__ import annotations

from aftermile.kernel.errors import Conflict, Invalid, NotFound


class MemberNotFound(NotFound):
    """Nobody of this shop's team has the id."""

    code = "member_not_found"
    message = "This person is not in the team; perhaps somebody removed them a moment ago."


class InvitationNotFound(NotFound):
    """No open invitation of this shop has the id."""

    code = "invitation_not_found"
    message = "This invitation is no longer open; perhaps it was accepted or withdrawn a moment ago."


class InvitationUnusable(NotFound):
    """The link of an invitation that was withdrawn, replaced, used, or is older than its seven days."""

    code = "invitation_unusable"
    message = "This invitation can no longer be used. Ask whoever sent it for a new one."


class LastOwner(Conflict):
    """A shop must keep an owner."""

    code = "last_owner"
    message = "A shop needs at least one owner. Make somebody else an owner first."


class AlreadyMember(Conflict):
    """The person works here already."""

    code = "already_member"
    message = "This person is in the team already; change their role in the list."


class AccountExists(Conflict):
    """There is an account with this e-mail address: sign in with it to accept."""

    code = "account_exists"
    message = "There is an account with this e-mail address already. Sign in with it to accept."


class OtherPersonsInvitation(Conflict):
    """The invitation names another e-mail address than that of the account."""

    code = "other_persons_invitation"
    message = (
        "This invitation is for another e-mail address. Sign in with that one, or ask for a new invitation."
    )


class EmailUnusable(Invalid):
    """What was given is no e-mail address."""

    code = "email_unusable"
    message = "This is no e-mail address. Write it as name@example.com."


class NameMissing(Invalid):
    """An account needs a name."""

    code = "name_missing"
    message = "Say what colleagues call you."


class PasswordUnusable(Invalid):
    """A password that is too short, too common or too much like the name."""

    code = "password_unusable"
    message = "Choose a password of at least 12 characters that is not a common one."
