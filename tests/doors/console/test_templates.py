"""Writing templates in the console: drafts while typing, problems beside their line, previews, publishing, versions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from aftermile.capabilities.messaging.models import Trial
from aftermile.capabilities.messaging.public import own_touchpoints, template, versions_of
from aftermile.capabilities.messaging.tasks import try_out
from aftermile.capabilities.team.models import AuditEntry
from aftermile.capabilities.team.public import Role
from aftermile.connectors.contracts.channels import Medium
from tests.capabilities.messaging.templates.test_own_words import HOSTILE
from tests.capabilities.messaging.templates.test_values import an_order
from tests.capabilities.shop import scope
from tests.doors.console.conftest import base, counted

pytestmark = pytest.mark.django_db
At = Callable[[Role], Client]
BODY = "<mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>"
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "seen"}


@pytest.fixture
def here(merchant: Any) -> str:
    return f"{base(merchant)}templates/dispatched/email/"


def typed(words: str = "Off it goes", **how: Any) -> dict[str, Any]:
    given = {
        "language": "en",
        "revision": "0",
        "subject": f"{words} {{{{ order.number }}}}",
        "preheader": words,
        "body": BODY.format(words),
        "text": f"{words}\r\n",
    }
    return given | how


def revision(page: str) -> str:
    (found,) = re.findall(r'name="revision" value="(\d+)"', page)
    return str(found)


def problems(page: str, part: str) -> str:
    found = re.search(rf'id="part-{part}-problems".*?</div>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", " ", found[0]) if found else ""


def test_every_moment_is_listed_with_where_its_words_stand(desk_client: At, merchant: Any, here: str) -> None:
    client = desk_client(Role.MARKETING)
    client.post(f"{here}draft/", typed())
    page = client.get(f"{base(merchant)}templates/").content.decode()
    assert page.count("data-open") == 24
    assert page.count("As it comes") == 24 * 4 - 1
    assert page.count(">Draft<") == 1


def test_the_list_costs_the_same_with_one_and_with_three(desk_client: At, merchant: Any) -> None:
    client, page = desk_client(Role.MARKETING), f"{base(merchant)}templates/"
    for about in ("dispatched", "delivered", "delayed"):
        client.post(f"{page}{about}/email/draft/", typed())
        _, queries = counted(client, page)
        if about == "dispatched":
            one = queries
    assert queries == one


def test_one_begins_with_the_words_that_come_along(desk_client: At, here: str) -> None:
    page = desk_client(Role.OWNER).get(f"{here}?language=de").content.decode()
    assert "Ihre Bestellung {{ order.number }}" in page
    assert "Nothing is wrong with it" in page
    assert "The words that come with Aftermile" in page


def test_what_is_sent_is_kept_as_a_draft_and_shown_without_a_script(
    desk_client: At, merchant: Any, here: str
) -> None:
    client = desk_client(Role.MARKETING)
    answer = client.post(f"{here}draft/", typed())
    assert answer.status_code == 303
    assert answer["Location"].endswith("?language=en")
    page = client.get(answer["Location"]).content.decode()
    assert BODY.format("Off it goes").replace("<", "&lt;").replace(">", "&gt;") in page
    assert '<p class="subject" dir="auto"><span class="vh">Subject: </span>Off it goes 10482</p>' in page
    with scope(merchant):
        source = template("dispatched", Medium.EMAIL).newest["en"]
        assert source.text == "Off it goes\n"
        assert [each.act for each in AuditEntry.rows()] == ["template.draft"]


def test_while_one_types_a_piece_is_answered_with_problems_at_their_lines(
    desk_client: At, merchant: Any, here: str
) -> None:
    client = desk_client(Role.MARKETING)
    body = (
        "<mj-section>\n<mj-column>\n<mj-image src='https://a.example/x.png' />\n</mj-column>\n</mj-section>"
    )
    answer = client.post(f"{here}draft/", typed(body=body, text="Hello {{ oder.number }}"), **HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert revision(page) == "1"
    assert "There is no value “oder”" in problems(page, "text")
    again = client.post(f"{here}draft/", typed(body=body, revision="1"), **HTMX).content.decode()
    said = problems(again, "body")
    assert "Line 3" in said
    assert "This picture has no alt text" in said
    assert "hx-swap-oob" in again
    with scope(merchant):
        # Nobody reads a log of keystrokes.
        assert list(AuditEntry.rows()) == []


def test_two_who_write_at_once_do_not_write_over_each_other(
    desk_client: At, merchant: Any, here: str
) -> None:
    marketing, operations = desk_client(Role.MARKETING), desk_client(Role.OPERATIONS)
    marketing.post(f"{here}draft/", typed("Mine"))
    answer = operations.post(f"{here}draft/", typed("Theirs"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody changed this draft in the meantime" in page
    assert "Theirs" in page
    with scope(merchant):
        assert template("dispatched", Medium.EMAIL).newest["en"].preheader == "Mine"


def test_a_preview_is_for_a_real_order_found_by_its_number(desk_client: At, merchant: Any, here: str) -> None:
    from tests.capabilities.search.test_search import catch_up

    with scope(merchant):
        an_order("1001")
    catch_up(merchant)
    client = desk_client(Role.MARKETING)
    client.post(f"{here}draft/", typed("{{ shopper.first_name }} {{ order.total }}"))
    shown = client.get(f"{here}en/preview/?order=1001")
    assert "32.90" in shown.content.decode()
    assert shown["Content-Security-Policy"].endswith("sandbox")
    page = client.get(f"{here}?language=en&order=1001").content.decode()
    assert "#1001" in re.sub(r"<[^>]+>", "", page[page.index('class="subject"') :])
    nothing = client.get(f"{here}?order=90210").content.decode()
    assert "No order is found by “90210”" in nothing


def test_short_messages_are_shown_as_a_phone_would(desk_client: At, merchant: Any) -> None:
    client, sms = desk_client(Role.MARKETING), f"{base(merchant)}templates/dispatched/sms/"
    client.post(f"{sms}draft/", {"language": "en", "revision": "0", "text": "<b>Off</b> {{ order.number }}"})
    shown = client.get(f"{sms}en/preview/").content.decode()
    assert "&lt;b>Off&lt;/b> 10482" in shown
    assert "12 letters" not in shown


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_words_are_cut_off_and_the_page_lives(desk_client: At, here: str, what: str) -> None:
    client = desk_client(Role.MARKETING)
    answer = client.post(f"{here}draft/", typed(body=BODY.format(HOSTILE[what]), text=HOSTILE[what]), **HTMX)
    assert answer.status_code == 200
    assert "to mend before it can be published" in answer.content.decode()
    shown = client.get(f"{here}en/preview/")
    assert shown.status_code == 200
    assert b"<script" not in shown.content
    published = client.post(f"{here}publish/now/", {"revision": "1"})
    assert published.status_code == 422
    assert "Not yet." in published.content.decode()
    assert client.get(here).status_code == 200


def test_publishing_shows_what_changes_and_what_is_missing(desk_client: At, merchant: Any, here: str) -> None:
    client = desk_client(Role.MARKETING)
    assert "Nothing to publish" in client.get(f"{here}publish/").content.decode()
    client.post(f"{here}draft/", typed())
    page = client.get(f"{here}publish/").content.decode()
    assert "English: Subject" in page
    assert '<ins><span class="vh">Added: </span>Off it goes {{ order.number }}</ins>' in page
    answer = client.post(f"{here}publish/now/", {"revision": revision(page), "note": "Shorter"})
    assert answer.status_code == 303
    with scope(merchant):
        (version,) = versions_of("dispatched", Medium.EMAIL)
        assert (version.number, version.note) == (1, "Shorter")
        assert AuditEntry.rows().last().summary == "Published version 1 of “Your order has left us” (E-mail)"  # type: ignore[union-attr]
    versions = client.get(f"{here}versions/").content.decode()
    assert "Shorter" in versions
    assert "Sent now" in versions
    client.post(f"{here}versions/0/restore/")
    assert "As it was" not in client.get(here).content.decode()
    with scope(merchant):
        assert template("dispatched", Medium.EMAIL).sources == {}
    client.post(f"{here}versions/1/restore/")
    with scope(merchant):
        assert template("dispatched", Medium.EMAIL).number == 3


def test_marketing_without_a_postal_address_is_told_before_it_is_published(
    desk_client: At, merchant: Any, here: str
) -> None:
    client = desk_client(Role.MARKETING)
    there, told = here.replace("dispatched", "win_back"), "postal address is missing"
    leave = "{% if links.unsubscribe %}<a href='{{ links.unsubscribe }}'>No</a>{% endif %}"
    whole = f"<mjml><mj-body>{BODY.format(leave)}</mj-body></mjml>"
    typed_there = typed(subject="Hello", preheader="Hello", body=whole)
    page = client.post(f"{there}draft/", typed_there, **HTMX).content.decode()  # type: ignore[arg-type]
    assert told in page
    assert f'href="{base(merchant)}settings/brand/#id_support_address"' in page
    page = client.get(f"{there}publish/").content.decode()
    assert told in page
    assert "In English the letter has a foot of its own" in page
    assert ">Publish</button>" in page
    client.post(f"{here}draft/", typed())
    assert told not in client.get(f"{here}publish/").content.decode()
    assert told not in client.get(here.replace("dispatched/email", "win_back/sms")).content.decode()

    client.post(f"{base(merchant)}settings/brand/save/", {"support_address": "1 Quay\r\nBergen"})
    page = client.get(f"{there}publish/").content.decode()
    assert told not in page
    assert "In English the letter has a foot of its own" in page
    assert "1 Quay" in client.get(f"{here}en/preview/").content.decode()


def test_nothing_is_published_that_somebody_changed_in_the_meantime(
    desk_client: At, merchant: Any, here: str
) -> None:
    client = desk_client(Role.MARKETING)
    client.post(f"{here}draft/", typed())
    client.post(f"{here}draft/", typed("Another", revision="1"))
    client.post(f"{here}publish/now/", {"revision": "1"})
    with scope(merchant):
        assert template("dispatched", Medium.EMAIL).number == 0


def test_a_message_of_ones_own_is_made_and_put_away(desk_client: At, merchant: Any) -> None:
    client, pages = desk_client(Role.MARKETING), f"{base(merchant)}templates/"
    wrong = client.post(f"{pages}new/add/", {"title": "", "purpose": "service", "mood": "neutral"})
    assert wrong.status_code == 422
    answer = client.post(
        f"{pages}new/add/", {"title": "Ten years", "purpose": "marketing", "mood": "cheerful"}
    )
    assert answer["Location"] == f"{pages}ten_years/email/"
    page = client.get(answer["Location"]).content.decode()
    assert "Nothing is published yet" in page
    assert "Nothing is wrong with it" in page
    assert "ten_years" in client.get(pages).content.decode()
    assert (
        client.post(
            f"{pages}new/add/", {"title": "Ten years", "purpose": "service", "mood": "neutral"}
        ).status_code
        == 422
    )
    client.post(f"{pages}ten_years/put-away/")
    with scope(merchant):
        assert own_touchpoints() == []
    assert client.get(f"{pages}ten_years/email/").status_code == 404


def test_a_try_goes_to_whoever_sits_there_and_what_came_of_it_is_told(
    desk_client: At, merchant: Any, here: str
) -> None:
    client = desk_client(Role.MARKETING)
    answer = client.post(f"{here}try/", typed("A try"))
    page = client.get(answer["Location"]).content.decode()
    assert "It is being handed over." in page
    assert "hx-get" in page
    with scope(merchant):
        (row,) = Trial.rows()
        assert row.address == "marketing-person@example.com"
        assert b"A try" not in bytes(row.packed)  # packed
    with pytest.MonkeyPatch.context() as patched:
        from aftermile.capabilities.messaging import tasks

        patched.setattr(tasks.crew, "take_on", lambda work: work())
        try_out(merchant.id, {"trial": str(row.id)})
        try_out(merchant.id, {"trial": str(row.id)})
    told = client.get(answer["Location"]).content.decode()
    assert "there is no sender for e-mail" in told
    with scope(merchant):
        row.refresh_from_db()
        # It may be about a real order: what it said is not kept.
        assert (row.result, bytes(row.packed)) == ("taken", b"")


@pytest.mark.parametrize(
    "path", ["nothing/email/", "dispatched/owl/", "dispatched/webhook/", "dispatched/email/xx/preview/"]
)
def test_what_is_not_there_is_not_found_or_shown_as_it_is(desk_client: At, merchant: Any, path: str) -> None:
    answer = desk_client(Role.MARKETING).get(f"{base(merchant)}templates/{path}")
    assert answer.status_code in {404, 200}
    assert (answer.status_code == 200) == path.endswith("preview/")
