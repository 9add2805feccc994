"""Writing articles at the console: begun, shown, saved, published, restored, archived, and who may."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.catalog.public import record_products
from aftermile.capabilities.content.public import (
    ArticleView,
    article,
    list_articles,
    manuscript,
    publish_article,
    read_manuscript,
    save_draft,
)
from aftermile.capabilities.team.public import Role
from aftermile.connectors.contracts.facts import ProductFact
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.content.articles import BY, given, put_out, write
from tests.conftest import NOON
from tests.doors.console.conftest import base, make_person, signed_in

pytestmark = pytest.mark.django_db
US = "\x1f"


@pytest.fixture
def desk(merchant: Any) -> Client:
    return signed_in(make_person("Ida", (merchant, Role.CARE)))


def at(merchant: Any, view: ArticleView | None = None, tail: str = "") -> str:
    return f"{base(merchant)}content/" + (f"{public_id('art', view.id)}/{tail}" if view else tail)


def now(merchant: Any, view: ArticleView) -> ArticleView:
    with merchant_scope(merchant.id):
        return article(view.id)


def typed(merchant: Any, view: ArticleView, language: str = "en", **said: str) -> dict[str, str]:
    """What the editor's form sends: all its fields as they are, and what was typed."""
    with merchant_scope(merchant.id):
        written = manuscript(view.id)
    words = written.texts.get(language)
    return {
        "language": language,
        "kind": written.kind,
        "slug": written.slug,
        "position": str(written.position),
        "video_url": written.video_url,
        "picture_url": written.picture_url,
        "title": words.title if words else "",
        "summary": words.summary if words else "",
        "body": words.body if words else "",
    } | said


def test_a_new_article_goes_from_the_first_word_to_the_pages(merchant: Any, desk: Client) -> None:
    begun = desk.post(
        at(merchant, tail="begin/"), {"kind": "faq", "title": " May I  lend it? ", "language": "en"}
    )
    with merchant_scope(merchant.id):
        (view,) = list_articles()
    assert (view.title, view.slug, view.kind) == ("May I lend it?", "may-i-lend-it", "faq")
    assert begun["Location"] == f"{at(merchant, view)}?language=en"
    refused = desk.post(at(merchant, view, "save/"), typed(merchant, view, then="publish"))
    assert refused.status_code == 422
    assert "It needs a text." in refused.content.decode()
    sent = typed(merchant, view, body="Yes.", then="publish", note="asked often")
    assert desk.post(at(merchant, view, "save/"), sent).status_code == 303
    assert now(merchant, view).version == 1
    assert "Yes." in Client().get(f"/help/{public_id('mer', merchant.id)}/may-i-lend-it").content.decode()
    log = desk.get(f"{base(merchant)}content/").content.decode()
    assert "Published" in log


def test_each_language_is_written_by_itself(merchant: Any, desk: Client) -> None:
    view = put_out(merchant)
    desk.post(at(merchant, view, "save/"), typed(merchant, view, "de", title="Lesen im Bad", body="Hoch."))
    with merchant_scope(merchant.id):
        assert {tag: words.title for tag, words in manuscript(view.id).texts.items()} == {
            "en": "Read in the bath",
            "de": "Lesen im Bad",
        }
    assert now(merchant, view).has_draft
    html = desk.get(f"{at(merchant, view)}?language=de").content.decode()
    assert 'value="Lesen im Bad"' in html
    assert "Changes not published yet" in html


def test_showing_saves_nothing_and_htmx_gets_the_piece_alone(merchant: Any, desk: Client) -> None:
    view = put_out(merchant)
    sent = typed(merchant, view, body="<script>x</script> **b**", then="show")
    whole = desk.post(at(merchant, view, "save/"), sent).content.decode()
    assert "There is HTML in the text" in whole
    assert "&lt;script&gt;x&lt;/script&gt; <strong>b</strong>" in whole
    piece = desk.post(
        at(merchant, view, "save/"), sent, headers={"HX-Request": "true", "HX-Target": "seen"}
    ).content.decode()
    assert piece.startswith('<div id="seen"')
    assert "<form" not in piece
    assert now(merchant, view) == view


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(merchant: Any, desk: Client) -> None:
    view = write(merchant)
    sent = typed(
        merchant, view, title="T" * 161, position="low", slug="Not This", video_url="ftp://x", summary="Kept"
    )
    answer = desk.post(at(merchant, view, "save/"), sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    for field in ("title", "position", "slug", "video_url"):
        assert f'id="{field}-problems"' in html
    assert 'value="Kept"' in html
    assert now(merchant, view) == view


def test_somebody_elses_words_are_not_overwritten_unseen(merchant: Any, desk: Client) -> None:
    view = write(merchant)
    sent = typed(merchant, view, title="Mine", seen=view.changed_at.isoformat())
    with merchant_scope(merchant.id):
        other = save_draft(
            article_id=view.id,
            manuscript=read_manuscript(given(title="Theirs")),
            by=BY,
            at=NOON.replace(hour=13),
        )
    answer = desk.post(at(merchant, view, "save/"), sent)
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.content.decode()
    assert now(merchant, view).title == "Theirs"
    assert (
        desk.post(at(merchant, view, "save/"), sent | {"seen": other.changed_at.isoformat()}).status_code
        == 303
    )
    assert now(merchant, view).title == "Mine"


def test_products_are_found_and_attached(merchant: Any, desk: Client) -> None:
    view = write(merchant)
    with merchant_scope(merchant.id):
        record_products(
            facts=[ProductFact(external_id="7", title="Ronia", category="Novels")],
            source="shop",
            by=BY,
            at=NOON,
        )
    key = US.join(("product", "shop", "7"))
    found = desk.get(
        at(merchant, view, "find/"), {"find": "ron"}, headers={"HX-Request": "true", "HX-Target": "found"}
    ).content.decode()
    assert found.startswith('<div id="found"')
    assert f'value="{key}"' in found
    desk.post(at(merchant, view, "save/"), typed(merchant, view, attach=key))
    html = desk.get(at(merchant, view)).content.decode()
    assert "No longer for Ronia" in html
    assert "No longer for The whole shop" not in html
    desk.post(
        at(merchant, view, "save/"), typed(merchant, view, attach_named="1", about="type", value="Novels")
    )
    desk.post(at(merchant, view, "save/"), typed(merchant, view, detach=key))
    with merchant_scope(merchant.id):
        assert [(each.about, each.value) for each in manuscript(view.id).placements] == [("type", "novels")]
    desk.post(at(merchant, view, "save/"), typed(merchant, view, detach=US.join(("type", "", "novels"))))
    with merchant_scope(merchant.id):
        assert [each.about for each in manuscript(view.id).placements] == ["shop"]


def test_versions_tell_what_changed_and_come_back(merchant: Any, desk: Client) -> None:
    view = put_out(merchant)
    desk.post(
        at(merchant, view, "save/"), typed(merchant, view, body="Hold the lamp **up**.", then="publish")
    )
    html = desk.get(at(merchant, view, "versions/")).content.decode()
    assert "What version 2 changed" in html
    assert re.findall(r"<(del|ins)>([^<]*)<", html) == [("del", "book"), ("ins", "lamp")]
    desk.post(at(merchant, view, "restore/"), {"version": "1"})
    with merchant_scope(merchant.id):
        assert manuscript(view.id).texts["en"].body == "Hold the book **up**."
    assert "Ida" in html
    for odd in ("0", "99", "x", "9" * 40):
        assert desk.post(at(merchant, view, "restore/"), {"version": odd}).status_code == 303


def test_archiving_can_be_undone_and_a_draft_thrown_away(merchant: Any, desk: Client) -> None:
    view = put_out(merchant)
    desk.post(at(merchant, view, "archive/"))
    assert now(merchant, view).state == "archived"
    undo = desk.get(at(merchant)).content.decode()
    assert f'action="{at(merchant, view, "back/")}"' in undo
    assert (
        "bring it back"
        in desk.post(at(merchant, view, "save/"), typed(merchant, view, title="x")).content.decode()
    )
    desk.post(at(merchant, view, "back/"))
    assert now(merchant, view).state == "published"
    desk.post(at(merchant, view, "save/"), typed(merchant, view, title="Other"))
    desk.post(at(merchant, view, "discard/"))
    assert (now(merchant, view).title, now(merchant, view).has_draft) == ("Read in the bath", False)


def test_lists_are_narrowed_and_empty_ones_teach(merchant: Any, desk: Client) -> None:
    assert "Nothing written yet" in desk.get(at(merchant)).content.decode()
    put_out(merchant, "faq", title="May I lend it?")
    write(merchant, title="A draft")

    def titles(query: str) -> list[str]:
        return re.findall(r"data-open>([^<]+)", desk.get(f"{at(merchant)}?{query}").content.decode())

    assert titles("") == ["A draft", "May I lend it?"]
    assert titles("kind=faq") == ["May I lend it?"]
    assert titles("state=draft") == ["A draft"]
    assert titles("words=lend") == ["May I lend it?"]
    assert titles("language=de") == []
    assert titles("kind=novel&state=x&language=xx&words=%00") == ["A draft", "May I lend it?"]
    assert "Nothing fits" in desk.get(f"{at(merchant)}?language=de").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_whatever_they_hold(merchant: Any, desk: Client, count: int) -> None:
    for number in range(count):
        view = put_out(merchant, title=f"Guide {number}", placements=[{"about": "shop"}])
    for _ in range(count):
        with merchant_scope(merchant.id):
            words = given(title=f"Guide {now(merchant, view).version}")
            save_draft(article_id=view.id, manuscript=read_manuscript(words), by=BY, at=NOON)
            publish_article(article_id=view.id, by=BY, at=NOON)
    desk.get(at(merchant))
    costs = []
    for path in (at(merchant), at(merchant, view), at(merchant, view, "versions/")):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(path).status_code == 200
        costs.append(len(queries))
    assert costs == [16, 20, 16]


def test_nobody_reaches_another_shops_articles(merchant: Any, other_merchant: Any, desk: Client) -> None:
    view = put_out(other_merchant)
    for tail in ("", "versions/", "find/"):
        assert desk.get(at(merchant, view, tail)).status_code == 404
    for tail in ("save/", "discard/", "archive/", "back/", "restore/"):
        desk.post(at(merchant, view, tail), {"title": "Taken", "kind": "faq"})
    assert now(other_merchant, view) == view
    assert desk.get(at(merchant, tail="art_x/")).status_code == 404
