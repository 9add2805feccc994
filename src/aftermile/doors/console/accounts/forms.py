"""allauth's forms in our words: labels that say what is meant, and no text inside a field that vanishes when one types."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms

_ADVICE = "At least 12 characters. A few words you remember are better than signs you do not."


class InOurWords(forms.Form):
    """Name fields and explain them by a table: field -> label, explanation."""

    words: ClassVar[dict[str, tuple[str, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]


class SignIn(InOurWords, account.LoginForm):
    words: ClassVar[dict[str, tuple[str, str]]] = {
        "login": ("E-mail address", ""),
        "password": ("Password", ""),
    }


class ForgottenPassword(InOurWords, account.ResetPasswordForm):
    words: ClassVar[dict[str, tuple[str, str]]] = {"email": ("E-mail address", "")}


class NewPassword(InOurWords, account.ResetPasswordKeyForm):
    words: ClassVar[dict[str, tuple[str, str]]] = {
        "password1": ("New password", _ADVICE),
        "password2": ("The same again", ""),
    }


class ChangePassword(InOurWords, account.ChangePasswordForm):
    words: ClassVar[dict[str, tuple[str, str]]] = {
        "oldpassword": ("Present password", ""),
        "password1": ("New password", _ADVICE),
        "password2": ("The same again", ""),
    }


class FirstPassword(InOurWords, account.SetPasswordForm):
    words: ClassVar[dict[str, tuple[str, str]]] = {
        "password1": ("Password", _ADVICE),
        "password2": ("The same again", ""),
    }


class Again(InOurWords, account.ReauthenticateForm):
    words: ClassVar[dict[str, tuple[str, str]]] = {"password": ("Password", "")}


class Code(InOurWords, mfa.AuthenticateForm):
    words: ClassVar[dict[str, tuple[str, str]]] = {
        "code": ("Code", "Six digits from your authenticator app, or one of your recovery codes.")
    }


class CodeAgain(InOurWords, mfa.ReauthenticateForm):
    words: ClassVar[dict[str, tuple[str, str]]] = {
        "code": ("Code", "Six digits from your authenticator app, or one of your recovery codes.")
    }


class NewApp(InOurWords, totp.ActivateTOTPForm):
    words: ClassVar[dict[str, tuple[str, str]]] = {
        "code": ("Code", "The six digits the app shows now, so that we know it works.")
    }


class NewPasskey(InOurWords, webauthn.AddWebAuthnForm):
    words: ClassVar[dict[str, tuple[str, str]]] = {
        "name": ("Name", "To tell your passkeys apart: “Work laptop”, “Phone”."),
        "passwordless": (
            "Sign in with it alone",
            "Without address and password: the device asks for your finger, face or PIN. Otherwise, the second step.",
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class NamedPasskey(InOurWords, webauthn.EditWebAuthnForm):
    words: ClassVar[dict[str, tuple[str, str]]] = {"name": ("Name", "")}
