"""From the first word to the pages, back, and off them."""

from __future__ import annotations

from typing import Any

import pytest

from aftermile.capabilities.content.models import Article, Edition, Shelf, Version
from aftermile.capabilities.content.public import (
    ArticleArchived,
    ArticleIncomplete,
    ArticleNotFound,
    Kind,
    SlugFixed,
    SlugTaken,
    State,
    VersionNotFound,
    archive_article,
    article,
    bring_back_article,
    count_articles,
    discard_draft,
    list_articles,
    manuscript,
    publish_article,
    read_manuscript,
    restore_version,
    save_draft,
    version,
    versions,
)
from aftermile.kernel.ids import uuid7
from tests.capabilities.content.articles import BY, given, put_out, write
from tests.capabilities.shop import counted, later, log, log_types, scope

pytestmark = pytest.mark.django_db


def save(merchant: Any, article_id: Any, **said: Any) -> Any:
    with scope(merchant):
        return save_draft(
            article_id=article_id, manuscript=read_manuscript(given(**said)), by=BY, at=later(hours=1)
        )


def test_a_draft_is_nobodys_to_read(merchant: Any) -> None:
    made = write(merchant)
    assert (made.state, made.version, made.has_draft, made.slug) == (State.DRAFT, 0, True, "read-in-the-bath")
    with scope(merchant):
        assert not Edition.rows().exists()
        assert not Shelf.rows().exists()
    assert log_types(merchant) == []


def test_publishing_renders_keeps_and_tells(merchant: Any) -> None:
    made = put_out(
        merchant, texts={"en": given()["texts"]["en"], "de-AT": {"title": "Im Bad", "body": "Hoch."}}
    )
    assert (made.state, made.version, made.has_draft) == (State.PUBLISHED, 1, False)
    with scope(merchant):
        assert [(row.language, row.html) for row in Edition.rows().order_by("language")] == [
            ("de-AT", "<p>Hoch.</p>\n"),
            ("en", "<p>Hold the book <strong>up</strong>.</p>\n"),
        ]
        assert Shelf.rows().get().abouts == ["shop"]
        assert [(each.number, each.published_by) for each in versions(made.id)] == [(1, BY)]
    (event,) = log(merchant)
    assert (event.article_id, event.version, event.languages) == (made.id, 1, ("en", "de-AT"))


def test_publishing_again_changes_nothing(merchant: Any) -> None:
    made = put_out(merchant)
    with scope(merchant):
        assert publish_article(article_id=made.id, by=BY, at=later(hours=1)).version == 1
    assert log_types(merchant) == ["content.published"]


def test_what_is_written_later_waits(merchant: Any) -> None:
    made = put_out(merchant)
    kept = save(merchant, made.id, kind="faq", title="May I read in the bath?")
    assert (kept.has_draft, kept.kind, kept.title) == (True, Kind.GUIDE, "May I read in the bath?")
    with scope(merchant):
        assert Edition.rows().get().title == "Read in the bath"
        assert manuscript(made.id).kind is Kind.FAQ
        published = publish_article(article_id=made.id, note="asked so often", by=BY, at=later(hours=2))
    assert (published.version, published.kind, published.slug) == (2, Kind.FAQ, "read-in-the-bath")
    with scope(merchant):
        assert Edition.rows().get().title == "May I read in the bath?"
        assert [each.note for each in versions(made.id)] == ["asked so often", ""]


def test_saving_what_is_published_leaves_no_draft(merchant: Any) -> None:
    made = put_out(merchant)
    save(merchant, made.id, title="Another")
    assert save(merchant, made.id).has_draft is False


def test_a_draft_can_be_thrown_away(merchant: Any) -> None:
    made = put_out(merchant)
    save(merchant, made.id, title="Another")
    with scope(merchant):
        kept = discard_draft(article_id=made.id, by=BY, at=later(hours=2))
        assert (kept.has_draft, kept.title) == (False, "Read in the bath")
        assert manuscript(made.id) == version(made.id, 1).manuscript


def test_an_older_version_comes_back_as_a_draft(merchant: Any) -> None:
    made = put_out(merchant)
    save(merchant, made.id, title="Another")
    with scope(merchant):
        publish_article(article_id=made.id, by=BY, at=later(hours=2))
        restored = restore_version(article_id=made.id, number=1, by=BY, at=later(hours=3))
        assert (restored.has_draft, restored.version) == (True, 2)
        assert publish_article(article_id=made.id, by=BY, at=later(hours=4)).version == 3
        assert Edition.rows().get().title == "Read in the bath"
        with pytest.raises(VersionNotFound):
            restore_version(article_id=made.id, number=9, by=BY, at=later(hours=5))


def test_what_is_incomplete_stays_a_draft(merchant: Any) -> None:
    made = write(merchant, title="", body="<script>x</script>")
    with scope(merchant), pytest.raises(ArticleIncomplete) as refused:
        publish_article(article_id=made.id, by=BY, at=later(hours=1))
    listed: Any = refused.value.details["problems"]
    assert [each["field"] for each in listed] == ["title", "body"]
    with scope(merchant):
        assert not Version.rows().exists()


def test_an_archived_article_is_off_the_shelf_until_it_is_brought_back(merchant: Any) -> None:
    made = put_out(merchant)
    for _ in range(2):
        with scope(merchant):
            assert archive_article(article_id=made.id, by=BY, at=later(hours=1)).state is State.ARCHIVED
    with scope(merchant):
        assert Shelf.rows().get().abouts == []
        for act in (publish_article, discard_draft):
            with pytest.raises(ArticleArchived):
                act(article_id=made.id, by=BY, at=later(hours=1))
        with pytest.raises(ArticleArchived):
            save_draft(article_id=made.id, manuscript=manuscript(made.id), by=BY, at=later(hours=1))
        assert bring_back_article(article_id=made.id, by=BY, at=later(hours=2)).state is State.PUBLISHED
        assert Shelf.rows().get().abouts == ["shop"]
    assert log_types(merchant) == ["content.published", "content.archived", "content.archived"]


def test_an_address_is_one_articles_and_stays(merchant: Any) -> None:
    first, second = put_out(merchant), put_out(merchant)
    assert (first.slug, second.slug) == ("read-in-the-bath", "read-in-the-bath-2")
    with pytest.raises(SlugFixed):
        save(merchant, first.id, slug="elsewhere")
    with pytest.raises(SlugTaken):
        write(merchant, slug="read-in-the-bath")
    assert save(merchant, first.id, slug="read-in-the-bath", title="Other").slug == "read-in-the-bath"
    draft = write(merchant, slug="own")
    assert save(merchant, draft.id, slug="another").slug == "another"
    assert write(merchant, title="お手入れ").slug.startswith("guide-")


def test_no_article_of_another_shop_is_found_or_changed(merchant: Any, other_merchant: Any) -> None:
    made = put_out(merchant)
    with scope(other_merchant):
        for act in (publish_article, discard_draft, archive_article, bring_back_article):
            with pytest.raises(ArticleNotFound):
                act(article_id=made.id, by=BY, at=later(hours=1))
        for read in (article, manuscript):
            with pytest.raises(ArticleNotFound):
                read(made.id)
        assert (list_articles(), versions(made.id)) == ([], [])
    assert put_out(other_merchant).slug == made.slug


def test_an_unknown_article_is_not_found(merchant: Any) -> None:
    with scope(merchant), pytest.raises(ArticleNotFound):
        article(uuid7())


def test_lists_are_narrowed_and_cost_one_statement(merchant: Any) -> None:
    for number in range(3):
        put_out(merchant, title=f"Guide {number}")
    draft = write(merchant, "faq", title="May I lend it?")
    gone = put_out(merchant, "care_tips", title="Old")
    with scope(merchant):
        archive_article(article_id=gone.id, by=BY, at=later(hours=1))
    with scope(merchant):
        Article.rows().count()
        with counted() as queries:
            found = list_articles()
    assert [each.title for each in found] == ["May I lend it?", "Guide 2", "Guide 1", "Guide 0"]
    assert [each.has_draft for each in found] == [True, False, False, False]
    assert len(queries) == 1
    with scope(merchant):
        assert [each.id for each in list_articles(kind=Kind.FAQ)] == [draft.id]
        assert [each.id for each in list_articles(state=State.ARCHIVED)] == [gone.id]
        assert [each.title for each in list_articles(words="guide 1")] == ["Guide 1"]
        assert [each.title for each in list_articles(after=found[1].id, limit=1)] == ["Guide 1"]
        assert list_articles(language="de") == []
        assert count_articles() == {State.DRAFT: 1, State.PUBLISHED: 3, State.ARCHIVED: 1}
