"""An index of a table that may be large, made while people write."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

from core.indexes import while_people_write


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0004_user_cleared_at"),
    ]

    operations = while_people_write(
        AddIndexConcurrently(
            "user",
            models.Index(
                fields=["deleted_at"],
                condition=Q(deleted_at__isnull=False, cleared_at__isnull=True),
                name="accounts_user_uncleared",
            ),
        ),
    )
