"""What happened to articles."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from aftermile.kernel.events import event


@event("content.published", outside="An article was published, for the first time or anew.")
@dataclass(frozen=True, slots=True, kw_only=True)
class ContentPublished:
    article_id: UUID
    kind: str
    slug: str
    version: int
    languages: tuple[str, ...]


@event("content.archived", outside="An article was archived, or brought back: then `archived` is false.")
@dataclass(frozen=True, slots=True, kw_only=True)
class ContentArchived:
    article_id: UUID
    archived: bool
