"""What shoppers see of the published articles: what fits a purchase, the help page, one article.

Reads in the manner of `kernel.reads`: pages take them along in trips they make anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from aftermile.capabilities.catalog.public import Traits, reading_traits
from aftermile.capabilities.content.manuscript import named
from aftermile.capabilities.content.models import Article, Shelf
from aftermile.capabilities.content.policy import best_language, by_fitness
from aftermile.capabilities.content.queries import ArticleNotFound
from aftermile.capabilities.content.states import About, Kind
from aftermile.capabilities.search.public import folded
from aftermile.kernel.reads import Read, Watched, answered, watched
from aftermile.kernel.rowsets import Statement, select, text_array
from aftermile.kernel.tenancy import current_merchant_id

_MOST_WORDS, _LONGEST_WORD = 6, 60
#: Of one purchase; beyond it nobody reads on.
MOST_FITTING = 12
#: Rows of one article by language.
_Rows = Mapping[str, Sequence[Any]]
_COLUMNS = "a.id, a.kind, a.slug, a.position, a.video_url, a.picture_url, a.published_at, e.language, e.title, e.summary"
_SHOWN = (
    "FROM content_article a JOIN content_edition e ON e.merchant_id = a.merchant_id AND e.article_id = a.id"
    " WHERE a.merchant_id = %s AND a.version > 0 AND a.archived_at IS NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A published article in a list, in the language that suits its reader. `language` is that of its words."""

    id: UUID
    kind: Kind
    slug: str
    language: str
    title: str
    summary: str
    video_url: str
    picture_url: str  # the shop's own; `catalog.pictures` knows our copy
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A published article to be read. `html` is safe to stand in a page; `languages` are all it has."""

    card: Card
    html: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What was bought, and by whom. `languages`: tags, the dearest first, the shop's among them.

    `kinds`: the dearest first; others are left out, and none named means all of them.
    """

    source: str = ""
    product_external_ids: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = tuple(Kind)
    languages: tuple[str, ...] = ()
    limit: int = 3


def articles_for(purchases: Sequence[Purchase]) -> list[tuple[Card, ...]]:
    """Find the articles that fit purchases best, in their order: at most four statements however many.

    What is about the very product comes first, then what is about its type or a tag, then what is for the whole shop;
    within that the dearest kind, then as staff put them. In the merchant's open scope.
    """
    if not purchases:
        return []
    abouts = answered(reading_shelf())
    return answered(reading_articles_for(purchases, abouts))


def watching_shelf() -> Watched:
    """Watch all that shoppers see of articles."""
    return watched(Shelf, "id = %s", [current_merchant_id()])


def reading_shelf() -> Read[frozenset[About]]:
    """Read what the shop's published articles are about; nothing where there are none."""
    (found,) = yield [select(Shelf, ("abouts",), "id = %s", [current_merchant_id()])]
    return frozenset(About(each) for row in found for each in row["abouts"])


def needs_traits(abouts: Collection[About]) -> bool:
    """Tell whether what fits a purchase depends on its products' types and tags."""
    return About.TYPE in abouts or About.TAG in abouts


def reading_articles_for(
    purchases: Sequence[Purchase], abouts: Collection[About]
) -> Read[list[tuple[Card, ...]]]:
    """Read what fits purchases, given what there is (`reading_shelf`): no step where there is nothing."""
    if not abouts:
        return [() for _ in purchases]
    of_source: dict[str, set[str]] = {}
    for each in purchases:
        of_source.setdefault(each.source, set()).update(each.product_external_ids)
    traits = (yield from reading_traits(of_source)) if needs_traits(abouts) else {}
    products = {external_id for ids in of_source.values() for external_id in ids}
    types = {named(each.category) for each in traits.values()} - {""}
    tags = {named(tag) for each in traits.values() for tag in each.tags} - {""}
    attachments, editions = yield _fitting(products, types, tags)
    by_thing: dict[tuple[str, str, str], list[UUID]] = {}
    for article_id, about, source, value in attachments:
        by_thing.setdefault((about, source, value), []).append(article_id)
    written = _by_article(editions)
    return [_chosen(each, traits, by_thing, written) for each in purchases]


def reading_help(languages: Sequence[str], *, kind: Kind | None = None, words: str = "") -> Read[list[Card]]:
    """Read the cards of all published articles, as staff put them: one statement.

    :param words: each must occur in the article as its reader sees it.
    """
    wanted = [word[:_LONGEST_WORD] for word in folded(words).split()[:_MOST_WORDS]]
    has_all = " AND ".join("strpos(e.words, %s) > 0" for _ in wanted) or "true"
    (rows,) = yield [
        Statement(
            f"SELECT {_COLUMNS}, {has_all} {_SHOWN}{' AND a.kind = %s' if kind else ''}"
            " ORDER BY a.position, a.published_at DESC, a.id",
            (*wanted, current_merchant_id(), *([kind.value] if kind else [])),
            list,
        )
    ]
    found = {
        article_id: (_card(editions, languages), editions)
        for article_id, editions in _by_article(rows).items()
    }
    return [card for card, editions in found.values() if editions[card.language][10]]


def reading_article(slug: str, languages: Sequence[str]) -> Read[Opened]:
    """Read one published article by its address: one statement.

    :raises ArticleNotFound: none that is published has it.
    """
    (rows,) = yield [
        Statement(f"SELECT {_COLUMNS}, e.html {_SHOWN} AND a.slug = %s", (current_merchant_id(), slug), list)
    ]
    if not rows:
        raise ArticleNotFound
    ((_, editions),) = _by_article(rows).items()
    card = _card(editions, languages)
    return Opened(card=card, html=editions[card.language][10], languages=tuple(sorted(editions)))


def shown_pictures() -> list[str]:
    """Return the shop's own addresses of the pictures of published articles: one statement."""
    rows = Article.rows().filter(version__gt=0, archived_at=None).exclude(picture_url="")
    return list(rows.values_list("picture_url", flat=True).distinct())


def _fitting(products: Iterable[str], types: Iterable[str], tags: Iterable[str]) -> list[Statement]:
    """Ask for what is attached to any of these things or to the shop, and for those articles in every language."""
    fits = (
        "t.merchant_id = %s AND (t.about = 'shop' OR (t.about = 'product' AND t.value = ANY(%s::text[]))"
        " OR (t.about = 'type' AND t.value = ANY(%s::text[])) OR (t.about = 'tag' AND t.value = ANY(%s::text[])))"
    )
    things = (current_merchant_id(), *(text_array(sorted(each)) for each in (products, types, tags)))
    return [
        Statement(
            f"SELECT t.article_id, t.about, t.source, t.value FROM content_attachment t WHERE {fits}",
            things,
            list,
        ),
        Statement(
            f"SELECT {_COLUMNS} {_SHOWN}"
            f" AND a.id IN (SELECT t.article_id FROM content_attachment t WHERE {fits})"
            " ORDER BY a.position, a.published_at DESC, a.id",
            (current_merchant_id(), *things),
            list,
        ),
    ]


def _by_article(rows: Iterable[Sequence[Any]]) -> dict[UUID, dict[str, Sequence[Any]]]:
    """Group editions by their article, in the order given; within one by language."""
    found: dict[UUID, dict[str, Sequence[Any]]] = {}
    for row in rows:
        found.setdefault(row[0], {})[row[7]] = row
    return found


def _card(editions: _Rows, languages: Sequence[str]) -> Card:
    row = editions[best_language(languages, editions)]
    return Card(
        id=row[0],
        kind=Kind(row[1]),
        slug=row[2],
        language=row[7],
        title=row[8],
        summary=row[9],
        video_url=row[4],
        picture_url=row[5],
        published_at=row[6],
    )


def _chosen(
    purchase: Purchase,
    traits: Mapping[tuple[str, str], Traits],
    by_thing: Mapping[tuple[str, str, str], Sequence[UUID]],
    written: Mapping[UUID, _Rows],
) -> tuple[Card, ...]:
    """Choose among articles those that fit one purchase, the best first."""
    nearest: dict[UUID, About] = {}
    for thing in _things(purchase, traits):
        for article_id in by_thing.get(thing, ()):
            nearest.setdefault(article_id, About(thing[0]))
    # The order of `written` is that of staff, and sorting keeps it.
    fitting = [
        (by_fitness(purchase.kinds, kind, nearest[article_id]), article_id)
        for article_id, editions in written.items()
        if article_id in nearest and (kind := _kind(editions)) in purchase.kinds
    ]
    fitting.sort(key=lambda each: each[0])
    most = max(0, min(purchase.limit, MOST_FITTING))
    return tuple(_card(written[article_id], purchase.languages) for _, article_id in fitting[:most])


def _things(purchase: Purchase, traits: Mapping[tuple[str, str], Traits]) -> Iterable[tuple[str, str, str]]:
    """Name what a purchase could be met by, the nearest first."""
    ids = purchase.product_external_ids
    for external_id in ids:
        yield About.PRODUCT, purchase.source, external_id
    known = [traits[purchase.source, each] for each in ids if (purchase.source, each) in traits]
    for each in known:
        yield About.TYPE, "", named(each.category)
        for tag in each.tags:
            yield About.TAG, "", named(tag)
    yield About.SHOP, "", ""


def _kind(editions: _Rows) -> Kind:
    return Kind(next(iter(editions.values()))[1])
