"""An article's picture is copied when it is published, and kept for as long as it is shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from aftermile.capabilities.catalog.models import Picture
from aftermile.capabilities.content.public import archive_article
from aftermile.capabilities.content.tasks import keep_pictures
from aftermile.kernel.clock import now
from tests.capabilities.content.articles import BY, put_out, write
from tests.capabilities.shop import scope

pytestmark = pytest.mark.django_db


def wanted(merchant: Any) -> dict[str, Any]:
    with scope(merchant):
        return dict(Picture.rows().values_list("url", "wanted_at"))


def test_publishing_has_it_copied_and_a_draft_does_not(merchant: Any) -> None:
    write(merchant, picture_url="https://cdn.example/draft.png")
    put_out(merchant, picture_url="https://cdn.example/bath.png")
    assert list(wanted(merchant)) == ["https://cdn.example/bath.png"]


def test_it_is_named_again_while_it_is_shown(merchant: Any, other_merchant: Any) -> None:
    before = now() - timedelta(days=30)
    put_out(merchant, picture_url="https://cdn.example/shown.png", at=before)
    gone = put_out(merchant, picture_url="https://cdn.example/gone.png", at=before)
    put_out(other_merchant, picture_url="https://cdn.example/lamp.png", at=before)
    with scope(merchant):
        archive_article(article_id=gone.id, by=BY, at=before)
    keep_pictures()
    ours = wanted(merchant)
    assert ours["https://cdn.example/shown.png"] > before
    assert ours["https://cdn.example/gone.png"] == before
    assert wanted(other_merchant)["https://cdn.example/lamp.png"] > before
