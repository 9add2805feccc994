"""A person's own page: name, and the ways to everything that keeps the account safe."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from aftermile.capabilities.team.public import person_view, rename, shops_of
from aftermile.doors.console import answers
from aftermile.doors.console.toasts import Toast, tell
from aftermile.kernel.ids import public_id


class Name(forms.Form):
    """What colleagues call the person."""

    name = forms.CharField(label="Name", help_text="As colleagues and the audit log show it.", max_length=200)
    name.widget.attrs["autocomplete"] = "name"


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Show the account, and take another name for it."""
    if not request.user.is_authenticated:
        return answers.to_sign_in(request)
    person = person_view(request.user)
    form = Name(request.POST) if request.method == "POST" else Name(initial={"name": person.name})
    if request.method == "POST" and form.is_valid():
        rename(user_id=person.id, name=form.cleaned_data["name"])
        tell(request, Toast("Your name is changed."))
        return answers.to(request, reverse("console-me"))
    shops = [
        (shop.name, answers.role_name(shop.role), f"{answers.PREFIX}{public_id('mer', shop.id)}/")
        for shop in shops_of(person)
    ]
    return answers.alone(
        request,
        "account/me.html",
        {"person": person, "form": form, "shops": shops},
        status=422 if form.errors else 200,
    )
