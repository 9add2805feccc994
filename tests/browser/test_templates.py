"""Templates and the outbox in a real browser: written while the letter beside follows, looked over, published, read."""

from __future__ import annotations

import json
import zlib
from uuid import UUID

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from aftermile.kernel.ids import public_id, uuid7
from tests.browser.chromium import violations
from tests.browser.conftest import Opens
from tests.browser.demonstration import Demonstration
from tests.browser.faults import faults_in_every_view

LETTER = (
    "<html><head><style>:root{color-scheme:light dark}body{background:#fff}"
    "@media (prefers-color-scheme:dark){body{background:#121311}}</style></head>"
    '<body><p><a href="https://elsewhere.example/">On its way</a></p>'
    '<img src="/nowhere.png" alt="A tent"><script>document.body.textContent = "it ran"</script>'
    "<form action='https://elsewhere.example/'><input name='q'><button>Ask</button></form></body></html>"
)


def editor(demo: Demonstration, touchpoint: str = "delayed", medium: str = "email") -> str:
    return f"{demo.console}templates/{touchpoint}/{medium}/"


def letter(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title]")


def a_message(demo: Demonstration) -> str:
    """Put a message that was sent into the outbox; return its page's address."""
    message_id, at = uuid7(), demo.now
    merchant_id = UUID(demo.told["merchant_id"])
    ((shopper_id,),) = demo.installation.sql("SELECT id FROM shoppers_shopper WHERE email <> '' LIMIT 1")
    said = zlib.compress(json.dumps({"subject": "On its way", "html": LETTER, "text": "On its way"}).encode())
    demo.installation.sql(
        "INSERT INTO messaging_message (id, merchant_id, shopper_id, touchpoint, purpose, mood, medium, wanted_medium,"
        " about, values, content, cause, once_key, requested_by, created_at, status, withheld_for, checks, due_at,"
        " not_before, counts_at, tries, channel, address, external_id, taken_at, problem, detail, fate, fates) VALUES"
        " (%s, %s, %s, 'dispatched', 'transactional', 'neutral', 'email', '', '{}', '{}', '{}', '{}', %s, 'system', %s,"
        " 'taken', '', '[]', %s, %s, %s, 1, 'outbox', 'ada@shopper.example', '', %s, '', '', '', '{}') RETURNING id",
        *(message_id, merchant_id, shopper_id, str(message_id), at, at, at, at, at),
    )
    demo.installation.sql(
        "INSERT INTO messaging_content (id, merchant_id, packed, created_at) VALUES (%s, %s, %s, %s) RETURNING id",
        *(message_id, merchant_id, said, at),
    )
    return f"{demo.console}messages/{public_id('mes', message_id)}/"


def test_the_pages_are_fit_for_everybody(demo: Demonstration, opens: Opens) -> None:
    page = opens(demo.console, signed_in_as="Owner")
    places = {
        "outbox": f"{demo.console}messages/",
        "nothing fits": f"{demo.console}messages/?medium=push&state=failed",
        "one message": a_message(demo),
        "templates": f"{demo.console}templates/",
        "own": f"{demo.console}templates/new/",
        "editor": editor(demo),
        "in Arabic, dark": f"{editor(demo)}?language=ar&scheme=dark",
        "a short one": editor(demo, medium="sms"),
        "publish": f"{editor(demo)}publish/",
        "versions": f"{editor(demo)}versions/",
        "settings": f"{demo.console}settings/messages/",
        "suppressed": f"{demo.console}settings/messages/suppressed/",
        "senders": f"{demo.console}settings/senders/",
        "a sender": f"{demo.console}settings/senders/email/smtp/",
    }
    wrong = {}
    for name, path in places.items():
        page.goto(path)
        if found := faults_in_every_view(page):
            wrong[name] = found
    assert wrong == {}


def test_the_letter_follows_what_is_typed_and_problems_stand_at_their_lines(
    demo: Demonstration, opens: Opens
) -> None:
    page = opens(f"{editor(demo, 'in_transit')}?order=", signed_in_as="Marketing")
    expect(letter(page).get_by_text("Fjell & Field").first).to_be_visible()

    page.get_by_label("Letter", exact=True).fill(
        "<mj-section>\n<mj-column>\n<mj-text>Up the hill, {{ shopper.first_name | default: 'you' }}</mj-text>\n"
        "<mj-button>See the tent</mj-button>\n</mj-column>\n</mj-section>"
    )
    expect(page.locator("#part-body-problems")).to_contain_text("Line 4")
    expect(page.locator("#part-body-problems")).to_contain_text("This link leads nowhere")
    expect(letter(page).get_by_text("Up the hill, Ada")).to_be_visible()
    page.locator("#part-body-problems a").click()
    assert page.evaluate("document.activeElement.id") == "part-body"

    page.get_by_label("Letter", exact=True).fill(
        "<mj-section><mj-column><mj-text>Down the hill</mj-text></mj-column></mj-section>"
    )
    expect(page.get_by_text("Nothing is wrong with it")).to_be_visible()
    expect(letter(page).get_by_text("Down the hill")).to_be_visible()
    page.locator("input[value=dark]").check(force=True)
    expect(letter(page).locator("html")).to_have_css("color-scheme", "dark")

    # Typing leaves no steps behind: the way back leads out of the page.
    page.reload()
    expect(page.get_by_label("Letter", exact=True)).to_have_value(
        "<mj-section><mj-column><mj-text>Down the hill</mj-text></mj-column></mj-section>"
    )
    page.get_by_role("link", name="Look over and publish").click()
    expect(page.locator("del").first).to_be_visible()
    assert violations(page) == []
    page.get_by_label("What was changed, and why").fill("Shorter")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published as version 1")).to_be_visible()
    expect(page.get_by_text("Shorter")).to_be_visible()
    page.get_by_text("What changed").click()
    assert violations(page) == []
    page.get_by_role("button", name="Go back").click()
    expect(page.get_by_text("say the words that come with Aftermile again")).to_be_visible()


def test_without_script_a_button_keeps_the_draft_and_shows_it(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{editor(demo, 'arriving_soon')}?order=", signed_in_as="Marketing", script=False)
    page.get_by_label("Letter", exact=True).fill(
        "<mj-section><mj-column><mj-text>Written without a script</mj-text></mj-column></mj-section>"
    )
    page.get_by_role("button", name="Keep as a draft and show it").click()
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    expect(letter(page).get_by_text("Written without a script")).to_be_visible()
    page.get_by_role("button", name="Throw the draft away").click()
    expect(page.get_by_text("The draft is gone")).to_be_visible()


def test_a_hostile_letter_is_cut_off_and_the_editor_lives(demo: Demonstration, opens: Opens) -> None:
    page = opens(f"{editor(demo, 'out_for_delivery')}?order=", signed_in_as="Marketing")
    for words in (
        "{% for a in (1..99999999) %}{% for b in (1..99999999) %}x{% endfor %}{% endfor %}",
        "<script>alert(1)</script>",
        "{% include 'confirmation' %}",
    ):
        page.get_by_label("Letter", exact=True).fill(
            f"<mj-section><mj-column><mj-text>{words}</mj-text></mj-column></mj-section>"
        )
        expect(page.locator("#part-body-problems .problem").first).to_be_visible()
        expect(page.locator("#seen")).to_contain_text("to mend before it can be published")
    page.get_by_role("button", name="Throw the draft away").or_(
        page.get_by_role("link", name="Versions")
    ).first.click()


def test_a_try_is_told_by_itself(demo: Demonstration, opens: Opens) -> None:
    page = opens(editor(demo, "available_for_pickup"), signed_in_as="Marketing")
    page.get_by_role("button", name="Send it to me").click()
    expect(page.locator("#outcome")).to_contain_text("there is no sender for e-mail", timeout=180_000)
    assert violations(page) == []


@pytest.mark.parametrize("script", [True, False])
def test_a_letter_in_the_outbox_is_looked_at_and_does_nothing(
    demo: Demonstration, opens: Opens, script: bool
) -> None:
    page = opens(a_message(demo), signed_in_as="Care", script=script)
    shown = letter(page)
    expect(shown.get_by_text("On its way")).to_be_visible()
    assert "it ran" not in shown.locator("body").inner_text()
    shown.get_by_role("link", name="On its way").click()
    shown.get_by_role("button", name="Ask").click()
    expect(shown.get_by_text("On its way")).to_be_visible()
    assert len(page.context.pages) == 1
    page.get_by_role("link", name="Dark").click()
    expect(letter(page).locator("body")).to_have_css("background-color", "rgb(18, 19, 17)")
    page.get_by_role("link", name="Narrow").click()
    frame = page.locator("iframe[title='The letter']").bounding_box()
    assert frame is not None
    assert frame["width"] == 320
