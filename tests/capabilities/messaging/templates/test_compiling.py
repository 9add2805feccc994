"""From MJML with Liquid in it to Liquid that only has to be rendered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aftermile.capabilities.messaging.templates.compiling import TemplateUncompilable, compile_source
from aftermile.capabilities.messaging.templates.rendering import render
from aftermile.capabilities.messaging.templates.samples import bare, full
from aftermile.capabilities.messaging.templates.source import Source
from aftermile.capabilities.messaging.templates.values import Line, Values

TEXT = "<mj-section><mj-column><mj-text>{0}</mj-text></mj-column></mj-section>"


def html_of(body: str, values: Values | None = None, language: str = "en") -> str:
    compiled = compile_source(Source(subject="s", text="t", body=body), language=language)
    return render(compiled, values or full()).html


def test_liquid_survives_in_text_attributes_loops_and_addresses() -> None:
    html = html_of(
        "{% for line in order.lines %}<mj-section><mj-column>"
        '<mj-text css-class="row-{{ forloop.index }}">{{ line.title | upcase }}</mj-text>'
        '<mj-button href="https://shop.example/find?q={{ line.title | url_encode }}&amp;x=1">Go</mj-button>'
        "</mj-column></mj-section>{% endfor %}"
    )
    assert html.count("RIDGE 28 BACKPACK") == 1
    assert html.count("STEEL BOTTLE") == 1
    assert 'class="row-1"' in html
    assert 'class="row-2"' in html
    assert "https://shop.example/find?q=Ridge+28+backpack&amp;x=1" in html
    assert "zL" not in html


def test_loops_around_rows_of_a_table_stay_inside_its_body() -> None:
    html = html_of(
        "<mj-section><mj-column><mj-table>{% for line in order.lines %}"
        "<tr><td>{{ line.title }}</td></tr>{% endfor %}</mj-table></mj-column></mj-section>"
    )
    table = html[: html.index("Steel bottle")].rindex("<tbody>")
    assert html[table : html.index("</tbody>", table)].count("<tr>") == 2


def test_conditions_take_whole_sections_with_their_spacing() -> None:
    body = '{% if shopper.first_name %}<mj-section css-class="extra"><mj-column><mj-text>Hi</mj-text></mj-column>'
    body += "</mj-section>{% endif %}"
    assert 'class="extra"' in html_of(body)
    assert 'class="extra"' not in html_of(body, bare(full()))


def test_comparisons_inside_liquid_are_no_mark_up() -> None:
    body = TEXT.format("{% if order.lines.size < 5 %}few{% else %}many{% endif %}")
    assert "few" in html_of(body)


def test_values_are_escaped_and_cannot_begin_a_script() -> None:
    values = replace(full(), shopper=replace(full().shopper, first_name="<script>alert(1)</script>"))
    html = html_of(TEXT.format("{{ shopper.first_name }}"), values)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_an_address_from_the_values_leads_to_the_web_or_nowhere() -> None:
    for hostile in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/relative",
        "java\nscript:x",
    ):
        values = replace(full(), links=replace(full().links, tracking_page=hostile))
        html = html_of(TEXT.format('<a href="{{ links.tracking_page }}">x</a>'), values)
        assert '<a href="#"' in html


def test_rules_are_inlined_and_those_for_dark_are_kept() -> None:
    html = html_of(TEXT.format('<a href="https://shop.example">x</a>'))
    link = html[html.index('<a href="https://shop.example"') :][:120]
    assert f"color: {full().shop.colors.ink}" in link or f"color:{full().shop.colors.ink}" in link
    assert "prefers-color-scheme:dark" in html.replace(": ", ":")
    assert '<meta name="color-scheme" content="light dark">' in html


def test_right_to_left_letters_run_the_other_way() -> None:
    html = html_of(TEXT.format("x"), language="ar")
    assert '<html lang="ar" dir="rtl"' in html
    assert "direction:ltr" not in html.replace(": ", ":")
    assert 'align="right"' in html


def test_blocks_vanish_with_their_spacing_when_there_is_nothing() -> None:
    names = (
        "items",
        "totals",
        "progress",
        "parcels",
        "content",
        "recommendation",
        "points",
        "survey",
        "contact",
    )
    body = "".join(f"{{% block {name} %}}" for name in names)
    everything, nothing = html_of(body), html_of(body, bare(full()))
    assert everything.count('class="card') > 5
    assert 'class="mj-outlook-group-fix mj-column-per-100 card' not in nothing
    assert nothing == html_of("{% if false %}{% endif %}", bare(full()))


@pytest.mark.parametrize(
    "hostile",
    [
        "<mj-include path='/etc/passwd' />",
        "<script>alert(1)</script>",
        "<a href='https://x.example' onclick='x()'>x</a>",
        "<iframe src='https://x.example'></iframe>",
        "<form action='https://x.example'></form>",
        "<div style='background:url(http://169.254.169.254/)'>x</div>",
        "<link rel='stylesheet' href='http://10.0.0.1/x.css' />",
        "<svg onload='x()'></svg>",
    ],
)
def test_what_loads_runs_or_asks_is_refused_with_its_line(hostile: str) -> None:
    with pytest.raises(TemplateUncompilable) as refused:
        compile_source(Source(subject="s", text="t", body=TEXT.format(f"\n\n{hostile}")), language="en")
    assert refused.value.line == 3


@pytest.mark.parametrize(
    "body", ["<div>" * 20_000, TEXT.format("<b>" * 500 + "</b>" * 500), "<mj-section>", "x" * 70_000]
)
def test_what_is_too_deep_too_long_or_torn_is_refused_and_the_process_lives(body: str) -> None:
    with pytest.raises(TemplateUncompilable):
        compile_source(Source(subject="s", text="t", body=body), language="en")


def test_a_name_with_line_breaks_stays_one_subject() -> None:
    values = replace(full(), shopper=replace(full().shopper, first_name="Ada\r\nBcc: all@shop.example"))
    compiled = compile_source(Source(subject="For {{ shopper.first_name }}", text="t"), language="en")
    assert render(compiled, values).subject == "For Ada Bcc: all@shop.example"


def test_a_short_message_has_its_text_only() -> None:
    compiled = compile_source(Source(text="{{ shop.name }}: on its way"), language="en")
    assert render(compiled, full()).text == "Fjell & Field: on its way\n"
    assert render(compiled, full()).html == ""


def test_compiling_has_no_favorites_among_words() -> None:
    """The marker's own word in a letter does not confuse it."""
    html = html_of(TEXT.format("zL0z {{ shop.name }} zLq1z"))
    assert "zL0z" in html
    assert "zLq1z" in html
    assert "Fjell &amp; Field" in html


def test_prices_of_long_orders_stay_within_the_limits() -> None:
    lines = tuple(Line(title=f"Thing {n}", quantity=1, price="€1.00") for n in range(60))
    order = full().order
    assert order is not None
    html = html_of("{% block items %}", replace(full(), order=replace(order, lines=lines)))
    assert html.count("Thing ") == 60
