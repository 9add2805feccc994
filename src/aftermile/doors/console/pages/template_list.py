"""What there is to say: every touchpoint with where its words stand, and those the shop adds itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import HttpRequest
from django.urls import path

from aftermile.capabilities.messaging.public import (
    UNTOUCHED,
    WRITTEN_MEDIA,
    Mood,
    OwnTouchpointUnusable,
    Purpose,
    TemplateState,
    Touchpoint,
    add_own_touchpoint,
    own_touchpoints,
    put_touchpoint_away,
    shipped_touchpoints,
    template_states,
)
from aftermile.capabilities.team.public import Permission, names_of
from aftermile.connectors.contracts.channels import Medium
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.messages_told import MEDIA, MOODS, PURPOSES
from aftermile.doors.console.page import Crumb, Done, Note, Page, Undo
from aftermile.doors.console.staff_only import act, console_page

_MAY = Permission.MESSAGES_MANAGE


class OwnForm(forms.Form):
    """A message of the shop's own. What it is for and how it sounds stays: consents rest on it."""

    title = forms.CharField(
        label="What it is called", max_length=80, help_text="Staff read it; journeys are built with it."
    )
    purpose = forms.ChoiceField(
        label="What it is for",
        choices=[
            (Purpose.TRANSACTIONAL.value, "Part of the order: shoppers cannot unsubscribe from it"),
            (Purpose.SERVICE.value, "Service: about what was bought; sent unless refused"),
            (Purpose.MARKETING.value, "Marketing: sent only to those who agreed"),
        ],
        widget=forms.RadioSelect,
        initial=Purpose.SERVICE.value,
    )
    mood = forms.ChoiceField(
        label="How it sounds",
        choices=[
            (Mood.NEUTRAL.value, "Plain: fits any day"),
            (Mood.CHEERFUL.value, "Cheerful: not to somebody whose parcel is in trouble"),
            (Mood.BAD_NEWS.value, "Bad news: may come at night, if the shop lets it"),
        ],
        widget=forms.RadioSelect,
        initial=Mood.NEUTRAL.value,
    )
    needs_order = forms.BooleanField(
        label="It is always about an order",
        required=False,
        help_text="Then it is only sent where there is one, and its number is there to be used.",
    )


@dataclass(frozen=True, slots=True)
class Way:
    """A medium of a touchpoint. `tone` is a mark's."""

    label: str
    url: str
    tone: str
    word: str


@dataclass(frozen=True, slots=True)
class Row:
    slug: str
    title: str
    purpose: str
    mood: str
    is_own: bool
    url: str
    ways: tuple[Way, ...]
    changed_by: str
    changed_at: datetime | None


@console_page(_MAY)
def touchpoints(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """List what is said to shoppers."""
    states = template_states()
    own = [
        Touchpoint(
            slug=each.slug,
            title=each.title,
            purpose=each.purpose,
            mood=each.mood,
            needs_order=each.needs_order,
        )
        for each in own_touchpoints()
    ]
    people = names_of({each.changed_by for each in states.values() if each.changed_by})
    rows = [_row(each, states, desk, people, is_own=False) for each in shipped_touchpoints().values()]
    return Page(
        template="console/templates/list.html",
        title="Templates",
        place="templates",
        values={
            "groups": [
                ("Of your own", [_row(each, states, desk, people, is_own=True) for each in own]),
                ("That come with Aftermile", rows),
            ],
            "media": [MEDIA[each] for each in WRITTEN_MEDIA],
        },
    )


@console_page(_MAY)
def ask(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """Ask what a message of the shop's own is."""
    return _asking(desk, OwnForm())


@act(_MAY)
def add(request: HttpRequest, desk: Desk) -> Done | Page:
    """Make a message of the shop's own."""
    form = OwnForm(request.POST)
    if not form.is_valid():
        return _asking(desk, form, status=422)
    given = form.cleaned_data
    try:
        slug = add_own_touchpoint(
            title=given["title"],
            purpose=Purpose(given["purpose"]),
            mood=Mood(given["mood"]),
            needs_order=given["needs_order"],
            by=desk.by,
            at=desk.at,
        )
    except OwnTouchpointUnusable as refusal:
        for name, problem in refusal.details.items():
            form.add_error(name if name in form.fields else "title", str(problem))
        return _asking(desk, form, status=422)
    return Done(
        said="Now write it. Journeys can use it once it is published.",
        back=desk.url("console-template", slug, Medium.EMAIL),
        notes=(Note(act="touchpoint.add", subject=slug, summary=f"Added the message “{given['title']}”"),),
    )


@act(_MAY)
def put_away(request: HttpRequest, desk: Desk, touchpoint: str) -> Done:  # noqa: ARG001
    """Offer a message of the shop's own no longer."""
    held = next((each for each in own_touchpoints() if each.slug == touchpoint), None)
    put_touchpoint_away(slug=touchpoint, by=desk.by, at=desk.at)
    title = held.title if held else touchpoint
    again = (
        (
            ("title", title),
            ("purpose", held.purpose.value),
            ("mood", held.mood.value),
            ("needs_order", "on" if held.needs_order else ""),
        )
        if held
        else ()
    )
    return Done(
        said=f"“{title}” is put away. Its words are kept.",
        back=desk.url("console-templates"),
        notes=(
            Note(act="touchpoint.put_away", subject=touchpoint, summary=f"Put the message “{title}” away"),
        ),
        undo=Undo(action=desk.url("console-touchpoint-add"), fields=again),
    )


def _asking(desk: Desk, form: OwnForm, *, status: int = 200) -> Page:
    return Page(
        template="console/templates/own.html",
        title="A message of your own",
        place="templates",
        crumbs=(Crumb("Templates", desk.url("console-templates")), Crumb("New")),
        values={"form": form},
        status=status,
    )


def _row(
    about: Touchpoint,
    states: dict[tuple[str, Medium], TemplateState],
    desk: Desk,
    people: dict[str, str],
    *,
    is_own: bool,
) -> Row:
    held = [states.get((about.slug, medium), UNTOUCHED) for medium in WRITTEN_MEDIA]
    latest = max(
        (each for each in held if each.changed_at), key=lambda each: str(each.changed_at), default=None
    )
    return Row(
        slug=about.slug,
        title=about.title,
        purpose=PURPOSES[about.purpose],
        mood=MOODS[about.mood],
        is_own=is_own,
        url=desk.url("console-template", about.slug, Medium.EMAIL),
        ways=tuple(
            Way(
                MEDIA[medium],
                desk.url("console-template", about.slug, medium),
                *_state(states.get((about.slug, medium), UNTOUCHED), is_own=is_own),
            )
            for medium in WRITTEN_MEDIA
        ),
        changed_by=people.get(latest.changed_by, "") if latest else "",
        changed_at=latest.changed_at if latest else None,
    )


def _state(state: TemplateState, *, is_own: bool) -> tuple[str, str]:
    if state.has_draft:
        return "watch", "Draft"
    if state.is_changed:
        return "ok", "Your words" if is_own or len(
            state.languages
        ) > 3 else f"Yours: {', '.join(state.languages)}"
    return "calm", "Not written" if is_own else "As it comes"


urls = [
    path("templates/", touchpoints, name="console-templates"),
    path("templates/new/", ask, name="console-touchpoint-new"),
    path("templates/new/add/", add, name="console-touchpoint-add"),
    path("templates/<str:touchpoint>/put-away/", put_away, name="console-touchpoint-put-away"),
]
