"""Settings: which channel carries a medium, in whose name, with which credentials, and the key that signs its letters."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.urls import path

from aftermile.capabilities.messaging.public import (
    Rendered,
    SenderUnusable,
    SenderView,
    ask_for_trial,
    keep_sender,
    mailbox,
    make_signing_key,
    remove_sender,
    senders,
    signing_keys,
    trial,
    use_signing_key,
)
from aftermile.capabilities.team.public import Permission, names_of
from aftermile.connectors.channels.registry import channels
from aftermile.connectors.channels.web_push import new_vapid_key
from aftermile.connectors.contracts.channels import Channel, Medium
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.messages_told import MEDIA
from aftermile.doors.console.page import Crumb, Done, Note, Page
from aftermile.doors.console.pages.receipts import unread_receipts
from aftermile.doors.console.staff_only import act, console_page
from aftermile.doors.console.tried import tried_page
from aftermile.kernel.errors import NotFound

_MAY = Permission.SETTINGS_MANAGE
_PUSH = "web-push"
_ABOUT = {
    Medium.EMAIL: "Without one, letters are written and kept here, and nothing leaves the house.",
    Medium.SMS: "For shoppers whose number is known and who allow it.",
    Medium.WHATSAPP: "Outside of a conversation it takes approved templates only.",
    Medium.PUSH: "For devices that shoppers let show messages, on the page of their choices.",
    Medium.WEBHOOK: "A program of yours that sends in a way of its own.",
}


class NoSuchSender(NotFound):
    """There is no such medium, or no such channel for it."""

    code = "sender_not_found"
    message = "There is no such channel for this medium."


class SenderForm(forms.Form):
    """What a channel needs, and in whose name it sends. A secret that is kept may stay empty, and then stays."""

    def __init__(
        self, medium: Medium, plug: Channel, data: Any = None, *, held: SenderView | None = None
    ) -> None:
        initial = (
            dict(held.settings) | {"address": held.address, "name": held.name, "reply_to": held.reply_to}
            if held
            else {}
        )
        super().__init__(data, initial=initial)
        self.plug = plug
        self._put_address(medium, plug)
        kept = held.secret_names if held else ()
        self.made = {} if held else _made(plug)
        for field in plug.credentials:
            if plug.slug == _PUSH and field.ours:
                continue  # nobody has to paste it anywhere
            if field.name in self.made:
                self.initial[field.name] = self.made[field.name]
            stays = field.name in kept
            attrs = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
            if field.secret:
                attrs["class"] = "mono"
            self.fields[field.name] = forms.CharField(
                label=field.label,
                help_text=("Kept; leave empty to keep it as it is. " * stays + field.help).strip(),
                # Of a group it depends on the others; the room says which is missing.
                required=field.required and not field.group and not stays,
                max_length=4000,
                widget=forms.TextInput(attrs=attrs),
                error_messages={"required": f"{plug.name} cannot be used without it."},
            )

    def _put_address(self, medium: Medium, plug: Channel) -> None:
        if medium is Medium.EMAIL:
            self.fields["address"] = forms.CharField(
                label="Letters come from",
                max_length=254,
                help_text="An address of yours, such as hello@shop.example.",
            )
            self.fields["name"] = forms.CharField(
                label="Name", max_length=80, required=False, help_text="Left empty: the shop’s name."
            )
            self.fields["reply_to"] = forms.CharField(
                label="Answers go to",
                max_length=254,
                required=False,
                help_text="Left empty: to the address above.",
            )
        elif medium is Medium.WEBHOOK:
            self.fields["address"] = forms.URLField(
                label="Address of your program", max_length=500, assume_scheme="https"
            )
        elif medium in {Medium.SMS, Medium.WHATSAPP} and not any(
            "sender" in each.name for each in plug.credentials
        ):
            self.fields["address"] = forms.CharField(label="Sender", max_length=40, required=False)

    @property
    def parts(self) -> list[tuple[str, list[tuple[forms.BoundField, bool]]]]:
        """The fields by their group's title ("": they belong to none), each with whether it may stay empty."""
        known = {each.name: each for each in self.plug.credentials}
        found: dict[str, list[tuple[forms.BoundField, bool]]] = {}
        for field in self:
            part = known.get(field.name)
            may_miss = not part.required if part and part.group else not field.field.required
            found.setdefault(part.group if part else "", []).append((field, may_miss))
        return list(found.items())

    @property
    def credentials(self) -> dict[str, str]:
        given = {each.name: self.cleaned_data.get(each.name, "") for each in self.plug.credentials}
        return self.made | {name: value for name, value in given.items() if value}

    def whose(self, name: str) -> str:
        return str(self.cleaned_data.get(name, ""))


@console_page(_MAY)
def overview(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """List the media with the channel that carries each."""
    held = {each.medium: each for each in senders()}
    people = names_of({each.changed_by for each in held.values()})
    rows = []
    for medium, said in MEDIA.items():
        view = held.get(medium)
        plug = channels().get(view.channel) if view else None
        rows.append(
            {
                "medium": medium.value,
                "name": said,
                "about": _ABOUT[medium],
                "channel": plug.name if plug else view.channel if view else "",
                "is_missing": view is not None and plug is None,
                "address": view.address if view else "",
                "changed_by": people.get(view.changed_by, "") if view else "",
                "changed_at": view.changed_at if view else None,
                "url": desk.url("console-sender", medium, view.channel) if view and plug else "",
                "choices": [
                    (each.name, desk.url("console-sender", medium, each.slug))
                    for each in _carriers(medium)
                    if view is None or each.slug != view.channel
                ],
            }
        )
    return Page(
        template="console/messages/senders.html",
        title="Senders",
        place="settings",
        section="senders",
        values={"rows": rows, "unread": unread_receipts()},
    )


@console_page(_MAY, fresh=True)
def ask(request: HttpRequest, desk: Desk, medium: str, channel: str) -> Page:  # noqa: ARG001
    """Ask for what a channel needs; secrets that are kept are not shown."""
    which, plug = _read(medium, channel)
    held = _held(which)
    form = SenderForm(which, plug, held=held if held and held.channel == plug.slug else None)
    return _asking(desk, which, plug, form)


@act(_MAY, fresh=True)
def keep(request: HttpRequest, desk: Desk, medium: str, channel: str) -> Done | Page:
    """Let a channel carry a medium."""
    which, plug = _read(medium, channel)
    held = _held(which)
    form = SenderForm(which, plug, request.POST, held=held if held and held.channel == plug.slug else None)
    if not form.is_valid():
        return _asking(desk, which, plug, form, status=422)
    try:
        keep_sender(
            medium=which,
            channel_slug=plug.slug,
            credentials=form.credentials,
            address=form.whose("address"),
            name=form.whose("name"),
            reply_to=form.whose("reply_to"),
            by=desk.by,
            at=desk.at,
        )
    except SenderUnusable as refusal:
        for name, problem in refusal.details.items():
            form.add_error(name if name in form.fields else None, str(problem))
        return _asking(desk, which, plug, form, status=422)
    return Done(
        said=f"{MEDIA[which]} goes out by {plug.name} from now on.",
        back=desk.url("console-sender", which, plug.slug),
        notes=(
            Note(
                act="sender.keep",
                subject=which.value,
                summary=f"Set up {plug.name} to carry {MEDIA[which]}",
                details={"channel": plug.slug},
            ),
        ),
    )


@act(_MAY, fresh=True)
def remove(request: HttpRequest, desk: Desk, medium: str) -> Done:  # noqa: ARG001
    """Carry a medium no longer."""
    which = _medium(medium)
    back = desk.url("console-senders")
    if not remove_sender(medium=which, by=desk.by, at=desk.at):
        return Done(said="There was no sender.", back=back, notes=(), tone="calm")
    after = "Letters are kept here from now on." if which is Medium.EMAIL else "It is not used any more."
    return Done(
        said=f"The sender for {MEDIA[which]} is gone, its secrets with it. {after}",
        back=back,
        notes=(
            Note(act="sender.remove", subject=which.value, summary=f"Removed the sender for {MEDIA[which]}"),
        ),
    )


@act(_MAY, fresh=True)
def make_key(request: HttpRequest, desk: Desk) -> Done:  # noqa: ARG001
    """Make a key to sign letters with; it waits until its record is published."""
    make_signing_key(by=desk.by, at=desk.at)
    return Done(
        said="The key is made. Publish its record, then have it used.",
        back=_mail_page(desk),
        notes=(Note(act="sender.key", subject="email", summary="Made a DKIM key for e-mail"),),
    )


@act(_MAY, fresh=True)
def use_key(request: HttpRequest, desk: Desk) -> Done:  # noqa: ARG001
    """Sign with the key that waits."""
    use_signing_key(by=desk.by, at=desk.at)
    return Done(
        said="Letters are signed with it from now on.",
        back=_mail_page(desk),
        notes=(Note(act="sender.key", subject="email", summary="Began to sign e-mail with a new DKIM key"),),
    )


@act(_MAY)
def try_out(request: HttpRequest, desk: Desk, medium: str) -> Done:
    """Send a plain message to whoever sits here, to see whether the sender works."""
    which = _medium(medium)
    address = desk.person.email if which is Medium.EMAIL else request.POST.get("number", "").strip()[:40]
    if not address:
        return Done(
            said="Give the number it shall go to.", back=desk.url("console-senders"), notes=(), tone="broken"
        )
    said = f"This is a test message of {desk.merchant.name}. It arrived, so the sender works."
    trial_id = ask_for_trial(
        touchpoint="confirmation",
        medium=which,
        language="en",
        said=Rendered(subject=f"A test message of {desk.merchant.name}", text=said),
        address=address,
        by=desk.by,
        at=desk.at,
    )
    return Done(
        said="It is on its way to you.",
        back=desk.url("console-sender-tried", trial_id),
        notes=(Note(act="sender.try", subject=which.value, summary=f"Tried the sender for {MEDIA[which]}"),),
        tone="calm",
    )


@console_page(_MAY)
def tried(request: HttpRequest, desk: Desk, trial_id: UUID) -> Page:  # noqa: ARG001
    """Tell what came of a test message."""
    senders_url = desk.url("console-senders")
    return tried_page(
        desk,
        trial(trial_id),
        place="settings",
        crumbs=(Crumb("Senders", senders_url),),
        here=desk.url("console-sender-tried", trial_id),
        back=senders_url,
    )


def _asking(desk: Desk, medium: Medium, plug: Channel, form: SenderForm, *, status: int = 200) -> Page:
    held = _held(medium)
    is_held = held is not None and held.channel == plug.slug
    return Page(
        template="console/messages/sender.html",
        title=f"{MEDIA[medium]} by {plug.name}",
        place="settings",
        section="senders",
        crumbs=(Crumb("Senders", desk.url("console-senders")), Crumb(f"{MEDIA[medium]} by {plug.name}")),
        values={
            "form": form,
            "medium": medium.value,
            "medium_name": MEDIA[medium],
            "channel": plug.slug,
            "channel_name": plug.name,
            "steps": [step.replace("{address}", "the address shown with the sender.") for step in plug.setup],
            "receipts_address": held.receipts_address if held and is_held else "",
            "mailbox": mailbox() if is_held and plug.mailbox else None,
            "website": plug.website,
            "is_held": is_held,
            "replaces": held is not None and not is_held,
            "signs": is_held and medium is Medium.EMAIL and plug.smtp is not None,
            "keys": signing_keys() if is_held and medium is Medium.EMAIL else [],
            "can_try": is_held and medium in {Medium.EMAIL, Medium.SMS, Medium.WHATSAPP},
            "email": desk.person.email,
        },
        status=status,
    )


def _held(medium: Medium) -> SenderView | None:
    return next((each for each in senders() if each.medium is medium), None)


def _carriers(medium: Medium) -> list[Channel]:
    fitting = [each for each in channels().values() if medium in each.media and not each.keeps]
    return sorted(fitting, key=lambda each: each.name.casefold())


def _mail_page(desk: Desk) -> str:
    held = _held(Medium.EMAIL)
    return desk.url("console-sender", Medium.EMAIL, held.channel) if held else desk.url("console-senders")


def _medium(text: str) -> Medium:
    if text not in set(Medium):
        raise NoSuchSender
    return Medium(text)


def _read(medium: str, slug: str) -> tuple[Medium, Channel]:
    which = _medium(medium)
    plug: Mapping[str, Channel] = {each.slug: each for each in _carriers(which)}
    if slug not in plug:
        raise NoSuchSender
    return which, plug[slug]


def _made(plug: Channel) -> dict[str, str]:
    """Make the secrets that a channel lets us choose."""
    ours = [each.name for each in plug.credentials if each.ours]
    if plug.slug == _PUSH:
        return dict.fromkeys(ours, new_vapid_key()[0])
    return dict.fromkeys(ours, f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}")


urls = [
    path("settings/senders/", overview, name="console-senders"),
    path("settings/senders/key/", make_key, name="console-sender-key"),
    path("settings/senders/key/use/", use_key, name="console-sender-key-use"),
    path("settings/senders/tries/<uuid:trial_id>/", tried, name="console-sender-tried"),
    path("settings/senders/<str:medium>/remove/", remove, name="console-sender-remove"),
    path("settings/senders/<str:medium>/try/", try_out, name="console-sender-try"),
    path("settings/senders/<str:medium>/<slug:channel>/", ask, name="console-sender"),
    path("settings/senders/<str:medium>/<slug:channel>/keep/", keep, name="console-sender-keep"),
]
