"""What allauth asks of us: who may sign up (nobody), how guessing is stopped, where mails go."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from aftermile.doors.clients import client_address
from aftermile.kernel.allowance import spend
from aftermile.kernel.secrets import box

log = logging.getLogger(__name__)

#: Attempts that are looked at: for one account, and from one address, in so long.
PER_ACCOUNT, PER_ADDRESS, WINDOW = 10, 40, timedelta(minutes=15)


class Accounts(DefaultAccountAdapter):
    """Accounts come from invitations alone."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The e-mail address or the password is not right. Nothing is said about which.",
        "too_many_login_attempts": "Too many attempts. Wait 15 minutes, or use a passkey or a reset link.",
        "account_inactive": "This account is switched off. Ask an owner of your shop.",
        "incorrect_password": "This is not your password.",
        "incorrect_code": "This code is not right, or was used already. Wait for the next one.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count an attempt before the password is looked at, so that many at once count as many.

        An attempt that succeeds counts too: handing it back would let somebody with one account of their own
        begin anew after each round of guessing. Whether the account exists makes no difference.
        """
        account = str(credentials.get("email", "")).strip().lower()
        address = self.get_client_ip(request)
        tries = (
            spend("sign-in", "address", address, limit=PER_ADDRESS, per=WINDOW),
            spend("sign-in", "account", account, limit=PER_ACCOUNT, per=WINDOW),
        )
        if not all(each.is_granted for each in tries):
            log.warning("sign-in attempts are being held off", extra={"address": address})
            raise self.validation_error("too_many_login_attempts")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return where a request came from; what cannot be told is all one place."""
        return client_address(request) or "0.0.0.0"  # noqa: S104 - no address to listen on

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:  # noqa: ARG002
        """Send nothing yet. A demonstration shows the link of a new password in its log, which nobody else reads."""
        if settings.CONFIG.demo and "password_reset_url" in context:
            log.warning("a new password may be set at %s", context["password_reset_url"])

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing yet; the security page lists what was changed."""


class SecondFactors(DefaultMFAAdapter):
    """Secrets of authenticator apps are stored encrypted, as those of connections are."""

    def encrypt(self, text: str) -> str:
        return box().seal({"text": text}).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return box().open(encrypted_text.encode())["text"]

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return "Passkey" if count == 0 else f"Passkey {count + 1}"


def display_name(user: Any) -> str:
    """Call a person by their name."""
    return str(user.name)
