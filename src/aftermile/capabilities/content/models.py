"""Rows of content: articles, their versions, what of them is public, and what they are attached to."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from aftermile.capabilities.content.states import About, Kind
from aftermile.kernel.tenancy import MerchantModel


class Article(MerchantModel):
    """An article. Kind, position, addresses are those of the published version, else of the draft.

    The slug stays once an article was published: letters name it.
    """

    kind = models.CharField(max_length=10, choices=[(each, each) for each in Kind])
    slug = models.TextField()
    position = models.IntegerField(default=0)
    video_url = models.TextField(default="", blank=True)
    picture_url = models.TextField(default="", blank=True)
    title = models.TextField(default="", blank=True)  # as staff call it: of what was written last
    languages = ArrayField(models.TextField(), default=list)  # of what was written last
    draft = models.JSONField(null=True)  # what was written since it was published
    version = models.IntegerField(default=0)  # the published one; 0: never
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_by = models.TextField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "content_article"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "slug"], name="one_article_per_slug"),
        ]

    def __str__(self) -> str:
        return self.slug


class Version(MerchantModel):
    """An article as it was published once."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    number = models.IntegerField()
    manuscript = models.JSONField()
    note = models.TextField(default="", blank=True)
    published_by = models.TextField()
    published_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "content_version"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "article", "number"], name="a_version_once_per_article"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Edition(MerchantModel):
    """What shoppers read of an article in one language, made when it is published."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    language = models.TextField()
    title = models.TextField()
    summary = models.TextField(default="", blank=True)
    html = models.TextField(default="", blank=True)
    words = models.TextField(default="", blank=True)  # what is searched, in small letters

    class Meta(MerchantModel.Meta):
        db_table = "content_edition"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "article", "language"], name="an_edition_once_per_language"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Attachment(MerchantModel):
    """What a published article is attached to."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    about = models.CharField(max_length=10, choices=[(each, each) for each in About])
    source = models.TextField(default="", blank=True)  # of a product
    value = models.TextField(default="", blank=True)  # a product's id there; a type or tag in small letters

    class Meta(MerchantModel.Meta):
        db_table = "content_attachment"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "article", "about", "source", "value"],
                name="an_attachment_once_per_article",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "about", "value"], name="attachments_by_value"),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.value}".strip()


class Shelf(MerchantModel):
    """What a shop's published articles are about, in one row whose id is the shop's.

    Written with whatever changes what shoppers see, so a page that shows articles watches this row alone; and a
    page of a shop without articles asks for nothing more.
    """

    abouts = ArrayField(models.TextField(), default=list)
    changed_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "content_shelf"

    def __str__(self) -> str:
        return str(self.id)
