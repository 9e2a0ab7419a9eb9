"""An index of a table that may be large, made while people write."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

from core.indexes import while_people_write


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0005_user_uncleared"),
    ]

    operations = while_people_write(
        AddIndexConcurrently(
            "user",
            models.Index(
                fields=["suspended_until"],
                condition=Q(suspended_until__isnull=False),
                name="accounts_user_suspended_until",
            ),
        ),
    )
