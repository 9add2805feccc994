"""The door of this room."""

from __future__ import annotations

from aftermile.capabilities.content.events import ContentArchived, ContentPublished
from aftermile.capabilities.content.manuscript import (
    LONGEST_BODY,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    MOST_PLACEMENTS,
    ArticleUnreadable,
    Manuscript,
    Placement,
    Words,
    read_manuscript,
    title_of,
    write_manuscript,
)
from aftermile.capabilities.content.markdown import Rendered, render
from aftermile.capabilities.content.operations.archive import archive_article, bring_back_article
from aftermile.capabilities.content.operations.article_rows import ArticleArchived, SlugFixed, SlugTaken
from aftermile.capabilities.content.operations.publish import ArticleIncomplete, publish_article
from aftermile.capabilities.content.operations.write import (
    TooManyArticles,
    create_article,
    discard_draft,
    restore_version,
    save_draft,
)
from aftermile.capabilities.content.policy import Problem, best_language, problems_of
from aftermile.capabilities.content.queries import (
    ArticleNotFound,
    ArticleView,
    VersionNotFound,
    VersionView,
    article,
    count_articles,
    list_articles,
    manuscript,
    version,
    versions,
)
from aftermile.capabilities.content.shelf import (
    Card,
    Opened,
    Purchase,
    articles_for,
    needs_traits,
    reading_article,
    reading_articles_for,
    reading_help,
    reading_shelf,
    watching_shelf,
)
from aftermile.capabilities.content.states import About, Kind, State

__all__ = [
    "LONGEST_BODY",
    "LONGEST_SUMMARY",
    "LONGEST_TITLE",
    "MOST_PLACEMENTS",
    "About",
    "ArticleArchived",
    "ArticleIncomplete",
    "ArticleNotFound",
    "ArticleUnreadable",
    "ArticleView",
    "Card",
    "ContentArchived",
    "ContentPublished",
    "Kind",
    "Manuscript",
    "Opened",
    "Placement",
    "Problem",
    "Purchase",
    "Rendered",
    "SlugFixed",
    "SlugTaken",
    "State",
    "TooManyArticles",
    "VersionNotFound",
    "VersionView",
    "Words",
    "archive_article",
    "article",
    "articles_for",
    "best_language",
    "bring_back_article",
    "count_articles",
    "create_article",
    "discard_draft",
    "list_articles",
    "manuscript",
    "needs_traits",
    "problems_of",
    "publish_article",
    "read_manuscript",
    "reading_article",
    "reading_articles_for",
    "reading_help",
    "reading_shelf",
    "render",
    "restore_version",
    "save_draft",
    "title_of",
    "version",
    "versions",
    "watching_shelf",
    "write_manuscript",
]
