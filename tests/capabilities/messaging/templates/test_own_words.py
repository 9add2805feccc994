"""A shop's own words: drafts, versions that count, and what is sent because of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftermile.capabilities.messaging.public import (
    DraftOutdated,
    Mood,
    NothingToPublish,
    OwnTouchpointUnusable,
    Purpose,
    Source,
    SourceUnkeepable,
    TemplateUnpublishable,
    TemplateVersionNotFound,
    TouchpointNotFound,
    add_own_touchpoint,
    discard_draft,
    draft_problems,
    own_touchpoints,
    preview_draft,
    publish_template,
    put_touchpoint_away,
    restore_version,
    save_draft,
    starting_source,
    template,
    template_states,
    touchpoint,
    touchpoints,
    versions_of,
)
from aftermile.capabilities.messaging.rendering import Rendered, Unrenderable
from aftermile.capabilities.messaging.templates.published import language_of
from aftermile.capabilities.messaging.templates.writer import write
from aftermile.connectors.contracts.channels import Medium
from tests.capabilities.messaging.templates.test_values import AT, an_order, to_render
from tests.capabilities.shop import scope

pytestmark = pytest.mark.django_db
BY = "staff:1"
EMAIL = Medium.EMAIL


def letter(words: str) -> Source:
    return Source(
        subject=f"{words} {{{{ order.number }}}}",
        preheader=words,
        body=f"<mj-section><mj-column><mj-text>{words}</mj-text></mj-column></mj-section>",
        text=f"{words}\n",
    )


def draft(words: str | Source, language: str = "en", about: str = "dispatched", **how: Any) -> Any:
    source = words if isinstance(words, Source) else letter(words)
    held = template(about, how.get("medium", EMAIL))
    given = {"medium": EMAIL, "revision": held.revision} | how
    return save_draft(touchpoint=about, language=language, source=source, by=BY, at=AT, **given)


def publish(words: str | Source, language: str = "en", about: str = "dispatched") -> Any:
    view = draft(words, language, about)
    return publish_template(touchpoint=about, medium=EMAIL, revision=view.revision, by=BY, at=AT)


def written(order_id: Any, languages: tuple[str, ...] = ("en",), **how: Any) -> Rendered | Unrenderable:
    asked = to_render(order_id, languages=languages, **how)
    return write([asked])[asked.message_id]


def subject(order_id: Any, *languages: str, **how: Any) -> str:
    said = written(order_id, languages, **how)
    assert isinstance(said, Rendered), said
    return said.subject


# -- what counts ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_scope")
def test_only_what_is_published_is_sent_and_a_version_can_be_taken_back() -> None:
    order_id = an_order("1001")
    shipped = subject(order_id, "en")
    draft("Off it goes")
    assert subject(order_id, "en") == shipped

    first = publish("Off it goes")
    assert (first.number, subject(order_id, "en")) == (1, "Off it goes #1001")
    assert template("dispatched", EMAIL).draft is None
    publish("Away with it")
    assert subject(order_id, "en") == "Away with it #1001"

    restored = restore_version(touchpoint="dispatched", medium=EMAIL, number=1, by=BY, at=AT)
    assert (restored.number, restored.note) == (3, "As in version 1")
    assert subject(order_id, "en") == "Off it goes #1001"
    restore_version(touchpoint="dispatched", medium=EMAIL, number=0, by=BY, at=AT)
    assert subject(order_id, "en") == shipped
    assert [each.number for each in versions_of("dispatched", EMAIL)] == [4, 3, 2, 1]


@pytest.mark.usefixtures("in_scope")
def test_other_languages_and_media_stay_as_they_come_with_aftermile() -> None:
    order_id = an_order("1001")
    french, sms = subject(order_id, "fr"), written(order_id, ("de",), medium=Medium.SMS)
    publish("Ab damit", "de")
    assert subject(order_id, "de-AT", "en") == "Ab damit #1001"
    assert subject(order_id, "fr") == french
    assert written(order_id, ("de",), medium=Medium.SMS) == sms


@pytest.mark.parametrize(
    ("wishes", "written_in", "is_shipped", "expected"),
    [
        (("de-AT", "en"), {"de", "de-AT"}, True, ("de-AT", "de-AT")),
        (("de_at",), {"de", "de-AT"}, True, ("de-AT", "de_at")),
        (("de-CH",), {"de", "de-AT"}, True, ("de", "de-CH")),
        (("fr", "de"), {"de"}, True, ("", "fr")),
        (("fr", "de"), {"de"}, False, ("de", "de")),
        (("da", "de"), {"de"}, True, ("de", "de")),
        (("da",), {"de"}, True, ("", "en")),
        (("da",), {"de", "en"}, False, ("en", "en")),
        (("da",), {"sv", "de"}, False, ("de", "de")),
        ((), (), False, ("", "en")),
    ],
)
def test_languages_fall_back_in_order(
    wishes: tuple[str, ...], written_in: set[str], is_shipped: bool, expected: tuple[str, str]
) -> None:
    assert language_of(wishes, written_in, is_shipped=is_shipped) == expected


@pytest.mark.usefixtures("in_scope")
def test_many_letters_ask_for_the_words_once_and_a_version_is_read_once() -> None:
    publish("Off it goes")
    order_id = an_order("1001")
    subject(order_id, "en")

    def cost(count: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            write([to_render(order_id, languages=("en",)) for _ in range(count)])
        return len(queries)

    assert cost(1) == cost(20)


def test_another_shop_neither_sees_nor_sends_them(merchant: Any, other_merchant: Any) -> None:
    with scope(merchant):
        publish("Off it goes")
        add_own_touchpoint(
            title="A card", purpose=Purpose.SERVICE, mood=Mood.NEUTRAL, needs_order=False, by=BY, at=AT
        )
    with scope(other_merchant):
        assert template_states() == {}
        assert versions_of("dispatched", EMAIL) == []
        assert own_touchpoints() == []
        assert "Off it goes" not in subject(an_order("1001"), "en")
        with pytest.raises(TouchpointNotFound):
            template("a_card", EMAIL)


# -- drafts --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_scope")
def test_a_draft_rests_on_what_one_saw() -> None:
    seen = draft("One")
    again = draft("One")
    assert again.revision == seen.revision
    draft("Two")
    with pytest.raises(DraftOutdated):
        draft("Three", revision=seen.revision)
    with pytest.raises(DraftOutdated):
        publish_template(touchpoint="dispatched", medium=EMAIL, revision=seen.revision, by=BY, at=AT)
    assert template("dispatched", EMAIL).newest == {"en": letter("Two")}


@pytest.mark.usefixtures("in_scope")
def test_a_draft_begins_with_what_counts_and_can_be_thrown_away() -> None:
    publish("Eins", "de")
    view = draft("One", "en")
    assert view.draft == {"de": letter("Eins"), "en": letter("One")}
    assert discard_draft(touchpoint="dispatched", medium=EMAIL)
    assert not discard_draft(touchpoint="dispatched", medium=EMAIL)
    assert template("dispatched", EMAIL).newest == {"de": letter("Eins")}


@pytest.mark.usefixtures("in_scope")
def test_words_as_they_come_along_are_no_words_of_ones_own() -> None:
    shipped, is_own = starting_source(template("dispatched", EMAIL), "en")
    assert not is_own
    assert draft(shipped).draft is None
    draft("One")
    assert draft(shipped).draft == {}
    with pytest.raises(NothingToPublish):
        publish_template(
            touchpoint="dispatched",
            medium=EMAIL,
            revision=template("dispatched", EMAIL).revision,
            by=BY,
            at=AT,
        )


@pytest.mark.usefixtures("in_scope")
def test_what_cannot_be_kept_or_is_not_there_is_refused() -> None:
    with pytest.raises(SourceUnkeepable):
        draft("One", "tlh")
    with pytest.raises(SourceUnkeepable):
        draft(replace(letter("One"), text="x" * 60_001))
    with pytest.raises(TouchpointNotFound):
        draft("One", about="nothing_known")
    with pytest.raises(TemplateVersionNotFound):
        restore_version(touchpoint="dispatched", medium=EMAIL, number=7, by=BY, at=AT)


@pytest.mark.usefixtures("in_scope")
def test_what_is_wrong_keeps_every_language_from_being_published() -> None:
    draft("Good", "en")
    view = draft(replace(letter("Schlecht"), text="{{ oder.number }}"), "de")
    with pytest.raises(TemplateUnpublishable) as refused:
        publish_template(touchpoint="dispatched", medium=EMAIL, revision=view.revision, by=BY, at=AT)
    assert list(refused.value.problems) == ["de"]
    assert [each.part for each in refused.value.problems["de"]] == ["text"]
    assert template("dispatched", EMAIL).number == 0


# -- touchpoints of one's own ----------------------------------------------------------------------------


@pytest.mark.usefixtures("in_scope")
def test_a_touchpoint_of_ones_own_is_offered_once_it_says_something() -> None:
    slug = add_own_touchpoint(
        title="Ten years of us",
        purpose=Purpose.MARKETING,
        mood=Mood.CHEERFUL,
        needs_order=False,
        by=BY,
        at=AT,
    )
    assert slug == "ten_years_of_us"
    assert slug not in touchpoints()
    assert isinstance(written(None, touchpoint=slug), Unrenderable)

    source = replace(letter("Ten years"), subject="Ten years", text="Ten years {{ links.unsubscribe }}")
    body = source.body.replace(
        "Ten years",
        "Ten years {% if links.unsubscribe %}<a href='{{ links.unsubscribe }}'>Unsubscribe</a>{% endif %}",
    )
    source = replace(
        source, body=body, text="Ten years\n{% if links.unsubscribe %}{{ links.unsubscribe }}{% endif %}"
    )
    publish(source, about=slug)
    assert (touchpoint(slug).title, touchpoint(slug).purpose) == ("Ten years of us", Purpose.MARKETING)
    assert subject(None, "ja", touchpoint=slug) == "Ten years"

    put_touchpoint_away(slug=slug, by=BY, at=AT)
    assert slug not in touchpoints()
    # What journeys have planned still goes out.
    assert subject(None, "ja", touchpoint=slug) == "Ten years"


@pytest.mark.usefixtures("in_scope")
@pytest.mark.parametrize("title", ["", "  ", "???", "Confirmation", "x" * 81])
def test_a_touchpoint_needs_a_name_of_its_own(title: str) -> None:
    with pytest.raises(OwnTouchpointUnusable):
        add_own_touchpoint(
            title=title, purpose=Purpose.SERVICE, mood=Mood.NEUTRAL, needs_order=False, by=BY, at=AT
        )
    assert own_touchpoints() == []


@pytest.mark.usefixtures("in_scope")
def test_what_a_letter_needs_counts_as_long_as_it_is_shown() -> None:
    publish(replace(letter("Tips"), subject="Tips"), about="care_tips")
    assert subject(None, "en", touchpoint="care_tips") == "Tips"
    shown = letter("Tips").body + "{% block content %}"
    publish(replace(letter("Tips"), subject="Tips", body=shown), about="care_tips")
    assert isinstance(written(None, touchpoint="care_tips"), Unrenderable)


# -- hostile ones ----------------------------------------------------------------------------------------

_LOOP = "{% for a in (1..999999999) %}{% for b in (1..999999999) %}x{% endfor %}{% endfor %}"
_HUGE = "{% assign a = 'xxxxxxxxxx' %}" + "{% assign a = a | append: a %}" * 40 + "{{ a }}"
HOSTILE = {
    "an endless loop": _LOOP,
    "a loop that runs where a name is missing": "{% unless shopper.first_name %}" + _LOOP + "{% endunless %}",
    "a huge output": _HUGE,
    "a script": "<mj-raw><script>alert(1)</script></mj-raw>",
    "a private address": "<mj-image src='http://169.254.169.254/latest/meta-data' alt='x' />",
    "an address of a file": "<mj-image src='file:///etc/passwd' alt='x' />",
    "a template of a template": "{% include 'confirmation' %}",
    "a template rendered": "{% render 'confirmation' %}",
    "a file of MJML": "<mj-include path='/etc/passwd' />",
    "a handler": "<mj-text><a href='https://a.example' onclick='x()'>x</a></mj-text>",
    "a scheme that runs": "<mj-button href='javascript:alert(1)'>x</mj-button>",
    "depth": "<div>" * 400,
    "depth of Liquid": "{% if true %}" * 200 + "{% endif %}" * 200,
    "values of Python": "{{ shop.__class__.__mro__ }}",
    "half a tag": "{% for",
}


@pytest.mark.usefixtures("in_scope")
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_templates_are_refused_or_cut_off(what: str) -> None:
    body = f"<mj-section><mj-column><mj-text>x</mj-text>{HOSTILE[what]}</mj-column></mj-section>"
    for source in (
        replace(letter("x"), body=body),
        replace(letter("x"), text=HOSTILE[what]) if "<" not in HOSTILE[what] else None,
        replace(letter("x"), subject=HOSTILE[what]) if "<" not in HOSTILE[what] else None,
    ):
        if source is None:
            continue
        assert draft_problems(touchpoint("dispatched"), EMAIL, "en", source) != []
        shown = preview_draft(source, touchpoint=touchpoint("dispatched"), language="en", at=AT)
        assert shown.said is None or ("<script" not in shown.said.html and "onclick" not in shown.said.html)
        view = draft(source)
        with pytest.raises(TemplateUnpublishable):
            publish_template(touchpoint="dispatched", medium=EMAIL, revision=view.revision, by=BY, at=AT)
        discard_draft(touchpoint="dispatched", medium=EMAIL)


@pytest.mark.usefixtures("in_scope")
def test_one_who_checks_a_template_does_not_hear_what_is_wrong_with_anothers() -> None:
    from concurrent.futures import ThreadPoolExecutor

    from aftermile.capabilities.messaging.templates.checked import check

    good, bad = (
        "{% for a in (1..300) %}fine{% endfor %}",
        "{% for a in (1..300) %}{{ nothing.here }}{% endfor %}",
    )
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda text: check(text, {}), [good, bad] * 40))
    assert all(each.unknown == set() for each in found[::2])
    assert all(len(each.unknown) == 1 for each in found[1::2])
