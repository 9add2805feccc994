"""Content: what shoppers read, written beside what it looks like; its versions; off the pages and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.urls import path

from aftermile.capabilities.brands.public import brand
from aftermile.capabilities.catalog.public import known_types_and_tags
from aftermile.capabilities.content.public import (
    LONGEST_BODY,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    ArticleNotFound,
    ArticleView,
    Kind,
    Manuscript,
    State,
    Words,
    archive_article,
    article,
    bring_back_article,
    count_articles,
    create_article,
    discard_draft,
    list_articles,
    manuscript,
    problems_of,
    publish_article,
    render,
    restore_version,
    save_draft,
    versions,
)
from aftermile.capabilities.team.public import Permission, names_of
from aftermile.doors.assets import address
from aftermile.doors.console.content.differences import changes_between, language_name
from aftermile.doors.console.content.writing import (
    KINDS,
    Typed,
    attached_to,
    by_field,
    found_products,
    is_language,
    languages_of,
    read_typed,
    titles_of,
)
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Crumb, Done, Note, Page, Undo
from aftermile.doors.console.paging import SIZE, paging
from aftermile.doors.console.staff_only import act, console_page
from aftermile.doors.shopper.help_addresses import article_address, help_address
from aftermile.kernel.errors import Conflict
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id
from aftermile.kernel.languages import LANGUAGES

_MAY = Permission.CONTENT_MANAGE
_STATES = {
    State.DRAFT: ("calm", "Draft"),
    State.PUBLISHED: ("ok", "Published"),
    State.ARCHIVED: ("calm", "Archived"),
}
_PARTS = {"seen": "console/content/_seen.html", "found": "console/content/_found.html"}


@dataclass(frozen=True, slots=True)
class Row:
    """An article as it is listed."""

    title: str
    url: str
    kind: str
    tone: str
    word: str
    more: str
    languages: str
    changed_at: datetime
    changed_by: str


class NewArticle(forms.Form):
    """What a new article begins with."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[(kind.value, label) for kind, label in KINDS.items()],
        widget=forms.RadioSelect,
        initial=Kind.GUIDE.value,
    )
    title = forms.CharField(
        label="Title", max_length=LONGEST_TITLE, help_text="As shoppers read it. Of a question, the question."
    )
    language = forms.ChoiceField(label="Language", choices=list(LANGUAGES.items()))
    title.widget.attrs["autocomplete"] = "off"


@console_page(_MAY)
def articles(request: HttpRequest, desk: Desk) -> Page:
    """List the articles."""
    asked = request.GET
    kind = next((each for each in Kind if each == asked.get("kind")), None)
    state = next((each for each in State if each == asked.get("state")), None)
    words, language = asked.get("words", "").replace("\x00", "").strip()[:100], asked.get("language", "")
    found = list_articles(
        kind=kind,
        state=state,
        language=language if is_language(language) else "",
        words=words,
        after=_id(asked.get("after", "")) if asked.get("after") else None,
        limit=SIZE + 1,
    )
    shown = found[:SIZE]
    names = names_of({each.changed_by for each in shown})
    counts = count_articles()
    base = desk.url("console-content")
    return Page(
        template="console/content/list.html",
        title="Content",
        place="content",
        values={
            "rows": [_row(desk, each, names) for each in shown],
            "paging": paging(
                request,
                next_cursor=public_id("art", shown[-1].id) if len(found) > SIZE else "",
                told=f"{len(shown)} articles",
            ),
            "words": words,
            "kinds": [(each.value, label, each is kind) for each, label in KINDS.items()],
            "languages": [(code, name, code == language) for code, name in LANGUAGES.items()],
            "tabs": [
                (base, "All", counts[State.DRAFT] + counts[State.PUBLISHED], state is None),
                *(
                    (f"{base}?state={each.value}", word, counts[each], each is state)
                    for each, (_, word) in _STATES.items()
                ),
            ],
            "is_narrowed": bool(kind or state or words or language),
            "base": base,
            "help": help_address(desk.merchant.id),
        },
    )


@console_page(_MAY)
def new(request: HttpRequest, desk: Desk) -> Page:  # noqa: ARG001
    """Ask what a new article is."""
    return _new(desk, NewArticle(initial={"language": desk.merchant.language, "kind": Kind.GUIDE.value}))


@act(_MAY)
def begin(request: HttpRequest, desk: Desk) -> Done | Page:
    """Begin an article, and go on writing it."""
    form = NewArticle(request.POST)
    if not form.is_valid():
        return _new(desk, form, status=422)
    said = form.cleaned_data
    made = create_article(
        manuscript=Manuscript(
            kind=Kind(said["kind"]), texts={said["language"]: Words(title=" ".join(said["title"].split()))}
        ),
        by=desk.by,
        at=desk.at,
    )
    key = public_id("art", made.id)
    return Done(
        said="Begun. Nothing is public before you publish it.",
        back=f"{desk.url('console-article', key)}?language={said['language']}",
        notes=(Note(act="content.begin", subject=key, summary=f"Began the article “{made.title}”"),),
    )


@console_page(_MAY)
def editor(request: HttpRequest, desk: Desk, key: str) -> Page:
    """Show one language of an article, to be changed, beside what it looks like."""
    view = article(_id(key))
    written = manuscript(view.id)
    language = _language(request.GET.get("language", ""), desk, written)
    return _editor(request, desk, view, written, language)


@act(_MAY)
def save(request: HttpRequest, desk: Desk, key: str) -> Done | Page:
    """Keep what was typed; with `then=publish` show it to shoppers, and with `then=show` only look at it."""
    view = article(_id(key))
    before = manuscript(view.id)
    language = _language(request.POST.get("language", ""), desk, before)
    typed = read_typed(request.POST, before, language)
    then = request.POST.get("then", "")
    if typed.manuscript is None or then == "show":
        status = 422 if typed.manuscript is None and then != "show" else 200
        return _editor(request, desk, view, before, language, typed, status=status)
    if request.POST.get("seen") not in ("", None, view.changed_at.isoformat()):
        who = names_of({view.changed_by})[view.changed_by]
        told = f"{who} saved this article while you wrote. What you typed is still here: save it once more to keep it."
        return _editor(request, desk, view, before, language, typed, conflict=told, status=409)
    try:
        kept = save_draft(article_id=view.id, manuscript=typed.manuscript, by=desk.by, at=desk.at)
    except Conflict as refusal:
        return _editor(
            request, desk, view, before, language, typed, conflict=refusal.message, status=refusal.status
        )
    back = f"{desk.url('console-article', key)}?language={language}"
    if then == "publish":
        problems = problems_of(typed.manuscript)
        if problems:
            told = "Saved as a draft, and not published yet: something is still missing below."
            return _editor(
                request,
                desk,
                kept,
                typed.manuscript,
                language,
                typed,
                conflict=told,
                is_strict=True,
                status=422,
            )
        kept = publish_article(article_id=view.id, note=request.POST.get("note", ""), by=desk.by, at=desk.at)
        return Done(
            said=f"Published: version {kept.version} is on the pages.",
            back=back,
            notes=(
                Note(
                    act="content.publish",
                    subject=key,
                    summary=f"Published version {kept.version} of “{kept.title}”",
                ),
            ),
        )
    changed = kept.changed_at != view.changed_at
    return Done(
        said="Saved as a draft. Shoppers see it once it is published." if changed else "Nothing was changed.",
        back=back,
        notes=(Note(act="content.save", subject=key, summary=f"Worked on “{kept.title}” ({language})"),)
        if changed
        else (),
        tone="ok" if changed else "calm",
    )


@console_page(_MAY)
def find(request: HttpRequest, desk: Desk, key: str) -> Page:
    """Find products to attach an article to; with htmx the list alone."""
    view = article(_id(key))
    written = manuscript(view.id)
    language = _language(request.GET.get("language", ""), desk, written)
    return _editor(request, desk, view, written, language, find=request.GET.get("find", ""))


@act(_MAY)
def discard(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Throw away what was written since the article was published."""
    view = article(_id(key))
    back = desk.url("console-article", key)
    if not (view.has_draft and view.version):
        return Done(said="There is no draft to throw away.", back=back, notes=(), tone="calm")
    discard_draft(article_id=view.id, by=desk.by, at=desk.at)
    return Done(
        said="The draft is gone; what is published was not touched.",
        back=back,
        notes=(Note(act="content.discard", subject=key, summary=f"Threw away the draft of “{view.title}”"),),
    )


@act(_MAY)
def archive(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Take an article off the pages."""
    view = archive_article(article_id=_id(key), by=desk.by, at=desk.at)
    return Done(
        said=f"“{view.title}” is archived: no page and no letter shows it any more.",
        back=desk.url("console-content"),
        notes=(Note(act="content.archive", subject=key, summary=f"Archived “{view.title}”"),),
        undo=Undo(action=desk.url("console-article-back", key)),
    )


@act(_MAY)
def bring_back(request: HttpRequest, desk: Desk, key: str) -> Done:  # noqa: ARG001
    """Bring an archived article back."""
    view = bring_back_article(article_id=_id(key), by=desk.by, at=desk.at)
    return Done(
        said=f"“{view.title}” is back.",
        back=desk.url("console-article", key),
        notes=(Note(act="content.bring_back", subject=key, summary=f"Brought “{view.title}” back"),),
    )


@console_page(_MAY)
def history(request: HttpRequest, desk: Desk, key: str) -> Page:
    """List an article's versions, each with what it changed."""
    view = article(_id(key))
    kept = versions(view.id)
    chosen = next((each for each in kept if str(each.number) == request.GET.get("version")), None)
    chosen = chosen or (kept[0] if kept else None)
    before = next((each for each in kept if chosen and each.number == chosen.number - 1), None)
    names = names_of({each.published_by for each in kept})
    placed = [one for each in (chosen, before) if each for one in each.manuscript.placements]
    titles = titles_of([(each.source, each.value) for each in placed])
    return Page(
        template="console/content/versions.html",
        title=f"Versions of “{view.title or view.slug}”",
        place="content",
        crumbs=(*_crumbs(desk, view), Crumb("Versions")),
        values={
            "sheet": address("console/content.css"),
            "key": key,
            "versions": [
                {
                    "number": each.number,
                    "url": f"{desk.url('console-article-versions', key)}?version={each.number}",
                    "is_shown": each is chosen,
                    "is_public": each.number == view.version and view.state is State.PUBLISHED,
                    "by": names[each.published_by],
                    "at": each.published_at,
                    "note": each.note,
                }
                for each in kept
            ],
            "shown": chosen.number if chosen else 0,
            "is_first": before is None,
            "can_restore": chosen is not None
            and view.state is not State.ARCHIVED
            and (chosen.number != view.version or view.has_draft),
            "changes": changes_between(
                before.manuscript if before else None, chosen.manuscript, titles=titles
            )
            if chosen
            else (),
        },
    )


@act(_MAY)
def restore(request: HttpRequest, desk: Desk, key: str) -> Done:
    """Take an older version as the draft."""
    given = request.POST.get("version", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
    view = restore_version(article_id=_id(key), number=number, by=desk.by, at=desk.at)
    return Done(
        said=f"Version {number} is now what you are writing on. Publish it to show it to shoppers.",
        back=desk.url("console-article", key),
        notes=(
            Note(
                act="content.restore",
                subject=key,
                summary=f"Took version {number} of “{view.title}” up again",
            ),
        ),
    )


def _new(desk: Desk, form: NewArticle, *, status: int = 200) -> Page:
    return Page(
        template="console/content/new.html",
        title="New article",
        place="content",
        crumbs=(Crumb("Content", desk.url("console-content")), Crumb("New article")),
        values={"form": form},
        status=status,
    )


def _editor(
    request: HttpRequest,
    desk: Desk,
    view: ArticleView,
    written: Manuscript,
    language: str,
    typed: Typed | None = None,
    *,
    find: str = "",
    conflict: str = "",
    is_strict: bool = False,
    status: int = 200,
) -> Page:
    key = public_id("art", view.id)
    here = desk.url("console-article", key)
    raw: Mapping[str, Any] = typed.raw if typed else {}
    shown = (typed.manuscript if typed else None) or written
    words: Mapping[str, str] = (
        raw["texts"][language]
        if typed
        else {"title": "", "summary": "", "body": ""} | _as_plain(written, language)
    )
    rendered = render(words["body"][:LONGEST_BODY])
    problems = by_field(problems_of(shown), language) if is_strict else {}
    for field, said in (typed.wrong if typed else {}).items():
        problems.setdefault(field, []).insert(0, said)
    for said in rendered.problems:
        if said not in problems.get("body", ()):
            problems.setdefault("body", []).append(said)
    placed = raw.get("placements") or _placed(written)
    find = (find or request.POST.get("find", "")).replace("\x00", "")
    types, tags = known_types_and_tags()
    tone, word = _STATES[view.state]
    return Page(
        template="console/content/editor.html",
        title=view.title or "Without a title",
        place="content",
        crumbs=_crumbs(desk, view, is_last=True),
        values={
            "sheet": address("console/content.css"),
            "key": key,
            "here": here,
            "kinds": [
                (each.value, label, each == (raw.get("kind") or written.kind))
                for each, label in KINDS.items()
            ],
            "slug": raw.get("slug", written.slug),
            "is_slug_fixed": view.version > 0,
            "position": written.position if raw.get("position", -1) == -1 else raw["position"],
            "video_url": raw.get("video_url", written.video_url),
            "picture_url": raw.get("picture_url", written.picture_url),
            "words": words,
            "language": language,
            "direction": "rtl" if language.startswith("ar") else "ltr",
            "languages": languages_of(tuple(written.texts), language, _offered(desk), here),
            "attached": attached_to(placed),
            "find": find,
            "found": found_products(find) if find else (),
            "types": types,
            "tags": tags,
            "html": rendered.html,
            "problems": problems,
            "conflict": conflict,
            "seen": view.changed_at.isoformat(),
            "tone": tone,
            "word": word,
            "has_changes": view.has_draft and view.version > 0,
            "version": view.version,
            "is_archived": view.state is State.ARCHIVED,
            "public": article_address(desk.merchant.id, view.slug) if view.state is State.PUBLISHED else "",
            "most": {"title": LONGEST_TITLE, "summary": LONGEST_SUMMARY},
        },
        parts=_PARTS,
        status=status,
    )


def _row(desk: Desk, view: ArticleView, names: Mapping[str, str]) -> Row:
    tone, word = _STATES[view.state]
    is_changed = view.has_draft and view.state is State.PUBLISHED
    return Row(
        title=view.title or "Without a title",
        url=desk.url("console-article", public_id("art", view.id)),
        kind=KINDS[view.kind],
        tone="watch" if is_changed else tone,
        word=word,
        more="with changes not published yet" if is_changed else "",
        languages=", ".join(language_name(each) for each in view.languages),
        changed_at=view.changed_at,
        changed_by=names[view.changed_by],
    )


def _crumbs(desk: Desk, view: ArticleView, *, is_last: bool = False) -> tuple[Crumb, ...]:
    url = "" if is_last else desk.url("console-article", public_id("art", view.id))
    return Crumb("Content", desk.url("console-content")), Crumb(view.title or view.slug, url)


def _language(asked: str, desk: Desk, written: Manuscript) -> str:
    if is_language(asked):
        return asked
    if desk.merchant.language in written.texts or not written.texts:
        return desk.merchant.language
    return next(iter(written.texts))


def _offered(desk: Desk) -> Sequence[str]:
    spoken = brand().languages
    return [code for code in LANGUAGES if code in spoken] or [desk.merchant.language]


def _as_plain(written: Manuscript, language: str) -> dict[str, str]:
    words = written.texts.get(language, Words())
    return {"title": words.title, "summary": words.summary, "body": words.body}


def _placed(written: Manuscript) -> list[dict[str, str]]:
    return [
        {"about": each.about.value, "source": each.source, "value": each.value} for each in written.placements
    ]


def _id(key: str) -> UUID:
    try:
        return read_public_id("art", key)
    except BadPublicId as problem:
        raise ArticleNotFound from problem


urls = [
    path("content/", articles, name="console-content"),
    path("content/new/", new, name="console-content-new"),
    path("content/begin/", begin, name="console-content-begin"),
    path("content/<str:key>/", editor, name="console-article"),
    path("content/<str:key>/save/", save, name="console-article-save"),
    path("content/<str:key>/find/", find, name="console-article-find"),
    path("content/<str:key>/discard/", discard, name="console-article-discard"),
    path("content/<str:key>/archive/", archive, name="console-article-archive"),
    path("content/<str:key>/back/", bring_back, name="console-article-back"),
    path("content/<str:key>/versions/", history, name="console-article-versions"),
    path("content/<str:key>/restore/", restore, name="console-article-restore"),
]
