"""The help page of a shop: what there is to read, by kind and by search; and one article a page.

Public, unlike everything else here: search engines may keep it. Nothing of an order stands on it.
"""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from aftermile.capabilities.brands.public import BrandView, reading_brand
from aftermile.capabilities.content.public import (
    ArticleNotFound,
    Card,
    Kind,
    reading_article,
    reading_help,
)
from aftermile.doors.shopper import answers
from aftermile.doors.shopper.faces import Face, face_of_shop, with_language
from aftermile.doors.shopper.help_addresses import article_address, help_address
from aftermile.doors.shopper.phrases import PHRASES
from aftermile.doors.shopper.pictures import picture_addresses
from aftermile.doors.shopper.presenters.content import HEADINGS, Entry, article_page, entries_of, groups_of
from aftermile.doors.shopper.views import kind as in_words
from aftermile.kernel.clock import now
from aftermile.kernel.ids import BadPublicId, read_public_id
from aftermile.kernel.languages import accepted_languages
from aftermile.kernel.merchants import MerchantView, reading_merchant
from aftermile.kernel.reads import answered, side_by_side
from aftermile.kernel.tenancy import merchant_scope

LONGEST_SEARCH = 100
#: Of one kind, or of what a search finds, on one page.
PER_PAGE = 60


@require_safe
@in_words
def shelf(request: HttpRequest, merchant: str = "") -> HttpResponse:
    """List what a shop's help page holds. On a shop's own host `merchant` need not be named."""
    try:
        merchant_id = _named(request, merchant)
        with merchant_scope(merchant_id):
            return _shelf(request)
    except (BadPublicId, KeyError, ObjectDoesNotExist):
        return answers.not_found(request)


@require_safe
@in_words
def article(request: HttpRequest, merchant: str, slug: str) -> HttpResponse:
    """Show one article."""
    try:
        with merchant_scope(read_public_id("mer", merchant)):
            return _article(request, slug)
    except (BadPublicId, ObjectDoesNotExist):
        return answers.not_found(request)


def _named(request: HttpRequest, merchant: str) -> UUID:
    shop: UUID = read_public_id("mer", merchant) if merchant else request.META["AFTERMILE_SHOP"]
    return shop


def _shelf(request: HttpRequest) -> HttpResponse:
    words = " ".join(request.GET.get("q", "")[:LONGEST_SEARCH].replace("\x00", "").split())
    kind = next((each for each in Kind if each == request.GET.get("kind")), None)
    merchant, look = answered(side_by_side(reading_merchant(), reading_brand()))
    face, wishes = _face(request, merchant, look)
    cards = answered(reading_help(wishes, kind=kind, words=words))
    page = _page_number(request)
    is_list = bool(words or kind)
    shown = cards[(page - 1) * PER_PAGE : page * PER_PAGE] if is_list else cards
    entries = dict(zip([card.slug for card in shown], _entries(shown, face, merchant), strict=True))
    home = help_address(merchant.id)
    tongue = face.tongue
    heading = tongue.say(HEADINGS[kind]) if kind else tongue.say("How can we help?")
    values = {
        "heading": heading,
        "words": words,
        "kind": kind,
        "action": home,
        "home": with_language(home, face),
        "look_up": with_language(face.look_up, face),
        "entries": tuple(entries.values()) if is_list else (),
        "groups": ()
        if is_list
        else groups_of(
            cards, tongue, entries=entries, more=lambda each: _address(home, face, kind=each.value)
        ),
        "found": tongue.count("{n} page found", "{n} pages found", len(cards)) if words and cards else "",
        "next": _address(home, face, kind=kind.value if kind else "", q=words, page=str(page + 1))
        if is_list and len(cards) > page * PER_PAGE
        else "",
        "canonical": _canonical(look, home, {"kind": kind.value if kind else ""}),
        "alternates": _alternates(look, home, [each.code for each in face.languages]),
        "description": tongue.say("Guides, care tips and answers of {shop}.", shop=merchant.name),
    }
    return answers.page(request, "shopper/help.html", values, face, sends_to="'self'", is_public=not words)


def _article(request: HttpRequest, slug: str) -> HttpResponse:
    merchant, look = answered(side_by_side(reading_merchant(), reading_brand()))
    face, wishes = _face(request, merchant, look)
    try:
        opened = answered(reading_article(slug, wishes))
    except ArticleNotFound:
        return answers.not_found(request, face)
    card, home, here = opened.card, help_address(merchant.id), article_address(merchant.id, slug)
    picture = picture_addresses({card.picture_url}).get(card.picture_url, "") if card.picture_url else ""
    day = card.published_at.astimezone(ZoneInfo(merchant.time_zone)).date()
    tongue = face.tongue
    values = {
        "page": article_page(
            opened,
            tongue,
            picture=picture,
            changed=tongue.say("Last changed: {day}", day=tongue.day(day, near=now().date())),
            changed_iso=day.isoformat(),
        ),
        "home": with_language(home, face),
        "canonical": _canonical(look, here, {"lang": card.language[:2] if len(opened.languages) > 1 else ""}),
        "alternates": _alternates(look, here, opened.languages),
        "description": card.summary,
    }
    return answers.page(request, "shopper/article.html", values, face, is_public=True)


def _face(request: HttpRequest, merchant: MerchantView, look: BrandView) -> tuple[Face, list[str]]:
    """Frame the page, and tell which languages its reader wishes articles in."""
    face = face_of_shop(request, merchant, look)
    browser = accepted_languages(request.headers.get("Accept-Language", ""))
    return face, [face.chosen, *browser, merchant.language] if face.chosen else [*browser, merchant.language]


def _entries(cards: list[Card], face: Face, merchant: MerchantView) -> tuple[Entry, ...]:
    pictures = picture_addresses({card.picture_url for card in cards if card.picture_url})
    return entries_of(
        cards,
        face.tongue,
        address_of=lambda card: with_language(article_address(merchant.id, card.slug), face),
        pictures=pictures,
    )


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("page", "")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 4 else 1


def _address(path: str, face: Face, **query: str) -> str:
    given = {name: value for name, value in {**query, "lang": face.chosen}.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def _canonical(look: BrandView, path: str, query: dict[str, str]) -> str:
    """Name the one whole address of a page: at the shop's own domain where it has one."""
    base = f"https://{look.host}" if look.host else str(settings.CONFIG.public_url)
    given = {name: value for name, value in query.items() if value}
    return f"{base}{path}{'?' + urlencode(given) if given else ''}"


def _alternates(look: BrandView, path: str, languages: tuple[str, ...] | list[str]) -> list[tuple[str, str]]:
    spoken = [each for each in languages if each[:2] in PHRASES.languages]
    if len(spoken) < 2:
        return []
    return [(each, _canonical(look, path, {"lang": each[:2]})) for each in spoken]
