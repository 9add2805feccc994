"""What a text may become, and what hostile ones become."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.content.markdown import MOST_HTML, render
from aftermile.capabilities.content.public import LONGEST_BODY

#: All that a rendering may be made of, with the attributes each may have.
ALLOWED: dict[str, set[str]] = {
    "ol": {"start"},
    "a": {"href", "rel", "title"},
    "code": {"class"},  # what a fence is written in, as one plain word
} | {
    tag: set()
    for tag in "p h2 h3 h4 h5 h6 ul li blockquote em strong pre hr br table thead tbody tr th td".split()
}


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.strange: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name for name, _ in attrs}
        if tag not in ALLOWED or named - ALLOWED[tag]:
            self.strange.append(f"{tag} {attrs}")
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags(html: str) -> Tags:
    parser = Tags()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


def test_what_people_write() -> None:
    rendered = render(
        "# Fit\n\nPull *gently*, see [how](https://shop.example/how).\n\n1. One\n2. Two\n\n> So."
    )
    assert rendered.html == (
        "<h2>Fit</h2>\n<p>Pull <em>gently</em>, see"
        ' <a href="https://shop.example/how" rel="noopener nofollow">how</a>.</p>\n'
        "<ol>\n<li>One</li>\n<li>Two</li>\n</ol>\n<blockquote>\n<p>So.</p>\n</blockquote>\n"
    )
    assert rendered.problems == ()
    assert rendered.plain == "Fit Pull gently , see how . One Two So."


def test_headings_begin_below_the_page_and_leave_none_out() -> None:
    html = render("#### Deep\n\n# Top\n\n###### Deepest\n\n#### Deep").html
    assert re.findall(r"<(h\d)>", html) == ["h2", "h2", "h3", "h3"]


def test_tables_take_no_style() -> None:
    html = render("|a|b|\n|:-:|--:|\n|1|2|").html
    assert "style" not in html
    assert "<td>1</td>" in html


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("<script>alert(1)</script>", "HTML"),
        ("<img src=x onerror=alert(1)>", "HTML"),
        ("a <b onclick='x()'>b</b>", "HTML"),
        ("[x](javascript:alert(1))", "javascript:"),
        ("[x](JaVaScRiPt:alert(1))", "JaVaScRiPt:"),
        ("[x](&#106;avascript:alert(1))", "javascript:"),
        ("<javascript:alert(1)>", "javascript:"),
        ("[x]: javascript:alert(1)\n\n[x]", "javascript:"),
        ("[x](data:text/html;base64,PHNjcmlwdD4=)", "data:"),
        ("[x](vbscript:x)", "vbscript:"),
        ("[x](//evil.example)", "//evil.example"),
        ("[x](/console/)", "/console/"),
        ("[x]()", "no address"),
        ("![x](https://tracker.example/pixel.gif)", "picture"),
    ],
)
def test_what_is_not_taken_is_said(text: str, word: str) -> None:
    rendered = render(text)
    assert tags(rendered.html).strange == []
    assert [link for link in tags(rendered.html).links if not link.startswith("https://")] == []
    assert len(rendered.problems) == 1
    assert word in rendered.problems[0]


def test_a_picture_leaves_its_words() -> None:
    assert "<p>See a strap here.</p>" in render("See ![a strap](https://cdn.example/strap.png) here.").html


@pytest.mark.parametrize(
    "text",
    [
        ">" * LONGEST_BODY,
        "> " * (LONGEST_BODY // 2) + "x",
        "- " * (LONGEST_BODY // 2) + "x",
        "[" * LONGEST_BODY,
        "![[](" * (LONGEST_BODY // 5),
        "*" * LONGEST_BODY,
        "*a_" * (LONGEST_BODY // 3),
        "`" * LONGEST_BODY,
        "&#" * (LONGEST_BODY // 2),
        "<" * LONGEST_BODY,
        "|a" * (LONGEST_BODY // 4) + "\n" + "|-" * (LONGEST_BODY // 4),
        "[a]: https://x.example\n" * 800 + "[a]" * 500,
    ],
    ids=lambda text: text[:6].strip(),
)
def test_tricks_with_nesting_and_length_end(text: str) -> None:
    rendered = render(text[:LONGEST_BODY])
    assert len(rendered.html) <= MOST_HTML
    assert tags(rendered.html).strange == []


@given(
    st.lists(
        st.sampled_from(
            ["<script>", "[a](", "javascript:", "https://x.example", ")", "](", "<", ">", "\n", "`", "**", "#", "- ",
             "> ", "|", "![", "&lt;", '"', "'", "on", "=", " ", "a", "\\", "<!--", "[x]: ", "\t", "<a href="]
        ),
        max_size=40,
    ).map("".join)
)  # fmt: skip
def test_whatever_is_put_together_stays_within_the_allowed(text: str) -> None:
    found = tags(render(text).html)
    assert found.strange == []
    assert [link for link in found.links if not link.startswith(("https://", "mailto:", "tel:"))] == []
