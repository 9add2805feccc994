from __future__ import annotations

from django.db import migrations

from aftermile.kernel.walls import wall


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial"), ("kernel", "0002_walls_and_queue")]

    operations = [
        wall("content_article"),
        wall("content_version", {"article_id": "content_article"}),
        wall("content_edition", {"article_id": "content_article"}),
        wall("content_attachment", {"article_id": "content_article"}),
        wall("content_shelf"),
    ]
