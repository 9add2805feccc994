"""The linter refuses what would embarrass a shop, and says where and what to do."""

from __future__ import annotations

import pytest

from aftermile.capabilities.messaging.templates.linting import problems_of
from aftermile.capabilities.messaging.templates.source import Problem, Source

GOOD = Source(
    subject="News",
    preheader="Short",
    body="<mj-section>\n<mj-column>\n<mj-text>Hello</mj-text>\n</mj-column>\n</mj-section>",
    text="Hello",
)


def with_line(line: str) -> Source:
    return Source(
        subject="News",
        body=f"<mj-section>\n<mj-column>\n{line}\n</mj-column>\n</mj-section>",
        text="Hello",
    )


def lint(source: Source, purpose: str = "service", *, has_order: bool = False) -> list[Problem]:
    return problems_of(source, language="en", purpose=purpose, has_order=has_order)


def test_a_good_template_has_no_problems() -> None:
    assert lint(GOOD) == []


def test_row_13_a_value_that_can_be_missing_needs_a_fallback() -> None:
    (found,) = lint(with_line("<mj-text>Hi {{ shopper.first_name }},</mj-text>"))
    assert (found.part, found.line) == ("body", 3)
    assert '{{ shopper.first_name | default: "there" }}' in found.sentence
    assert lint(with_line('<mj-text>Hi {{ shopper.first_name | default: "there" }},</mj-text>')) == []
    assert (
        lint(
            with_line(
                "<mj-text>{% if shopper.first_name %}Hi {{ shopper.first_name }},{% else %}Hello,{% endif %}</mj-text>"
            )
        )
        == []
    )


@pytest.mark.parametrize("part", ["subject", "preheader", "text"])
def test_row_13_holds_in_every_part(part: str) -> None:
    given = {"subject": "News", "preheader": "x", "body": GOOD.body, "text": "Hello"}
    (found,) = lint(Source(**(given | {part: "Hi {{ shopper.first_name }},"})))
    assert (found.part, found.line) == (part, 1)


def test_a_value_is_missing_although_its_neighbor_is_there() -> None:
    line = "<mj-text>{% if parcel.number %}{{ parcel.carrier }} {{ parcel.number }}{% endif %}</mj-text>"
    (found,) = lint(with_line(line))
    assert "parcel.carrier" in found.sentence


def test_an_empty_fallback_is_none() -> None:
    (found,) = lint(with_line("<mj-text>Hi {{ shopper.first_name | default: '' }},</mj-text>"))
    assert found.line == 3


def test_an_order_number_is_there_when_there_is_always_an_order() -> None:
    source = with_line("<mj-text>{{ order.number }}</mj-text>")
    assert len(lint(source)) == 1
    assert lint(source, has_order=True) == []


def test_unknown_values_are_named() -> None:
    (found,) = lint(with_line("<mj-text>{{ shopper.firstname | default: 'x' }}</mj-text>"))
    assert (found.part, found.line) == ("body", 3)
    assert "shopper.firstname" in found.sentence
    (found,) = lint(with_line("<mj-text>{% for l in order.lines %}{{ l.titel }}{% endfor %}</mj-text>"))
    assert "l.titel" in found.sentence


def test_unknown_blocks_are_named() -> None:
    (found,) = lint(with_line("{% block itmes %}"))
    assert (found.line, "itmes" in found.sentence) == (3, True)


@pytest.mark.parametrize(
    "address",
    [
        "/relative",
        "javascript:alert(1)",
        "java&#10;script:alert(1)",
        "data:text/html,x",
        "shop.example",
        "http://localhost:8000/",
        "http://127.0.0.1/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest",
        "http://[::1]/",
        "http://2130706433/",
        "http://127.1/",
        "http://printer.local/",
        "http://intranet/",
        "",
    ],
)
def test_broken_relative_and_private_links_are_refused(address: str) -> None:
    (found,) = lint(with_line(f'<mj-text><a href="{address}">x</a></mj-text>'))
    assert (found.part, found.line) == ("body", 3)


def test_pictures_need_words() -> None:
    picture = '<mj-image src="https://shop.example/x.png"{0} />'
    (found,) = lint(with_line(picture.format("")))
    assert (found.line, "alt" in found.sentence) == (3, True)
    assert lint(with_line(picture.format(' alt="A backpack"'))) == []


def test_a_letter_has_a_subject_and_a_text_part() -> None:
    assert [each.part for each in lint(Source(subject=" ", body=GOOD.body, text=" "))] == ["subject", "text"]


def test_offers_need_a_way_out() -> None:
    assert lint(GOOD, "marketing") == []  # the layout brings it along
    own = Source(subject="s", text="Buy", body=f"<mjml><mj-body>{GOOD.body}</mj-body></mjml>")
    assert [each.part for each in lint(own, "marketing")] == ["body"]
    assert lint(Source(text="Buy"), "marketing") != []
    assert lint(own, "service") == []


def test_faint_text_is_refused_in_light_and_in_dark() -> None:
    (light,) = lint(with_line('<mj-text color="#cccccc">Pale words</mj-text>'))
    assert (light.line, "hard to read in light" in light.sentence) == (3, True)
    dark = lint(with_line('<mj-text><span style="background:#ffffff">White ground</span></mj-text>'))
    assert ["in dark" in each.sentence for each in dark] == [True]


def test_letters_of_more_than_60_kb_are_refused() -> None:
    rows = "".join(f"<tr><td>{n} {'word ' * 12}</td></tr>" for n in range(700))
    assert any("kB" in each.sentence for each in lint(with_line(f"<mj-table>{rows}</mj-table>")))


def test_what_cannot_be_read_is_told_with_its_line() -> None:
    (found,) = lint(with_line("<mj-text>{% if x %}</mj-text>"))
    assert found.part == "body"
    (found,) = lint(with_line("<mj-text>{{ shop.name | nonsense }}</mj-text>"))
    assert (found.line, "nonsense" in found.sentence) == (3, True)
    (found,) = lint(with_line("<mj-text><script>x</script></mj-text>"))
    assert (found.line, "script" in found.sentence) == (3, True)


def test_what_runs_too_long_is_refused() -> None:
    (found,) = lint(with_line("<mj-text>{% for i in (1..100000) %}x{% endfor %}</mj-text>"))
    assert "loops" in found.sentence
