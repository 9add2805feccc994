"""What a merchant writes, what becomes of it, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

LARGEST_SOURCE = 60_000
LARGEST_HTML = 60_000


class Problem(NamedTuple):
    """What keeps a template from being published: `part` is subject, preheader, body or text; `line` counts from 1."""

    part: str
    line: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A template in one language, as it is edited.

    All four are Liquid. `body` is MJML: the sections of a letter, put into our layout; or a whole document, when it
    begins with `<mjml`. `{% block items %}` puts in a block. Without a body it is a short message: only `text` counts.
    """

    text: str
    subject: str = ""
    preheader: str = ""
    body: str = ""

    @property
    def is_whole_document(self) -> bool:
        """Whether the letter stands without our layout."""
        return self.body.lstrip().startswith("<mjml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A published template in one language: Liquid only, nothing is left to compile."""

    language: str
    text: str
    subject: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message to one person. `html` is "" for a short message."""

    text: str
    subject: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A draft as one person would get it. `cut_off` says why there is nothing to see."""

    said: Rendered | None
    cut_off: str = ""
