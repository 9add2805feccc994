"""Articles of Lindgren Books, written in a line each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aftermile.capabilities.content.public import (
    ArticleView,
    create_article,
    publish_article,
    read_manuscript,
)
from aftermile.kernel.tenancy import merchant_scope
from tests.conftest import NOON

BY = "user:test"


def given(kind: str = "guide", **said: Any) -> dict[str, Any]:
    """An article as it is typed: `title`, `body` and `summary` are English unless `texts` says otherwise."""
    texts = said.pop("texts", None) or {
        "en": {
            "title": said.pop("title", "Read in the bath"),
            "summary": said.pop("summary", "And keep the pages dry."),
            "body": said.pop("body", "Hold the book **up**."),
        }
    }
    return {"kind": kind, "texts": texts, **said}


def write(merchant: Any, kind: str = "guide", *, at: datetime = NOON, **said: Any) -> ArticleView:
    with merchant_scope(merchant.id):
        return create_article(manuscript=read_manuscript(given(kind, **said)), by=BY, at=at)


def put_out(merchant: Any, kind: str = "guide", *, at: datetime = NOON, **said: Any) -> ArticleView:
    """Write an article and publish it."""
    made = write(merchant, kind, at=at, **said)
    with merchant_scope(merchant.id):
        return publish_article(article_id=made.id, by=BY, at=at)


def product(source: str, external_id: str) -> dict[str, str]:
    return {"about": "product", "source": source, "value": external_id}
