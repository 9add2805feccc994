"""Compiling: from what a merchant wrote to Liquid that only has to be rendered. Done once, at publishing."""

from __future__ import annotations

import re

from css_inline import CSSInliner, InlineError
from mjml import mjml2html

from aftermile.capabilities.messaging.templates.blocks import with_blocks
from aftermile.capabilities.messaging.templates.engine import parsed
from aftermile.capabilities.messaging.templates.layout import in_layout, text_in_layout
from aftermile.capabilities.messaging.templates.markers import Marked
from aftermile.capabilities.messaging.templates.markup_scan import depth_of
from aftermile.capabilities.messaging.templates.phrases import PHRASES
from aftermile.capabilities.messaging.templates.source import LARGEST_SOURCE, Compiled, Source
from aftermile.kernel.errors import Invalid

_INLINER = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True, minify_css=True)
_DEEPEST = 24
#: What may not stand in a letter: it loads, runs, asks, or hides what we check.
_FORBIDDEN = re.compile(
    r"<\s*/?\s*(mj-include|mj-html-attributes|mj-font|script|iframe|frame|object|embed|form|input|textarea|select|link"
    r"|base|meta|svg|math|video|audio|style|template|noscript)\b|[\s\"'/](on[a-z]{3,})\s*=|(@import|expression\s*\(|url\s*\()",
    re.IGNORECASE,
)
_TABLE = re.compile(r"(<mj-table\b[^>]*(?<!/)>)(?!\s*<(?:tbody|thead))(.*?)(</mj-table>)", re.DOTALL)
_HEAD = (
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
    "<style>:root{color-scheme:light dark;supported-color-schemes:light dark}</style>"
)
# MJML's own resets: kept in the head as they are, since inlined they would be half of the letter.
_RESETS = '<style type="text/css">\n#outlook'
_MARKUP = "{% if markup %}{{ markup }}{% endif %}"


class TemplateUncompilable(Invalid):
    """A template cannot be compiled. `line` of `part` is where, 0 where nobody knows."""

    code = "template_uncompilable"

    def __init__(self, sentence: str, *, part: str = "body", line: int = 0) -> None:
        super().__init__(sentence)
        self.part, self.line, self.sentence = part, line, sentence


def compile_source(source: Source, *, language: str) -> Compiled:
    """Compile a template in one language: blocks and layout put in, MJML and CSS done, Liquid left.

    :raises TemplateUncompilable: it is too large, holds what may not be in a letter, or cannot be read.
    :raises TemplateUnrenderable: its Liquid cannot be read.
    """
    tongue = PHRASES.tongue([language])
    for part in ("subject", "preheader", "body", "text"):
        if len(getattr(source, part)) > LARGEST_SOURCE:
            raise TemplateUncompilable("This is too long for a letter; shorten it.", part=part)
    text = with_blocks(source.text, tongue, is_html=False)
    compiled = Compiled(
        language=tongue.code,
        subject=source.subject,
        text=text_in_layout(text, tongue=tongue) if source.body else text,
        html=_html(source, tongue.code) if source.body else "",
    )
    parsed(compiled.subject, is_html=False)
    parsed(compiled.text, is_html=False)
    parsed(compiled.html, is_html=True)
    return compiled


def _html(source: Source, language: str) -> str:
    tongue = PHRASES.tongue([language])
    found = _FORBIDDEN.search(source.body)
    if found:
        what = found[1] or found[2] or found[3]
        raise TemplateUncompilable(
            f"“{what}” may not be in a letter: mail programs refuse it, or it loads what we cannot check. Take it out.",
            line=source.body[: found.start()].count("\n") + 1,
        )
    body = with_blocks(source.body, tongue, is_html=True)
    document, begins = (
        (body, 0)
        if source.is_whole_document
        else in_layout(body, subject=source.subject, preheader=source.preheader, tongue=tongue)
    )
    marked = Marked(document)
    if depth_of(marked.text) > _DEEPEST:
        raise TemplateUncompilable("Its elements lie too deep inside each other, or one is not closed.")
    # What stands before the first row would else be put before the body of the table, and what ends it inside.
    made = _made(_TABLE.sub(r"\1<tbody>\2</tbody>\3", marked.text), document, begins)
    if tongue.direction == "rtl":  # MJML's columns know of no other direction
        made = made.replace("direction:ltr", "direction:rtl")
    html = _inlined(made)
    if not marked.is_kept_by(html):
        raise TemplateUncompilable(
            "A piece of Liquid stands where MJML drops it, such as directly inside a column. Put it inside an mj-text, "
            "around whole sections, or into an attribute."
        )
    html = marked.restored(html).replace("<head>", f"<head>{_HEAD}", 1)
    return html.replace("</head>", f"{_MARKUP}</head>", 1)


def _made(marked: str, document: str, begins: int) -> str:
    try:
        return mjml2html(marked)
    except ValueError as problem:
        at = re.search(r"position (\d+)", str(problem))
        line = document[begins : int(at[1])].count("\n") + 1 if at else 0
        raise TemplateUncompilable(f"The MJML cannot be read: {problem}.", line=line) from None
    except BaseException as problem:  # the compiler's own failure, which is no Exception
        if type(problem).__name__ != "PanicException":
            raise
        raise TemplateUncompilable("The MJML cannot be read.") from None


def _inlined(html: str) -> str:
    try:
        return _INLINER.inline(
            html.replace(_RESETS, _RESETS.replace("<style", '<style data-css-inline="ignore"'), 1)
        )
    except InlineError as problem:
        raise TemplateUncompilable(f"Its styles cannot be read: {problem}.") from None
