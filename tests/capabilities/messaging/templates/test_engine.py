"""Hostile Liquid is refused or cut off, and the process lives."""

from __future__ import annotations

import pytest

from aftermile.capabilities.messaging.templates.compiling import compile_source
from aftermile.capabilities.messaging.templates.engine import TemplateUnrenderable, web_address
from aftermile.capabilities.messaging.templates.rendering import render
from aftermile.capabilities.messaging.templates.samples import full
from aftermile.capabilities.messaging.templates.source import Source


@pytest.mark.parametrize(
    "hostile",
    [
        "{% for i in (1..1000000000) %}x{% endfor %}",
        "{% for a in (1..1000) %}{% for b in (1..1000) %}x{% endfor %}{% endfor %}",
        "{% for a in (1..1500) %}x{% endfor %}{% for a in (1..1500) %}x{% endfor %}",
        "{% assign s = 'xxxxxxxxxx' %}{% for i in (1..100) %}{% assign s = s | append: s %}{% endfor %}",
        "{% for i in (1..100) %}{% capture s %}{{ s }}{{ s }}xxxx{% endcapture %}{% endfor %}",
        "{{ (1..999999999) | join: 'xxxxxxxx' }}",
        "{{ (1..99999999999999999999999) | size }}",
        "{% assign l = (1..900) | join: ',' | split: ',' %}{{ l | join: '" + "x" * 900 + "' | append: 'y' }}",
        "{% assign l = 'a,b' | split: ',' %}{% for i in (1..60) %}{% assign l = l | concat: l %}{% endfor %}",
        "{% for i in (1..2000) %}" + "y" * 200 + "{% endfor %}",
    ],
)
def test_what_runs_or_grows_without_end_is_cut_off(hostile: str) -> None:
    compiled = compile_source(Source(text=hostile), language="en")
    with pytest.raises(TemplateUnrenderable):
        render(compiled, full())


@pytest.mark.parametrize(
    "hostile",
    [
        "{% include 'x' %}",
        "{% render 'x' %}",
        "{% extends 'x' %}",
        "{% tablerow i in (1..9) %}{% endtablerow %}",
        "{% liquid\necho 'x' %}",
        "{% if true %}" * 40 + "{% endif %}" * 40,
        "{% for %}",
        "{{ ",
        "{% if x %}",
    ],
)
def test_templates_of_templates_and_what_cannot_be_read_are_refused(hostile: str) -> None:
    with pytest.raises(TemplateUnrenderable):
        render(compile_source(Source(text=hostile), language="en"), full())


@pytest.mark.parametrize("name", ["safe", "replace", "base64_decode", "date", "times", "escapejs", "sum"])
def test_filters_that_are_not_named_are_none(name: str) -> None:
    with pytest.raises(TemplateUnrenderable, match=name):
        render(compile_source(Source(text=f"{{{{ shop.name | {name}: 'x' }}}}"), language="en"), full())


@pytest.mark.parametrize(
    "path",
    [
        "shop.__class__",
        "shop.names",
        "extra.__class__",
        "order.__getitem__",
        "shop['__dataclass_fields__']",
        "links._x",
    ],
)
def test_only_values_can_be_read(path: str) -> None:
    compiled = compile_source(Source(text=f"[{{{{ {path} }}}}]"), language="en")
    assert render(compiled, full()).text == "[]\n"


def test_a_time_out_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aftermile.capabilities.messaging.templates.engine.LONGEST_SECONDS", -1.0)
    with pytest.raises(TemplateUnrenderable, match="ran too long"):
        render(
            compile_source(Source(text="{% for i in (1..100) %}{{ shop.name }}{% endfor %}"), language="en"),
            full(),
        )


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://shop.example/a?b=1", "https://shop.example/a?b=1"),
        ("http://shop.example", "http://shop.example"),
        ("mailto:hello@shop.example", "mailto:hello@shop.example"),
        ("tel:+4930901820", "tel:+4930901820"),
        ("JavaScript:alert(1)", "#"),
        (" javascript:alert(1)", "#"),
        ("vbscript:x", "#"),
        ("data:text/html,x", "#"),
        ("/t/abc", "#"),
        ("https:", "#"),
        ("http://[", "#"),
        (None, "#"),
    ],
)
def test_addresses_are_of_the_web_or_none(given: object, kept: str) -> None:
    assert web_address(given) == kept
