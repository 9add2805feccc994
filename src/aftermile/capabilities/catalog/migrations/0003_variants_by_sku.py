from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_pictures")]

    operations = [
        migrations.AddIndex(
            model_name="variant",
            index=models.Index(fields=["merchant_id", "sku"], name="variants_by_sku"),
        ),
    ]
