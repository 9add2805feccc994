"""Templates: what shoppers are told, written in the shop's own words, beside what becomes of it."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path

from aftermile.capabilities.messaging.public import (
    DraftOutdated,
    Rendered,
    Source,
    SourceUnkeepable,
    TemplateView,
    ask_for_trial,
    blocks_and_values,
    discard_draft,
    draft_problems,
    save_draft,
    starting_source,
    trial,
)
from aftermile.capabilities.orders.public import list_orders
from aftermile.capabilities.team.public import Permission, names_of
from aftermile.connectors.contracts.channels import Medium
from aftermile.doors.console.answers import is_htmx
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.letter_frame import letter_page, words_page
from aftermile.doors.console.messages_told import MEDIA, PURPOSES
from aftermile.doors.console.page import Crumb, Done, Note, Page
from aftermile.doors.console.postal_address import address_values
from aftermile.doors.console.staff_only import act, console_page
from aftermile.doors.console.tried import tried_page
from aftermile.doors.console.writing import (
    called,
    crumbs_of,
    fields_of,
    language_asked,
    languages_of,
    read_template,
    seen,
    source_sent,
    usual_order,
)
from aftermile.kernel.errors import Refusal

_MAY = Permission.MESSAGES_MANAGE
_ORDERS_OFFERED = 12
#: What stays in the address after the fields were sent without a script.
_KEPT = ("order", "scheme", "width")
_PARTS = {"seen": "console/templates/_seen.html"}


@console_page(_MAY)
def editor(request: HttpRequest, desk: Desk, touchpoint: str, medium: str) -> Page:
    """Show the words of one language, to be changed, beside what a shopper would get."""
    view = read_template(touchpoint, medium)
    language = language_asked(request, desk)
    source, _ = starting_source(view, language)
    return _page(request, desk, view, language, source)


@act(_MAY)
def save(request: HttpRequest, desk: Desk, touchpoint: str, medium: str) -> Done | Page:
    """Keep what was typed as a draft, and show what becomes of it. With htmx on every pause in typing."""
    view = read_template(touchpoint, medium)
    language, source = _typed(request, desk, view)
    try:
        view = save_draft(
            touchpoint=touchpoint,
            medium=view.medium,
            language=language,
            source=source,
            revision=_number(request.POST.get("revision", "")),
            by=desk.by,
            at=desk.at,
        )
    except (DraftOutdated, SourceUnkeepable) as refusal:
        return _page(request, desk, view, language, source, refused=refusal, status=refusal.status)
    if is_htmx(request):
        return _page(request, desk, view, language, source)
    key = f"{touchpoint}/{medium}"
    return Done(
        said="Kept as a draft. Nothing is sent differently before it is published.",
        back=f"{desk.url('console-template', touchpoint, medium)}?"
        + urlencode(
            {name: request.POST[name] for name in _KEPT if request.POST.get(name)} | {"language": language}
        ),
        notes=(Note(act="template.draft", subject=key, summary=f"Worked on {called(view)} ({language})"),),
    )


@console_page(_MAY)
def preview(request: HttpRequest, desk: Desk, touchpoint: str, medium: str, language: str) -> HttpResponse:
    """Show the draft as a shopper would get it, alone, for the frame beside it."""
    view = read_template(touchpoint, medium)
    source, _ = starting_source(view, language)
    shown, _ = seen(view, source, language, request.GET.get("order", ""), desk)
    is_dark = request.GET.get("scheme") == "dark"
    if shown.said is None:
        return letter_page("", is_dark=is_dark, problem=shown.cut_off)
    if view.medium is Medium.EMAIL:
        return letter_page(shown.said.html, is_dark=is_dark, problem="The letter has nothing in it yet.")
    title = shown.said.subject if view.medium is Medium.PUSH else ""
    return words_page(shown.said.text.strip(), title=title, is_dark=is_dark)


@act(_MAY)
def discard(request: HttpRequest, desk: Desk, touchpoint: str, medium: str) -> Done:  # noqa: ARG001
    """Throw the draft away."""
    view = read_template(touchpoint, medium)
    back = desk.url("console-template", touchpoint, medium)
    if not discard_draft(touchpoint=touchpoint, medium=view.medium):
        return Done(said="There was no draft.", back=back, notes=(), tone="calm")
    return Done(
        said="The draft is gone. What is sent was not touched.",
        back=back,
        notes=(
            Note(
                act="template.discard",
                subject=f"{touchpoint}/{medium}",
                summary=f"Threw the draft of {called(view)} away",
            ),
        ),
    )


@act(_MAY)
def try_out(request: HttpRequest, desk: Desk, touchpoint: str, medium: str) -> Done:
    """Send what stands in the fields to whoever sits here."""
    view = read_template(touchpoint, medium)
    language, source = _typed(request, desk, view)
    shown, _ = seen(view, source, language, request.POST.get("order", ""), desk)
    if shown.said is None:
        return Done(said=shown.cut_off, back=_back(desk, view, language), notes=(), tone="broken")
    address = desk.person.email if view.medium is Medium.EMAIL else request.POST.get("number", "").strip()
    if not address:
        return Done(
            said="Give the number it shall go to.", back=_back(desk, view, language), notes=(), tone="broken"
        )
    trial_id = ask_for_trial(
        touchpoint=touchpoint,
        medium=view.medium,
        language=language,
        said=Rendered(subject=shown.said.subject, html=shown.said.html, text=shown.said.text),
        address=address,
        by=desk.by,
        at=desk.at,
    )
    return Done(
        said="It is on its way to you.",
        back=desk.url("console-template-tried", trial_id),
        notes=(
            Note(
                act="template.try",
                subject=f"{touchpoint}/{medium}",
                summary=f"Sent {called(view)} ({language}) to themselves",
            ),
        ),
        tone="calm",
    )


@console_page(_MAY)
def tried(request: HttpRequest, desk: Desk, trial_id: UUID) -> Page:  # noqa: ARG001
    """Tell what came of a test message."""
    view = trial(trial_id)
    about = read_template(view.touchpoint, view.medium)
    return tried_page(
        desk,
        view,
        place="templates",
        crumbs=(
            crumbs_of(about, desk)[0],
            Crumb(
                crumbs_of(about, desk)[1].label, desk.url("console-template", view.touchpoint, view.medium)
            ),
        ),
        here=desk.url("console-template-tried", trial_id),
        back=desk.url("console-template", view.touchpoint, view.medium),
    )


def _page(
    request: HttpRequest,
    desk: Desk,
    view: TemplateView,
    language: str,
    source: Source,
    *,
    refused: Refusal | None = None,
    status: int = 200,
) -> Page:
    found = draft_problems(view.touchpoint, view.medium, language, source)
    slug, medium = view.touchpoint.slug, view.medium
    told = request.POST if request.method == "POST" else request.GET
    words, is_dark = told["order"] if "order" in told else usual_order(), told.get("scheme") == "dark"
    shown, shown_for = seen(view, source, language, words, desk)
    own = view.newest.get(language)
    blocks, names = blocks_and_values()
    preview_url = desk.url("console-template-preview", slug, medium, language)
    looks = {"revision": str(view.revision)} | ({"order": words} if words else {})
    looks |= {"scheme": "dark"} if is_dark else {}
    people = names_of({each for each in (view.draft_by, view.published_by) if each})
    return Page(
        template="console/templates/editor.html",
        title=view.touchpoint.title,
        place="templates",
        crumbs=crumbs_of(view, desk),
        values={
            "slug": slug,
            "medium": medium.value,
            "is_piece": is_htmx(request),
            "language": language,
            "languages": languages_of(view, desk, language),
            "media": [
                (said, desk.url("console-template", slug, each) + f"?language={language}", each is medium)
                for each, said in MEDIA.items()
                if each is not Medium.WEBHOOK
            ],
            "purpose": PURPOSES[view.touchpoint.purpose],
            "is_own_touchpoint": view.is_own,
            "is_own": own is not None,
            "fields": fields_of(medium, source, found),
            "problem_count": len(found),
            "refused": refused.message if refused else "",
            "revision": view.revision,
            "has_draft": view.draft is not None,
            "draft_by": people.get(view.draft_by, ""),
            "draft_at": view.draft_at,
            "number": view.number,
            "published_by": people.get(view.published_by, ""),
            "published_at": view.published_at,
            "subject": shown.said.subject if shown.said and medium in {Medium.EMAIL, Medium.PUSH} else "",
            "text": shown.said.text if shown.said else "",
            "length": len(shown.said.text.strip()) if shown.said else 0,
            "cut_off": shown.cut_off,
            "shown_for": shown_for,
            "order": words,
            "orders": [each.number for each in list_orders(limit=_ORDERS_OFFERED) if each.number],
            "is_letter": medium is Medium.EMAIL,
            "is_dark": is_dark,
            "is_narrow": told.get("width") == "320",
            "preview": preview_url,
            "frame_url": f"{preview_url}?{urlencode(looks)}",
            "is_tried_by_number": medium in {Medium.SMS, Medium.WHATSAPP},
            "can_try": medium is not Medium.PUSH,
            "email": desk.person.email,
            "blocks": [f"{{% block {name} %}}" for name in blocks],
            **address_values(desk, [view.touchpoint] if medium is Medium.EMAIL else []),
            "names": [f"{{{{ {name} }}}}" for name in names],
        },
        parts=_PARTS,
        status=status,
    )


def _typed(request: HttpRequest, desk: Desk, view: TemplateView) -> tuple[str, Source]:
    language = language_asked(request, desk)
    return language, source_sent(request, view, language)


def _back(desk: Desk, view: TemplateView, language: str) -> str:
    return f"{desk.url('console-template', view.touchpoint.slug, view.medium)}?language={language}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


urls = [
    path("templates/tries/<uuid:trial_id>/", tried, name="console-template-tried"),
    path("templates/<str:touchpoint>/<str:medium>/", editor, name="console-template"),
    path("templates/<str:touchpoint>/<str:medium>/draft/", save, name="console-template-save"),
    path("templates/<str:touchpoint>/<str:medium>/discard/", discard, name="console-template-discard"),
    path("templates/<str:touchpoint>/<str:medium>/try/", try_out, name="console-template-try"),
    path(
        "templates/<str:touchpoint>/<str:medium>/<str:language>/preview/",
        preview,
        name="console-template-preview",
    ),
]
