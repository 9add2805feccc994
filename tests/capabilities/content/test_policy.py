"""Which language a reader gets, and what keeps an article from being published."""

from __future__ import annotations

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from aftermile.capabilities.content.manuscript import slug_of
from aftermile.capabilities.content.public import (
    ArticleUnreadable,
    Problem,
    best_language,
    problems_of,
    read_manuscript,
    write_manuscript,
)
from tests.capabilities.content.articles import given

TAGS = st.sampled_from(["de", "de-AT", "de-CH", "en", "en-GB", "fr", "ja", "pt-BR"])


@pytest.mark.parametrize(
    ("wishes", "offered", "chosen"),
    [
        (["de-AT"], {"de-AT", "de", "en"}, "de-AT"),
        (["de-AT"], {"de", "en"}, "de"),
        (["de-AT"], {"de-CH", "de", "en"}, "de"),
        (["de"], {"de-CH", "en"}, "de-CH"),
        (["ja", "fr"], {"fr", "en"}, "fr"),
        (["ja", "sv"], {"fr", "en"}, "en"),
        (["ja"], {"fr", "de"}, "de"),
        (["ja"], set(), ""),
    ],
)
def test_languages_fall_back(wishes: list[str], offered: set[str], chosen: str) -> None:
    assert best_language(wishes, offered) == chosen


@examples(st.lists(TAGS), st.sets(TAGS, min_size=1))
def test_there_is_always_one_and_the_first_wish_that_is_there_wins(
    wishes: list[str], offered: set[str]
) -> None:
    chosen = best_language(wishes, offered)
    assert chosen in offered
    met = [wish for wish in wishes if wish[:2] in {each[:2] for each in offered}]
    if met:
        assert chosen[:2] == met[0][:2]


def test_what_is_missing_is_listed_whole() -> None:
    manuscript = read_manuscript(
        given("video", texts={"en": {"title": "Fold it"}, "de": {"body": "[x](javascript:x)"}})
    )
    assert problems_of(manuscript) == [
        Problem("video_url", "A video needs the address where it is shown."),
        Problem("title", "It needs a title.", "de"),
        Problem("body", "A link leads to “javascript:x”: begin it with https://, mailto: or tel:.", "de"),
    ]


def test_nothing_is_no_article() -> None:
    assert [each.field for each in problems_of(read_manuscript({"kind": "faq"}))] == ["texts"]


def test_what_is_written_is_read_again() -> None:
    read = read_manuscript(
        given(placements=[{"about": "tag", "value": " Wool "}, {"about": "shop"}], slug="a-b", position=3)
    )
    assert read_manuscript(write_manuscript(read)) == read
    assert [(each.about, each.value) for each in read.placements] == [("shop", ""), ("tag", "wool")]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "novel"}, "kind"),
        ({"slug": "Über uns"}, "slug"),
        ({"position": -1}, "position"),
        ({"position": True}, "position"),
        ({"video_url": "http://videos.example"}, "video_url"),
        ({"video_url": "javascript:alert(1)"}, "video_url"),
        ({"video_url": "https://a@b.example"}, "video_url"),
        ({"picture_url": "file:///etc/passwd"}, "picture_url"),
        ({"placements": [{"about": "product", "value": "1"}]}, "placements"),
        ({"placements": [{"about": "everything"}]}, "placements"),
        ({"placements": [{"about": "shop"}] * 201}, "placements"),
        ({"texts": {"tlh": {"title": "nuqneH"}}}, "texts"),
        ({"texts": {"en": "Hello"}}, "texts.en"),
        ({"texts": {"en": {"title": "x" * 161}}}, "texts.en.title"),
        ({"texts": {"en": {"body": "x" * 20_001}}}, "texts.en.body"),
        ({"texts": {"en": {"body": 7}}}, "texts.en.body"),
    ],
)
def test_what_is_out_of_bounds_is_named(said: dict[str, object], field: str) -> None:
    with pytest.raises(ArticleUnreadable) as refused:
        read_manuscript({**given(), **said})
    assert list(refused.value.details) == [field]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Größe & Maß", "grosse-mass"),
        ("Fjällräven: så!", "fjallraven-sa"),
        ("お手入れ", ""),
        ("a" * 99, "a" * 80),
    ],
)
def test_addresses_come_from_titles(title: str, slug: str) -> None:
    assert slug_of(title) == slug
